"""Exponential smoothing and Theta, of each figure by itself.

Each series is the months that the group sent, with no season, since two whole years are needed to
tell one. The intervals are the model's own, normal around the forecast. A list too small to smooth,
of at most ``SMALL`` pathways, and a series of fewer than ``LEAST`` months or one that never changed
are left to no change.

With its settings fixed a smoother is linear in the series, so that every setting of a grid is tried
on all lists at once, and each series takes the one that errs least one month ahead.

Sources: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), §3.2 and
§6.3, for ETS(A,Ad,N) and, on fewer than ``SHORT`` months, ETS(A,N,N); Assimakopoulos and
Nikolopoulos, International Journal of Forecasting 16 (2000), and Hyndman and Billah, the same 19
(2003), for Theta.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.proof.baselines.history import history
from clockstop.analytics.forecast.proof.baselines.linear_smoothers import (
    Smoother,
    damped_trends,
    levels,
    thetas,
)
from clockstop.analytics.forecast.proof.baselines.naive import no_change
from clockstop.analytics.forecast.proof.baselines.past_errors import with_past_errors
from clockstop.analytics.forecast.quantiles import (
    QUANTILES,
    Floats,
    Quantiles,
    keys_of,
    possible,
)

SMALL = 500
LEAST, SHORT = 4, 8
# The smoothers to choose from for series of a length, and so many months ahead.
Grid: TypeAlias = Callable[[int, int], Sequence[Smoother]]
_DEVIATES = np.array([NormalDist().inv_cdf(quantile) for quantile in QUANTILES])
_no_change = with_past_errors(no_change)


def ets(cube: Cube, months: int) -> Quantiles:
    """The forecast of a damped additive trend, or of a level alone on a short series."""
    return _smoothed(cube, months, lambda known, ahead: _grid_of_ets(known)(known, ahead))


def theta(cube: Cube, months: int) -> Quantiles:
    """The forecast of the Theta method."""
    return _smoothed(cube, months, thetas)


def _grid_of_ets(known: int) -> Grid:
    return damped_trends if known >= SHORT else levels


def _smoothed(cube: Cube, months: int, grid: Grid) -> Quantiles:
    said = _no_change(cube, months)
    values, figures = said.values.copy(), history(cube)
    large = cube.waiting[-1].sum(axis=1) > SMALL
    lengths = cube.sent.sum(axis=0)
    for length in np.unique(lengths[large & (lengths >= LEAST)]):
        groups = np.flatnonzero(large & (lengths == length))
        series = np.stack([figures[cube.sent[:, group], group] for group in groups], axis=1)
        mean, deviation = fitted(series.reshape(length, -1), grid(int(length), months))
        ahead = (mean[..., None] + deviation[..., None] * _DEVIATES).swapaxes(0, 1)
        found = ahead.reshape(*series.shape[1:], *ahead.shape[1:]).swapaxes(1, 2)
        changed = np.ptp(series, axis=0)[:, None, :, None] > 0
        values[groups] = np.where(changed, found, values[groups])
    return Quantiles(said.months, keys_of(cube), possible(values))


def fitted(series: Floats, grid: Sequence[Smoother]) -> tuple[Floats, Floats]:
    """The means and standard deviations (months ahead, series) of series (months, series).

    Each by the smoother whose squared errors one month ahead are the least.
    """
    least = np.full(series.shape[1], np.inf)
    mean, deviation = (np.empty((len(grid[0].ahead), len(least))) for _ in range(2))
    for smoother in grid:
        errors = smoother.errors @ series
        squares = (errors**2).sum(axis=0)
        better = squares < least
        mean[:, better] = smoother.ahead @ series[:, better]
        deviation[:, better] = smoother.growth[:, None] * smoother.scale(errors[:, better])
        least[better] = squares[better]
    return mean, deviation
