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
from clockstop.analytics.forecast.queues.profiles import DAYS_A_WEEK, month_shares, months_of
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND
from clockstop.core.types import Month

MONTHLY_BANDS = ceil(months_of(OPEN_BAND)) + 1


@cache
def weekly_to_monthly(day: date) -> Floats:
    """What part of each weekly band, on a day, is in which monthly band: (bands, monthly bands).

    The open band stays the open band.
    """
    parts = np.zeros((BANDS, MONTHLY_BANDS))
    for band in range(OPEN_BAND):
        last = _last_start(day, band)
        for month, share in month_shares(last).items():
            ago = 12 * (day.year - month.year) + day.month - month.number
            parts[band, min(ago, MONTHLY_BANDS - 1)] += share
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
    return day - timedelta(days=DAYS_A_WEEK * weeks + 1)


def _months_ago(start: date, day: date) -> int:
    return 12 * (day.year - start.year) + day.month - start.month
