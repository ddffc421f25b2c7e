"""What holds of every page, at a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import (
    then_it_is_not_said_to_be_made_up,
    then_it_is_said_to_be_made_up,
    then_nothing_bars_anyone,
    then_the_answer_is_guarded,
)
from tests.journeys.steps import given_the_front_page, then_the_heading_is, when_they_ask_for
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser


def given_they_asked_for(need: str, **where: str) -> Callable[[Visitor], None]:
    def asked(visitor: Visitor) -> None:
        given_the_front_page(visitor)
        when_they_ask_for(visitor, need, **where)

    return asked


def given_they_went_to(path: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.goes_to(path)


def given_a_provider(query: str = "") -> Callable[[Visitor], None]:
    """The first independent one: codes differ between synthetic and real."""

    def opened(visitor: Visitor) -> None:
        visitor.goes_to("/?function=C_130")
        row = visitor.page.locator("#table tbody tr").filter(has_text="Independent").first
        address = row.get_by_role("link").get_attribute("href")
        visitor.goes_to(address.partition("?")[0] + query)

    return opened


def given_a_providers_figures() -> Callable[[Visitor], None]:
    """Those of the longest list in an ICB."""

    def opened(visitor: Visitor) -> None:
        visitor.goes_to("/figures/icbs/QWO/places/")
        visitor.follows(visitor.page.locator("tbody [scope=row] a").first)

    return opened


FIGURES = (
    *("", "?q=yorkshire", "my-area/", "my-area/?icb=QWO", "targets/"),
    *("england/", "england/specialties/", "england/specialties/C_110/", "england/places/"),
    *("england/sectors/", "england/diagnostics/", "england/cancer/", "england/equity/"),
    *("regions/Y63/", "regions/Y63/places/", "icbs/QWO/", "icbs/QWO/?basis=provider"),
    *("icbs/QWO/specialties/", "icbs/QWO/specialties/C_130/", "icbs/QWO/diagnostics/"),
    *("icbs/QWO/forecast/", "icbs/QWO/specialties/C_130/forecast/", "icbs/QWO/prospects/"),
    *("icbs/QWO/what-if/", "icbs/QWO/what-if/edit/"),
)
PAGES = {
    "front page": given_they_went_to("/"),
    "results": given_they_asked_for("cataract", near="M1", within="10 miles"),
    "results, no provider": given_they_asked_for("mental health", near="TR21", within="10 miles"),
    "results, no place": given_they_went_to("/?function=C_170"),
    "choice": given_they_asked_for("sciatica"),
    "errors": given_they_asked_for("qwxzqwxz", near="Leeds"),
    "provider": given_a_provider(),
    "provider, one specialty": given_a_provider("?function=C_130"),
    **{f"figures: {path}": given_they_went_to(f"/figures/{path}") for path in FIGURES},
    "figures of a provider": given_a_providers_figures(),
    "mutual aid in England": given_they_went_to("/mutual-aid/open-data/"),
    "about": given_they_went_to("/about-the-data/"),
    "API": given_they_went_to("/api/"),
    "not found": given_they_went_to("/nowhere/"),
}


@pytest.mark.parametrize("given", PAGES.values(), ids=PAGES)
def test_every_page_is_for_everyone(at_either_width, given):
    given(at_either_width)
    then_it_is_said_to_be_made_up(at_either_width)
    then_the_answer_is_guarded(at_either_width)
    then_the_skip_link_skips_to_the_content(at_either_width)
    then_nothing_bars_anyone(at_either_width)


@pytest.mark.real_data
@pytest.mark.parametrize("given", PAGES.values(), ids=PAGES)
def test_every_page_of_real_figures_is_for_everyone(real_visitor_on_a_phone, given):
    given(real_visitor_on_a_phone)
    then_it_is_not_said_to_be_made_up(real_visitor_on_a_phone)
    then_nothing_bars_anyone(real_visitor_on_a_phone)


def test_the_search_needs_no_mouse(visitor):
    """Nothing but the keyboard, in the order in which the page is read."""
    given_the_front_page(visitor)
    when_they_press_tab_until(visitor, "What do you need to be seen or treated for?")
    visitor.page.keyboard.type("hip replacement")
    when_they_press_tab_to(visitor, "Where are you?")
    visitor.page.keyboard.type("M1")
    when_they_press_tab_to(visitor, "How far could you travel?")
    visitor.page.keyboard.press("ArrowDown")
    when_they_press_tab_to(visitor, "Which providers?")
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("button", name="Compare waiting times")).to_be_focused()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    then_the_heading_is(visitor, "Trauma and orthopaedics within 50 miles of M1")


def test_enter_in_a_field_sends_the_search(either):
    given_the_front_page(either)
    field = either.page.get_by_label("Where are you?")
    either.page.get_by_label("What do you need").fill("cataracts")
    field.fill("m1")
    with either.page.expect_navigation():
        field.press("Enter")
    then_the_heading_is(either, "Ophthalmology within 30 miles of M1")


def when_they_press_tab_until(visitor: Visitor, label: str) -> None:
    for _ in range(10):
        visitor.page.keyboard.press("Tab")
        then_focus_can_be_seen(visitor)
        if visitor.page.get_by_label(label).and_(visitor.page.locator(":focus")).count():
            return
    pytest.fail(f"{label} is not among the first stops")


def when_they_press_tab_to(visitor: Visitor, label: str) -> None:
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_label(label)).to_be_focused()
    then_focus_can_be_seen(visitor)


def then_focus_can_be_seen(visitor: Visitor) -> None:
    style = visitor.page.locator(":focus").evaluate(
        "each => [getComputedStyle(each).outlineStyle, getComputedStyle(each).boxShadow]"
    )
    assert style != ["none", "none"], style


def then_the_skip_link_skips_to_the_content(visitor: Visitor) -> None:
    page = visitor.page
    link = page.get_by_role("link", name="Skip to main content")
    if page.locator(":focus").count():  # an error summary has taken it
        page.keyboard.press("Shift+Tab")
        link.focus()
    else:
        page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#maincontent$"))
    expect(page.get_by_role("main")).to_be_focused()
