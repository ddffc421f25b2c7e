import csv
import io
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from tests.service.fakes import HEADLINE

from clockstop.analytics.lists.book import MissingSubmitter, MonthRow
from clockstop.analytics.lists.measures import HEADLINE_MEASURES, MEASURES, OPEN_ENDED, SMALL
from clockstop.core.rulebook.releases import is_out_of_date
from clockstop.core.types import Month
from clockstop.service.ui import figures

SEPTEMBER = Month(2025, 9)


@pytest.fixture
def rows(book, monkeypatch):
    """Puts these months of England into the book."""

    def put(*months: MonthRow):
        monkeypatch.setattr(book, "england", lambda: months)

    return put


def row(month: Month, **figures) -> MonthRow:
    return MonthRow(month, HEADLINE | figures)


def page(client) -> BeautifulSoup:
    response = client.get("/england/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def headline(soup: BeautifulSoup, key: str) -> list[str]:
    name = MEASURES[key].name
    (card,) = [each for each in soup.select(".app-figure") if each.h3.get_text(strip=True) == name]
    return [
        card.select_one(".app-figure__value").get_text(strip=True),
        *card.select_one(".app-figure__change").get_text("|", strip=True).split("|"),
    ]


CHANGES = [
    # key, now, August, a year ago, as shown
    ("incomplete_pathways", 7_390_000, 7_400_250, 7_300_000,
     ["7,390,000", "Down 10,250 on August 2025", "Up 90,000 on September 2024"]),
    ("pct_within_18_weeks", 0.618, 0.610, 0.618,
     ["61.8%", "Up 0.8 percentage points on August 2025", "No change on September 2024"]),
    ("median_weeks", 13.3, 13.6, None,
     ["13.3 weeks", "Down 0.3 weeks on August 2025", "Change on September 2024 not known"]),
    ("p92_weeks", "104+", 103.0, 12.3,
     ["over 104 weeks", "Change on August 2025 not known", "Change on September 2024 not known"]),
    ("unreported_removals", None, 1, 2,
     ["not known", "Change on August 2025 not known", "Change on September 2024 not known"]),
    ("over_52_weeks", 0, 0, 3,
     ["0", "No change on August 2025", "Down 3 on September 2024"]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "now", "august", "year_ago", "shown"), CHANGES)
def test_key_figures_and_how_they_moved(client, rows, *, key, now, august, year_ago, shown):
    rows(
        row(SEPTEMBER.plus(-12), **{key: year_ago}),
        row(SEPTEMBER.plus(-1), **{key: august}),
        row(SEPTEMBER, **{key: now}),
    )
    assert headline(page(client), key) == shown


def test_a_change_never_reaches_over_a_month_that_is_not_there(client, rows):
    rows(row(SEPTEMBER.plus(-2)), row(SEPTEMBER))
    assert headline(page(client), "incomplete_pathways")[1:] == [
        "Change on August 2025 not known",
        "Change on September 2024 not known",
    ]


def test_every_figure_has_its_definition(client, book):
    text = page(client).get_text(" ", strip=True)
    for key in HEADLINE_MEASURES:
        assert MEASURES[key].numerator in text
        assert MEASURES[key].source in text
        assert MEASURES[key].caveat.replace(SMALL, OPEN_ENDED) in text
    assert OPEN_ENDED in text


def test_a_limit_for_small_numbers_is_not_said_of_england(client, book):
    assert "below 20" not in page(client).get_text()


def test_percentiles_are_called_what_they_are_called_on_a_providers_page(client, book):
    for address in ("/england/", "/providers/R01/"):
        soup = BeautifulSoup(client.get(address).content, "html.parser")
        names = [each.get_text(strip=True) for each in soup.select(".app-chart__key li")]
        assert {"92 in 100 within", "Half within"} <= set(names)


def test_the_census_date_is_shown(client, book):
    assert "30 September 2025" in page(client).get_text()


OUT_OF_DATE = [
    # today, whether the figures of October 2025 should be out
    (date(2025, 10, 1), False),
    (date(2025, 12, 12), False),
    (date(2025, 12, 13), True),
    (date(2026, 11, 1), True),
]


@pytest.mark.parametrize(("today", "expected"), OUT_OF_DATE)
def test_figures_are_out_of_date_once_newer_ones_should_be_out(today, expected):
    assert is_out_of_date(SEPTEMBER, today) is expected


@pytest.mark.parametrize(("today", "expected"), [OUT_OF_DATE[1], OUT_OF_DATE[2]])
def test_the_page_says_that_its_figures_are_out_of_date(client, book, monkeypatch, today, expected):
    monkeypatch.setattr(timezone, "localdate", lambda: today)
    assert ("out of date" in page(client).get_text()) is expected


@pytest.mark.parametrize("address", ["/england/", "/providers/R01/"])
def test_the_table_of_all_months_says_that_it_scrolls(client, book, address):
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    region = soup.select_one("[role=region]:has(table)")
    columns = len(region.select("thead th")) - 1
    hint = soup.find(id=region["aria-describedby"]).get_text()
    assert hint == f"The table is wide. Scroll it sideways to see all {columns} columns of figures."
    assert soup.select_one("a[href='#all-months']")
    assert soup.find("h3", id="all-months")


def cells_by_month(soup: BeautifulSoup) -> dict[str, list[str]]:
    body = soup.select_one("table:has(#months-caption) tbody")
    return {
        line.th.get_text(strip=True): [cell.get_text(strip=True) for cell in line.select("td")]
        for line in body.select("tr")
    }


def file(client, address: str = "/england.csv") -> list[dict[str, str]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def value(text: str) -> float | str | None:
    return None if not text else text if text == "104+" else float(text)


def test_the_file_holds_what_the_page_shows(client, rows):
    rows(
        row(SEPTEMBER.plus(-3), p92_weeks="104+", median_weeks=13.349999),
        MonthRow(SEPTEMBER.plus(-2), None),
        row(SEPTEMBER, unreported_removals=None),
    )
    shown, lines = cells_by_month(page(client)), file(client)
    assert [line["month"] for line in lines] == ["2025-06", "2025-07", "2025-09"]
    assert list(shown) == ["September 2025", "July 2025", "June 2025"]
    for line in lines:
        label = Month.parse(line.pop("month")).label
        if shown[label] == ["No figures"]:
            assert set(line.values()) == {""}
            continue
        assert list(line) == list(HEADLINE_MEASURES)
        assert shown[label] == [
            figures.figure(value(text), MEASURES[key].unit) for key, text in line.items()
        ]


def test_the_file_keeps_full_precision_and_open_percentiles(client, rows):
    rows(row(SEPTEMBER, median_weeks=13.123456789012345, p92_weeks="104+"))
    (line,) = file(client)
    assert float(line["median_weeks"]) == 13.123456789012345
    assert line["p92_weeks"] == "104+"
    assert line["incomplete_pathways"] == "7390000"


def test_months_without_figures_are_said_and_never_zero(client, rows):
    rows(row(SEPTEMBER.plus(-2)), MonthRow(SEPTEMBER.plus(-1), None), row(SEPTEMBER))
    soup = page(client)
    assert "There are no figures for August 2025." in soup.get_text()
    assert cells_by_month(soup)["August 2025"] == ["No figures"]
    for chart in soup.select(".app-chart"):
        assert chart.select(".app-chart__gap")
        assert not chart.select("g line")


def test_one_month_is_enough(client, rows):
    rows(row(SEPTEMBER, unreported_removals=None))
    soup = page(client)
    assert len(soup.select(".app-chart")) == 5
    assert list(cells_by_month(soup)) == ["September 2025"]


def submitters(count: int) -> list[MissingSubmitter]:
    return [
        MissingSubmitter(f"R{index:02}", f"Trust {index}", Month(2025, 6), index * 1000)
        for index in range(1, count + 1)
    ]


def test_submitters_that_are_missing_are_named_with_their_last_size(client, book, monkeypatch):
    monkeypatch.setattr(book, "missing", lambda month: submitters(12))
    box = page(client).select_one(".app-missing")
    assert box.h2.get_text(strip=True) == "12 providers sent no figures for September 2025"
    assert "Not known is not zero" in box.get_text()
    assert "78,000 waits were on their lists" in box.get_text()
    lines = [line.get_text("|", strip=True) for line in box.select("tbody tr")]
    assert lines[0] == "Trust 12|June 2025|12,000"
    assert len(lines) == 12
    linked = [link["href"] for link in box.select("th a")]
    assert linked == [f"/providers/R0{index}/" for index in range(6, 0, -1)]  # the others have none
    assert [line["last_size"] for line in file(client, "/england/missing.csv")] == [
        str(index * 1000) for index in range(1, 13)
    ]


def test_nobody_missing_is_said_too(client, book, monkeypatch):
    monkeypatch.setattr(book, "missing", lambda month: ())
    soup = page(client)
    assert not soup.select(".app-missing")
    assert "Every provider that reported before sent figures" in soup.get_text()


def test_the_wide_table_can_be_scrolled_by_keyboard_and_read_by_its_headers(client, book):
    soup = page(client)
    region = soup.select_one(".app-scroll")
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert region["aria-labelledby"] == region.caption["id"]
    assert {cell["scope"] for cell in region.select("thead th")} == {"col"}
    assert all(line.th["scope"] == "row" for line in region.select("tbody tr"))


def test_charts_are_named_and_described(client, book):
    for plot in page(client).select("svg[role=img]"):
        assert plot.find(id=plot["aria-labelledby"]).get_text(strip=True)
        assert "2025" in plot.find(id=plot["aria-describedby"]).get_text()
