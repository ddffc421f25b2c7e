"""A GP finds a patient, chooses with them from one menu, refers and books; a secretary chases."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.practice import (
    ADVISER,
    FULL,
    GP,
    HOSPITALS,
    SECRETARY,
    TRIAGE,
    somebody_to_refer,
)
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser


def test_a_gp_refers_and_books(either, lake):
    patient = somebody_to_refer(lake.home)
    given_they_are(either, f"{GP}, GP or other referrer")
    when_they_look_for(either, patient.nhs_number)
    then_the_heading_is(either, re.compile("What does the patient need"))
    then_nothing_bars_anyone(either)
    either.presses("Routine")
    then_the_page_says(either, "There is a problem", "Choose a specialty or a test")
    then_nothing_bars_anyone(either)

    when_they_need(either, "Ophthalmology", "Routine")
    then_the_heading_is(either, re.compile("Choose with the patient"))
    then_the_answer_is_guarded(either)
    assert providers(either)[:5] == list(HOSPITALS)  # the earliest first
    then_nothing_bars_anyone(either)

    when_they_tick(either, *HOSPITALS[:3])
    either.presses("Update shortlist")
    then_the_tray_says(either, "3 of 5 providers")
    when_they_move_up(either, HOSPITALS[2], "number 2 of 3 now")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name="Change the search").first)
    then_the_page_says(either, "Last time: routine")
    either.presses("Routine")
    then_the_tray_says(either, "3 of 5 providers")
    why_is_it_not_shown(either, FULL, "older than the service treats")

    when_they_tick(either, HOSPITALS[3])
    either.presses("Continue")
    then_the_page_says(either, "Shortlist: 4 of 5 providers", "legal right to choose")
    then_nothing_bars_anyone(either)
    either.presses("Refer")
    then_the_page_says(either, "Choose why there are fewer than five providers")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Fewer than five providers suit this patient").check()
    either.page.get_by_label("Condition").fill("Cataract")
    either.page.get_by_label("Transport").check()
    either.presses("Refer")
    then_the_heading_is(either, re.compile("Book an appointment"))
    then_the_page_says(either, "The referral is made")
    then_nothing_bars_anyone(either)

    either.follows(either.page.locator(".app-time").first)
    then_the_page_says(either, "The appointment is booked", "Cataract", "Transport")
    then_nothing_bars_anyone(either)


def test_fewer_than_three_clicks_lead_from_the_patient_to_the_sorted_menu(visitor, lake):
    """Whatever the browser tells of: each click, and each choice from a list."""
    patient = somebody_to_refer(lake.home)
    given_they_are(visitor, f"{GP}, GP or other referrer")
    when_they_look_for(visitor, patient.nhs_number)
    acts = given_every_act_is_noted(visitor)
    when_they_need(visitor, "Ophthalmology", "Routine")
    then_the_heading_is(visitor, re.compile("Choose with the patient"))
    assert providers(visitor)[:5] == list(HOSPITALS)  # the earliest first
    assert acts == ["change SELECT", "click BUTTON"]
    assert len(acts) < 3


def test_a_gp_cancels_an_appointment_and_chooses_elsewhere(either, lake):
    patient = somebody_to_refer(lake.home)
    given_they_are(either, f"{GP}, GP or other referrer")
    when_they_look_for(either, patient.nhs_number)
    when_they_need(either, "Ophthalmology", "Routine")
    when_they_tick(either, HOSPITALS[0])
    either.presses("Continue")
    either.page.get_by_label("The others are too far for the patient").check()
    either.page.get_by_label("Transport").check()
    either.presses("Refer")
    either.follows(either.page.locator(".app-time").first)

    either.follows(either.page.get_by_role("link", name="Cancel the appointment for the patient"))
    then_nothing_bars_anyone(either)
    either.presses("Cancel the appointment for the patient")
    then_the_page_says(either, "Choose a reason")
    either.page.get_by_role("radio").first.check()
    either.page.get_by_label("Comment").fill("Is away")
    either.presses("Cancel the appointment for the patient")
    then_the_page_says(either, "Appointment cancelled by the patient")

    either.presses("Change the shortlist")
    when_they_tick(either, HOSPITALS[4])
    either.presses("Continue")
    then_the_page_says(either, "Additional requirements would be lost", "transport")
    then_nothing_bars_anyone(either)
    either.presses("Change the shortlist")
    then_the_page_says(either, "The shortlist is changed", HOSPITALS[4])


def test_a_secretary_refers_for_a_gp_and_chases_the_letter(either, lake):
    patient = somebody_to_refer(lake.home)
    given_they_are(either, f"{SECRETARY}, Practice secretary")
    when_they_look_for(either, patient.nhs_number)
    when_they_need(either, "Ophthalmology", "Urgent")
    when_they_tick(either, TRIAGE)
    either.presses("Continue")
    then_the_page_says(either, "One triage service alone", "this referral is urgent")
    either.page.get_by_label("Another reason").first.check()
    either.page.get_by_label("You refer for").select_option(label=GP)
    either.presses("Refer and send for triage")
    then_the_page_says(either, "Awaiting triage", "Letter outstanding", GP)
    then_nothing_bars_anyone(either)

    either.goes_to("/refer/worklists/")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name=re.compile("^Chase list")))
    either.page.get_by_label("Referred by").select_option(label=GP)
    either.presses("Show")
    then_the_page_says(either, patient.family_name)
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name=re.compile(patient.family_name)).first)
    either.presses("Letter for the patient")
    then_nothing_bars_anyone(either)
    either.presses("Make the letter")
    then_the_page_says(either, patient.name, "Access code", "Your right to choose")
    then_nothing_bars_anyone(either)
    with either.page.expect_download() as saved:
        either.page.get_by_role("button", name="Save as a PDF").click()
    assert saved.value.suggested_filename.endswith(".pdf")


def test_a_gp_asks_for_advice(either, lake):
    patient = somebody_to_refer(lake.home)
    given_they_are(either, f"{GP}, GP or other referrer")
    when_they_look_for(either, patient.nhs_number)
    either.page.get_by_text("Clinic, consultant, distance").click()
    either.page.get_by_label("Ask for advice and guidance").check()
    when_they_need(either, "Ophthalmology", "Routine")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name=re.compile(ADVISER)))
    then_nothing_bars_anyone(either)
    either.presses("Ask")
    then_the_page_says(either, "Write something")
    either.page.get_by_label("Your question").fill("Is it a cataract?")
    either.page.get_by_label("The patient had asked for a referral").check()
    either.presses("Ask")
    then_the_page_says(either, "Waiting for an answer", "Is it a cataract?")
    then_nothing_bars_anyone(either)
    either.goes_to("/refer/advice/")
    then_the_page_says(either, patient.family_name)
    then_nothing_bars_anyone(either)


def given_every_act_is_noted(visitor: Visitor) -> list[str]:
    """What is done on the page from here on; a box or a button that is ticked is one click."""
    acts: list[str] = []
    visitor.page.expose_function("noted", lambda act: acts.append(act))  # noqa: PLW0108
    visitor.page.evaluate("""() => {
      const note = event => window.noted(event.type + " " + event.target.closest(
        "button, a, input, select, summary")?.tagName);
      addEventListener("click", event => event.isTrusted && note(event), true);
      addEventListener("change", event => event.target.matches("select") && note(event), true);
    }""")
    return acts


def given_they_are(visitor: Visitor, name: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(name)
    visitor.goes_to("/refer/")
    then_the_heading_is(visitor, "Refer a patient")
    then_nothing_bars_anyone(visitor)


def when_they_look_for(visitor: Visitor, nhs_number: str) -> None:
    visitor.page.get_by_label("NHS number").fill(nhs_number)
    visitor.presses("Find patient")


def when_they_need(visitor: Visitor, specialty: str, priority: str) -> None:
    visitor.page.get_by_label("Specialty or test").select_option(label=specialty)
    visitor.presses(priority)


def when_they_tick(visitor: Visitor, *hospitals: str) -> None:
    for name in hospitals:
        visitor.page.get_by_label(re.compile(f"^{name}: ")).check()


def when_they_move_up(visitor: Visitor, provider: str, place: str) -> None:
    """The shortlist in their order: the focus is on what says where the service stands now."""
    tray = visitor.page.get_by_role("region", name="Shortlist")
    tray.get_by_text("What is on it").click()
    visitor.follows(tray.get_by_role("button", name=re.compile(f"^Move up {provider}")))
    expect(visitor.page.locator("#moved")).to_contain_text(f"{provider}: ")
    expect(visitor.page.locator("#moved")).to_contain_text(place)
    expect(visitor.page.locator("#moved")).to_be_focused()


def then_the_tray_says(visitor: Visitor, words: str) -> None:
    expect(visitor.page.get_by_role("region", name="Shortlist")).to_contain_text(words)


def providers(visitor: Visitor) -> list[str]:
    names = visitor.page.locator(".app-menu__name").all_inner_texts()
    return [name.splitlines()[0] for name in names]


def why_is_it_not_shown(visitor: Visitor, provider: str, why: str) -> None:
    page = visitor.page
    page.get_by_text("Why these services").click()
    visitor.follows(page.get_by_role("link", name="See which services are not shown"))
    page.get_by_label("Provider").fill(provider)
    visitor.presses("Look")
    then_the_page_says(visitor, provider, why)
    then_nothing_bars_anyone(visitor)
    visitor.follows(page.get_by_role("link", name="Back to the services"))
