"""What visitors do and see when they compare waits, in the words of their stories."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, expect
from tests.journeys.visitors import PHONE, Visitor

NOT_RANKED = "Not ranked: fewer than 20 people, so only the range of their waits is shown"
OLD_FIGURES = "Not ranked: no figures for"
DISTANCE_NOT_KNOWN = "Distance not known"

_SECTIONS = """bodies => bodies.map(body => ({
  heading: body.querySelector("[scope=rowgroup]")?.innerText ?? "",
  rows: [...body.querySelectorAll("tr:has([scope=row])")].map(row => ({
    name: row.querySelector("a").innerText,
    cells: [...row.cells].map(cell => cell.innerText),
  })),
}))"""


@dataclass(frozen=True, slots=True)
class Row:
    """A provider's line as it is read."""

    section: str
    name: str
    provider: str
    admitted: str
    nonadmitted: str
    waiting: str
    size: str

    @property
    def miles(self) -> float:
        return float(re.search(r"([\d.]+) miles?$", self.provider, re.MULTILINE)[1])


def given_the_front_page(visitor: Visitor) -> None:
    visitor.goes_to("/")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Compare waiting times")


def when_they_ask_for(visitor: Visitor, need: str, *, near: str = "", within: str = "") -> None:
    page = visitor.page
    page.get_by_label("What do you need to be seen or treated for?").fill(need)
    page.get_by_label("Where are you?").fill(near)
    if within:
        page.get_by_label("How far could you travel?").select_option(label=within)
    visitor.presses("Compare waiting times")


def when_they_sort_by(visitor: Visitor, order: str) -> None:
    visitor.page.get_by_label("Sort by").select_option(label=order)
    visitor.presses("Sort")


def when_they_look_farther(visitor: Visitor, within: str) -> None:
    page = visitor.page
    page.get_by_text("Change your search").click()
    page.get_by_label("How far could you travel?").select_option(label=within)
    visitor.presses("Compare waiting times")


def when_they_ask_to_see_all(visitor: Visitor) -> None:
    """On a phone the first 10 are shown, then more, then all."""
    if visitor.width == PHONE:
        cards = visitor.page.locator("#table tr.nhsuk-table__row").filter(visible=True)
        expect(cards).to_have_count(10)
        visitor.page.get_by_role("link", name=re.compile(r"Show \d+ more")).click()
        expect(cards).to_have_count(30)
        expect(visitor.page.locator("#more")).to_be_in_viewport()
    visitor.follows(visitor.page.get_by_role("button", name="Show all"))


def when_they_unfold_the_rest(visitor: Visitor) -> None:
    """On a phone the providers after the first 10 are folded away, if there are so many."""
    unfold = visitor.page.get_by_role("link", name=re.compile(r"Show \d+ more"))
    if visitor.width == PHONE and unfold.count():
        unfold.click()


def when_they_turn_to(visitor: Visitor, name: str) -> Locator:
    """One of the ways to see it: a tab at a desk with JavaScript, else a place on the page."""
    is_tab = visitor.has_javascript and visitor.width > PHONE
    visitor.page.get_by_role("tab" if is_tab else "link", name=name, exact=True).click()
    panels = visitor.page.locator(".nhsuk-tabs__panel")
    expect(panels.filter(visible=True)).to_have_count(1 if is_tab else 3)
    return panels.and_(visitor.page.locator(":target" if not is_tab else "*")).filter(visible=True)


def then_the_heading_is(visitor: Visitor, heading: str) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(heading)


def then_the_page_says(visitor: Visitor, *sentences: str) -> None:
    for sentence in sentences:
        expect(visitor.page.get_by_role("main")).to_contain_text(sentence)


def then_treated_and_waiting_stand_apart(visitor: Visitor, month: str, census: str) -> None:
    """Two headed groups of columns; admitted beside not admitted in the first."""
    heads = visitor.page.locator("main thead tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => [cell.textContent.trim(), cell.colSpan]))"
    )
    assert heads == [
        [
            ["Provider", 1],
            [f"People treated in {month} had waited up to", 2],
            [f"People still waiting at {census}", 2],
        ],
        [
            ["Admitted, as an inpatient or day case", 1],
            ["Not admitted", 1],
            ["Have waited so far, up to", 1],
            ["List", 1],
        ],
    ]


def rows(visitor: Visitor) -> Sequence[Row]:
    sections = visitor.page.locator("#table tbody").evaluate_all(_SECTIONS)
    return [
        Row(section["heading"], row["name"], *row["cells"])
        for section in sections
        for row in section["rows"]
    ]
