"""An ICB planner tries more capacity and another order, holds both side by side, and shares them."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_it_is_said_to_be_made_up, then_nothing_bars_anyone
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor

from clockstop.analytics.forecast.scenarios.reading import read_scenario

pytestmark = pytest.mark.browser

BOARD_NAME = "NHS West Yorkshire ICB"
FORECAST = "/figures/icbs/QWO/forecast/"
MORE, CLIFF = "More in orthopaedics", "Nobody over a year"


def test_a_planner_tries_two_scenarios_and_sends_them_on(either):
    given_the_forecast_of_their_area(either)
    either.follows(either.page.get_by_role("link", name="What if demand, capacity or the order"))
    then_the_heading_is(either, BOARD_NAME)
    then_nothing_bars_anyone(either)

    when_they_ask_for_more(either, stops="many")
    then_the_fault_is_said(either)
    then_nothing_bars_anyone(either)

    when_they_ask_for_more(either, stops="40")
    then_these_are_side_by_side(either, MORE)
    then_it_is_said_to_be_made_up(either)
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="Put another scenario beside it"))
    when_they_ask_that_nobody_waits_a_year(either)
    then_these_are_side_by_side(either, f"1: {MORE}", f"2: {CLIFF}")
    then_nothing_bars_anyone(either)
    then_whoever_opens_the_address_sees_the_same(either)


def test_a_planner_keeps_a_scenario_as_a_file_and_opens_it_again(visitor, tmp_path):
    visitor.goes_to("/figures/icbs/QWO/what-if/")
    when_they_ask_for_more(visitor, stops="40")
    file = when_they_save_it(visitor, tmp_path)
    asked = read_scenario(file.read_text(encoding="utf-8"))
    assert (asked.title, asked.capacity[0].clock_stops_a_week) == (MORE, 40)

    visitor.goes_to("/figures/icbs/QWO/what-if/")
    when_they_open(visitor, file)
    then_these_are_side_by_side(visitor, MORE)
    file.write_text(json.dumps({"title": "Half", "horizon_months": 200}), encoding="utf-8")
    when_they_open(visitor, file)
    problems = visitor.page.get_by_role("alert").get_by_role("link")
    expect(problems).to_have_count(2)
    then_these_are_side_by_side(visitor, MORE)
    then_nothing_bars_anyone(visitor)


def given_the_forecast_of_their_area(visitor: Visitor) -> None:
    visitor.goes_to(FORECAST)
    then_the_heading_is(visitor, BOARD_NAME)


def when_they_ask_for_more(visitor: Visitor, *, stops: str) -> None:
    visitor.page.get_by_label("Name", exact=True).fill(MORE)
    change = visitor.page.get_by_role("group", name="Capacity, change 1")
    change.get_by_label("Specialty").select_option("C_110")
    change.get_by_label("How much").fill(stops)
    visitor.presses("Run")


def when_they_ask_that_nobody_waits_a_year(visitor: Visitor) -> None:
    visitor.page.get_by_label("Name", exact=True).fill(CLIFF)
    visitor.page.get_by_label("Nobody is to wait over").fill("52")
    visitor.page.locator("#cliff-by").select_option(index=6)
    visitor.presses("Run")


def when_they_save_it(visitor: Visitor, folder: Path) -> Path:
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Save as a file (JSON)").click()
    file = folder / "scenario.json"
    download.value.save_as(file)
    return file


def when_they_open(visitor: Visitor, file: Path) -> None:
    visitor.page.get_by_label("Scenario file").set_input_files(file)
    visitor.presses("Open the file")


def then_the_fault_is_said(visitor: Visitor) -> None:
    fault = visitor.page.get_by_role("alert").get_by_role("link")
    expect(fault).to_have_text(
        "Capacity, change 1: expected a number of clock stops a week, -100,000 to 100,000"
    )
    fault.click()
    expect(visitor.page.locator("#capacity-0-amount")).to_be_focused()


def then_these_are_side_by_side(visitor: Visitor, *names: str) -> None:
    table = visitor.page.get_by_role("region", name="Side by side in").last.get_by_role("table")
    runs = ["As we are", *(each for name in names for each in (name, f"{name}: difference"))]
    expect(table.get_by_role("rowheader")).to_have_count(1 + len(runs))
    assert table.get_by_role("rowheader").all_inner_texts()[1:] == runs
    then_the_page_says(visitor, "Would it make its targets?", "By specialty")


def then_whoever_opens_the_address_sees_the_same(visitor: Visitor) -> None:
    table = visitor.page.get_by_role("region", name="Side by side in").last.get_by_role("table")
    seen, address = table.inner_text(), urlsplit(visitor.page.url)
    visitor.goes_to("/")
    visitor.goes_to(f"{address.path}?{address.query}")
    assert table.inner_text() == seen
