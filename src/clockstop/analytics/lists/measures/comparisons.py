"""What is made of other figures: shares, flows and changes."""

from __future__ import annotations

from collections.abc import Iterator

from clockstop.analytics.lists.measures.measure import (
    ABSENT,
    DERIVED,
    OVERVIEW,
    RETURN,
    Kind,
    Measure,
    Unit,
)
from clockstop.analytics.lists.measures.waits import WAITING
from clockstop.core.rtt.week_bands import STANDARD_WEEKS, over, within
from clockstop.core.types import Part

_LIST = (Part.INCOMPLETE,)
_STOPS = (Part.ADMITTED, Part.NONADMITTED)


def comparison_measures() -> Iterator[Measure]:
    """Shares of the list, unreported removals, clearance time and the list's changes."""
    yield _share(
        "pct_within_18_weeks", "Share within 18 weeks", "at most 18", within(STANDARD_WEEKS)
    )
    yield _share("pct_over_52_weeks", "Share over 52 weeks", "more than 52", over(52))
    yield from _rates()
    yield from _changes()


def _share(key: str, name: str, weeks: str, bands: range) -> Measure:
    return Measure(
        key=key,
        name=name,
        kind=Kind.SHARE,
        parts=_LIST,
        numerator=f"{WAITING.population}, for {weeks} weeks",
        denominator=WAITING.population,
        unit=Unit.FRACTION,
        source=RETURN,
        caveat="A share of the people still waiting, not of those treated.",
        bands=bands,
    )


def _rates() -> Iterator[Measure]:
    yield _derived(
        "unreported_removals",
        "Unreported removals",
        (*_LIST, *_STOPS, Part.NEW_PERIODS),
        "Last month's list, and new periods, less clock stops, less this month's list",
        "What the returns leave unexplained: people taken off the list without a reported clock "
        "stop, transfers and corrections. It needs the month before; a provider that stops "
        "sending returns looks like removals.",
        source=OVERVIEW,
    )
    yield _derived(
        "clearance_weeks",
        "Clearance time",
        (*_LIST, *_STOPS),
        WAITING.population,
        "How long the list would take at this month's rate if nobody joined it: no forecast.",
        denominator="Clock stops for each week of the month",
        unit=Unit.WEEKS,
    )


def _changes() -> Iterator[Measure]:
    for key, name, before in (
        ("change_on_month", "Change on the month", "the month before"),
        ("change_on_year", "Change on the year", "the same month a year before"),
    ):
        text = f"This month's list less that of {before}"
        yield _derived(key, name, _LIST, text, f"Not given without a list of {before}. {ABSENT}")


def _derived(
    key: str,
    name: str,
    parts: tuple[Part, ...],
    numerator: str,
    caveat: str,
    *,
    denominator: str | None = None,
    unit: Unit = Unit.PATHWAYS,
    source: str = DERIVED,
) -> Measure:
    return Measure(
        key=key,
        name=name,
        kind=Kind.DERIVED,
        parts=parts,
        numerator=numerator,
        denominator=denominator,
        unit=unit,
        source=source,
        caveat=caveat,
    )
