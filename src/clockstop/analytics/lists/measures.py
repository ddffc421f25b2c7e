"""What each measure is: one table for the computation, the pages and the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from clockstop.core.rtt.week_bands import LONG_WAIT_WEEKS, STANDARD_WEEKS, over, within
from clockstop.core.types import Part

RETURN = "NHS England, consultant-led RTT waiting times, full CSV data file"
OVERVIEW = "NHS England, RTT overview time series, derived unreported removals"
DERIVED = "Derived by Clockstop from the RTT full CSV data file"

ABSENT = "A provider that sent no return is left out of the sum: its list has not fallen."
STOPS = "The end of a wait can be a decision not to treat, not only a treatment."
OPEN_ENDED = "104+ when it lies in the open last band."
SMALL = f"Not given below 20 pathways; {OPEN_ENDED}"
KNOWN = "Counts the pathways with a known clock start only."
FLOOR = "Takes each week at its middle and every wait over 104 weeks as 104: the least it can be."


class Unit(StrEnum):
    """What a measure is counted in."""

    PATHWAYS = "pathways"
    FRACTION = "fraction"
    WEEKS = "weeks"


class Kind(StrEnum):
    """How a measure is made from the week bands of its parts."""

    COUNT = "count"
    QUANTILE = "quantile"
    MEAN = "mean"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A named measure; ``parts`` are the parts of the return that it reads.

    ``denominator`` is None for a plain count. A count takes the pathways of ``bands``, or all of
    its part, unknown clock starts too; a quantile takes ``percent``.
    """

    key: str
    name: str
    kind: Kind
    parts: tuple[Part, ...]
    numerator: str
    denominator: str | None = None
    unit: Unit
    source: str
    caveat: str
    bands: range | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class _Waits:
    """One part's waits: how its measures begin, in keys and in words."""

    part: Part
    prefix: str
    tail: str
    population: str
    caveat: str


_WAITING = _Waits(
    Part.INCOMPLETE, "", "so far", "Pathways waiting on the last day of the month", SMALL
)
_ADMITTED = _Waits(
    Part.ADMITTED,
    "admitted_",
    "of people treated with admission",
    "Clock stops of the month with an admission",
    f"{KNOWN} {SMALL}",
)
_NONADMITTED = _Waits(
    Part.NONADMITTED,
    "nonadmitted_",
    "of people treated without admission",
    "Clock stops of the month without an admission",
    f"{KNOWN} {SMALL}",
)
_ALL_WAITS = (_WAITING, _ADMITTED, _NONADMITTED)
_STOPS = (Part.ADMITTED, Part.NONADMITTED)
_PERCENTILES = (
    (50, "median", "Median"),
    (80, "p80", "80th percentile"),
    (92, "p92", "92nd percentile"),
    (95, "p95", "95th percentile"),
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


def _totals() -> Iterator[Measure]:
    yield _count(
        "incomplete_pathways", "Waiting list", Part.INCOMPLETE, _WAITING.population, ABSENT
    )
    yield _count(
        "admitted_stops", "Treated with admission", Part.ADMITTED, _ADMITTED.population, STOPS
    )
    yield _count(
        "nonadmitted_stops",
        "Treated without admission",
        Part.NONADMITTED,
        _NONADMITTED.population,
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
        f"{_WAITING.population} with a decision to admit",
        "Meant to be part of the waiting list; some official files have cells where it is more.",
    )


def _long_waits() -> Iterator[Measure]:
    text = _WAITING.population
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


def _quantiles(waits: _Waits) -> Iterator[Measure]:
    for percent, key, name in _PERCENTILES:
        yield Measure(
            key=f"{waits.prefix}{key}_weeks",
            name=f"{name} wait {waits.tail}",
            kind=Kind.QUANTILE,
            parts=(waits.part,),
            numerator=f"The wait that {percent} in 100 do not exceed",
            denominator=waits.population,
            unit=Unit.WEEKS,
            source=RETURN,
            caveat=waits.caveat,
            percent=percent,
        )


def _mean(waits: _Waits) -> Measure:
    return Measure(
        key=f"{waits.prefix}mean_weeks",
        name=f"Mean wait {waits.tail}",
        kind=Kind.MEAN,
        parts=(waits.part,),
        numerator="All waits added up, in weeks",
        denominator=waits.population,
        unit=Unit.WEEKS,
        source=DERIVED,
        caveat=FLOOR,
    )


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


def _comparisons() -> Iterator[Measure]:
    waiting = (Part.INCOMPLETE,)
    yield _derived(
        "pct_within_18_weeks",
        "Share within 18 weeks",
        waiting,
        f"{_WAITING.population}, for at most 18 weeks",
        "A share of the people still waiting, not of those treated.",
        denominator=_WAITING.population,
        unit=Unit.FRACTION,
        source=RETURN,
    )
    yield _derived(
        "unreported_removals",
        "Unreported removals",
        (*waiting, *_STOPS, Part.NEW_PERIODS),
        "Last month's list, and new periods, less clock stops, less this month's list",
        "What the returns leave unexplained: people taken off the list without a reported clock "
        "stop, transfers and corrections. It needs the month before; a provider that stops "
        "sending returns looks like removals.",
        source=OVERVIEW,
    )
    yield _derived(
        "clearance_weeks",
        "Clearance time",
        (*waiting, *_STOPS),
        _WAITING.population,
        "How long the list would take at this month's rate if nobody joined it: no forecast.",
        denominator="Clock stops for each week of the month",
        unit=Unit.WEEKS,
    )
    for key, name, before in (
        ("change_on_month", "Change on the month", "the month before"),
        ("change_on_year", "Change on the year", "the same month a year before"),
    ):
        text = f"This month's list less that of {before}"
        yield _derived(key, name, waiting, text, f"Not given without a list of {before}. {ABSENT}")


HEADLINE_MEASURES: Final = (
    "incomplete_pathways",
    "within_18_weeks",
    "pct_within_18_weeks",
    "over_18_weeks",
    "over_52_weeks",
    "over_65_weeks",
    "over_78_weeks",
    "over_104_weeks",
    "median_weeks",
    "p92_weeks",
    "admitted_stops",
    "admitted_median_weeks",
    "admitted_p95_weeks",
    "nonadmitted_stops",
    "nonadmitted_median_weeks",
    "nonadmitted_p95_weeks",
    "new_periods",
    "incomplete_dta",
    "unreported_removals",
)
FURTHER_MEASURES: Final = (
    "p80_weeks",
    "p95_weeks",
    "admitted_p80_weeks",
    "admitted_p92_weeks",
    "nonadmitted_p80_weeks",
    "nonadmitted_p92_weeks",
    "mean_weeks",
    "admitted_mean_weeks",
    "nonadmitted_mean_weeks",
    "clearance_weeks",
    "change_on_month",
    "change_on_year",
)


def _defined() -> dict[str, Measure]:
    measures = [*_totals(), *_long_waits(), *_comparisons()]
    for waits in _ALL_WAITS:
        measures += [*_quantiles(waits), _mean(waits)]
    by_key = {measure.key: measure for measure in measures}
    return {key: by_key[key] for key in (*HEADLINE_MEASURES, *FURTHER_MEASURES)}


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(_defined())
