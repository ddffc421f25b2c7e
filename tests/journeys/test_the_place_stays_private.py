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


def test_a_visit_leaves_no_trace_of_the_place(anyone):
    given_the_front_page(anyone)
    when_they_ask_for(anyone, "hip replacement", near="ls1 4ap")
    then_the_answer_is_not_kept_by_the_browser(anyone)
    when_they_sort_by(anyone, "Nearest")
    when_they_look_farther(anyone, "50 miles")
    when_they_turn_to(anyone, "Chart")
    when_they_turn_to(anyone, "Map")
    then_the_heading_is(anyone, "Trauma and orthopaedics within 50 miles of LS1")
    then_the_place_is_only_in_the_answer(anyone)

    when_they_open_the_nearest_provider(anyone)
    then_the_provider_page_does_not_hold_it(anyone)
    when_they_ask_for_a_page_that_is_not_there(anyone)
    when_they_send_the_form_without_the_cookie(anyone)
    then_no_address_names_it(anyone)
    then_nothing_is_stored(anyone)
    then_the_log_does_not_hold_it(anyone)


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
    assert "Not Found: /providers/NOWHERE/" in visitor.site.log
    assert "Forbidden (CSRF cookie not set.)" in visitor.site.log
    assert not TRACE.search(visitor.site.log)


def _stored(page: Page) -> str:
    return page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
