"""An analyst of an ICB looks for patients on two lists and on none, and takes the findings away."""

import pytest
from playwright.sync_api import expect
from tests.journeys import lists, seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_page_says

pytestmark = pytest.mark.browser


def test_one_view_shows_who_is_on_two_lists_and_on_none(anyone, lake):
    lists.prepare(lake.home, "weeks")
    anyone.goes_to("/sign-in/")
    anyone.presses(f"{seed.ANALYST}, Analyst")
    anyone.goes_to("/one-view/")
    expect(anyone.page.get_by_role("heading", level=1)).to_contain_text("One view")
    then_the_page_says(anyone, "Findings at each provider", "On two lists", "On no list")
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)

    anyone.page.get_by_label("Show", exact=True).select_option("on_none")
    anyone.presses("Show")
    then_the_page_says(anyone, "1 to 1 of 1", "bob")
    then_nothing_bars_anyone(anyone)
    anyone.page.get_by_label("Show", exact=True).select_option("list")
    anyone.presses("Show")
    then_the_page_says(anyone, "Everybody on a list", "dee")
    then_nothing_bars_anyone(anyone)

    with anyone.page.expect_download() as taken:
        anyone.page.get_by_role("link", name="Findings, as chosen above (CSV)").click()
    assert taken.value.suggested_filename.endswith("findings.csv")
