"""NHS England's RTT pages on the fault server: a few months, their files small but whole."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.analytics.published.extracts import rtt
from tests.analytics.published.fetchers.fault_server import File, Play, Server, page
from tests.analytics.published.fetchers.publication import html_of, packed, text_of, url_of

from clockstop.analytics.published.fetchers.fetching import FetchReport
from clockstop.analytics.published.fetchers.rtt import page_of
from clockstop.core.types import Month

PAGES = "/statistics/statistical-work-areas/rtt-waiting-times/"
MONTHS = [Month(2025, 2), Month(2025, 3), Month(2025, 4)]  # two financial years


@cache
def extract(month: str, seed: int = 1) -> bytes:
    return packed(("extract.csv", rtt(month, seed=seed).bytes()))


def file(month: Month, seed: int = 1) -> File:
    return File(extract(str(month), seed), f'"{month}-{seed}"')


class Publication:
    """What the pages link and the files behind it, as published until now."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = f"{server.address}{PAGES}"
        self.links: dict[Month, tuple[str, str]] = {}
        for month in MONTHS:
            self.publish(month, file(month))

    def publish(self, month: Month, *plays: Play, suffix: str = "", name: str = "SrRW6y") -> str:
        """Link a month's file, instead of the one before; the path where it lies."""
        path = url_of(str(month), name)
        self.links[month] = (text_of(str(month), suffix), path)
        self.server.play(path, *plays)
        self.write_pages()
        return path

    def write_pages(self) -> None:
        pages = defaultdict(list)
        for month, link in self.links.items():
            pages[page_of(PAGES, month)].append(link)
        for path, links in pages.items():
            self.server.play(path, page(html_of(links)))


def outcomes(report: FetchReport) -> list[str]:
    return [month.outcome for month in report.months]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def index(folder: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((folder / "fetched.json").read_text())["months"]
