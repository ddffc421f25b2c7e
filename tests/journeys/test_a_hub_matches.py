"""A hub finds places: reads the board, matches, takes one proposal, leaves another, asks widely."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.moves import Moves, given_a_hub
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_manager_corrects_a_clock import given_they_signed_in_as
from tests.journeys.test_a_trust_asks_for_help import fill_day
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def moves(lake, site) -> Moves:
    return given_a_hub(lake.home, "hub")


def test_a_hub_takes_one_proposal_and_leaves_another(anyone, moves):
    given_they_opened_the_board(anyone, moves)
    then_the_page_says(anyone, "1 request for help is late", "To find a place (4, 1 late)")
    then_nobody_is_named(anyone, moves)
    when_they_show_what_is_late(anyone)
    then_they_see(anyone, moves, "late", but_not="longest")
    then_nothing_bars_anyone(anyone)

    when_they_open(anyone, moves, "late")
    then_the_page_says(anyone, moves.names["late"], "This is late", "Who could not, and why")
    then_the_page_says(anyone, "Against: BMI 43 is over the ceiling of 40")
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)

    anyone.goes_to("/mutual-aid/hub/places/")
    then_nothing_bars_anyone(anyone)
    anyone.presses("Match now")
    then_the_page_says(anyone, "A place is proposed (2)", "No place (2)", "1 for clinicians")
    then_nobody_is_named(anyone, moves)
    then_nothing_bars_anyone(anyone)
    anyone.follows(anyone.page.get_by_role("link", name="No place (2)"))
    then_the_page_says(anyone, "BMI is over the ceiling: 2")
    then_they_see(anyone, moves, "heavy", but_not="next")
    then_nothing_bars_anyone(anyone)

    when_they_take_the_place_for(anyone, moves, "longest")
    then_the_page_says(anyone, "The place is held and offered")
    expect(row_of(anyone, moves, "longest")).to_contain_text("Offered")
    when_they_leave_the_place_for(anyone, moves, "next")
    expect(row_of(anyone, moves, "next")).to_contain_text("Another reason: Back from holiday first")
    then_nothing_bars_anyone(anyone)

    given_they_opened_the_board(anyone, moves, signed_in=True)
    anyone.follows(anyone.page.get_by_role("link", name=re.compile("Offered")))
    when_they_open(anyone, moves, "longest")
    anyone.presses("Send to the patient")
    then_nothing_bars_anyone(anyone)
    anyone.presses("The patient is told")
    then_the_page_says(anyone, "With the patient", "Saved: send to the patient")
    then_nothing_bars_anyone(anyone)


def test_a_hub_offers_a_place_to_a_patient_of_another_icb(either, moves):
    given_they_signed_in_as(either, moves.people["hub"])
    either.goes_to("/mutual-aid/hub/national/")
    either.page.get_by_label("Specialty").select_option("C_130")
    either.presses("Show")
    then_nothing_bars_anyone(either)
    when_they_open(either, moves, "pool")
    then_the_page_says(either, "A patient of another ICB: nobody is named here")
    assert moves.names["pool"] not in either.page.content()
    either.follows(either.page.get_by_role("link", name=re.compile("Offer this place")).first)
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Consultant or team").fill("Miss Lens herself")
    either.presses("Hold the place")
    then_the_page_says(either, "There is a problem", "Day that is offered")
    expect(either.page.get_by_label("Consultant or team")).to_have_value("Miss Lens herself")
    then_nothing_bars_anyone(either)
    fill_day(either, "Day that is offered", 10)
    either.presses("Hold the place")
    then_the_page_says(either, "Saved: offer this place", "Offered")
    then_nothing_bars_anyone(either)

    for path, words in (
        ("hub/cancer/", moves.references["cancer"]),
        ("figures/", "What mutual aid came to"),
        ("figures/?by=provider", "What mutual aid came to"),
    ):
        either.goes_to(f"/mutual-aid/{path}")
        then_the_page_says(either, words)
        then_nothing_bars_anyone(either)


def test_a_hub_searches_for_a_patient_who_asked_and_finds_nothing(either, moves):
    given_they_signed_in_as(either, moves.people["hub"])
    either.goes_to("/mutual-aid/hub/patients/")
    then_nothing_bars_anyone(either)
    when_they_open(either, moves, "asked")
    then_nothing_bars_anyone(either)
    either.presses("Search for a provider")
    then_the_page_says(either, "Saved", "See who could take the patient")
    either.presses("Nothing was found")
    then_the_page_says(either, "There is a problem")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Nobody has room").check()
    either.presses("Nothing was found")
    then_the_page_says(either, "There is nothing for the hub to do")
    then_nothing_bars_anyone(either)


def given_they_opened_the_board(visitor: Visitor, moves: Moves, *, signed_in: bool = False) -> None:
    if not signed_in:
        given_they_signed_in_as(visitor, moves.people["hub"])
    visitor.goes_to("/mutual-aid/hub/")
    then_the_heading_is(visitor, "Mutual aid hub")
    then_nothing_bars_anyone(visitor)


def when_they_show_what_is_late(visitor: Visitor) -> None:
    visitor.page.get_by_text("Choose which requests are shown").click()
    visitor.page.get_by_label("Late only").check()
    visitor.presses("Show")


def when_they_open(visitor: Visitor, moves: Moves, what: str) -> None:
    visitor.follows(visitor.page.get_by_role("link", name=re.compile(moves.references[what])).first)


def when_they_take_the_place_for(visitor: Visitor, moves: Moves, what: str) -> None:
    """Without an answer and with a day that is none, what was typed stays."""
    given_the_proposals(visitor)
    visitor.follows(row_of(visitor, moves, what).get_by_role("link", name="Take or leave"))
    then_the_page_says(visitor, "What speaks for it", "Has waited 70 weeks")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Minutes").fill("6")
    visitor.presses("Save")
    then_the_page_says(visitor, "There is a problem", "What to do with it")
    visitor.page.get_by_label("Offer the place").check()
    fill_day(visitor, "Day that is offered", 10)
    visitor.page.get_by_label("Month", exact=True).fill("13")
    visitor.presses("Save")
    then_the_page_says(visitor, "There is a problem", "enter a real day")
    then_nothing_bars_anyone(visitor)
    expect(visitor.page.get_by_label("Offer the place")).to_be_checked()
    expect(visitor.page.get_by_label("Minutes")).to_have_value("6")
    day = timezone.localdate() + timedelta(days=10)
    visitor.page.get_by_label("Month", exact=True).fill(str(day.month))
    visitor.presses("Save")


def when_they_leave_the_place_for(visitor: Visitor, moves: Moves, what: str) -> None:
    """Another reason needs words."""
    given_the_proposals(visitor)
    visitor.follows(row_of(visitor, moves, what).get_by_role("link", name="Take or leave"))
    visitor.page.get_by_label("Leave it").check()
    visitor.page.get_by_label("Another reason").check()
    visitor.presses("Save")
    then_the_page_says(visitor, "There is a problem", "Say in a few words what it is")
    then_nothing_bars_anyone(visitor)
    visitor.page.get_by_label("Comment").fill("Back from holiday first")
    visitor.presses("Save")


def given_the_proposals(visitor: Visitor) -> None:
    visitor.goes_to("/mutual-aid/hub/places/")


def row_of(visitor: Visitor, moves: Moves, what: str) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=moves.references[what])


def then_they_see(visitor: Visitor, moves: Moves, what: str, *, but_not: str) -> None:
    then_the_page_says(visitor, moves.references[what])
    expect(visitor.page.get_by_role("main")).not_to_contain_text(moves.references[but_not])


def then_nobody_is_named(visitor: Visitor, moves: Moves) -> None:
    text = visitor.page.content()
    assert not [name for name in moves.names.values() if name.split()[1] in text]
