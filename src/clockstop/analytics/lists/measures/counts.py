"""How many: the sizes of the parts of the return, and the long waits."""

from __future__ import annotations

from collections.abc import Iterator

from clockstop.analytics.lists.measures.measure import ABSENT, RETURN, Kind, Measure, Unit
from clockstop.analytics.lists.measures.waits import ADMITTED, NONADMITTED, WAITING
from clockstop.core.rtt.week_bands import LONG_WAIT_WEEKS, STANDARD_WEEKS, over, within
from clockstop.core.types import Part

STOPS = "The end of a wait can be a decision not to treat, not only a treatment."


def count_measures() -> Iterator[Measure]:
    """The size of each part of the return, and the list's long waits and those within 18 weeks."""
    yield from _totals()
    yield from _long_waits()


def _totals() -> Iterator[Measure]:
    yield _count("incomplete_pathways", "Waiting list", Part.INCOMPLETE, WAITING.population, ABSENT)
    yield _count(
        "admitted_stops", "Treated with admission", Part.ADMITTED, ADMITTED.population, STOPS
    )
    yield _count(
        "nonadmitted_stops",
        "Treated without admission",
        Part.NONADMITTED,
        NONADMITTED.population,
        STOPS,
    )
    yield _count(
        "new_periods",
        "New waits",
        Part.NEW_PERIODS,
        "RTT clocks started in the month",
        "Clocks recorded late are in no month's new periods.",
    )
    yield _count(
        "incomplete_dta",
        "Waiting for admission",
        Part.INCOMPLETE_DTA,
        f"{WAITING.population} with a decision to admit",
        "Meant to be part of the waiting list; some official files have cells where it is more.",
    )


def _long_waits() -> Iterator[Measure]:
    text = WAITING.population
    for weeks in LONG_WAIT_WEEKS:
        yield _count(
            f"over_{weeks}_weeks",
            f"Over {weeks} weeks",
            Part.INCOMPLETE,
            f"{text}, for more than {weeks} weeks",
            ABSENT,
            bands=over(weeks),
        )
    yield _count(
        "within_18_weeks",
        "Within 18 weeks",
        Part.INCOMPLETE,
        f"{text}, for at most 18 weeks",
        ABSENT,
        bands=within(STANDARD_WEEKS),
    )


def _count(
    key: str, name: str, part: Part, text: str, caveat: str, *, bands: range | None = None
) -> Measure:
    return Measure(
        key=key,
        name=name,
        kind=Kind.COUNT,
        parts=(part,),
        numerator=text,
        unit=Unit.PATHWAYS,
        source=RETURN,
        caveat=caveat,
        bands=bands,
    )
