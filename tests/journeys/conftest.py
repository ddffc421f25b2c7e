"""A real site, a real browser, and visitors with and without JavaScript, at a desk or on a phone."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.journeys import lakes
from tests.journeys.server import Site, running_site
from tests.journeys.visitors import DESK, PATIENCE, PHONE, Visitor, visiting

from clockstop.analytics.lists.waits_book import WaitsBook
from clockstop.analytics.published.lake import Lake

NEEDS_CHROMIUM = "needs Chromium (Debian: apt-get install chromium)"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # What hangs on the address bar is pages of its own, made anew with every window that nobody
    # sees: half of what a visit costs.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup",
]


@pytest.fixture(scope="session")
def lake(shared) -> Lake:
    """A small synthetic England, made once for all workers of a run."""
    return lakes.synthetic_lake(shared)


@pytest.fixture(scope="session")
def book(lake) -> WaitsBook:
    """What the site should say."""
    return WaitsBook(lake)


@pytest.fixture(scope="session")
def site(lake) -> Iterator[Site]:
    with running_site(lake.home) as site:
        yield site


@pytest.fixture(scope="session")
def real_site(real_lake) -> Iterator[Site]:
    with running_site(real_lake.home) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its event loop after each file, so that no other test finds a loop running."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip(NEEDS_CHROMIUM)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


# The two extremes; what lies between them is walked in the long runs.
EXTREMES = {"desk": (True, DESK), "phone-without-javascript": (False, PHONE)}
BETWEEN = {"phone": (True, PHONE), "desk-without-javascript": (False, DESK)}
EVERY_KIND = EXTREMES | (BETWEEN if os.environ.get("CLOCKSTOP_SOAK") else {})


def pytest_collection_modifyitems(config, items) -> None:
    """A file's first walk is at both extremes, each of the others at one, in turn; all in the long runs.

    What a file's pages need of a script or of width, its first walk meets; walking costs most.
    """
    if os.environ.get("CLOCKSTOP_SOAK"):
        return
    walks: dict[object, list[str]] = {}
    left_out = []
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.id
        if kind not in EXTREMES or "journeys" not in item.path.parts:
            continue
        known = walks.setdefault(item.path, [])
        if item.originalname not in known:
            known.append(item.originalname)
        turn = known.index(item.originalname)
        if turn and kind != list(EXTREMES)[turn % 2]:
            left_out.append(item)
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(params=EVERY_KIND.values(), ids=EVERY_KIND)
def anyone(browser, site, request) -> Iterator[Visitor]:
    """Every kind of visitor in turn, in the long runs."""
    javascript, width = request.param
    with visiting(browser, site, javascript=javascript, width=width) as visitor:
        yield visitor


@pytest.fixture(params=EXTREMES.values(), ids=EXTREMES)
def either(browser, site, request) -> Iterator[Visitor]:
    """The two extremes, where what lies between brings nothing new."""
    javascript, width = request.param
    with visiting(browser, site, javascript=javascript, width=width) as visitor:
        yield visitor


# The same pages of real figures are read on a phone.
WIDTHS = {"desk": DESK} | ({"phone": PHONE} if os.environ.get("CLOCKSTOP_SOAK") else {})


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def at_either_width(browser, site, request) -> Iterator[Visitor]:
    """At a desk; on a phone too in the long runs."""
    with visiting(browser, site, width=request.param) as visitor:
        yield visitor


@pytest.fixture
def visitor(browser, site) -> Iterator[Visitor]:
    """Somebody at a desk, with JavaScript."""
    with visiting(browser, site) as visitor:
        yield visitor


@pytest.fixture
def real_visitor(browser, real_site) -> Iterator[Visitor]:
    """Likewise, on the published figures."""
    with visiting(browser, real_site) as visitor:
        yield visitor


@pytest.fixture
def real_visitor_on_a_phone(browser, real_site) -> Iterator[Visitor]:
    with visiting(browser, real_site, width=PHONE) as visitor:
        yield visitor
