"""The calendar of a series: trend, season and chance weather of each month around the reference.

The reference month is the one that is made like England in September 2025: that month if the
series has it, else the last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.synthetic.targets import SOURCE_MONTH
from clockstop.core.types import Month

# Demand and treatment by calendar month, January first, around 1: fewer in August and at Christmas.
_DEMAND = (1.02, 1.02, 1.03, 0.98, 1.01, 1.01, 1.02, 0.93, 1.02, 1.04, 1.02, 0.90)
_TREATMENT = (1.00, 1.02, 1.03, 0.96, 1.00, 1.02, 1.03, 0.95, 1.03, 1.04, 1.03, 0.89)
WEATHER = 0.012  # standard deviation of either from month to month
DAYS_A_WEEK, DAYS_A_YEAR, MONTHS_A_YEAR = 7, 365.25, 12
WEEKS_A_YEAR = DAYS_A_YEAR / DAYS_A_WEEK


@dataclass(frozen=True)
class Calendar:
    """The months of a series, oldest first, and what is special about each."""

    months: Sequence[Month]
    demand: tuple[float, ...]
    treatment: tuple[float, ...]

    @property
    def reference(self) -> int:
        """The number of the reference month, from 0."""
        last = len(self.months) - 1
        return self.months.index(SOURCE_MONTH) if SOURCE_MONTH in self.months else last

    def years(self, number: int) -> float:
        """Years from the reference month to another; negative before it."""
        return (number - self.reference) / MONTHS_A_YEAR

    def lengths(self, number: int) -> Iterator[float]:
        """The weeks of a month: four whole ones, and the days beyond them as part of one."""
        days = self.months[number].days
        yield from [1.0] * (days // DAYS_A_WEEK)
        if days % DAYS_A_WEEK:
            yield days % DAYS_A_WEEK / DAYS_A_WEEK


def make_calendar(months: Sequence[Month], rng: np.random.Generator) -> Calendar:
    """The calendar of these months, with chance weather."""
    demand, treatment = rng.normal(1, WEATHER, (2, len(months))).tolist()
    return Calendar(
        months,
        tuple(_DEMAND[m.number - 1] * chance for m, chance in zip(months, demand, strict=True)),
        tuple(
            _TREATMENT[m.number - 1] * chance for m, chance in zip(months, treatment, strict=True)
        ),
    )
