"""A carer is let in by a code, books for the patient and asks for them, and is shut out again."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.referred import somebody_is_referred
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_patient_chooses import (
    given_they_are,
    when_they_choose_a_place,
    when_they_choose_the_first_time,
)

pytestmark = pytest.mark.browser


def test_a_carer_books_for_a_patient_until_the_patient_ends_it(either, lake):
    patient, carer = somebody_is_referred(lake.home), somebody_is_referred(lake.home)
    code = when_they_get_a_code(either, f"{carer.name}, Patient")

    given_they_are(either, f"{patient.name}, Patient")
    when_they_let_somebody_in(either, code)
    then_the_page_says(either, carer.name, "until")
    then_nothing_bars_anyone(either)
    either.presses("Sign out")

    given_they_are(either, f"{carer.name}, Carer")
    then_the_heading_is(either, "Your care")
    then_the_page_says(either, "the people whom you care for", f"for {patient.name}")
    expect(either.page.get_by_role("main")).not_to_contain_text(carer.name)
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    either.follows(either.page.get_by_role("link", name="You can choose where to go"))
    own = either.page.url
    when_they_choose_a_place(either, "Riverside Hospital")
    when_they_choose_the_first_time(either, "Book this time")
    then_the_heading_is(either, re.compile("You have an appointment"))
    then_nothing_bars_anyone(either)
    when_they_ask_for_another_day(either)
    then_the_page_says(either, "It has not seen your request yet")
    then_nothing_bars_anyone(either)
    either.presses("Sign out")

    given_they_are(either, f"{patient.name}, Patient")
    then_the_page_says(either, "You have an appointment", "It has not seen your request yet")
    when_they_end_it(either, carer)
    then_the_page_says(either, "Nobody but you and those who treat you")
    either.presses("Sign out")

    either.goes_to("/sign-in/")
    as_carer = either.page.get_by_role("button", name=f"{carer.name}, Carer", exact=True)
    expect(as_carer).to_have_count(0)
    given_they_are(either, f"{carer.name}, Patient")
    either.page.goto(own)
    then_the_heading_is(either, "Page not found")


def when_they_get_a_code(visitor, persona: str) -> str:
    given_they_are(visitor, persona)
    visitor.goes_to("/carers/")
    visitor.presses("Get a code")
    then_nothing_bars_anyone(visitor)
    code = visitor.page.get_by_role("heading", level=1).inner_text().strip()
    visitor.presses("Sign out")
    return code


def when_they_let_somebody_in(visitor, code: str) -> None:
    visitor.goes_to("/carers/")
    visitor.page.get_by_label("Code from your carer").fill(code)
    visitor.page.get_by_label("3 months").check()
    visitor.presses("Let them see it")


def when_they_ask_for_another_day(visitor) -> None:
    visitor.goes_to("/your-care/")
    visitor.follows(visitor.page.get_by_role("link", name="Change, cancel or confirm"))
    visitor.page.get_by_label("I need another day").check()
    visitor.page.get_by_label("What would help").fill("I can bring them on Mondays")
    visitor.presses("Send to the hospital")


def when_they_end_it(visitor, carer) -> None:
    visitor.goes_to("/carers/")
    visitor.presses(f"End now what {carer.name} can see")
