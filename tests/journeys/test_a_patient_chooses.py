"""A patient compares, books, changes and cancels; asks a hospital; comes without an account."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.referred import somebody_is_referred
from tests.journeys.steps import then_the_heading_is, then_the_page_says

pytestmark = pytest.mark.browser


def test_a_patient_chooses_books_changes_and_cancels(either, lake):
    referred = somebody_is_referred(lake.home)
    given_they_are(either, f"{referred.name}, Patient")
    then_the_heading_is(either, "Your care")
    then_the_page_says(either, "You can choose where to go", "You are still on the list")
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)

    either.follows(either.page.get_by_role("link", name="You can choose where to go"))
    then_the_page_says(either, "Places on your shortlist", "Hillside Clinic", referred.ubrn)
    then_nothing_bars_anyone(either)
    when_they_choose_a_place(either, "Riverside Hospital")
    then_nothing_bars_anyone(either)
    either.presses("Book this time")
    then_the_page_says(either, "There is a problem", "Choose a time")
    then_nothing_bars_anyone(either)
    when_they_choose_the_first_time(either, "Book this time")
    then_the_heading_is(either, re.compile("You have an appointment"))
    then_nothing_bars_anyone(either)

    when_they_choose_a_place(either, "Hillside Clinic")
    either.page.get_by_label("I am away").check()
    when_they_choose_the_first_time(either, "Change to this time")
    then_the_page_says(either, "You have an appointment", "Hillside Clinic")

    either.follows(either.page.get_by_role("link", name="Cancel this appointment"))
    then_nothing_bars_anyone(either)
    either.presses("Cancel the appointment")
    then_the_page_says(either, "Choose a reason")
    either.page.get_by_label("I am ill").check()
    either.presses("Cancel the appointment")
    then_the_page_says(either, "You cancelled your appointment", "You are still on the list")
    either.page.get_by_label("No, I was not offered a choice").check()
    either.presses("Send my answer")
    then_the_page_says(either, "We have noted what you said", "not offered a choice")
    then_nothing_bars_anyone(either)


def test_a_letter_opens_one_referral_without_an_account(either, lake):
    referred = somebody_is_referred(lake.home)
    either.goes_to("/booking/")
    then_the_heading_is(either, "Open your referral")
    then_nothing_bars_anyone(either)
    when_they_type(either, referred.ubrn, "ABCD EFGH")
    then_the_page_says(either, "We cannot open a referral with these details")
    then_nothing_bars_anyone(either)
    when_they_type(either, referred.ubrn, referred.code)
    then_the_page_says(either, "You opened this one referral", "You can choose where to go")
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    when_they_choose_a_place(either, "Riverside Hospital")
    when_they_choose_the_first_time(either, "Book this time")
    then_the_page_says(either, "You have an appointment")
    either.presses("Close it now")
    then_the_heading_is(either, "Open your referral")
    assert not [each for each in either.witness.addresses if "1960" in each]


def test_a_hospital_answers_what_a_patient_asks(either, lake):
    referred = somebody_is_referred(lake.home)
    given_they_are(either, f"{referred.name}, Patient")
    either.follows(either.page.get_by_role("link", name="Change, cancel or confirm"))
    then_nothing_bars_anyone(either)
    either.page.get_by_label("I need another day").check()
    either.page.get_by_label("What would help").fill("Mondays are best")
    either.presses("Send to the hospital")
    then_the_page_says(either, "It has not seen your request yet")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name="Phone, messages, large print"))
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Letters in large print").check()
    either.presses("Save")
    either.presses("Sign out")

    given_they_are(either, f"{seed.OFFICE}, Booking office")
    either.goes_to("/change-requests/")
    then_the_heading_is(either, "Patients' requests")
    then_nothing_bars_anyone(either)
    family = referred.name.split()[1]
    either.follows(either.page.get_by_role("link", name=re.compile(family)))
    then_the_page_says(either, "Mondays are best", "Large print")
    then_nothing_bars_anyone(either)
    number = either.page.locator("dd").first.inner_text()
    either.page.get_by_label("We have done it").check()
    either.page.get_by_label("Words to the patient").fill("Now on Monday 4 May at 10am")
    either.presses("Send the answer")
    when_they_hide_the_patient_from_the_app(either, number)
    either.presses("Sign out")

    given_they_are(either, f"{referred.name}, Patient")
    then_the_page_says(either, "The hospital has done what you asked", "Monday 4 May at 10am")


def test_staff_act_for_a_patient_on_the_phone(either, lake):
    referred = somebody_is_referred(lake.home)
    given_they_are(either, "Gerry Example, GP or other referrer")
    either.goes_to("/by-phone/")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Booking reference or NHS number", exact=True).fill(referred.ubrn)
    either.presses("Go on")
    then_the_page_says(either, "Tick what the caller told you")
    then_nothing_bars_anyone(either)
    for check in ("full name", "date of birth", "first line of their address"):
        either.page.get_by_label(check).check()
    either.presses("Go on")
    then_the_page_says(either, "You act for", referred.name)
    then_nothing_bars_anyone(either)
    when_they_choose_a_place(either, "Hillside Clinic")
    when_they_choose_the_first_time(either, "Book this time")
    then_the_page_says(either, "You have an appointment")
    either.follows(either.page.get_by_role("link", name="Everything else of this patient"))
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name="Carers: let somebody in"))
    then_nothing_bars_anyone(either)
    either.presses("Let them see it")
    then_the_page_says(either, "You act for", "Enter the code that your carer gave you")
    then_nothing_bars_anyone(either)
    either.presses("End the call")
    then_the_heading_is(either, "Act for a patient on the phone")
    expect(either.page.get_by_role("main")).not_to_contain_text(referred.name)


def when_they_hide_the_patient_from_the_app(visitor, number: str) -> None:
    visitor.goes_to("/directory/")
    visitor.follows(visitor.page.get_by_role("link", name="What the NHS App shows"))
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("NHS number of a patient").fill(number)
    visitor.presses("Find the patient")
    when_they_press_the_first_hide(visitor)
    then_the_page_says(visitor, "There is a problem")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Why it is hidden: Everything of this").select_option("asked")
    when_they_press_the_first_hide(visitor)
    then_the_page_says(visitor, "The patient asks for it", "Show again")
    then_nothing_bars_anyone(visitor)


def when_they_press_the_first_hide(visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Hide").first.click()


def given_they_are(visitor, name: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(name)


def when_they_choose_a_place(visitor, provider: str) -> None:
    visitor.follows(visitor.page.get_by_role("table").get_by_role("link", name=provider))


def when_they_choose_the_first_time(visitor, button: str) -> None:
    visitor.page.locator("input[name=slot]").first.check()
    visitor.presses(button)


def when_they_type(visitor, ubrn: str, code: str) -> None:
    visitor.page.get_by_label("Booking reference").fill(ubrn)
    visitor.page.get_by_label("Access code").fill(code)
    for part, text in (("Day", "17"), ("Month", "5"), ("Year", "1960")):
        visitor.page.get_by_label(part, exact=True).fill(text)
    visitor.presses("Open my referral")
