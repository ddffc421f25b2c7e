"""A commissioner tells patients of their right to choose: a last look, results, a stop."""

import re

import pytest
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.referred import somebody_is_referred
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_somebody_signs_in import (
    given_they_signed_in_as,
    when_they_choose_from_the_menu,
)
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser


def test_a_commissioner_runs_a_campaign(either, lake):
    referred = somebody_is_referred(lake.home)
    given_they_signed_in_as(either, f"{seed.COMMISSIONER}, Commissioner")
    when_they_choose_from_the_menu(either, "Campaigns")
    then_the_heading_is(either, re.compile("Campaigns"))
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="Begin a campaign"))
    then_nothing_bars_anyone(either)
    either.presses("Continue")
    then_the_page_says(either, "Enter a name for the campaign", "Choose which right to tell of")
    then_nothing_bars_anyone(either)

    when_they_choose(either, "Autumn", "To choose where to have a first appointment")
    then_the_page_says(either, "How it reaches patients", "too few", "Letter in easy read")
    then_the_page_says(either, "You can choose where you are seen", "Orthopaedics")
    then_nothing_bars_anyone(either)
    either.presses("Change who is told")
    either.page.get_by_label("Specialty").select_option(label="Any specialty")
    either.presses("Continue")

    either.presses("Begin the campaign")
    then_the_page_says(either, "The campaign has begun", "Waiting to be sent", "Booked")
    then_nobody_is_named(either, referred.name)
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    either.presses("Stop the campaign")
    then_the_page_says(either, "The campaign is stopped", "Stopped")
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="Campaigns", exact=True).last)
    then_the_page_says(either, "Autumn")
    then_nothing_bars_anyone(either)


def when_they_choose(visitor: Visitor, name: str, right: str) -> None:
    visitor.page.get_by_label("Name of the campaign").fill(name)
    visitor.page.get_by_label(right).check()
    visitor.page.get_by_label("Provider on their shortlist").select_option(
        label="Riverside Hospital"
    )
    visitor.page.get_by_label("Specialty").select_option(label="Orthopaedics")
    visitor.page.get_by_label("Weeks since").fill("0")
    visitor.presses("Continue")


def then_nobody_is_named(visitor: Visitor, name: str) -> None:
    assert name not in visitor.page.content()
