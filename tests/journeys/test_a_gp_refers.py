"""A GP whose words may mean several specialties, or none, or who mistypes the place."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_nothing_bars_anyone
from tests.journeys.steps import (
    given_the_front_page,
    rows,
    then_the_heading_is,
    when_they_ask_for,
    when_they_ask_to_see_all,
)
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser

AMBIGUOUS, NONSENSE = "sciatica", "qwxzqwxz"
NO_SPECIALTY = "No specialty fits those words. Try others, or choose from the list"
NO_PLACE = "Enter a full postcode, like LS1 4AP, or only its first half, like LS1"


def test_a_gp_chooses_between_specialties(either):
    given_the_front_page(either)
    when_they_ask_for(either, AMBIGUOUS, near="M1", within="50 miles")
    then_the_heading_is(either, "Which specialty is it?")
    then_they_may_choose(either, "Neurosurgery (brain and spine)")

    when_they_go_on_without_choosing(either)
    then_the_page_is_an_error(either)
    then_the_summary_leads_to_the_field(either, "Choose a specialty", "function")

    when_they_choose(either, "Neurosurgery (brain and spine)")
    then_the_heading_is(either, "Neurosurgery within 50 miles of M1")
    then_nothing_bars_anyone(either)


def test_a_gp_types_words_that_mean_nothing(either):
    given_the_front_page(either)
    when_they_ask_for(either, NONSENSE, near="M1")
    then_the_page_is_an_error(either)
    then_the_summary_leads_to_the_field(either, NO_SPECIALTY, "need")
    then_what_was_typed_is_still_there(either, NONSENSE, "M1")

    when_they_choose_from_all(either, "Ophthalmology (eyes)")
    then_the_heading_is(either, "Ophthalmology within 30 miles of M1")
    then_nothing_bars_anyone(either)


@pytest.mark.parametrize("place", ["Leeds", "ZZ99 9ZZ!", "<b>LS1</b>"])
def test_a_gp_types_no_postcode(visitor, place):
    given_the_front_page(visitor)
    when_they_ask_for(visitor, "hip replacement", near=place)
    then_the_page_is_an_error(visitor)
    then_the_summary_leads_to_the_field(visitor, NO_PLACE, "place")
    then_no_message_repeats(visitor, place)


def test_a_gp_names_a_place_that_is_not_known(either):
    given_the_front_page(either)
    when_they_ask_for(either, "hip replacement", near="QQ9")
    then_the_page_is_an_error(either)
    then_no_message_repeats(either, "QQ9")


def test_a_gp_asks_for_nothing(either):
    given_the_front_page(either)
    when_they_ask_for(either, "")
    then_the_page_is_an_error(either)
    then_the_summary_leads_to_the_field(
        either, "Enter what you need to be seen or treated for", "need"
    )


def test_a_gp_without_a_place_sees_all_of_england(either, book):
    given_the_front_page(either)
    when_they_ask_for(either, "glaucoma")
    then_the_heading_is(either, "Ophthalmology at every provider")
    expect(either.page.get_by_label("Sort by")).not_to_contain_text("Nearest")
    when_they_ask_to_see_all(either)
    then_every_provider_is_listed_by_wait(either, book, "C_130")


def when_they_choose(visitor: Visitor, specialty: str) -> None:
    visitor.page.get_by_label(specialty).check()
    visitor.presses("Continue")


def when_they_choose_from_all(visitor: Visitor, specialty: str) -> None:
    everything = visitor.page.get_by_role("group", name="Or choose from all specialties")
    assert everything.get_by_role("radio").count() == 23
    everything.get_by_label(specialty).check()
    visitor.presses("Compare waiting times")


def when_they_go_on_without_choosing(visitor: Visitor) -> None:
    visitor.presses("Continue")


def then_they_may_choose(visitor: Visitor, specialty: str) -> None:
    offered = visitor.page.get_by_role(
        "group", name=f"More than one treats “{AMBIGUOUS}”"
    ).get_by_role("radio")
    assert 2 <= offered.count() <= 6
    expect(visitor.page.get_by_label(specialty)).not_to_be_checked()


def then_the_page_is_an_error(visitor: Visitor) -> None:
    expect(visitor.page).to_have_title(re.compile("^Error: "))
    expect(_summary(visitor)).to_contain_text("There is a problem")
    if visitor.has_javascript:
        expect(_summary(visitor)).to_be_focused()


def then_the_summary_leads_to_the_field(visitor: Visitor, message: str, field: str) -> None:
    page = visitor.page
    link = _summary(visitor).get_by_role("link", name=message)
    expect(link).to_have_attribute("href", f"#{field}")
    expect(page.locator(f"#{field}-error")).to_have_text(f"Error: {message}")
    described = page.locator(f"[aria-describedby~='{field}-error']")
    expect(described).to_have_count(1)
    link.click()
    if visitor.has_javascript:
        expect(page.locator(f"#{field}")).to_be_focused()
    else:
        expect(page.locator(f"#{field}")).to_be_in_viewport()


def then_what_was_typed_is_still_there(visitor: Visitor, need: str, place: str) -> None:
    expect(visitor.page.get_by_label("What do you need")).to_have_value(need)
    expect(visitor.page.get_by_label("Where are you?")).to_have_value(place)


def then_no_message_repeats(visitor: Visitor, place: str) -> None:
    """The field keeps it, for mending; nothing else on the page does."""
    expect(visitor.page.get_by_label("Where are you?")).to_have_value(place)
    messages = visitor.page.locator(".nhsuk-error-message, .nhsuk-error-summary")
    assert messages.count() == 2
    assert not [text for text in messages.all_inner_texts() if place in text]
    assert place not in visitor.page.title()


def then_every_provider_is_listed_by_wait(visitor: Visitor, book, function: str) -> None:
    known = {each.name: each for each in book.compare(function)}
    shown = [known[row.name] for row in rows(visitor)]
    assert len(shown) == len(known) > 30
    ranked = [
        each.admitted.p80.weeks for each in shown if not (each.admitted.is_small or each.is_stale)
    ]
    assert ranked == sorted(ranked)


def _summary(visitor: Visitor):
    return visitor.page.locator(".nhsuk-error-summary")
