"""A patient says that care is not needed; a clinician finds it in the worklist and closes it."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.waits import somebody_waits

pytestmark = pytest.mark.browser


def test_a_patients_word_is_heard_by_a_clinician(anyone, lake):
    wait = somebody_waits(lake.home, seed.NHS_NUMBER)
    given_they_are(anyone, f"{seed.PATIENT}, Patient")
    anyone.goes_to(wait.path)
    anyone.follows(anyone.page.get_by_role("link", name="I may not need this care any more"))
    then_the_heading_is(anyone, "Do you still need to be seen?")
    then_nothing_bars_anyone(anyone)
    anyone.presses("I may not need this any more")
    then_the_heading_is(anyone, "Somebody will talk to you")
    then_the_page_says(anyone, "you keep your place, and your wait still counts")
    then_nothing_bars_anyone(anyone)

    anyone.presses("Sign out")
    given_they_are(anyone, f"{seed.CLINICIAN}, Clinician")
    anyone.goes_to("/reviews/")
    then_the_heading_is(anyone, "Reviews")
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)
    anyone.goes_to(wait.path)
    anyone.follows(
        anyone.page.get_by_role("link", name="Patient says that care is no longer needed")
    )
    then_the_heading_is(anyone, "Patient says that care is no longer needed")
    then_nothing_bars_anyone(anyone)
    anyone.presses("Close the review")
    then_the_page_says(anyone, "Choose what came of it")
    expect(anyone.page).to_have_title(re.compile("^Error: "))
    then_nothing_bars_anyone(anyone)
    anyone.page.get_by_label("We spoke: the patient still wants to be seen").check()
    anyone.presses("Close the review")
    then_the_page_says(anyone, "Closed on", "We spoke: the patient still wants to be seen")
    then_nothing_bars_anyone(anyone)


def given_they_are(visitor, name: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(name)
