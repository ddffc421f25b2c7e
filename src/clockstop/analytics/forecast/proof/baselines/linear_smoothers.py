"""Smoothers with fixed settings, as matrices over a series.

In the innovations form a smoother is ``y[t] = w·x[t-1] + e[t]`` and ``x[t] = F·x[t-1] + g·e[t]``.
So the errors one month ahead and the state at the end are linear in the series and in the state
before it; and of all such states the one that errs least is linear in the series too.

Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), §3.2 for
the form, §5.2 for the state before the series, table 6.1 for the variances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from clockstop.analytics.forecast.months.cube import Floats

# As far apart as a series of a few years can tell, within the usual bounds.
ALPHAS = (1e-4, *np.linspace(0.05, 0.95, 19), 0.9999)
BETAS = (1e-4, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.9999)  # in parts of alpha
DAMPINGS = (0.8, 0.83, 0.86, 0.89, 0.92, 0.95, 0.98)
FINE_ALPHAS = (1e-4, *np.linspace(0.01, 0.99, 99), 0.9999)


def _root_of_mean_square(errors: Floats) -> Floats:
    root: Floats = np.sqrt((errors**2).mean(axis=0))
    return root


@dataclass(frozen=True)
class Smoother:
    """One setting of a smoother, for series of ``n`` months.

    ``errors`` (n, n) gives a series' errors one month ahead, ``ahead`` (months ahead, n) its
    forecast. The standard deviation of that is ``scale`` of the errors (n, series) times ``growth``
    (months ahead,).
    """

    errors: Floats
    ahead: Floats
    growth: Floats
    scale: Callable[[Floats], Floats] = _root_of_mean_square


@cache
def levels(known: int, months: int) -> tuple[Smoother, ...]:
    """ETS(A,N,N), for series of so many months and so many months ahead."""
    step, outlook = np.array([[1.0]]), np.ones((months, 1))
    return tuple(_least_squares(known, step, np.array([alpha]), outlook) for alpha in FINE_ALPHAS)


@cache
def damped_trends(known: int, months: int) -> tuple[Smoother, ...]:
    """ETS(A,Ad,N), likewise."""
    return tuple(_damped_trends(known, months))


def _damped_trends(known: int, months: int) -> Iterator[Smoother]:
    for alpha, beta, damping in product(ALPHAS, BETAS, DAMPINGS):
        step = np.array([[1.0, damping], [0.0, damping]])
        trend = np.cumsum(damping ** np.arange(1, months + 1))
        outlook = np.column_stack([np.ones(months), trend])
        yield _least_squares(known, step, np.array([alpha, alpha * beta]), outlook)


@cache
def thetas(known: int, months: int) -> tuple[Smoother, ...]:
    """Theta: a level smoothed from the first month on, with half the slope of a straight line."""
    return tuple(_thetas(known, months))


def _thetas(known: int, months: int) -> Iterator[Smoother]:
    first = np.eye(known)[:1]
    time = np.arange(known) - (known - 1) / 2
    slope = time / (time**2).sum()
    ahead = np.arange(months)
    for alpha in FINE_ALPHAS:
        of_series, of_start = _errors(known, np.array([[1.0]]), np.array([alpha]))
        errors = of_series + of_start @ first
        level = first + alpha * errors.sum(axis=0)
        drift = ahead + (1 - (1 - alpha) ** known) / alpha
        forecast = level + drift[:, None] * slope / 2
        # The first error is none, and the others' mean is what the level lags behind the slope.
        yield Smoother(errors, forecast, np.sqrt(1 + ahead * alpha**2), _deviation_after_first)


def _deviation_after_first(errors: Floats) -> Floats:
    deviation: Floats = errors[1:].std(axis=0)
    return deviation


def _least_squares(known: int, step: Floats, gain: Floats, outlook: Floats) -> Smoother:
    """The smoother from the start with the least squared errors; ``outlook`` is of the last state.

    ``step`` is ``F``, whose first row is ``w``; ``gain`` is ``g``.
    """
    of_series, of_start = _errors(known, step, gain)
    start = -np.linalg.pinv(of_start) @ of_series
    errors = of_series + of_start @ start
    state = start
    for error in errors:
        state = step @ state + np.outer(gain, error)
    responses = (outlook @ gain)[:-1]
    growth = np.sqrt(1 + np.concatenate([[0.0], np.cumsum(responses**2)]))
    return Smoother(errors, outlook @ state, growth)


def _errors(known: int, step: Floats, gain: Floats) -> tuple[Floats, Floats]:
    """What the errors are of a series, (n, n), and of the state before it, (n, states)."""
    of_series, of_start = np.zeros((known, known)), np.zeros((known, len(gain)))
    by_series, by_start = np.zeros((len(gain), known)), np.eye(len(gain))
    for at in range(known):
        of_series[at] = np.eye(known)[at] - step[0] @ by_series
        of_start[at] = -step[0] @ by_start
        by_series = step @ by_series + np.outer(gain, of_series[at])
        by_start = step @ by_start + np.outer(gain, of_start[at])
    return of_series, of_start
