"""A lake with something on every topic, and pages read as people read them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag
from tests.analytics.published import dm01_files
from tests.analytics.published.helpers import take
from tests.analytics.published.test_cancer_62_day import waits
from tests.analytics.published.test_cancer_waits import cancer
from tests.analytics.published.test_wlmds_demographics import wlmds
from tests.analytics.story import story
from tests.once import alone

from clockstop.analytics.forecast.book import book_file, build
from clockstop.analytics.published.lake import Lake
from clockstop.service.dashboards.book import figures_of

AREAS = {
    "england": "/figures/england/",
    "region": "/figures/regions/Y63/",
    "icb": "/figures/icbs/QWO/",
    "icb with nobody of its own": "/figures/icbs/QF7/",
    "trust": "/figures/providers/RR8/",
    "clinic": "/figures/providers/NVC07/",
    "silent provider": "/figures/providers/NVC05/",
}


@pytest.fixture(scope="session")
def full_lake(tmp_path_factory) -> Lake:
    """The story, and diagnostics, cancer waits and demographics of its providers."""
    home = tmp_path_factory.mktemp("full")
    lake = story(home)
    inbox = home / "more"
    inbox.mkdir()
    for basis in ("provider", "commissioner"):
        dm01_files.series(basis).save(inbox, f"dm01_{basis}.csv")
    (inbox / "cancer.xlsx").write_bytes(cancer().bytes())
    (inbox / "wlmds.xlsx").write_bytes(wlmds().bytes())
    waits().save(inbox, "cancer_62_day.csv")
    take(lake, inbox)
    return lake


@pytest.fixture(scope="session")
def built_lake(few_lake, shared) -> Lake:
    """A few ICBs with their forecasts worked out, once for all workers of a run."""
    with alone(shared / "few-built.lock"):
        if not book_file(few_lake).exists():
            build(few_lake, replicates=32)
    return few_lake


@pytest.fixture(autouse=True)
def _home(full_lake, settings) -> None:
    settings.CLOCKSTOP_HOME = full_lake.home


@pytest.fixture
def book(full_lake):
    """What the pages should say."""
    return figures_of(full_lake.home)


@dataclass(frozen=True)
class Page:
    """A page that was asked for."""

    soup: BeautifulSoup

    @property
    def heading(self) -> str:
        return words(self.soup.h1)

    def links(self, selector: str) -> dict[str, str]:
        return {words(link): link["href"] for link in self.soup.select(f"{selector} a")}

    def panel(self, key: str) -> Tag:
        (found,) = self.soup.select(f"section[aria-labelledby={key}]")
        return found

    @property
    def panels(self) -> list[str]:
        return [each["aria-labelledby"] for each in self.soup.select("section.app-panel")]

    def rows(self, key: str) -> list[list[str]]:
        """The cells of a panel's table, without its drawings and the headings of a phone."""
        rows = self.panel(key).select("tbody tr")
        cells = "th, td:not(.app-spark-cell)"
        return [[_cell(cell) for cell in row.select(cells)] for row in rows]

    def headings(self, key: str) -> list[str]:
        return [words(each) for each in self.panel(key).select("thead th")]


def words(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


def _cell(cell: Tag) -> str:
    hidden = [words(each) for each in cell.select("[aria-hidden]")]
    return words(cell).removeprefix(hidden[0] if hidden else "").strip()


@pytest.fixture
def read(client) -> Callable[[str], Page]:
    """Ask for a page that there must be."""

    def ask(address: str) -> Page:
        response = client.get(address)
        assert response.status_code == 200, address
        return Page(BeautifulSoup(response.content, "html.parser"))

    return ask
