"""A planner's question: what if demand, capacity and who is treated first were otherwise?

Read from JSON by ``scenario_reading``; ``sample_scenario.json`` shows every key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from clockstop.analytics.forecast.months.cube import Cells, Flags, Floats
from clockstop.core.types import Month

SEED, REPLICATES = 1, 1024
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Some lists: those of any of the providers that are in any of the functions and of the ICBs.

    None named means all of them.
    """

    providers: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    icbs: tuple[str, ...] = ()

    def among(self, cells: Cells) -> Flags:
        """Which of the cells it means, (cells,)."""
        chosen = np.ones(len(cells), dtype=np.bool_)
        for column, named in self.named():
            chosen &= np.isin(getattr(cells, column).astype(str), named)
        return chosen

    def named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The columns of cells that it names codes of, and the codes."""
        for column in ("provider", "function", "icb"):
            codes = getattr(self, f"{column}s")
            if codes:
                yield column, codes


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A change that builds up from the base month on: so many percent after each whole year."""

    percent_a_year: float
    where: Where = EVERYWHERE

    def factors(self, months: Sequence[Month]) -> Floats:
        """What it multiplies by in the months after the base month, (months,)."""
        years = np.arange(1, len(months) + 1) / MONTHS_A_YEAR
        return np.asarray((1 + self.percent_a_year / 100) ** years)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthByMonth:
    """So many percent more (less, if negative) in each month that is named; others stay."""

    percent_by_month: Mapping[Month, float]
    where: Where = EVERYWHERE

    def factors(self, months: Sequence[Month]) -> Floats:
        """What it multiplies by in the months, (months,)."""
        percents = [self.percent_by_month.get(month, 0) for month in months]
        return 1 + np.array(percents, dtype=np.float64) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStops:
    """So many clock stops a week more (fewer, if negative), in all the lists together.

    From the first to the last month, both included; left out, they are the scenario's own. Each
    list has its part of them by its capacity.
    """

    clock_stops_a_week: float
    from_month: Month | None = None
    to_month: Month | None = None
    where: Where = EVERYWHERE

    def added(self, months: Sequence[Month]) -> Floats:
        """The clock stops a week that it adds in the months, (months,)."""
        first, last = self.from_month or months[0], self.to_month or months[-1]
        inside = np.array([first <= month <= last for month in months])
        return self.clock_stops_a_week * inside


DemandChange: TypeAlias = Growth | MonthByMonth
CapacityChange: TypeAlias = Growth | MonthByMonth | ClockStops


@dataclass(frozen=True, slots=True, kw_only=True)
class Cliff:
    """By the census of a month nobody is to wait for more than so many weeks."""

    over_weeks: int
    by_month: Month


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentPolicy:
    """Who is treated first: a share (fraction) of capacity goes to waits over so many weeks."""

    long_wait_share: float = 0.0
    long_wait_weeks: int = 52
    cliff: Cliff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitTarget:
    """So many percent wait no longer than so many weeks, by a month (the last, if left out)."""

    percent: float
    within_weeks: int
    by_month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario: what changes after the base month, for how many months, and what is looked at.

    Changes that mean the same list all hold: percentages multiply, clock stops come on top.
    """

    title: str
    base_month: Month
    horizon_months: int
    demand: tuple[DemandChange, ...] = ()
    capacity: tuple[CapacityChange, ...] = ()
    policy: TreatmentPolicy = field(default_factory=TreatmentPolicy)
    targets: tuple[WaitTarget, ...] = ()
    seed: int = SEED
    replicates: int = REPLICATES

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that it is about: those after the base month, up to the horizon."""
        ahead = range(1, self.horizon_months + 1)
        return tuple(self.base_month.plus(months) for months in ahead)


class ScenarioRefusedError(ValueError):
    """A scenario that cannot be run; ``problems`` holds each: path in the file, found, expected."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
