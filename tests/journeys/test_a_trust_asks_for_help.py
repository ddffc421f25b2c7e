"""A trust asks for help; an independent clinic offers a place; the patient takes it by phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.helps import somebody_could_help
from tests.journeys.moves import given_a_hub
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_manager_corrects_a_clock import given_they_signed_in_as

pytestmark = pytest.mark.browser
CLINICIAN = f"{seed.CLINICIAN}, Clinician"


def test_a_trust_asks_and_a_clinic_helps(either, lake):
    helps = somebody_could_help(lake.home)
    given_they_signed_in_as(either, CLINICIAN)
    when_they_ask_for_help(either, helps)
    then_the_page_says(either, "Open", "Providers of the ICB")
    reference = re.search(r"MA-\w{8}", either.page.content())[0]

    when_they_sign_in_as(either, f"{helps.clinician}, Clinician")
    when_they_post_capacity(either)
    when_they_offer_a_place(either, reference)
    then_the_page_says(either, "Saved: offer a place", "Held")
    assert helps.name not in either.page.content()

    when_they_sign_in_as(either, CLINICIAN)
    when_the_patient_accepts(either, helps)
    then_the_page_says(either, "Accepted: to be checked", "Meadow Clinic")

    when_they_sign_in_as(either, f"{helps.clinician}, Clinician")
    either.goes_to("/mutual-aid/offers/")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name=re.compile(helps.name)).first)
    either.follows(either.page.get_by_role("link", name="Clinical check failed"))
    either.presses("The check failed")
    then_the_page_says(either, "There is a problem", "Choose a reason")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Not clinically appropriate here").check()
    either.presses("The check failed")
    then_the_page_says(either, "Saved: clinical check failed", reference)
    when_they_change_and_withdraw_capacity(either)


def test_a_trust_asks_for_a_group_and_mends_a_file(either, lake):
    moves = given_a_hub(lake.home, "group")
    given_they_signed_in_as(either, moves.people["manager"])
    either.goes_to("/tracking/?over=40")
    either.follows(either.page.get_by_role("link", name="Ask for help with these patients"))
    then_the_page_says(either, "2 patients of those", "1: on a cancer list")
    then_nothing_bars_anyone(either)
    either.presses("Make the drafts")
    then_the_page_says(either, "There is a problem", "Enter a name of up to 100 characters")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("What this group is called").fill("Long waits for cataracts")
    either.presses("Make the drafts")
    then_the_page_says(either, "Saved as drafts", moves.names["longest"], moves.names["next"])
    assert moves.names["cancer"] not in either.page.content()
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="Use a file"))
    then_nothing_bars_anyone(either)
    key = f"{moves.references['later']},{moves.references['issuer']}"
    when_they_send_a_file(either, f"{key},heavy,someday")
    then_the_page_says(either, "There is a problem", "Nothing was taken in: 2 faults")
    expect(either.page.get_by_role("row", name=re.compile("bmi.*heavy"))).to_be_visible()
    then_nothing_bars_anyone(either)
    when_they_send_a_file(either, f"{key},31,2099-01-31")
    then_the_page_says(either, "Saved as drafts", moves.names["later"], "To complete (3)")


def when_they_ask_for_help(visitor, helps) -> None:
    visitor.goes_to(f"/pathways/{helps.pathway}/")
    visitor.follows(visitor.page.get_by_role("link", name="Ask another provider for help"))
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("BMI").fill("heavy")
    visitor.presses("Save as a draft")
    then_the_page_says(visitor, "There is a problem", "a whole number")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("BMI").fill("31")
    visitor.presses("Save as a draft")
    then_the_heading_is(visitor, re.compile(helps.name))
    then_nothing_bars_anyone(visitor)
    then_the_answer_is_guarded(visitor)
    visitor.presses("Record consent")
    then_the_page_says(visitor, "What to say on the phone", "Nobody loses their place")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Yes", exact=True).check()
    visitor.presses("Record it")
    for act, button in (
        ("Sign clinical suitability", "Sign"),
        ("Sign social suitability", "Sign"),
        ("Ask for help", "Ask for help"),
    ):
        visitor.follows(visitor.page.get_by_role("main").get_by_role("button", name=act))
        visitor.presses(button)
    then_nothing_bars_anyone(visitor)


def when_they_post_capacity(visitor) -> None:
    visitor.goes_to("/mutual-aid/")
    then_the_heading_is(visitor, "Mutual aid board")
    then_the_page_says(visitor, "You have no capacity posted")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name="Post capacity"))
    then_nothing_bars_anyone(visitor)
    page = visitor.page
    page.get_by_label("Specialty", exact=True).select_option("C_110")
    page.get_by_label("Consultant or team").fill("Hips at the Meadow")
    page.get_by_label("Places", exact=True).fill("2")
    for name, ahead in (("First day", 1), ("Last day", 60), ("Offered until", 30)):
        fill_day(visitor, name, ahead)
    visitor.presses("Post it")
    then_the_page_says(visitor, "The capacity is posted", "2 left of 2")
    then_nothing_bars_anyone(visitor)


def when_they_offer_a_place(visitor, reference) -> None:
    visitor.goes_to("/mutual-aid/")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(reference)))
    then_the_page_says(visitor, "Your capacity", "Hips at the Meadow")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Offer a place")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label(re.compile("Hips at the Meadow")).check()
    fill_day(visitor, "Day that is offered", 10)
    visitor.presses("Hold the place")


def when_the_patient_accepts(visitor, helps) -> None:
    visitor.goes_to("/mutual-aid/asked/")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(helps.name)))
    visitor.presses("Send to the patient")
    visitor.presses("The patient is told")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Choose an offer")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label(re.compile("Hips at the Meadow")).check()
    visitor.presses("Accept it for the patient")


def when_they_change_and_withdraw_capacity(visitor) -> None:
    visitor.goes_to("/mutual-aid/capacity/")
    visitor.follows(
        visitor.page.get_by_role("link", name=re.compile("Change .*Hips at the Meadow"))
    )
    expect(visitor.page.get_by_label("Consultant or team")).to_have_value("Hips at the Meadow")
    visitor.page.get_by_label("Places", exact=True).fill("none")
    visitor.presses("Save")
    then_the_page_says(visitor, "There is a problem", "a whole number")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Places", exact=True).fill("3")
    visitor.presses("Save")
    then_the_page_says(visitor, "The capacity is changed", "3 left of 3")
    visitor.follows(visitor.page.get_by_role("link", name=re.compile("Withdraw .*Hips")))
    visitor.presses("Withdraw")
    then_the_page_says(visitor, "There is a problem", "Choose a reason")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Not enough staff").check()
    visitor.presses("Withdraw")
    then_the_page_says(visitor, "The capacity is withdrawn", "Withdrawn")
    then_nothing_bars_anyone(visitor)


def when_they_send_a_file(visitor, row) -> None:
    text = f"pathway_identifier,pathway_issuer,bmi,needed_by\n{row}\n"
    file = {"name": "requests.csv", "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.get_by_label("CSV file").set_input_files(file)
    visitor.presses("Take it in")


def fill_day(visitor, name, ahead) -> None:
    day = timezone.localdate() + timedelta(days=ahead)
    group = visitor.page.get_by_role("group", name=name)
    for part, text in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(text))


def when_they_sign_in_as(visitor, persona) -> None:
    visitor.presses("Sign out")
    given_they_signed_in_as(visitor, persona)
