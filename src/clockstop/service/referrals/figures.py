"""The waits beside each service of the menu: the same tables that the public pages read (E12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clockstop.analytics.forecast.expected.waits import ExpectedWaits, Within
from clockstop.service.compare.book import NoDataYet, current_book, current_waits


@dataclass(frozen=True, slots=True)
class Waits:
    """A provider's waits in one treatment function, in weeks; None where they cannot be told.

    ``expected`` is for somebody who joins now: half, 8 in 10 and 92 in 100 are treated within.
    ``treated`` is within how many weeks 8 in 10 of those treated lately were; ``waiting`` how many
    wait.
    """

    expected_half: float | None = None
    expected_most: float | None = None
    expected_nearly_all: float | None = None
    waiting_most: float | None = None
    waiting: int | None = None
    is_stale: bool = False


NOT_KNOWN = Waits()


def waits_of(function: str) -> Mapping[str, Waits]:
    """By provider, the waits in a treatment function; empty where no figures were brought in."""
    try:
        book: Any = current_book()
        return _waits(book, current_waits(), function)
    except NoDataYet:
        return {}


def wait_ahead(provider: str, function: str, waited: int) -> Within | None:
    """How much longer somebody waits who has waited so many weeks; None where it cannot be told."""
    try:
        ahead = current_waits()
    except NoDataYet:
        return None
    found = ahead.expected(provider, function, waited) if ahead else None
    return found.within.get("all") if found else None


@lru_cache(maxsize=64)
def _waits(book: Any, ahead: ExpectedWaits | None, function: str) -> Mapping[str, Waits]:
    found = {}
    for each in book.compare(function):
        expected = ahead.expected(each.provider, function) if ahead else None
        within = expected.within.get("all") if expected else None
        found[each.provider] = Waits(
            within.p50 if within else None,
            within.p80 if within else None,
            within.p92 if within else None,
            None if each.waiting.is_small else each.waiting.p80.weeks,
            each.waiting.count,
            each.is_stale,
        )
    return found
