"""The estimate of the wait ahead on a provider's page, and every reason why there is none."""

import pytest
from bs4 import BeautifulSoup
from tests.analytics.forecast.waits_ahead import table_of
from tests.service.fakes import ORTHOPAEDICS

from clockstop.analytics.forecast.expected.waits import (
    Accuracy,
    ExpectedWaits,
    Facts,
    expected_file,
    keep,
)
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month
from clockstop.service.compare import book as shelf

PAGE = f"/providers/R01/?function={ORTHOPAEDICS}"
ACCURACY = (Accuracy(1, 4.3, 6, 1.7, 4.0, 3.0, 0.7), Accuracy(3, 13.0, 6, 2.45, 5.0, 4.0, 0.8))
FACTS = Facts(Month(2025, 9), 157, ACCURACY, (0, 18, 65), (65,))


@pytest.fixture
def kept(book, monkeypatch, tmp_path):
    """Puts a table with the list of R01 in orthopaedics, so changed, on the shelf."""

    def put(**changed):
        keep(tmp_path / "table.parquet", table_of(**changed), FACTS)
        waits = ExpectedWaits(tmp_path / "table.parquet")
        monkeypatch.setattr(shelf, "waits_of", lambda _home: waits)

    return put


def page(client, address=PAGE) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def estimate(soup) -> str:
    """What stands between the heading of the estimate and its form."""
    found = []
    for each in soup.select_one("#ahead").find_next_siblings():
        if each.name == "form" or each.get("class", [""])[0].startswith("app-spread"):
            break
        found.append(words(each))
    return " ".join(found)


def lines(soup) -> dict[str, list[str]]:
    table = soup.select_one("#ahead").find_next("table")
    for heading in table.select("[aria-hidden]"):
        heading.decompose()
    return {words(row.th): [words(cell) for cell in row("td")] for row in table.select("tbody tr")}


def test_who_joins_now(client, kept):
    kept(all_p50=12.0, all_p80=25.1, all_p92=None)
    soup = page(client)
    assert lines(soup) == {
        "Admitted, as an inpatient or day case": ["10 weeks", "10 weeks", "21 weeks"],
        "Not admitted": ["10 weeks", "10 weeks", "21 weeks"],
        "Either": ["12 weeks", "26 weeks", "over 157 weeks"],
    }
    said = estimate(soup)
    assert "If you join the list now: more weeks until the wait ends, an estimate" in said
    assert "from the list at 30 September 2025" in said
    assert "about 10 in 100 people leave the list in another way" in said
    assert "would still wait were out by 1.7 after 4 weeks, 2.5 after 13 weeks, on average" in said
    assert "Going by the list of the day alone was out by 4.0 and 5.0." in said
    assert "Of a whole specialty in England the estimates were out by 0.7 and 0.8." in said
    (link,) = [each for each in soup.select("a") if words(each) == "How the estimate is made"]
    assert link["href"] == "/about-the-data/#estimate"
    about = BeautifulSoup(client.get("/about-the-data/").content, "html.parser")
    assert words(about.select_one("#estimate")) == "How the estimate of the wait ahead is made"


def test_todays_figures_stand_before_it(client, kept):
    kept()
    soup = page(client)
    assert soup.select_one(".app-chosen").find_next("h3")["id"] == "ahead"


@pytest.mark.parametrize(
    ("waited", "whom"),
    [
        ("20", "If you have waited 20 weeks here"),
        ("1", "waited 1 week here"),
        ("", "join the list"),
    ],
)
def test_who_has_waited(client, kept, waited, whom):
    kept()
    soup = page(client, f"{PAGE}&waited={waited}")
    assert whom in estimate(soup)
    assert soup.select_one("#waited")["value"] == waited if waited else True
    assert soup.select_one("input[name=function]")["value"] == ORTHOPAEDICS


@pytest.mark.parametrize("waited", ["-1", "521", "20.5", "a year"])
def test_no_number_of_weeks(client, kept, waited):
    kept()
    soup = page(client, f"{PAGE}&waited={waited}")
    said = "Weeks waited must be a whole number from 0 to 520"
    (link,) = soup.select(".nhsuk-error-summary a")
    assert (words(link), link["href"]) == (said, "#waited")
    assert said in words(soup.select_one("#waited-error"))
    assert soup.select_one("#waited")["value"] == waited
    assert "If you join the list now" in estimate(soup)


def test_few_people_on_the_list(client, kept):
    kept(waiting=19)
    said = estimate(page(client))
    assert "no estimate in figures. Fewer than 20 people wait here." in said
    assert "most waits here end in 0 to 21 more weeks." in said
    assert "Half within" not in said
    kept(waiting=19, all_p92=None)
    assert "most waits here end in 0 to over 157 more weeks." in estimate(page(client))


def test_few_of_a_kind(client, kept):
    kept(admitted_stops=2)
    found = lines(page(client))
    reason = "Fewer than 20 people in 12 months were admitted here."
    assert found["Admitted, as an inpatient or day case"] == [reason]
    assert found["Not admitted"] == ["10 weeks", "10 weeks", "21 weeks"]


def test_a_wait_so_long_that_past_estimates_were_far_out(client, kept):
    kept()
    said = estimate(page(client, f"{PAGE}&waited=70"))
    assert (
        "Past estimates for people who had waited so long were out by more than 10 in 100" in said
    )
    assert "Going by this specialty" not in said
    assert "leave the list" not in said


@pytest.mark.parametrize(("borrowed", "said"), [(0.25, False), (0.4, True)])
def test_much_that_is_borrowed_is_said(client, kept, borrowed, said):
    kept(borrowed=borrowed)
    assert (
        "40.0% of the estimate rests on this specialty elsewhere" in estimate(page(client))
    ) == said


def test_few_leave_another_way(client, kept):
    kept(ends_without_treatment=0.004)
    assert "fewer than 1 in 100 people leave the list" in estimate(page(client))


def test_nobody_on_the_list(client, kept):
    kept(function="C_130")
    assert "Nobody is on this list, so there is no estimate." in estimate(page(client))


def test_all_specialties_together(client, kept):
    kept()
    assert "Choose one to see an estimate." in estimate(page(client, "/providers/R01/"))


def test_nothing_worked_out(client, book):
    soup = page(client, f"{PAGE}&waited=20")
    assert estimate(soup).startswith("No estimate has been worked out from these figures yet.")
    assert soup.select_one("#waited") is None


def test_it_may_be_worked_out_while_the_site_runs(tmp_path):
    lake = Lake(tmp_path)
    assert shelf.waits_of(tmp_path) is None
    keep(expected_file(lake), table_of(), FACTS)
    assert shelf.waits_of(tmp_path).facts == FACTS
    assert shelf.waits_of(tmp_path) is shelf.waits_of(tmp_path)
