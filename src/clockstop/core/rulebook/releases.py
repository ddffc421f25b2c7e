"""When a month of RTT returns is published, and when figures are out of date."""

from __future__ import annotations

from datetime import date, timedelta

from clockstop.core import rulebook
from clockstop.core.types import Month


def release_date(month: Month) -> date:
    """The day by which a month's return should be out: its census and the release lag."""
    lag = rulebook.on(month.census)["rtt_release_lag"]
    return month.census + timedelta(days=lag.value)


def latest_release(day: date) -> Month:
    """The latest month whose return should be out on the day."""
    month = Month(day.year, day.month)
    while release_date(month) > day:
        month = month.plus(-1)
    return month


def is_out_of_date(month: Month, day: date) -> bool:
    """Whether a release after this month's should be out (rule M1: a release was missed)."""
    return day > release_date(month.plus(1))
