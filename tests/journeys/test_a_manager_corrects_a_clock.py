"""A waiting-list manager finds a patient, enters what happened, and puts wrong entries right."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor, visiting
from tests.journeys.waits import Wait, referred, somebody_waits

pytestmark = pytest.mark.browser

MANAGER, CLINICIAN = f"{seed.MANAGER}, Waiting-list manager", f"{seed.CLINICIAN}, Clinician"


@pytest.fixture
def wait(lake, site) -> Wait:
    return somebody_waits(lake.home)


def test_a_manager_finds_a_patient_without_a_trace(either, wait):
    given_they_signed_in_as(either, MANAGER)
    then_the_heading_is(either, "Patients")
    then_nothing_bars_anyone(either)

    either.presses("Find patient")
    then_the_error_leads_to(either, "nhs_number")
    then_nothing_bars_anyone(either)

    either.page.get_by_label("NHS number").fill(spaced(wait.nhs_number))
    either.presses("Find patient")
    then_the_page_says(either, "1 pathway fits.")
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("table").get_by_role("link"))
    then_the_heading_is(either, wait.name)
    then_the_page_says(either, "Waiting for 20 weeks", "Over 18 weeks", spaced(wait.nhs_number))
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    then_no_address_or_title_tells(either, wait)


def test_a_manager_sees_the_effect_of_a_treatment_and_saves_it(anyone, wait):
    given_they_opened(anyone, wait, MANAGER)
    anyone.follows(anyone.page.get_by_role("button", name="Record what happened"))
    then_the_heading_is(anyone, re.compile("What happened"))
    then_nothing_bars_anyone(anyone)
    anyone.follows(
        anyone.page.get_by_role("link", name="Treatment started without admission").first
    )
    then_nothing_bars_anyone(anyone)

    anyone.presses("Check the effect")
    then_the_error_leads_to(anyone, "day-day")
    then_nothing_bars_anyone(anyone)
    treated = referred() + timedelta(weeks=10)
    when_they_say_it_happened_on(anyone, treated)
    anyone.page.get_by_label("Outpatients").check()
    anyone.page.get_by_label("Which clinician decided this?").select_option(label=seed.CLINICIAN)
    anyone.presses("Check the effect")
    then_the_heading_is(anyone, re.compile("Check the effect"))
    then_it_would_change(anyone, "Clock", "Clock running", "Clock stopped")
    then_it_would_change(anyone, "Wait", "20 weeks", "10 weeks")
    then_the_page_says(anyone, "First definitive treatment began in outpatients", "§4.3.2.2")
    then_nothing_bars_anyone(anyone)

    anyone.presses("Save")
    then_the_page_says(anyone, "The entry is saved", "Waited 10 weeks")
    expect(entry(anyone, 3)).to_contain_text("Just saved")
    expect(entry(anyone, 3)).to_contain_text(f"Decided by {seed.CLINICIAN}")
    anyone.page.get_by_role("link", name="See entry 3 in the timeline").click()
    expect(entry(anyone, 3)).to_be_focused()
    expect(entry(anyone, 3)).to_be_in_viewport()
    then_nothing_bars_anyone(anyone)


def test_a_manager_corrects_a_day_and_withdraws_an_entry(either, wait):
    given_they_opened(either, wait, MANAGER)
    either.follows(either.page.get_by_role("link", name="Correct entry 1"))
    then_the_heading_is(either, re.compile("Correct an entry"))
    then_nothing_bars_anyone(either)
    when_they_say_it_happened_on(either, referred() - timedelta(weeks=2))
    either.page.get_by_label("Why is the earlier entry wrong?").fill("Stamped two weeks before")
    either.presses("Check the effect")
    then_it_would_change(either, "Wait", "20 weeks", "22 weeks")
    then_nothing_bars_anyone(either)

    either.presses("Save")
    then_the_page_says(either, "The correction is saved", "Waiting for 22 weeks")
    expect(entry(either, 1).locator("del").first).to_have_text("Referral received")
    expect(entry(either, 3)).to_contain_text("Reason: Stamped two weeks before")
    expect(entry(either, 1).get_by_role("link", name="Correct entry 1")).to_have_count(0)

    either.follows(either.page.get_by_role("link", name="Withdraw entry 2"))
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Why is the earlier entry wrong?").fill("Another patient's")
    either.presses("Check the effect")
    then_nothing_bars_anyone(either)
    either.presses("Save")
    expect(entry(either, 2)).to_contain_text("Withdrawn by entry 4")
    then_nothing_bars_anyone(either)


def test_a_form_that_is_sent_again_after_going_back_is_one_entry(either, wait):
    given_they_opened(either, wait, CLINICIAN)
    either.goes_to(f"{wait.path}record/rebook_requested/")
    when_they_say_it_happened_on(either, timezone.localdate())
    either.presses("Check the effect")
    effect = either.page.content()
    either.presses("Save")
    then_the_page_says(either, "The entry is saved")

    either.page.goto("about:blank")
    either.goes_to(f"{wait.path}record/rebook_requested/")
    either.page.locator("form#entry").evaluate(
        """(form, token) => form.querySelector("[name=submission]").value = token""",
        re.search(r'name="submission" value="([^"]+)"', effect)[1],
    )
    when_they_say_it_happened_on(either, timezone.localdate())
    either.presses("Check the effect")
    then_the_page_says(either, "The entry is saved")
    expect(either.page.locator(".app-entry")).to_have_count(3)


def test_two_people_enter_something_at_once(browser, site, wait):
    with visiting(browser, site) as manager, visiting(browser, site) as clinician:
        for visitor, persona in ((manager, MANAGER), (clinician, CLINICIAN)):
            given_they_opened(visitor, wait, persona)
            visitor.goes_to(f"{wait.path}record/patient_goes_ahead/")
            when_they_say_it_happened_on(visitor, timezone.localdate())
            visitor.presses("Check the effect")
        clinician.presses("Save")
        then_the_page_says(clinician, "The entry is saved")

        manager.presses("Save")
        then_the_page_says(manager, "Somebody entered something else on this pathway meanwhile")
        then_nothing_bars_anyone(manager)
        manager.presses("Save")
        expect(manager.page.locator(".app-entry")).to_have_count(4)


def test_a_manager_sees_who_has_seen_a_record(either, wait):
    given_they_opened(either, wait, MANAGER)
    either.follows(either.page.get_by_role("link", name="Who has seen this record"))
    then_the_page_says(either, seed.MANAGER, "Looked at the record, 2 times", seed.CLINICIAN)
    then_nothing_bars_anyone(either)


def given_they_signed_in_as(visitor: Visitor, persona: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(persona)


def given_they_opened(visitor: Visitor, wait: Wait, persona: str) -> None:
    given_they_signed_in_as(visitor, persona)
    visitor.goes_to(wait.path)
    then_the_heading_is(visitor, wait.name)


def when_they_say_it_happened_on(visitor: Visitor, day: date) -> None:
    asked = visitor.page.get_by_role("group", name="When did it happen?")
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        asked.get_by_label(box).fill(str(number))


def then_it_would_change(visitor: Visitor, name: str, before: str, after: str) -> None:
    row = visitor.page.locator(".app-effect__change").filter(
        has=visitor.page.get_by_role("rowheader", name=name, exact=True)
    )
    expect(row.get_by_role("cell").first).to_contain_text(before)
    expect(row.get_by_role("cell").last).to_contain_text(after)


def then_the_error_leads_to(visitor: Visitor, field: str) -> None:
    link = visitor.page.locator(f".nhsuk-error-summary a[href='#{field}']")
    expect(link).to_be_visible()
    expect(visitor.page.locator(f"#{field}")).to_be_visible()


def then_no_address_or_title_tells(visitor: Visitor, wait: Wait) -> None:
    told = re.compile(f"{wait.nhs_number}|{wait.name.split()[-1]}")
    assert not told.search(visitor.page.title())
    assert not [address for address in visitor.witness.addresses if told.search(address)]
    assert not told.search(visitor.site.log)


def entry(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#entry-{number}")


def spaced(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}"
