import csv
import io
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from tests.service.fakes import EYES, HEADLINE, ORTHOPAEDICS, SEPTEMBER, FakeBook, spread

from clockstop.analytics.lists.book import MonthRow
from clockstop.analytics.lists.measures import HEADLINE_MEASURES, MEASURES
from clockstop.core.codes.functions import treatment_function
from clockstop.core.types import Month
from clockstop.service.ui import figures

BONES = treatment_function(ORTHOPAEDICS).name
ALL = "All specialties"


def page(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def file(client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def chosen(soup: BeautifulSoup) -> list[str]:
    """The cells of the specialty that the page is about."""
    (line,) = soup.select(".app-chosen tbody tr")
    return [words(cell) for cell in line.select("td")]


def others(soup: BeautifulSoup) -> dict[str, list[str]]:
    return {
        words(line.th): [words(cell) for cell in line.select("td")]
        for line in soup.select("details .app-others tbody tr")
    }


def months(soup: BeautifulSoup) -> dict[str, list[str]]:
    return {
        words(line.th): [words(cell) for cell in line.select("td")]
        for line in soup.select("table:has(#months-caption) tbody tr")
    }


@pytest.fixture
def history(book, monkeypatch):
    """Puts these months into the history of every provider; gives the calls made."""
    asked = []

    def put(*rows: MonthRow):
        monkeypatch.setattr(
            book, "history", lambda code, function: asked.append((code, function)) or rows
        )
        return asked

    return put


def test_who_the_provider_is_and_of_when_its_figures_are(client, book):
    soup = page(client, "/providers/NT01/")
    assert words(soup.h1) == "Dales Orthopaedic Centre"
    facts = dict(zip(map(words, soup.select("dt")), map(words, soup.select("dd")), strict=False))
    assert facts["Type of provider"] == "Independent"
    assert facts["Integrated care board"] == "NHS West Yorkshire ICB"
    assert facts["Distances measured to"] == "Hospital site"
    figures = "Latest figures: September 2025; the list as it stood at 30 September 2025."
    assert words(soup.h1.find_next("p")) == figures


@pytest.mark.parametrize(
    "address",
    [
        "/providers/ZZZ/",
        "/providers/ZZZ.csv",
        "/providers/ZZZ/history.csv",
        "/providers/R01/?function=C_502",
        "/providers/R01/?function=nonsense",
        "/providers/R01/history.csv?function=C_502",
    ],
)
def test_a_provider_or_specialty_without_waits_is_not_found(client, book, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_the_chosen_specialty_has_its_3_groups_of_waits_apart(client, book):
    soup = page(client, f"/providers/R01/?function={ORTHOPAEDICS}")
    assert words(soup.select_one(".app-chosen tbody th")) == BONES
    admitted, nonadmitted, waiting, size = chosen(soup)
    assert "half 20.0 weeks 8 in 10 32.0 weeks 92 in 100 36.8 weeks 200 people" in admitted
    assert "half 12.5 weeks 8 in 10 20.0 weeks" in nonadmitted
    assert "half 14.8 weeks 8 in 10 23.9 weeks" in waiting
    assert "1,000 waiting" in size
    assert "60.4% within 18 weeks 0 over 52 weeks" in size
    assert "Up 25% in a year" in size


def test_the_chosen_specialty_and_its_history_come_before_the_others(client, book):
    soup = page(client, f"/providers/R01/?function={EYES}")
    headings = [words(each) for each in soup.select("main h2")]
    assert headings.index("Ophthalmology") < headings.index("Other specialties here")
    drawn = soup.select(".app-chosen, .app-chart, .app-spread")
    assert len(drawn) > 3
    assert all(each.find_next("h2", id="others") for each in drawn)


def test_the_other_specialties_are_a_line_each_folded_away(client, book):
    soup = page(client, f"/providers/R01/?function={EYES}")
    assert others(soup) == {
        ALL: ["32.0 weeks", "20.0 weeks"],
        "Trauma and orthopaedics": ["32.0 weeks", "20.0 weeks"],
    }
    assert (
        words(soup.select_one("details:has(.app-others) summary")) == "Show the waits of 2 others"
    )
    assert not soup.select("details[open]")
    links = [link["href"] for link in soup.select(".app-others a")]
    assert links == [f"/providers/R01/?function={code}" for code in ("C_999", ORTHOPAEDICS)]


def test_few_and_none_are_said_in_a_line_too(client, book):
    assert others(page(client, "/providers/NT02/"))["Trauma and orthopaedics"][0] == "5 to 31 weeks"
    assert others(page(client, "/providers/CIC1/"))["Trauma and orthopaedics"][0] == "nobody"


AWKWARD = [
    # provider, specialty, column, what is said
    ("NT02", "C_999", 0, "5 to 31 weeks 12 people, too few for more"),
    ("CIC1", ORTHOPAEDICS, 0, "nobody admitted"),
    ("CIC2", ORTHOPAEDICS, 2, "0 to 13 weeks 5 people, too few for more"),
    ("R03", ORTHOPAEDICS, 2, "92 in 100 over 104 weeks"),
    ("R06", ORTHOPAEDICS, 3, "not known within 18 weeks"),
]


@pytest.mark.parametrize(("code", "function", "column", "said"), AWKWARD)
def test_few_none_and_very_long_waits_are_said_in_words(
    client, book, *, code, function, column, said
):
    assert said in chosen(page(client, f"/providers/{code}/?function={function}"))[column]


def test_one_person_is_a_person(client, book, monkeypatch):
    total, *_ = FakeBook().provider("R01")
    monkeypatch.setattr(book, "provider", lambda code: (replace(total, admitted=spread(w5=1)),))
    admitted = chosen(page(client, "/providers/R01/"))[0]
    assert "1 person, too few for more" in admitted


def test_a_provider_that_stopped_sending_says_so_before_anything_else(client, book):
    soup = page(client, "/providers/R04/")
    assert words(soup.select_one(".nhsuk-warning-callout h2")) == "No figures since June 2025"
    assert "People treated in June 2025 had waited" in words(soup.select_one(".app-compare"))


def test_a_provider_that_sent_its_figures_has_no_such_notice(client, book):
    assert not page(client, "/providers/R01/").select(".nhsuk-warning-callout")


def test_a_specialty_last_sent_earlier_than_the_rest_is_marked(client, book, monkeypatch):
    total, bones, eyes = FakeBook().provider("R01")
    old = replace(eyes, month=Month(2025, 5), is_stale=True)
    monkeypatch.setattr(book, "provider", lambda code: (total, bones, old))
    for address in ("/providers/R01/", f"/providers/R01/?function={EYES}"):
        tags = page(client, address).select("tbody th .nhsuk-tag")
        assert [words(tag) for tag in tags] == ["Last sent for May 2025"]
    heads = words(page(client, f"/providers/R01/?function={EYES}").select_one(".app-chosen thead"))
    assert "People treated in May 2025" in heads
    assert "People still waiting at 31 May 2025" in heads


def test_the_history_is_of_all_specialties_unless_one_is_chosen(client, history):
    asked = history(MonthRow(SEPTEMBER, HEADLINE))
    soup = page(client, "/providers/R01/")
    assert words(soup.select_one("option[selected]")) == "All specialties"
    soup = page(client, f"/providers/R01/?function={EYES}")
    assert soup.select_one("option[selected]")["value"] == EYES
    assert asked == [("R01", "C_999"), ("R01", EYES)]


def test_the_way_back_to_the_comparison_keeps_the_specialty(client, book):
    links = page(client, f"/providers/R01/?function={ORTHOPAEDICS}").select("main a")
    (link,) = [each for each in links if words(each).startswith("Compare")]
    assert link["href"] == f"/?function={ORTHOPAEDICS}"
    assert words(link) == "Compare other providers: Trauma and orthopaedics"


def test_months_that_were_not_sent_are_gaps_said_in_words(client, history):
    sent = [MonthRow(SEPTEMBER.plus(-back), HEADLINE) for back in range(5, -1, -1)]
    sent[2] = MonthRow(sent[2].month, None)
    history(*sent)
    soup = page(client, "/providers/R01/")
    assert "This provider sent no figures for June 2025." in words(soup)
    assert "a gap is not zero" in words(soup)
    assert months(soup)["June 2025"] == ["Sent no figures"]
    for chart in soup.select(".app-chart"):
        assert len(chart.select(".app-chart__gap")) == 1
        assert chart.select_one("g.app-chart__stroke--1 path")["d"].count("L") == 3
        assert "June 2025" in words(chart.desc)


def test_a_list_without_known_percentiles_has_no_chart_of_them(client, history):
    few = {key: None if MEASURES[key].unit == "weeks" else 3 for key in HEADLINE_MEASURES}
    history(MonthRow(SEPTEMBER, few | {"pct_within_18_weeks": 1.0}))
    soup = page(client, "/providers/CIC2/")
    assert [words(chart.figcaption) for chart in soup.select(".app-chart")] == [
        "Waiting list",
        "Share of the list within 18 weeks",
    ]


def test_the_file_of_the_history_holds_what_the_page_shows(client, history):
    history(
        MonthRow(SEPTEMBER.plus(-2), HEADLINE | {"p92_weeks": "104+", "median_weeks": 12.3456}),
        MonthRow(SEPTEMBER.plus(-1), None),
        MonthRow(SEPTEMBER, HEADLINE | {"median_weeks": None}),
    )
    soup = page(client, "/providers/R01/")
    (link,) = [each["href"] for each in soup.select("a[href*='history.csv']")]
    lines = {line.pop("month"): line for line in file(client, link)}
    assert set(lines["2025-08"].values()) == {""}
    for month in ("2025-07", "2025-09"):
        shown = months(soup)[Month.parse(month).label]
        for cell, (key, text) in zip(shown, lines[month].items(), strict=True):
            value = None if text == "" else text if text == "104+" else float(text)
            assert cell == figures.figure(value, MEASURES[key].unit)


def test_the_file_of_the_specialties_holds_what_the_page_shows(client, book):
    lines = file(client, "/providers/R03.csv")
    assert [line["function"] for line in lines] == ["C_999", ORTHOPAEDICS, EYES]
    for line in lines:
        soup = page(client, f"/providers/R03/?function={line['function']}")
        admitted, _, waiting, size = chosen(soup)
        half = line["admitted_median_weeks"]
        assert f"half {figures.weeks(float(half))}" in admitted
        assert f"{figures.count(int(line['waiting_count']))} waiting" in size
        assert figures.weeks(_number(line["waiting_p80_weeks"])) in waiting


def _number(text: str) -> float | str:
    return text if text == "104+" else float(text)


def test_a_name_is_escaped(client, book):
    html = client.get("/providers/NT04/").content.decode()
    assert "<b>Lodge" not in html
    assert "&lt;b&gt;Lodge" in html


def test_the_spread_of_the_treated_never_shares_a_chart_with_that_of_the_waiting(client, book):
    charts = page(client, "/providers/R01/").select(".app-spread")
    assert [words(chart.figcaption) for chart in charts] == [
        "How long people treated in September 2025 had waited",
        "How long people still waiting at 30 September 2025 have waited so far",
    ]
    assert [len(chart.select("li")) for chart in charts] == [2, 1]


def test_the_18_week_line_of_a_chart_is_labelled_where_it_stands(client, book):
    for chart in page(client, "/providers/R01/").select(".app-spread"):
        (label,) = chart.select(".app-spread__standard-label")
        assert words(label) == "18 weeks"
        assert {line["x1"] for line in chart.select("line.app-spread__standard")} == {label["x"]}
