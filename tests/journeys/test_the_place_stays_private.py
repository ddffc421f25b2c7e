"""Where a visitor is: used for one answer, found nowhere afterwards."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.steps import (
    given_the_front_page,
    then_the_heading_is,
    when_they_ask_for,
    when_they_look_farther,
    when_they_sort_by,
    when_they_turn_to,
)
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser

# Whole words only: a random token may hold the letters of a district.
TRACE = re.compile(r"\bLS1\b|LS1\W*4AP|LS1%204AP", re.IGNORECASE)


def test_a_visit_leaves_no_trace_of_the_place(either):
    given_the_front_page(either)
    when_they_ask_for(either, "hip replacement", near="ls1 4ap")
    then_the_answer_is_not_kept_by_the_browser(either)
    when_they_sort_by(either, "Nearest")
    when_they_look_farther(either, "50 miles")
    when_they_turn_to(either, "Chart")
    when_they_turn_to(either, "Map")
    then_the_heading_is(either, "Trauma and orthopaedics within 50 miles of LS1")
    then_the_place_is_only_in_the_answer(either)

    when_they_open_the_nearest_provider(either)
    then_the_provider_page_does_not_hold_it(either)
    when_they_ask_for_a_page_that_is_not_there(either)
    when_they_send_the_form_without_the_cookie(either)
    then_no_address_names_it(either)
    then_nothing_is_stored(either)
    then_the_log_does_not_hold_it(either)


def test_a_place_typed_as_an_address_is_not_logged(visitor):
    visitor.goes_to("/LS1 4AP")
    then_the_heading_is(visitor, "Page not found")
    then_the_log_says_what_went_wrong_alone(visitor, "404 Not Found")


def when_they_open_the_nearest_provider(visitor: Visitor) -> None:
    when_they_turn_to(visitor, "Table")
    visitor.follows(visitor.page.locator("#table tbody a").first)
    expect(visitor.page).to_have_url(re.compile(r"/providers/"))


def when_they_ask_for_a_page_that_is_not_there(visitor: Visitor) -> None:
    visitor.goes_to("/providers/NOWHERE/")
    then_the_heading_is(visitor, "Page not found")


def when_they_send_the_form_without_the_cookie(visitor: Visitor) -> None:
    given_the_front_page(visitor)
    visitor.context.clear_cookies()
    when_they_ask_for(visitor, "hip replacement", near="LS1 4AP")
    then_the_heading_is(visitor, "The form could not be sent")


def then_the_answer_is_not_kept_by_the_browser(visitor: Visitor) -> None:
    answer = visitor.witness.last_answer
    assert answer.request.method == "POST"
    assert "no-store" in answer.header_value("cache-control")


def then_the_place_is_only_in_the_answer(visitor: Visitor) -> None:
    assert TRACE.search(visitor.page.content())
    assert not TRACE.search(visitor.page.url)
    assert not TRACE.search(visitor.page.title())


def then_the_provider_page_does_not_hold_it(visitor: Visitor) -> None:
    assert not TRACE.search(visitor.page.content())


def then_no_address_names_it(visitor: Visitor) -> None:
    addresses = visitor.witness.addresses
    assert f"{visitor.site.url}/" in addresses
    assert not [address for address in addresses if TRACE.search(address)]


def then_nothing_is_stored(visitor: Visitor) -> None:
    given_the_front_page(visitor)
    cookies = visitor.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["csrftoken"]
    assert not TRACE.search(cookies[0]["value"])
    assert _stored(visitor.page) == "{}{}"
    assert "origins" in (state := visitor.context.storage_state(indexed_db=True))
    assert not TRACE.search(str(state))


def then_the_log_does_not_hold_it(visitor: Visitor) -> None:
    then_the_log_says_what_went_wrong_alone(visitor, "404 Not Found", "403 Forbidden")


def then_the_log_says_what_went_wrong_alone(visitor: Visitor, *errors: str) -> None:
    assert all(error in visitor.site.log for error in errors)
    assert not TRACE.search(visitor.site.log)


def _stored(page: Page) -> str:
    return page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
