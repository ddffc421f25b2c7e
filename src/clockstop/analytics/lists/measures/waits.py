"""How long people wait: the percentiles and the mean of each part of the return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clockstop.analytics.lists.measures.measure import DERIVED, RETURN, Kind, Measure, Unit
from clockstop.core.types import Part

OPEN_ENDED = "104+ when it lies in the open last band."
SMALL = f"Not given below 20 pathways; {OPEN_ENDED}"
KNOWN = "Counts the pathways with a known clock start only."
FLOOR = "Takes each week at its middle and every wait over 104 weeks as 104: the least it can be."


@dataclass(frozen=True, slots=True)
class Waits:
    """One part's waits: how its measures begin, in keys and in words."""

    part: Part
    prefix: str
    tail: str
    population: str
    caveat: str


WAITING = Waits(
    Part.INCOMPLETE, "", "so far", "Pathways waiting on the last day of the month", SMALL
)
ADMITTED = Waits(
    Part.ADMITTED,
    "admitted_",
    "of people treated with admission",
    "Clock stops of the month with an admission",
    f"{KNOWN} {SMALL}",
)
NONADMITTED = Waits(
    Part.NONADMITTED,
    "nonadmitted_",
    "of people treated without admission",
    "Clock stops of the month without an admission",
    f"{KNOWN} {SMALL}",
)
_PERCENTILES = (
    (50, "median", "Median"),
    (80, "p80", "80th percentile"),
    (92, "p92", "92nd percentile"),
    (95, "p95", "95th percentile"),
)


def wait_measures() -> Iterator[Measure]:
    """The percentiles and the mean of people waiting and of people treated."""
    for each in (WAITING, ADMITTED, NONADMITTED):
        yield from _quantiles(each)
        yield _mean(each)


def _quantiles(of: Waits) -> Iterator[Measure]:
    for percent, key, name in _PERCENTILES:
        yield Measure(
            key=f"{of.prefix}{key}_weeks",
            name=f"{name} wait {of.tail}",
            kind=Kind.QUANTILE,
            parts=(of.part,),
            numerator=f"The wait that {percent} in 100 do not exceed",
            denominator=of.population,
            unit=Unit.WEEKS,
            source=RETURN,
            caveat=of.caveat,
            percent=percent,
        )


def _mean(of: Waits) -> Measure:
    return Measure(
        key=f"{of.prefix}mean_weeks",
        name=f"Mean wait {of.tail}",
        kind=Kind.MEAN,
        parts=(of.part,),
        numerator="All waits added up, in weeks",
        denominator=of.population,
        unit=Unit.WEEKS,
        source=DERIVED,
        caveat=FLOOR,
    )
