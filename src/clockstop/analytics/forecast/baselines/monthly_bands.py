"""Waits by calendar month of referral, as the reference model counts them.

Band ``m`` holds those whose clock started ``m`` calendar months ago; the last, 24 months and over,
is open. Weekly bands are split between months by the days that each has of their week.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from clockstop.analytics.forecast.cube import Floats
from clockstop.analytics.forecast.quantiles import LONG_WAITS
from clockstop.analytics.forecast.ratios import ratio
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND

MONTHLY_BANDS = 25
_WEEK = 7
_DAYS_A_MONTH = 365.25 / 12


def in_months(weeks: float) -> float:
    """Weeks in months of an average length."""
    return weeks * _WEEK / _DAYS_A_MONTH


def share_of_last_month(week_end: date) -> float:
    """How much of the week that ends on a day lies in that day's month; the rest lies before it."""
    return min(week_end.day, _WEEK) / _WEEK


@cache
def weekly_to_monthly(day: date) -> Floats:
    """What part of each weekly band, on a day, is in which monthly band: (bands, monthly bands).

    Band ``k`` holds waits of ``7k + 1`` to ``7k + 7`` days; its last clock started the day before
    ``7k`` days ago. The open band stays the open band.
    """
    parts = np.zeros((BANDS, MONTHLY_BANDS))
    for band in range(OPEN_BAND):
        last = day - timedelta(days=_WEEK * band + 1)
        ago = 12 * (day.year - last.year) + day.month - last.month
        share = share_of_last_month(last)
        parts[band, min(ago, MONTHLY_BANDS - 1)] += share
        parts[band, min(ago + 1, MONTHLY_BANDS - 1)] += 1 - share
    parts[OPEN_BAND, -1] = 1
    parts.setflags(write=False)
    return parts


def monthly_figures(waiting: Floats) -> Floats:
    """The figures (…, ``MEASURES``) of lists (…, monthly bands).

    A band is divided evenly where a number of weeks falls within it.
    """
    size = waiting.sum(axis=-1)
    over = [_over(waiting, in_months(weeks)) for weeks in LONG_WAITS]
    return np.stack([size, 1 - ratio(over[0], size), *over], axis=-1)


def _over(waiting: Floats, months: float) -> Floats:
    band = int(months)
    older: Floats = waiting[..., band + 1 :].sum(axis=-1)
    return older + (band + 1 - months) * waiting[..., band]
