"""Waits by calendar month of referral, as the reference model counts them.

Band ``m`` holds those whose clock started ``m`` calendar months ago; the last one, of more than 104
weeks, is open. What falls into two months is divided by the days that lie in each.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import ceil

import numpy as np

from clockstop.analytics.forecast.months.cube import Floats
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.forecast.quantiles import LONG_WAITS
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND
from clockstop.core.types import Month

_WEEK = 7
_DAYS_A_MONTH = 365.25 / 12


def in_months(weeks: float) -> float:
    """Weeks in months of an average length."""
    return weeks * _WEEK / _DAYS_A_MONTH


MONTHLY_BANDS = ceil(in_months(OPEN_BAND)) + 1


def share_of_last_month(week_end: date) -> float:
    """How much of the week that ends on a day lies in that day's month; the rest lies before it."""
    return min(week_end.day, _WEEK) / _WEEK


@cache
def weekly_to_monthly(day: date) -> Floats:
    """What part of each weekly band, on a day, is in which monthly band: (bands, monthly bands).

    The open band stays the open band.
    """
    parts = np.zeros((BANDS, MONTHLY_BANDS))
    for band in range(OPEN_BAND):
        last = _last_start(day, band)
        ago, share = _months_ago(last, day), share_of_last_month(last)
        parts[band, min(ago, MONTHLY_BANDS - 1)] += share
        parts[band, min(ago + 1, MONTHLY_BANDS - 1)] += 1 - share
    parts[OPEN_BAND, -1] = 1
    parts.setflags(write=False)
    return parts


def monthly_figures(waiting: Floats, day: date) -> Floats:
    """The figures (…, ``MEASURES``) of lists (…, monthly bands) on a day."""
    size = waiting.sum(axis=-1)
    over = [_over(weeks, waiting, day) for weeks in LONG_WAITS]
    return np.stack([size, 1 - ratio(over[0], size), *over], axis=-1)


def _over(weeks: int, waiting: Floats, day: date) -> Floats:
    last = _last_start(day, weeks)
    band = _months_ago(last, day)
    older: Floats = waiting[..., band + 1 :].sum(axis=-1)
    return older + last.day / Month(last.year, last.month).days * waiting[..., band]


def _last_start(day: date, weeks: int) -> date:
    """The last day on which a clock started that has run for more than so many weeks."""
    return day - timedelta(days=_WEEK * weeks + 1)


def _months_ago(start: date, day: date) -> int:
    return 12 * (day.year - start.year) + day.month - start.month
