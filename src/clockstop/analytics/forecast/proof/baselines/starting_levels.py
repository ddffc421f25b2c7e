"""The level from which the reference model carries referrals and clock stops on."""

from __future__ import annotations

import numpy as np

from clockstop.analytics.forecast.months.cube import Flags, Floats
from clockstop.analytics.forecast.months.ratios import ratio

YEAR = 12
# Student's t beyond which lies 1 % on both sides together, for 1 to 10 degrees of freedom; with
# none, no slope is told from 0.
# Source: NIST/SEMATECH e-Handbook of Statistical Methods, §1.3.6.7.2.
_CRITICAL = (0.0, 63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169)


def starting_level(series: Floats, known: Flags) -> Floats:
    """The level (cells,) at the last month of a series (months, cells).

    The end point of the straight line through the last 12 months if its slope differs from 0 at
    p < 0.01, else their mean; of the months known alone, and never below 0. Source: the RTT
    Planner's forecasts (BNSSG ICB, 2025).
    """
    values, weight = series[-YEAR:], known[-YEAR:].astype(np.float64)
    count = weight.sum(axis=0)
    time = np.arange(len(values), dtype=np.float64)[:, None]
    mean, centre = _mean(values, weight, count), _mean(time, weight, count)
    spread = (weight * (time - centre) ** 2).sum(axis=0)
    product = (weight * (time - centre) * (values - mean)).sum(axis=0)
    slope = ratio(product, spread)
    left = (weight * (values - mean - slope * (time - centre)) ** 2).sum(axis=0)
    freedom = np.maximum(count - 2, 0).astype(np.int64)
    critical = np.array(_CRITICAL)[freedom]
    clear = slope**2 * spread * freedom > critical**2 * left
    end = mean + slope * (time[-1] - centre)
    return np.maximum(np.where(clear, end, mean), 0.0)


def _mean(values: Floats, weight: Floats, count: Floats) -> Floats:
    return ratio((weight * values).sum(axis=0), count)
