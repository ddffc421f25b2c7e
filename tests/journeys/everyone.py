"""What must hold of every page, whoever looks at it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.journeys.visitors import Visitor

BANNER = "Every provider and figure here is synthetic"
POLICY = "Content-Security-Policy"

_FAULTS = """() => {
  const faults = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const say = (what, element) => faults.push(what + ": " + element.outerHTML.slice(0, 120));
  const named = each => each.labels?.length || each.ariaLabel;
  const words = id => document.getElementById(id)?.textContent.trim();
  for (const each of all("input:not([type=hidden]), select, textarea"))
    if (!named(each)) say("no label", each);
  for (const each of all("table"))
    if (!each.caption?.textContent.trim()) say("no caption", each);
  for (const each of all("th"))
    if (!each.scope) say("no scope", each);
  for (const each of all("[role=img]"))
    if (!words(each.getAttribute("aria-labelledby"))) say("no name", each);
  for (const each of all("[aria-describedby]"))
    for (const id of each.getAttribute("aria-describedby").split(" "))
      if (!words(id)) say("described by nothing", each);
  for (const each of all("[style], style")) say("styled inline", each);
  const ids = all("[id]").map(each => each.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) < at))) faults.push("id twice: " + id);
  let before = 1;  // an error summary stands above the page's heading
  for (const each of all("h1, h2, h3, h4, h5, h6")) {
    const level = Number(each.tagName[1]);
    if (level > before + 1) say("heading level left out", each);
    before = level;
  }
  return faults;
}"""


def then_nothing_bars_anyone(visitor: Visitor) -> None:
    """The page stands without JavaScript and on a phone; with JavaScript axe must agree."""
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"\S – Clockstop$"))
    faults = page.evaluate(_FAULTS)
    assert not faults, faults
    then_it_fits_the_width(visitor)
    if visitor.has_javascript:
        then_axe_finds_nothing(visitor)


def then_it_fits_the_width(visitor: Visitor) -> None:
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= visitor.width


def then_axe_finds_nothing(visitor: Visitor) -> None:
    found = Axe().run(visitor.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def then_it_is_said_to_be_made_up(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text(BANNER)).to_be_visible()


def then_it_is_not_said_to_be_made_up(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text(BANNER)).to_have_count(0)


def then_the_answer_is_guarded(visitor: Visitor) -> None:
    headers = visitor.witness.last_answer.all_headers()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers[POLICY.lower()]
    assert "script-src 'nonce-" in headers[POLICY.lower()]
    assert "unsafe" not in headers[POLICY.lower()]
