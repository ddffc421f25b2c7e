"""Where England's rates stand at an origin, and which way they are going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.grouping import RATES
from clockstop.analytics.forecast.estimation.history import HIGHEST_PROPENSITY, History, MonthRates
from clockstop.analytics.forecast.estimation.settings import Settings

_LONGEST = RATES.starts.index(60)


@dataclass(frozen=True)
class Level:
    """England's rates at an origin.

    ``trend`` (rate groups,) is the change of the logarithm of the propensity in the next month;
    each later month's is ``damping`` times the one before.
    """

    rates: MonthRates
    trend: Floats
    damping: float


def level_of(history: History, settings: Settings) -> Level:
    """The recent mean of each rate, moved on to the origin along its trend."""
    steps = history.steps
    propensity = np.log([step.rates.propensity for step in steps])
    removal = np.array([step.rates.removal for step in steps])
    entry = np.log([[step.rates.entry] for step in steps])
    rising = slope(propensity, settings)
    rising[_LONGEST:] *= settings.long_wait_trend
    drifting = settings.removal_trend * slope(removal, settings)
    joining = np.array([step.rates.joining for step in steps])
    now = at_origin(propensity, rising, settings.propensity_half_life)
    rates = MonthRates(
        propensity=np.minimum(np.exp(now), HIGHEST_PROPENSITY),
        removal=at_origin(removal, drifting, settings.removal_half_life),
        joining=recent_mean(joining, settings.removal_half_life),
        entry=float(np.exp(recent_mean(entry, settings.removal_half_life)[0])),
    )
    return Level(rates, rising, settings.damping)


def recency(months: int, half_life: float) -> Floats:
    """Weights of past months, the latest last with weight 1: each ``half_life`` halves them."""
    weights: Floats = 0.5 ** (np.arange(months)[::-1] / half_life)
    return weights


def recent_mean(values: Floats, half_life: float) -> Floats:
    """The mean over months (the first axis), later ones counting more."""
    weights = recency(len(values), half_life)
    mean: Floats = np.tensordot(weights, values, 1) / weights.sum()
    return mean


def slope(values: Floats, settings: Settings) -> Floats:
    """The change a month by weighted least squares, shrunk towards none (ridge)."""
    weights = recency(len(values), settings.trend_half_life)
    months = np.arange(len(values))
    off = months - (weights * months).sum() / weights.sum()
    evidence = (weights * off**2).sum() + settings.trend_prior
    change: Floats = np.tensordot(weights * off, values, 1) / evidence
    return change


def at_origin(values: Floats, change: Floats, half_life: float) -> Floats:
    """The recent mean, moved from the middle of its months on to the last."""
    weights = recency(len(values), half_life)
    behind = len(values) - 1 - (weights * np.arange(len(values))).sum() / weights.sum()
    now: Floats = recent_mean(values, half_life) + change * behind
    return now


def weekly(level: Level, months_a_week: float) -> Callable[[int], Floats]:
    """By week, from 0, what the trend has added to the logarithm of each group's propensity."""
    fading = level.damping**months_a_week
    return lambda week: level.trend * months_a_week * (1 - fading ** (week + 1)) / (1 - fading)
