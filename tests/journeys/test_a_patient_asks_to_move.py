"""A patient checks a message, asks to be treated sooner; the hospital reviews it."""

import re

import pytest
from tests.journeys import seed
from tests.journeys.asks import somebody_may_ask
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.moves import given_a_hub
from tests.journeys.steps import then_the_heading_is, then_the_page_says

pytestmark = pytest.mark.browser


def test_an_invited_patient_asks_and_is_found_suitable(either, lake):
    asks = somebody_may_ask(lake.home, invited=True)
    when_they_check_the_message(either, asks.code)
    when_they_open_their_request(either, asks.code)
    then_the_page_says(either, "What to expect", "Hillside Clinic", "There is no promise")
    when_they_ask(either, "Up to 50 miles")
    then_the_page_says(either, "Your hospital is checking", "You will hear by")
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    either.presses("Close it now")
    then_the_heading_is(either, "Treated sooner")
    assert not [each for each in either.witness.addresses if "1960" in each]

    given_they_are(either, f"{seed.MANAGER}, Waiting-list manager")
    when_they_review(either, asks.name)
    then_the_page_says(either, "Saved", "Suitable: to be searched for", "8 minutes")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("link", name="All requests"))
    either.follows(either.page.get_by_role("link", name=re.compile("Searched for")))
    then_the_page_says(either, asks.name.split()[1])


def test_a_patient_begins_on_their_own_and_takes_it_back(either, lake):
    asks = somebody_may_ask(lake.home, invited=False)
    given_they_are(either, f"{asks.name}, Patient")
    either.page.get_by_role("button", name=re.compile("Ask to be treated sooner")).click()
    then_the_heading_is(either, re.compile("You can ask to be treated sooner"))
    when_they_ask(either, "Anywhere in England")
    either.follows(either.page.get_by_role("link", name="I do not want this any more"))
    then_nothing_bars_anyone(either)
    either.presses("Take my request back")
    then_the_page_says(either, "Choose a reason")
    either.page.get_by_label("I want to stay with my hospital").check()
    either.presses("Take my request back")
    then_the_page_says(either, "You took your request back")
    either.goes_to("/your-care/")
    then_the_page_says(either, "Treated sooner", "You took your request back")
    then_nothing_bars_anyone(either)


def test_a_patient_chooses_between_two_offers(either, lake):
    moves = given_a_hub(lake.home, "offers")
    given_they_are(either, moves.people["patient"])
    either.goes_to("/your-care/")
    either.follows(either.page.get_by_role("link", name="There is an offer for you"))
    then_the_page_says(either, "by law it is your right", "You may say no and keep your place")
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("button", name="Read the offer and answer"))
    then_the_heading_is(either, re.compile("Your offers"))
    then_the_page_says(either, "Meadow Eye Clinic", "Valley Hospital", "Miss Lens, cataracts")
    then_nothing_bars_anyone(either)
    either.presses("Send my answer")
    then_the_page_says(either, "There is a problem", "Choose your answer")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("No, but go on looking").check()
    either.presses("Send my answer")
    then_the_page_says(either, "There is a problem", "Choose a reason")
    either.page.get_by_label(re.compile("Yes, I take .* at Valley Hospital")).check()
    either.presses("Send my answer")
    then_the_page_says(either, "You said yes", "We are arranging your move to Valley Hospital")
    then_nothing_bars_anyone(either)


def test_a_patient_uses_their_right_and_picks_a_place(either, lake):
    asks = somebody_may_ask(lake.home, chooses=True)
    given_they_are(either, f"{asks.name}, Patient")
    either.goes_to("/your-care/")
    either.follows(either.page.get_by_role("link", name="Choose where to go"))
    then_the_page_says(either, "by law it is your right", "saying no never counts against you")
    either.follows(either.page.get_by_role("button", name="Choose where to go"))
    then_the_page_says(either, "Where would you like to go?")
    then_nothing_bars_anyone(either)
    either.presses("Ask this place for a date")
    then_the_page_says(either, "There is a problem", "Choose a provider from the list")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Hillside Clinic").check()
    either.presses("Ask this place for a date")
    then_the_page_says(either, "The hospital that you chose is looking for a date", "Hillside")
    then_nothing_bars_anyone(either)


def test_staff_ask_for_a_patient_who_calls_and_scan_their_list(either, lake):
    asks = somebody_may_ask(lake.home, invited=False)
    given_they_are(either, f"{seed.MANAGER}, Waiting-list manager")
    either.goes_to("/asked-to-move/phone/")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Reference or NHS number").fill(asks.nhs_number)
    for check in ("full name", "date of birth", "first line of their address"):
        either.page.get_by_label(check).check()
    either.presses("Go on")
    then_the_page_says(either, "You act for", asks.name)
    then_nothing_bars_anyone(either)
    either.presses("End the call")
    for path in ("scans/", "scans/messages/", f"why/{asks.pathway}/"):
        either.goes_to(f"/asked-to-move/{path}")
        then_nothing_bars_anyone(either)
    then_the_page_says(either, "LIVE-2023", "Has not waited long enough")


def given_they_are(visitor, name: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(name)


def when_they_check_the_message(visitor, code: str) -> None:
    visitor.goes_to("/check-message/")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Code from the message").fill("AAAA 2222")
    visitor.presses("Check")
    then_the_page_says(visitor, "There is a problem", "may not be genuine")
    visitor.page.get_by_label("Code from the message").fill(code)
    visitor.presses("Check")
    then_the_page_says(visitor, "Yes, this message is genuine", "Riverside Hospital")
    then_nothing_bars_anyone(visitor)


def when_they_open_their_request(visitor, code: str) -> None:
    visitor.follows(visitor.page.get_by_role("link", name="open your request"))
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Code", exact=True).fill(code)
    for part, text in (("Day", "17"), ("Month", "5"), ("Year", "1960")):
        visitor.page.get_by_label(part, exact=True).fill(text)
    visitor.presses("Open my request")
    then_nothing_bars_anyone(visitor)


def when_they_ask(visitor, distance: str) -> None:
    visitor.follows(visitor.page.get_by_role("button", name="Ask to be treated sooner"))
    visitor.presses("Go on")
    then_the_page_says(visitor, "There is a problem")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("I have read this").check()
    visitor.presses("Go on")
    visitor.page.get_by_label("Yes", exact=True).check()
    visitor.presses("Go on")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label(distance).check()
    visitor.presses("Go on")
    visitor.page.get_by_label("Step-free access").check()
    visitor.page.get_by_label("I would need help").check()
    then_nothing_bars_anyone(visitor)
    visitor.presses("Go on")
    then_the_page_says(visitor, "Check your answers", distance, "Step-free access")
    then_nothing_bars_anyone(visitor)
    visitor.presses("Send my request")


def when_they_review(visitor, name: str) -> None:
    visitor.goes_to("/asked-to-move/")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(name.split()[1])))
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Yes, safely").check()
    visitor.presses("Save the review")
    then_the_page_says(visitor, "There is a problem", "Choose the clinician")
    visitor.page.get_by_label("They can get there and home").check()
    visitor.page.get_by_label("Clinician who decided").select_option(label=seed.CLINICIAN)
    visitor.page.get_by_label("How many minutes did this take?").fill("8")
    visitor.presses("Save the review")
