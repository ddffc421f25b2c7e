"""Fetch months of a data set: read the pages, then bring what is new, one file after another.

Unless every page reads as expected nothing is fetched at all. After that each month stands for
itself: what is whole and checked is kept, whatever becomes of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from clockstop.analytics.published.fetchers.download import Downloaded, download
from clockstop.analytics.published.fetchers.fetching import (
    Fetcher,
    FetchReport,
    MonthResult,
    Outcome,
)
from clockstop.analytics.published.fetchers.manners import Manners, UnavailableError
from clockstop.analytics.published.fetchers.pages import Link
from clockstop.analytics.published.fetchers.shelf import Shelf, shelf
from clockstop.analytics.published.fetchers.site import Site
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

Progress = Callable[[MonthResult, int], None]


def fetch(
    fetcher: Fetcher,
    months: Sequence[Month],
    folder: Path,
    *,
    address: str | None = None,
    manners: Manners | None = None,
    progress: Progress | None = None,
) -> FetchReport:
    """Bring the months' files into the folder; ``address`` is where the pages lie, if elsewhere.

    ``progress`` is called after each month with its result and how many months there are.
    Raises ValueError for an address or a month that cannot be asked for, FileRefusedError if the
    folder's index cannot be read, FolderBusyError if somebody else is fetching into it, and
    OSError if the disk fails; what was fetched until then is whole and kept.
    """
    address = address or fetcher.address
    by_page = [
        (page, list(of)) for page, of in groupby(months, lambda m: fetcher.page_of(address, m))
    ]
    with Site(address, manners) as site, shelf(folder, fetcher.name) as held:
        links, problems = _links(fetcher, site, by_page)
        if problems:
            return FetchReport([], problems)
        return FetchReport(_Run(fetcher, site, held).all(links, progress))


def _links(
    fetcher: Fetcher, site: Site, by_page: Sequence[tuple[str, Sequence[Month]]]
) -> tuple[dict[Month, Link], list[Problem]]:
    """The link of every month, and what is wrong with all the pages."""
    links: dict[Month, Link] = {}
    problems: list[Problem] = []
    for url, months in by_page:
        try:
            links |= fetcher.find(site.page(url), months)
        except UnavailableError as error:  # who does not answer is not asked for more
            return {}, problems + error.problems
        except FileRefusedError as refusal:
            problems += refusal.problems
    return links, problems


class _Run:
    """The months of one run, after their links were found."""

    def __init__(self, fetcher: Fetcher, site: Site, held: Shelf) -> None:
        self.fetcher, self.site, self.held = fetcher, site, held
        self.is_over = False

    def all(self, links: Mapping[Month, Link], progress: Progress | None) -> list[MonthResult]:
        results = []
        for month, link in links.items():
            results.append(self._tried(month, link.url))
            if progress:
                progress(results[-1], len(links))
        return results

    def _tried(self, month: Month, url: str) -> MonthResult:
        if self.is_over:
            return MonthResult(str(month), Outcome.NOT_TRIED, url)
        try:
            return self._fetched(month, url)
        except UnavailableError as error:  # its part is kept, to go on with
            self.is_over = True
            return MonthResult(str(month), Outcome.REFUSED, url, problems=error.problems)
        except FileRefusedError as refusal:
            self.held.part(month).drop()
            return MonthResult(str(month), Outcome.REFUSED, url, problems=refusal.problems)

    def _fetched(self, month: Month, url: str) -> MonthResult:
        held = self.held.intact(month)
        known = held.version if held and held.url == url else None
        done = download(self.site, url, self.held.part(month), known)
        if done is None or (held and held.sha256 == done.sha256):
            return self._unchanged(month, url, done)
        return self._new(month, url, done)

    def _unchanged(self, month: Month, url: str, done: Downloaded | None) -> MonthResult:
        """The file is as it was; where it lies now may not be."""
        record = self.held.index.current(month)
        assert record is not None
        file = self.held.folder / record.file
        if done is not None:
            done.part.drop()
            self.held.enter(month, file, done.version, done.sha256)
        return MonthResult(str(month), Outcome.UNCHANGED, url, file)

    def _new(self, month: Month, url: str, done: Downloaded) -> MonthResult:
        self.fetcher.check(done.part.file, month, url.rsplit("/", 1)[-1])
        before = self.held.latest(month)
        file = self.held.put(month, done)
        if before is None or before == file:
            return MonthResult(str(month), Outcome.FETCHED, url, file)
        return MonthResult(str(month), Outcome.REVISED, url, file, replaces=before)
