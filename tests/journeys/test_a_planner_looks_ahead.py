"""An ICB planner asks where the list is heading, how sure that is, and which targets will be met."""

import csv

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_it_is_said_to_be_made_up, then_nothing_bars_anyone
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor

from clockstop.analytics.forecast.book import ForecastBook
from clockstop.analytics.forecast.targets.planning import year_end
from clockstop.analytics.lists.measures import Unit
from clockstop.core.codes import ALL_FUNCTIONS
from clockstop.service.dashboards.chances import chance
from clockstop.service.dashboards.outlook import between, interval, months_of

pytestmark = pytest.mark.browser

BOARD, BOARD_NAME = "QWO", "NHS West Yorkshire ICB"
SIZE = "incomplete_pathways"


@pytest.fixture(scope="module")
def forecasts(lake) -> ForecastBook:
    """What the pages should say."""
    return ForecastBook(lake)


def test_a_planner_sees_where_the_list_goes_and_which_targets_will_be_met(either, forecasts):
    given_their_area(either)
    either.follows(either.page.get_by_role("link", name="Where its waiting list is heading"))
    then_the_heading_is(either, BOARD_NAME)
    then_it_is_said_to_be_made_up(either)
    then_the_range_is_said(either, forecasts)
    then_the_page_says(either, "figures that have since been counted")
    when_they_open_the_figures_of_the_list(either)
    then_nothing_bars_anyone(either)

    when_they_turn_to_the_topic(either, "Will we make it?")
    then_the_worst_specialty_is_first(either, forecasts)
    then_nothing_bars_anyone(either)
    worst = either.page.locator("#target-rtt-18w-caption").locator("..").locator("tbody a").first
    name = worst.inner_text()
    either.follows(worst)
    expect(either.page.get_by_role("heading", level=1)).to_contain_text(name)
    then_the_page_says(either, "Where it is heading")


def test_a_planner_takes_the_forecast_along(visitor, forecasts):
    visitor.goes_to(f"/figures/icbs/{BOARD}/forecast/")
    with visitor.page.expect_download() as download:
        panel = visitor.page.get_by_role("region", name="The waiting list", exact=True)
        panel.get_by_role("link", name="CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        said = [line for line in csv.DictReader(file) if line["middle"]]
    rows = forecasts.forecast("icb", BOARD).rows
    assert [float(line["middle"]) for line in said] == [row[f"{SIZE}_p50"] for row in rows]


def given_their_area(visitor: Visitor) -> None:
    visitor.goes_to(f"/figures/my-area/?icb={BOARD}")
    then_the_heading_is(visitor, BOARD_NAME)


def when_they_turn_to_the_topic(visitor: Visitor, title: str) -> None:
    topics = visitor.page.get_by_role("navigation", name="Topics")
    visitor.follows(topics.get_by_role("link", name=title, exact=True))


def when_they_open_the_figures_of_the_list(visitor: Visitor) -> None:
    panel = visitor.page.get_by_role("region", name="The waiting list", exact=True)
    panel.get_by_text("Show the figures").click()
    expect(panel.get_by_role("table")).to_be_visible()


def then_the_range_is_said(visitor: Visitor, forecasts: ForecastBook) -> None:
    month = year_end(forecasts.origin)
    row = months_of(forecasts.forecast("icb", BOARD))[month]
    words = between(*interval(row, SIZE), Unit.PATHWAYS)
    then_the_page_says(visitor, f"In {month.label} the list will probably be {words} waits")


def then_the_worst_specialty_is_first(visitor: Visitor, forecasts: ForecastBook) -> None:
    table = visitor.page.get_by_role("table", name="Specialties against: 18 weeks: the NHS")
    found = [
        row["probability"]
        for row in forecasts.targets("icb", BOARD)
        if row["id"] == "rtt-18w" and row["function"] != ALL_FUNCTIONS.code
    ]
    expect(table.locator("tbody tr")).to_have_count(len(found))
    least = chance(min(each for each in found if each is not None))
    expect(table.locator("tbody tr").first).to_contain_text(least)
