"""A booking office books what could not be booked; a clinician rejects; an ICB sees the choice."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.received import somebody_is_deferred
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_manager_corrects_a_clock import (
    given_they_signed_in_as,
    then_the_error_leads_to,
)

pytestmark = pytest.mark.browser
OFFICE, CLINICIAN = f"{seed.OFFICE}, Booking office", f"{seed.CLINICIAN}, Clinician"


def test_a_referral_is_booked_by_the_office_and_rejected_by_a_clinician(either, lake):
    referred = somebody_is_deferred(lake.home)
    given_they_signed_in_as(either, OFFICE)
    either.goes_to("/received/")
    then_the_heading_is(either, "Referrals")
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    when_they_open(either, "Appointment slot issues", referred)
    then_the_page_says(either, "No slot: the provider will book", "The clock", "Over 18 weeks")
    then_nothing_bars_anyone(either)

    either.presses("Book for the patient")
    then_nothing_bars_anyone(either)
    either.presses("Book this appointment")
    then_the_error_leads_to(either, "slot")
    then_nothing_bars_anyone(either)
    either.page.get_by_role("radio").first.check()
    either.presses("Book this appointment")
    then_the_page_says(either, "Saved: book for the patient", "Booked")
    then_nothing_bars_anyone(either)

    when_they_sign_in_as(either, CLINICIAN)
    either.goes_to("/received/")
    when_they_open(either, "Referrals for review", referred)
    either.follows(either.page.get_by_role("link", name="Reject", exact=True))
    either.presses("Reject")
    then_the_error_leads_to(either, "reason")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Inappropriate service").check()
    either.presses("Reject")
    then_the_page_says(either, "Rejected by the provider", "Saved: reject")
    then_nothing_bars_anyone(either)


def test_an_icb_sees_what_choice_there_was(either, lake):
    somebody_is_deferred(lake.home)
    given_they_signed_in_as(either, f"{seed.COMMISSIONER}, Commissioner")
    either.goes_to("/choice/")
    then_the_heading_is(either, re.compile("Choice at referral"))
    then_the_page_says(either, "Was choice offered?", "too few")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name="By month"))
    then_nothing_bars_anyone(either)


def when_they_open(visitor, worklist, referred) -> None:
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(f"^{worklist}")))
    then_the_heading_is(visitor, worklist)
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(f"^{referred.name}")))
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(referred.name)


def when_they_sign_in_as(visitor, persona) -> None:
    visitor.presses("Sign out")
    given_they_signed_in_as(visitor, persona)
