"""The interval of a rule that has none of its own: how far it was off at earlier origins.

The rule is asked again at each earlier origin of the cube, and its errors there, relative to one
more than the count it gave and as they are for a share, tell how far it may be off now. Each error
counts both ways, so that the middle of the forecast stays what the rule says. A group's own errors
are taken where all of at least ``OWN`` are known; otherwise those of every group whose forecast
had about the same size. A horizon that no earlier origin has reached takes the errors of the
longest that one has, times the square root of the ratio, as those of a random walk grow.

Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), §5.5 and §5.10.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.proof.baselines.history import Point, history
from clockstop.analytics.forecast.quantiles import (
    MEASURES,
    QUANTILES,
    SHARE,
    SIZE,
    Floats,
    Forecaster,
    Quantiles,
    keys_of,
    months_after,
    possible,
)

OWN = 10
FIRST = 2  # months that a rule has to see
_POOL = 30  # errors below which a size is pooled with all others
_SIZES = (1, 10, 100, 1_000, 10_000)
_COVERED = tuple(1 - 2 * quantile for quantile in QUANTILES if quantile < 1 / 2)
_SHARE, _SIZE = MEASURES.index(SHARE), MEASURES.index(SIZE)
Classes = npt.NDArray[np.int64]


def with_past_errors(point: Point) -> Forecaster:
    """The forecaster whose medians are those of the rule, and whose width its past errors."""

    def forecast(cube: Cube, months: int) -> Quantiles:
        ahead = months_after(cube, months)
        centre = point(cube, months)
        width = _widths(centre, *_past(point, cube, months)) * _scale(centre)[..., None]
        return Quantiles(ahead, keys_of(cube), _spread(centre, width))

    return forecast


def _past(point: Point, cube: Cube, months: int) -> tuple[Floats, Classes]:
    """The sizes of the errors, and the classes of the forecasts: (origins, groups, months, …)."""
    known = history(cube)
    ends = range(FIRST, len(cube.months))
    shape = (len(ends), len(cube.cells), months, len(MEASURES))
    errors, classes = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    for at, end in enumerate(ends):
        ahead = min(months, len(cube.months) - end)
        said = point(cube.until(cube.months[end - 1]), ahead)
        came = known[end : end + ahead].swapaxes(0, 1)
        errors[at, :, :ahead] = np.abs(came - said) / _scale(said)
        classes[at, :, :ahead] = _classes(said)
    return errors, classes


def _scale(said: Floats) -> Floats:
    scale = np.maximum(said, 0.0) + 1
    scale[..., _SHARE] = 1
    return scale


def _classes(said: Floats) -> Classes:
    """How large each forecast is: a count by itself, a share by its list."""
    sizes = said.copy()
    sizes[..., _SHARE] = said[..., _SIZE]
    return np.digitize(sizes, _SIZES)


def _widths(centre: Floats, errors: Floats, classes: Classes) -> Floats:
    """Half the width of each interval, relative: (groups, months, measures, intervals)."""
    now = _classes(centre)
    widths = np.zeros((*centre.shape, len(_COVERED)))
    for measure in range(len(MEASURES)):
        longest = 0
        for month in range(centre.shape[1]):
            if np.isfinite(errors[:, :, month, measure]).any():
                longest = month
            at = (..., longest, measure)
            found = _quantiles(errors[at], classes[at], now[:, month, measure])
            widths[:, month, measure] = found * np.sqrt((month + 1) / (longest + 1))
    return widths


def _quantiles(errors: Floats, classes: Classes, now: Classes) -> Floats:
    """The quantiles (groups, intervals) of one horizon's errors (origins, groups)."""
    known = np.isfinite(errors)
    if not known.any():
        return np.zeros((len(now), len(_COVERED)))
    found = np.empty((len(now), len(_COVERED)))
    every = errors[known]
    for size in np.unique(now):
        alike = errors[known & (classes == size)]
        found[now == size] = np.quantile(alike if len(alike) >= _POOL else every, _COVERED)
    reached = errors[known.any(axis=1)]
    own = np.isfinite(reached).all(axis=0) & (len(reached) >= OWN)
    if own.any():
        found[own] = np.quantile(reached[:, own], _COVERED, axis=0).T
    return found


def _spread(centre: Floats, width: Floats) -> Floats:
    steps = np.concatenate([-width, np.zeros_like(width[..., :1]), width[..., ::-1]], axis=-1)
    return possible(centre[..., None] + steps)
