"""A waiting-list manager sees who waits, keeps a view, looks after a pathway, takes a file."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.test_a_manager_corrects_a_clock import (
    MANAGER,
    given_they_signed_in_as,
    spaced,
    then_no_address_or_title_tells,
    then_the_error_leads_to,
)
from tests.journeys.visitors import PHONE, Visitor
from tests.journeys.waits import Wait, somebody_waits

pytestmark = pytest.mark.browser


@pytest.fixture
def wait(lake, site) -> Wait:
    """On the list at once: nobody keys an event twice."""
    return somebody_waits(lake.home)


def test_a_manager_sees_who_waits_and_who_will_breach(anyone, wait):
    given_they_opened_the_list(anyone)
    then_the_page_says(anyone, "On this list", "Within 18 weeks", "How long they have waited")
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)

    when_they_ask_for(anyone, over="18", event="No date is booked")
    then_the_filters_are(anyone, "No date is booked", "Over 18 weeks")
    expect(row_of(anyone, wait)).to_contain_text("20 weeks")
    expect(row_of(anyone, wait)).to_contain_text("None booked")
    then_nothing_bars_anyone(anyone)
    then_no_address_or_title_tells(anyone, wait)

    when_they_take_away(anyone, "Over 18 weeks")
    then_the_filters_are(anyone, "No date is booked")
    anyone.follows(anyone.page.get_by_role("link", name=re.compile(f"^{last_name(wait)}, Robin")))
    then_the_heading_is(anyone, wait.name)


def test_a_manager_asks_who_will_breach_by_a_date(visitor, wait):
    given_they_opened_the_list(visitor)
    when_they_unfold_the_filters(visitor)
    page = visitor.page
    page.get_by_label("Will be over … weeks").fill("52")
    visitor.presses("Show the list")
    then_the_error_leads_to(visitor, "by")
    then_nothing_bars_anyone(visitor)
    for label, text in (("Day", "31"), ("Month", "3"), ("Year", "2040")):
        page.get_by_label(label, exact=True).fill(text)
    visitor.presses("Show the list")
    then_the_filters_are(visitor, "Over 52 weeks by 31 March 2040")
    expect(row_of(visitor, wait)).to_be_visible()


def test_a_manager_keeps_a_view_under_a_name(either, wait):
    given_they_opened_the_list(either)
    when_they_ask_for(either, over="18")
    name = f"Long waits {uuid4().hex[:4]}"
    either.page.get_by_label("Name of the view").fill(name)
    either.presses("Save view")
    views = either.page.get_by_role("navigation", name="Saved views")
    expect(views.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name=f"Remove the view “{name}”"))
    then_nothing_bars_anyone(either)
    either.presses("Remove the view")
    expect(either.page.get_by_role("link", name=name)).to_have_count(0)


def test_a_manager_takes_the_list_along(visitor, wait):
    given_they_opened_the_list(visitor)
    when_they_ask_for(visitor, over="18")
    for kind in ("CSV", "Excel"):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("link", name=f"Download as {kind}").click()
        content = download.value.path().read_bytes()
        assert "confidential" in download.value.suggested_filename
        assert wait.nhs_number.encode() in content or (kind == "Excel" and content[:2] == b"PK")


def test_a_manager_looks_after_a_pathway(either, wait):
    given_they_opened_the_list(either)
    either.follows(row_of(either, wait).get_by_role("link", name="Notes"))
    then_the_heading_is(either, re.compile("Notes, owner and due date"))
    then_nothing_bars_anyone(either)

    either.presses("Save note")
    then_the_error_leads_to(either, "text")
    note = f"Rang the patient {uuid4().hex[:6]}"
    either.page.get_by_label("Add a note").fill(note)
    either.presses("Save note")
    then_the_page_says(either, "The note is saved", note, seed.MANAGER)

    either.page.get_by_label("Owner").select_option(label=seed.MANAGER)
    for label, text in (("Day", "3"), ("Month", "2"), ("Year", "2025")):
        either.page.get_by_label(label, exact=True).fill(text)
    either.presses("Save owner and due date")
    then_the_page_says(either, "Owner and due date are saved", "by 3 February 2025", "Late")
    then_nothing_bars_anyone(either)
    then_no_address_or_title_tells(either, wait)

    either.goes_to("/tracking/?late=yes")
    expect(row_of(either, wait)).to_contain_text(seed.MANAGER)
    expect(row_of(either, wait)).to_contain_text("Late")


def test_a_manager_works_through_worklists_and_cuts(at_either_width, wait):
    visitor = at_either_width
    given_they_opened_the_list(visitor)
    visitor.follows(visitor.page.get_by_role("link", name="Worklists"))
    then_the_heading_is(visitor, "Worklists")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=re.compile("^To validate")))
    then_the_page_says(visitor, "What to do", "Silence never takes anybody off the list")
    then_nothing_bars_anyone(visitor)
    visitor.follows(visitor.page.get_by_role("link", name="Waits by groups of people"))
    then_the_page_says(visitor, "Deprivation, by decile", "Ethnic category")
    then_nothing_bars_anyone(visitor)


def given_they_opened_the_list(visitor: Visitor) -> None:
    given_they_signed_in_as(visitor, MANAGER)
    link = visitor.page.get_by_role("link", name="Tracking list", exact=True)
    more = visitor.page.get_by_role("button", name="More")
    if visitor.width == PHONE and more.is_visible() and not link.is_visible():
        more.click()
    visitor.follows(link)
    then_the_heading_is(visitor, "Tracking list")


def when_they_ask_for(visitor: Visitor, over: str = "", event: str = "") -> None:
    visitor.page.get_by_label("Waiting over … weeks").fill(over)
    if event:
        visitor.page.get_by_label("Next date").select_option(label=event)
    visitor.presses("Show the list")


def when_they_unfold_the_filters(visitor: Visitor) -> None:
    visitor.page.get_by_text("More filters", exact=True).click()


def when_they_take_away(visitor: Visitor, words: str) -> None:
    visitor.follows(visitor.page.get_by_role("link", name=f"Remove the filter: {words}"))


def then_the_filters_are(visitor: Visitor, *words: str) -> None:
    on = visitor.page.get_by_label("Filters that are on").get_by_role("listitem")
    expect(on).to_have_count(len(words) + 1)  # and the way to clear them
    for each in words:
        expect(on.filter(has_text=each)).to_have_count(1)


def row_of(visitor: Visitor, wait: Wait) -> Locator:
    return visitor.page.get_by_role("row").filter(has_text=spaced(wait.nhs_number))


def last_name(wait: Wait) -> str:
    return wait.name.split()[-1]
