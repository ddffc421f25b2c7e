"""Somebody who visits the site, and what their browser must do and not do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page
from tests.journeys.server import Site
from tests.journeys.witness import Witness

DESK, PHONE = 1280, 320  # widths
PATIENCE = 30_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser; ``page`` is the tab they are looking at."""

    page: Page
    context: BrowserContext
    witness: Witness
    site: Site
    has_javascript: bool
    width: int

    def goes_to(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def presses(self, name: str) -> None:
        """A button that leads to another page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follows(self, link: Locator) -> None:
        with self.page.expect_navigation():
            link.click()


@contextmanager
def visiting(
    browser: Browser, site: Site, *, javascript: bool = True, width: int = DESK
) -> Iterator[Visitor]:
    """A visit. At its end the browser must have complained of nothing and asked nobody else."""
    context = browser.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": 800},
        locale="en-GB",
    )
    context.set_default_timeout(PATIENCE)
    witness = Witness(context)
    yield Visitor(context.new_page(), context, witness, site, javascript, width)
    context.close()
    assert witness.complaints == []
    assert witness.hosts <= {urlsplit(site.url).netloc}
