"""A definer describes a service, publishes it, gives it a clinic and withdraws it again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says

pytestmark = pytest.mark.browser


def test_a_service_is_described_published_given_a_clinic_and_withdrawn(anyone):
    given_a_definer(anyone)
    then_the_heading_is(anyone, re.compile("^Directory of services"))
    then_nothing_bars_anyone(anyone)
    name = when_they_begin_a_service(anyone)
    when_they_try_what_cannot_be_read(anyone)
    then_it_says_what_is_lacking(anyone)
    when_they_complete_it(anyone)
    anyone.presses("Publish version 1")
    then_the_heading_is(anyone, re.compile(f"^{name}"))
    then_the_page_says(anyone, "Published", "16 years and over", "Dr Example Knee")
    then_nothing_bars_anyone(anyone)
    when_they_add_a_clinic(anyone)
    when_they_withdraw_the_service(anyone)
    then_the_former_version_is_there(anyone)
    then_it_is_in_the_list(anyone, name)


def given_a_definer(visitor) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(f"{seed.DEFINER}, Service definer")


def when_they_begin_a_service(visitor) -> str:
    page = visitor.page
    name = f"Knees {visitor.width} {'with' if visitor.has_javascript else 'without'}"
    visitor.follows(page.get_by_role("button", name="Describe a new service"))
    then_nothing_bars_anyone(visitor)
    visitor.presses("Continue")
    then_the_page_says(visitor, "Enter the name of the service")
    then_nothing_bars_anyone(visitor)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Treatment function or test").select_option("C_110")
    visitor.presses("Continue")
    then_nothing_bars_anyone(visitor)
    return name


def when_they_try_what_cannot_be_read(visitor) -> None:
    page = visitor.page
    page.get_by_label("Youngest age").fill("sixteen")
    page.get_by_role("radio", name="Appointments").check()
    visitor.presses("Save the draft and preview it")
    then_the_page_says(visitor, "Youngest age: enter an age, like 16 or 6 months")
    expect(page).to_have_title(re.compile("^Error: "))
    then_nothing_bars_anyone(visitor)
    page.get_by_label("Youngest age").fill("16")
    visitor.presses("Save the draft and preview it")


def then_it_says_what_is_lacking(visitor) -> None:
    then_the_page_says(visitor, "It cannot be published yet", "Choose at least one clinic type")
    expect(visitor.page.get_by_role("button", name="Publish version 1")).to_have_count(0)
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name="Say which conditions are treated"))


def when_they_complete_it(visitor) -> None:
    page = visitor.page
    page.get_by_label("Where patients are seen").select_option(seed.ORGANISATION)
    page.get_by_role("checkbox", name="Knee", exact=True).check()
    page.get_by_role("radio", name="Directly bookable", exact=True).check()
    page.get_by_label("Conditions treated").fill("Osteoarthritis of the knee")
    page.get_by_label("Named clinicians").fill("999000000001 Dr Example Knee")
    page.get_by_label("Telephone for patients").fill("01632 960000")
    page.get_by_label("Email for referrers").fill("office@riverside.example")
    visitor.presses("Save the draft and preview it")
    then_nothing_bars_anyone(visitor)
    then_the_answer_is_guarded(visitor)


def when_they_add_a_clinic(visitor) -> None:
    page = visitor.page
    visitor.follows(page.get_by_role("link", name="Slots", exact=True))
    then_the_page_says(visitor, "No slot is free", "There are no slots in this week")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Add the clinic")
    then_the_page_says(visitor, "Begins at: enter a time, like 9:30")
    then_nothing_bars_anyone(visitor)
    day = datetime.now(UTC).date() + timedelta(days=30)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))
    page.get_by_label("Begins at").fill("9:30")
    page.get_by_label("Minutes for each patient").fill("20")
    page.get_by_label("How many slots").fill("2")
    page.get_by_label("Named clinician").select_option(label="Dr Example Knee")
    visitor.presses("Add the clinic")
    then_the_page_says(visitor, "2 free", "The first free slot is on")
    then_nothing_bars_anyone(visitor)
    page.get_by_role("checkbox").first.check(force=True)
    visitor.presses("Withdraw what is ticked")
    then_the_page_says(visitor, "Slots withdrawn: 1", "1 free", "1 withdrawn")
    visitor.follows(page.get_by_role("link", name="The service"))


def when_they_withdraw_the_service(visitor) -> None:
    visitor.follows(visitor.page.get_by_role("link", name="Withdraw", exact=True))
    then_nothing_bars_anyone(visitor)
    visitor.presses("Withdraw the service")
    then_the_page_says(visitor, "Say why the service is withdrawn")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Reason").fill("The clinic has moved")
    visitor.presses("Withdraw the service")
    then_the_page_says(visitor, "Withdrawn: The clinic has moved")


def then_the_former_version_is_there(visitor) -> None:
    visitor.follows(visitor.page.get_by_role("link", name="Version 1", exact=True))
    then_the_page_says(visitor, "Osteoarthritis of the knee", "Dr Example Knee")
    then_nothing_bars_anyone(visitor)


def then_it_is_in_the_list(visitor, name) -> None:
    visitor.goes_to("/directory/")
    visitor.page.get_by_label("Status").select_option("withdrawn")
    visitor.presses("Show")
    expect(visitor.page.get_by_role("link", name=re.compile(f"^{name}"))).to_have_count(1)
    then_nothing_bars_anyone(visitor)
