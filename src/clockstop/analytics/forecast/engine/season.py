"""Referrals and treatments by calendar month, beside what the working days explain.

``season.csv`` holds the factors, around 1, of a working day of each calendar month. They are our
own estimate by ``estimated`` from NHS England's overview series of new RTT periods and completed
pathways, in the years before any origin that a back-test looks at, so that none sees its future.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from clockstop.core.rulebook.working_days import working_days_of
from clockstop.core.types import Month

Floats = npt.NDArray[np.float64]
MONTHS, AROUND = 12, 6  # a month is held against the months up to so many before and after it
# Whole calendar years, without the pandemic and what is later than the first back-tested origin.
YEARS = (2016, 2017, 2018, 2019, 2022, 2023)


@dataclass(frozen=True, slots=True)
class Season:
    """Factors by calendar month, January first, around 1."""

    arrivals: tuple[float, ...]
    treatment: tuple[float, ...]


@cache
def season() -> Season:
    """The factors that forecasts use."""
    table = files(__package__).joinpath("season.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in table.splitlines() if not line.startswith("#")))
    return Season(*(tuple(float(row[name]) for row in rows) for name in ("arrivals", "treatment")))


def estimated(counts: Mapping[Month, float]) -> tuple[float, ...]:
    """The factor of each calendar month: its counts a working day, held against a year around.

    For every month of ``YEARS``, the logarithm of its count a working day less the mean of the 13
    months around it; the mean of these by calendar month, brought to 1 over the year.
    """
    months = sorted(counts)
    rates = np.log([counts[month] / working_days_of(month) for month in months])
    near: list[list[float]] = [[] for _ in range(MONTHS)]
    for at, month in enumerate(months):
        if month.year in YEARS:
            around = rates[max(0, at - AROUND) : at + AROUND + 1]
            near[month.number - 1].append(float(rates[at] - around.mean()))
    factors: Floats = np.exp([np.mean(each) for each in near])
    return tuple(float(each) for each in factors / factors.mean())
