"""An ICB planner finds where their area stands, goes into it, and takes the figures along."""

import csv

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_it_is_said_to_be_made_up, then_nothing_bars_anyone
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.monitoring.story import sentences
from clockstop.core.codes import ENGLAND

pytestmark = pytest.mark.browser

HOME, BOARD, BOARD_NAME = "LS1 4AP", "QWO", "NHS West Yorkshire ICB"
FUNCTION, SPECIALTY = "C_110", "Trauma and orthopaedics (bones, joints and muscles)"


@pytest.fixture(scope="module")
def figures(lake) -> MonitoringBook:
    """What the pages should say."""
    return MonitoringBook(lake)


def test_a_planner_finds_their_area_and_goes_into_it(anyone, figures):
    board = figures.area(AreaKind.ICB, BOARD)
    given_my_area(anyone)
    when_they_give_their_postcode(anyone, HOME)
    then_the_heading_is(anyone, BOARD_NAME)
    then_the_page_says(anyone, *sentences(figures, board, Basis.COMMISSIONER))
    then_the_postcode_is_nowhere(anyone, HOME)

    anyone.follows(anyone.page.get_by_role("link", name="All figures of this area"))
    then_the_heading_is(anyone, BOARD_NAME)
    then_it_is_said_to_be_made_up(anyone)
    then_the_key_figure_is(anyone, "Waiting list", size(figures, board, Basis.COMMISSIONER))
    then_the_targets_are_judged(anyone)
    then_nothing_bars_anyone(anyone)

    when_they_turn_to_the_topic(anyone, "Specialties")
    anyone.follows(anyone.page.get_by_role("link", name=SPECIALTY))
    expect(anyone.page.get_by_role("heading", level=1)).to_contain_text(SPECIALTY)
    one = size(figures, board, Basis.COMMISSIONER, FUNCTION)
    then_the_key_figure_is(anyone, "Waiting list", one)
    then_nothing_bars_anyone(anyone)


def test_a_planner_goes_down_to_a_provider_and_back_to_england(either, figures):
    given_the_figures_of_the_icb(either)
    when_they_turn_to_the_topic(either, "Places")
    table = either.page.get_by_role("table", name="Providers at")
    first = table.locator("tbody [scope=row] a").first
    name = first.inner_text()
    either.follows(first)
    then_the_heading_is(either, name)
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="How long people wait here"))
    then_the_heading_is(either, name)
    either.follows(either.page.get_by_role("link", name="list over time, held against"))
    then_the_heading_is(either, name)

    either.follows(either.page.get_by_role("main").get_by_role("link", name=BOARD_NAME))
    then_the_heading_is(either, BOARD_NAME)
    either.goes_to("/figures/england/")
    england = figures.area(AreaKind.ENGLAND, ENGLAND)
    then_the_key_figure_is(either, "Waiting list", size(figures, england, Basis.PROVIDER))


def test_a_planner_looks_at_their_providers_instead(either, figures):
    board = figures.area(AreaKind.ICB, BOARD)
    given_the_figures_of_the_icb(either)
    either.follows(either.page.get_by_role("link", name="Show waits at the area"))
    then_the_key_figure_is(either, "Waiting list", size(figures, board, Basis.PROVIDER))
    when_they_turn_to_the_topic(either, "Specialties")
    then_the_page_says(either, "own providers, whoever pays for them")
    either.follows(either.page.get_by_role("link", name="Show waits of the area"))
    when_they_turn_to_the_topic(either, "Overview")
    then_the_key_figure_is(either, "Waiting list", size(figures, board, Basis.COMMISSIONER))


def test_a_planner_searches_and_chooses(either):
    either.goes_to("/figures/")
    either.page.get_by_label("Find an area or a provider").fill("west yorkshire")
    either.presses("Find")
    then_the_page_says(either, "1 found for “west yorkshire”")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name=BOARD_NAME).first)
    then_the_heading_is(either, BOARD_NAME)

    given_my_area(either)
    either.page.get_by_label("Or choose an ICB").select_option(label="West Yorkshire")
    either.presses("Show")
    then_the_heading_is(either, BOARD_NAME)
    then_nothing_bars_anyone(either)


def test_a_wrong_postcode_is_asked_for_again(either):
    given_my_area(either)
    when_they_give_their_postcode(either, "Leeds")
    expect(either.page.get_by_role("alert")).to_contain_text("There is a problem")
    then_nothing_bars_anyone(either)


def test_a_planner_takes_the_months_along(visitor, figures):
    given_the_figures_of_the_icb(visitor)
    with visitor.page.expect_download() as download:
        months = visitor.page.get_by_role("region", name="Month by month")
        months.get_by_role("link", name="CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    series = figures.series(figures.area(AreaKind.ICB, BOARD), Basis.COMMISSIONER)
    assert download.value.suggested_filename == f"qwo-months-{figures.month}.csv"
    assert {line["month"]: int(line["incomplete_pathways"]) for line in lines} == {
        month.label: row["incomplete_pathways"] for month, row in series.items()
    }


@pytest.mark.real_data
def test_west_yorkshire_finds_its_published_figures(real_visitor):
    """Source: NHS England, RTT waiting times by ICB, September 2025 (QWO, total)."""
    given_my_area(real_visitor)
    when_they_give_their_postcode(real_visitor, HOME)
    then_the_heading_is(real_visitor, BOARD_NAME)
    then_the_page_says(real_visitor, "246,530 waits for treatment", "68.1% had waited at most")
    real_visitor.follows(real_visitor.page.get_by_role("link", name="All figures of this area"))
    then_the_key_figure_is(real_visitor, "Waiting list", "246,530")
    then_the_key_figure_is(real_visitor, "Over 52 weeks", "2,542")
    then_the_key_figure_is(real_visitor, "Median wait so far", "11.2 weeks")
    then_nothing_bars_anyone(real_visitor)


def given_my_area(visitor: Visitor) -> None:
    visitor.goes_to("/figures/my-area/")
    then_the_heading_is(visitor, "My area")


def given_the_figures_of_the_icb(visitor: Visitor) -> None:
    visitor.goes_to(f"/figures/icbs/{BOARD}/")
    then_the_heading_is(visitor, BOARD_NAME)


def when_they_give_their_postcode(visitor: Visitor, postcode: str) -> None:
    visitor.page.get_by_label("Postcode or its first half").fill(postcode)
    visitor.presses("Find my area")


def when_they_turn_to_the_topic(visitor: Visitor, title: str) -> None:
    topics = visitor.page.get_by_role("navigation", name="Topics")
    visitor.follows(topics.get_by_role("link", name=title, exact=True))


def then_the_key_figure_is(visitor: Visitor, name: str, value: str) -> None:
    heading = visitor.page.get_by_role("heading", name=name, exact=True)
    card = visitor.page.locator(".app-figure").filter(has=heading)
    expect(card.locator(".app-figure__value")).to_have_text(value)


def then_the_targets_are_judged(visitor: Visitor) -> None:
    table = visitor.page.get_by_role("table", name="National targets at")
    standard = table.get_by_role("row").filter(has_text="the NHS Constitution standard")
    expect(standard).to_contain_text("met")
    expect(standard.get_by_role("rowheader")).to_be_visible()


def then_the_postcode_is_nowhere(visitor: Visitor, postcode: str) -> None:
    typed = {postcode, postcode.replace(" ", ""), postcode.replace(" ", "+")}
    for place in (visitor.page.url, visitor.site.log, visitor.page.content()):
        assert not any(each in place.replace("For example LS1 4AP", "") for each in typed)


def size(figures: MonitoringBook, area, basis: Basis, function: str = "C_999") -> str:
    row = figures.series(area, basis, function=function)[figures.month]
    return f"{row['incomplete_pathways']:,}"
