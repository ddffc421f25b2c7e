"""How the list of each treatment function rises and falls over the year, beside England's.

``function_season.csv`` holds a wave of one year for each function. They are our own estimate by
``estimated`` from NHS England's published lists by ICB and treatment function, in the months before
any origin that a back-test looks at, so that none sees its future. A function without one has none.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from clockstop.core.types import Month

Floats = npt.NDArray[np.float64]
LAST = Month(2024, 3)  # of the estimate: the month before the first that forecasts start from
_BREAK, _MOST = 0.3, 0.05  # of a change in a month: what is no season, and what one may tell


@dataclass(frozen=True, slots=True)
class Wave:
    """What a calendar month adds to the logarithm of a list, for an angle of ``month / 12``."""

    cosine: float
    sine: float


@cache
def function_season() -> Mapping[str, Wave]:
    """The waves that forecasts use, by treatment function."""
    table = files(__package__).joinpath("function_season.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    return {row["function"]: Wave(float(row["cosine"]), float(row["sine"])) for row in rows}


def seasonal_growth(functions: npt.NDArray[Any], origin: Month, months: int) -> Floats:
    """What the season adds to the logarithm of each list by each month after the origin.

    ``functions`` (cells,) are the codes of the lists' functions; (cells, months).
    """
    angles = _angles([origin.plus(ahead) for ahead in range(1, months + 1)])
    waves = np.stack([np.cos(angles), np.sin(angles)]).cumsum(axis=1)
    season, none = function_season(), Wave(0.0, 0.0)
    sizes = [season.get(str(code), none) for code in functions]
    growth: Floats = np.array([(each.cosine, each.sine) for each in sizes]).reshape(-1, 2) @ waves
    return growth


def estimated(lists: Mapping[str, Mapping[Month, float]]) -> dict[str, Wave]:
    """The wave of each function's list by month, up to ``LAST``; a month not given is between.

    Least squares on how much more than England's the logarithm of the list changed in each month,
    drawn towards none by as much as chance alone makes such waves differ (empirical Bayes).
    Functions whose list ever changed by more than ``_BREAK`` in a month have none, and England is
    the sum of the others.
    """
    months = sorted({month for each in lists.values() for month in each if month <= LAST})
    span = [months[0].plus(at) for at in range(_between(months[0], months[-1]) + 1)]
    known = {code: _logarithms(each, months, span) for code, each in lists.items()}
    smooth = {code: each for code, each in known.items() if np.abs(np.diff(each)).max() < _BREAK}
    sizes = np.array(list(smooth.values())).T
    changes = np.diff(sizes - np.log(np.exp(sizes).sum(axis=1, keepdims=True)), axis=0)
    changes -= np.median(changes, axis=0)
    waves = _waves(np.clip(changes, -_MOST, _MOST), _angles(span[1:]))
    return {code: Wave(*map(float, wave)) for code, wave in zip(smooth, waves.T, strict=True)}


def _waves(changes: Floats, angles: Floats) -> Floats:
    """The cosine and sine of each function, (2, functions), of changes (months, functions)."""
    wave = np.stack([np.ones(len(angles)), np.cos(angles), np.sin(angles)], axis=1)
    found = np.linalg.lstsq(wave, changes, rcond=None)[0]
    chance = ((changes - wave @ found) ** 2).sum(axis=0).mean() / (len(angles) - 3)
    noise = chance * np.diag(np.linalg.inv(wave.T @ wave))[1:].sum()
    told = max(0.0, 1 - noise / (found[1:] ** 2).mean(axis=1).sum())
    waves: Floats = told * found[1:]
    return waves


def _logarithms(
    sizes: Mapping[Month, float], months: Sequence[Month], span: Sequence[Month]
) -> Floats:
    held = [month for month in months if sizes.get(month)]
    at = [_between(span[0], month) for month in held]
    return np.interp(range(len(span)), at, np.log([sizes[month] for month in held]))


def _angles(months: Sequence[Month]) -> Floats:
    return np.array([2 * np.pi * (month.number - 1) / 12 for month in months])


def _between(first: Month, last: Month) -> int:
    return 12 * (last.year - first.year) + last.number - first.number
