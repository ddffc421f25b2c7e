"""A patient moves to a clinic: handed over, received, treated or given back; a test comes back."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.moves import FORM, RETURN_TO, Moves, given_a_hub
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_manager_corrects_a_clock import (
    given_they_signed_in_as,
    when_they_say_it_happened_on,
)
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser
TITLE = "Person title"


def test_a_patient_moves_and_is_treated(anyone, lake):
    moves = given_a_hub(lake.home, "care")
    given_they_signed_in_as(anyone, moves.people["patient"])
    then_the_tracker_says(anyone, "You said yes", "your move to Meadow Eye Clinic")

    given_they_are(anyone, moves, "clinic")
    when_they_pass_the_check(anyone, moves)
    then_the_page_says(anyone, "has not completed the data set yet: person title, local")
    then_nothing_bars_anyone(anyone)

    given_they_are(anyone, moves, "manager")
    when_they_complete_the_data_set(anyone, moves)

    given_they_are(anyone, moves, "clinic")
    when_they_pass_the_check(anyone, moves)
    then_the_page_says(anyone, "Being transferred")
    given_they_are(anyone, moves, "office")
    when_they_receive_the_patient(anyone, moves)
    then_they_are_on_one_list(anyone, moves)

    given_they_are(anyone, moves, "gp")
    then_the_practice_is_told(anyone, "Your patient has moved to another provider")
    given_they_are(anyone, moves, "patient")
    then_the_tracker_says(anyone, "You have moved", "Your wait still counts from the same day")

    given_they_are(anyone, moves, "clinic")
    when_they_treat_the_patient(anyone, moves)
    then_the_statement_has_the_line(anyone)

    given_they_are(anyone, moves, "patient")
    then_the_tracker_says(anyone, "Your wait has ended", "Meadow Eye Clinic looks after you now")


def test_a_patient_is_given_back(either, lake):
    moves = given_a_hub(lake.home, "here")
    given_they_signed_in_as(either, moves.people["office"])
    when_they_open(either, moves, "care", "Patients with us")
    then_the_page_says(either, "Return route", RETURN_TO, "Record the treatment")
    then_nothing_bars_anyone(either)
    either.presses("Return the patient")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("In your own words").fill("Needs a corneal graft")
    either.presses("Return the patient")
    then_the_page_says(either, "There is a problem", "Choose why the patient comes back")
    then_nothing_bars_anyone(either)
    expect(either.page.get_by_label("In your own words")).to_have_value("Needs a corneal graft")
    either.page.get_by_label("Needs more than we can give").check()
    either.page.get_by_label("Clinician whose decision this is").select_option(
        label=moves.people["clinic"].split(",")[0]
    )
    either.presses("Return the patient")
    then_the_page_says(either, "Saved: return the patient", "Needs a corneal graft")
    then_nothing_bars_anyone(either)

    given_they_are(either, moves, "manager")
    either.goes_to("/tracking/")
    then_the_page_says(either, moves.names["care"].split()[1])
    when_they_open(either, moves, "care", "Given back to you")
    then_the_page_says(either, "Why returned", "Needs more than we can give")
    then_nothing_bars_anyone(either)
    given_they_are(either, moves, "gp")
    then_the_practice_is_told(either, "Your patient is back with the first provider")
    given_they_are(either, moves, "patient")
    then_the_tracker_says(either, "You are back with your hospital", "looks after you again")


def test_a_test_is_done_elsewhere_and_its_result_is_read(either, lake):
    moves = given_a_hub(lake.home, "test")
    given_they_signed_in_as(either, moves.people["office"])
    when_they_open(either, moves, "new", "Patients to receive")
    then_the_page_says(either, "Orbits: is there a mass?", "this is a test")
    either.presses("Receive the patient for the test")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Month", exact=True).fill("13")
    either.presses("Receive the patient for the test")
    then_the_page_says(either, "There is a problem", "Enter a real day")
    then_nothing_bars_anyone(either)
    expect(either.page.get_by_label("Month", exact=True)).to_have_value("13")
    either.page.get_by_label("Month", exact=True).fill("")
    either.presses("Receive the patient for the test")
    either.presses("Send the result back")
    either.presses("Send the result back")
    then_the_page_says(either, "Write the result in words")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Result", exact=True).fill("No mass. Normal optic nerves.")
    either.presses("Send the result back")
    then_the_page_says(either, "Saved: send the result back")
    then_nothing_bars_anyone(either)

    given_they_are(either, moves, "manager")
    either.goes_to("/transfers/")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name=re.compile("Results to read")))
    then_nothing_bars_anyone(either)
    expect(row_of(either, moves, "unread")).to_contain_text("Late")
    expect(row_of(either, moves, "new")).not_to_contain_text("Late")
    either.follows(row_of(either, moves, "unread").get_by_role("link"))
    then_the_page_says(either, "was to be read by", "A clinician reads it today", "No mass")
    then_nothing_bars_anyone(either)
    either.presses("Mark the result as read")
    either.presses("Mark the result as read")
    then_the_page_says(either, "There is a problem", "Choose the clinician")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Clinician whose decision this is").select_option(index=1)
    either.presses("Mark the result as read")
    then_the_page_says(either, "Saved: mark the result as read", "Completed")
    then_nothing_bars_anyone(either)


def test_answers_come_in_a_file_that_is_mended_first(either, lake):
    moves = given_a_hub(lake.home, "test")
    given_they_signed_in_as(either, moves.people["office"])
    either.goes_to("/transfers/files/")
    then_nothing_bars_anyone(either)
    today = timezone.localdate().isoformat()
    when_they_send_answers(either, moves, "arrived", "tomorrow")
    then_the_page_says(either, "Nothing of the file was taken", "found arrived", "found tomorrow")
    then_nothing_bars_anyone(either)
    when_they_send_answers(either, moves, "received", today)
    then_the_page_says(either, "1 answer was taken")
    then_nothing_bars_anyone(either)
    when_they_open(either, moves, "new", "Patients with us")


def when_they_send_answers(visitor: Visitor, moves: Moves, event: str, day: str) -> None:
    text = f"reference,event,day\n{moves.references['new']},{event},{day}\n"
    file = {"name": "answers.csv", "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.get_by_label("Answers").set_input_files(file)
    visitor.presses("Take the answers")


def given_they_are(visitor: Visitor, moves: Moves, who: str) -> None:
    visitor.presses("Sign out")
    given_they_signed_in_as(visitor, moves.people[who])


def when_they_open(visitor: Visitor, moves: Moves, what: str, worklist: str) -> None:
    visitor.goes_to("/transfers/")
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(f"^{worklist}")))
    visitor.follows(row_of(visitor, moves, what).get_by_role("link"))
    then_the_heading_is(visitor, re.compile(moves.names[what]))


def when_they_pass_the_check(visitor: Visitor, moves: Moves) -> None:
    visitor.goes_to("/mutual-aid/offers/")
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(moves.names["care"])).first)
    visitor.presses("Clinical check passed")
    visitor.presses("Start the transfer")


def when_they_complete_the_data_set(visitor: Visitor, moves: Moves) -> None:
    """All that is missing is named at once, and what was typed is kept."""
    visitor.goes_to("/transfers/")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile("^Data set to complete")))
    then_nothing_bars_anyone(visitor)
    visitor.follows(row_of(visitor, moves, "care").get_by_role("link"))
    then_the_page_says(visitor, "The data set is not complete yet")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Complete the data set")
    boxes = visitor.page.locator("form#act")
    for key, text in (FORM | {"title": "", "referrer_code": "?"}).items():
        boxes.locator(f"[name={key}]").fill(text)
    visitor.presses("Save the data set")
    then_the_page_says(visitor, f"{TITLE}: found nothing", "Referrer code: found something else")
    then_the_page_says(visitor, "Name the team and contact")
    then_nothing_bars_anyone(visitor)
    expect(boxes.locator("[name=gp_name]")).to_have_value(FORM["gp_name"])
    for key in ("title", "referrer_code"):
        boxes.locator(f"[name={key}]").fill(FORM[key])
    visitor.page.get_by_label("Return route").fill(RETURN_TO)
    visitor.presses("Save the data set")
    then_the_page_says(visitor, "Saved: the data set", "The data set is complete")
    then_nothing_bars_anyone(visitor)
    then_the_answer_is_guarded(visitor)


def when_they_receive_the_patient(visitor: Visitor, moves: Moves) -> None:
    when_they_open(visitor, moves, "care", "Patients to receive")
    then_the_page_says(visitor, "Minimum data set", FORM["local_identifier"])
    then_nothing_bars_anyone(visitor)
    visitor.presses("Acknowledge the form")
    visitor.presses("Acknowledge the form")
    then_the_page_says(visitor, "Saved: acknowledge the form", "Form acknowledged")
    visitor.presses("Receive the patient")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Receive the patient")
    then_the_page_says(visitor, "Saved: receive the patient", "Practice told")
    then_nothing_bars_anyone(visitor)


def then_they_are_on_one_list(visitor: Visitor, moves: Moves) -> None:
    """The clinic's, and no longer the hospital's."""
    name = moves.names["care"].split()[1]
    visitor.goes_to("/tracking/")
    then_the_page_says(visitor, name, "50 weeks")
    given_they_are(visitor, moves, "manager")
    visitor.goes_to("/tracking/")
    expect(visitor.page.get_by_role("main")).not_to_contain_text(name)
    visitor.goes_to("/transfers/list/sent/")
    then_the_page_says(visitor, "Nobody.")


def when_they_treat_the_patient(visitor: Visitor, moves: Moves) -> None:
    """Entered on the pathway, as any treatment."""
    when_they_open(visitor, moves, "care", "Patients with us")
    visitor.presses("Record the treatment")
    visitor.follows(
        visitor.page.get_by_role("link", name="Treatment started without admission").first
    )
    visitor.page.get_by_label("Outpatients").check()
    when_they_say_it_happened_on(visitor, timezone.localdate())
    visitor.presses("Check the effect")
    visitor.presses("Save")
    then_the_page_says(visitor, "The entry is saved", "Waited 50 weeks")


def then_the_statement_has_the_line(visitor: Visitor) -> None:
    visitor.goes_to("/transfers/statement/")
    then_the_page_says(visitor, "£1,250.00", "Treated", "1 line")
    then_nothing_bars_anyone(visitor)


def then_the_practice_is_told(visitor: Visitor, words: str) -> None:
    visitor.goes_to("/practice/moves/")
    then_the_page_says(visitor, words, "New")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile("See the letter")).first)
    then_nothing_bars_anyone(visitor)
    visitor.goes_to("/practice/moves/")
    visitor.follows(visitor.page.get_by_role("button", name=re.compile("Mark as read")).first)


def then_the_tracker_says(visitor: Visitor, title: str, words: str) -> None:
    visitor.goes_to("/your-care/")
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(title)))
    then_the_page_says(visitor, words)
    then_nothing_bars_anyone(visitor)


def row_of(visitor: Visitor, moves: Moves, what: str) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=moves.references[what])
