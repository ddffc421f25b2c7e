"""What fetching a data set means: how it is described, and what became of each month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from clockstop.analytics.published.fetchers.pages import Link, Page
from clockstop.analytics.published.problems import Problem
from clockstop.core.types import Month


class Outcome(StrEnum):
    """What became of a month's file."""

    FETCHED = "fetched"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class Fetcher:
    """One data set that can be fetched month by month.

    ``address`` is where its pages lie unless the user says otherwise. ``page_of`` gives the
    address of the page that a month stands on. ``find`` picks a page's link for each month wanted,
    and ``check`` judges a file that was fetched (its path, its month, what to call it); both raise
    FileRefusedError with every fault found.
    """

    name: str
    address: str
    page_of: Callable[[str, Month], str]
    find: Callable[[Page, Iterable[Month]], Mapping[Month, Link]]
    check: Callable[[Path, Month, str], None]


@dataclass(frozen=True)
class MonthResult:
    """One month of a run. ``file`` is the whole and checked file, None where there is none."""

    month: str
    outcome: Outcome
    url: str
    file: Path | None = None
    replaces: Path | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class FetchReport:
    """Every month of a run; ``problems`` are those of the pages, on which nothing is fetched."""

    months: list[MonthResult]
    problems: list[Problem] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every month asked for now lies there whole."""
        return not self.problems and all(month.file for month in self.months)

    @property
    def files(self) -> list[Path]:
        """The current file of each month, oldest month first."""
        return [month.file for month in self.months if month.file]


def months_between(first: Month, last: Month) -> list[Month]:
    """The months from the first to the last, both included. Raises ValueError if there are none."""
    if last < first:
        raise ValueError(f"{first} to {last} is no period: the first month comes after the last")
    count = (last.year - first.year) * 12 + last.number - first.number + 1
    return [first.plus(n) for n in range(count)]
