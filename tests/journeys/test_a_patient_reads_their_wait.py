"""A patient reads where they are, how long they have waited, and who has seen their record."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.waits import somebody_waits

pytestmark = pytest.mark.browser

STAFF = re.compile(f"{seed.MANAGER}|{seed.CLINICIAN}")


def test_a_patient_reads_their_wait(anyone, lake):
    wait = somebody_waits(lake.home, seed.NHS_NUMBER)
    anyone.goes_to("/sign-in/")
    anyone.presses(f"{seed.PATIENT}, Patient")
    then_the_heading_is(anyone, "Your care")
    then_nothing_bars_anyone(anyone)

    anyone.follows(anyone.page.locator(f"a[href='{wait.path}']"))
    then_the_heading_is(anyone, re.compile("You have been seen and are waiting for the next step"))
    then_the_page_says(
        anyone,
        "You have waited 20 weeks",
        "What happens next",
        "you have the right to ask to be treated sooner somewhere else",
        "The hospital received your referral",
        "Who to contact",
    )
    expect(anyone.page.get_by_role("main")).not_to_contain_text(STAFF)
    expect(anyone.page.get_by_role("main")).not_to_contain_text(
        re.compile("RTT|clock", re.IGNORECASE)
    )
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)

    anyone.follows(anyone.page.get_by_role("link", name="Who has seen this record"))
    then_the_page_says(anyone, "Clinician, Riverside Hospital", "Patient")
    expect(anyone.page.get_by_role("main")).not_to_contain_text(STAFF)
    then_nothing_bars_anyone(anyone)
