"""Days waited, and the days on which limits are passed (§10.1.7)."""

from __future__ import annotations

from datetime import date, timedelta

from clockstop.core.rtt.periods import Period
from clockstop.core.rtt.week_bands import OPEN_BAND

_WEEK = 7


def days_waited(period: Period, day: date) -> int | None:
    """The RTT days of a period on a day, or at its stop if that came before.

    None where they are not known or do not count: the start is unknown, the period was nullified,
    or it had not begun on the day.
    """
    if period.start is None or period.nullified or day < period.start:
        return None
    last = day if period.end is None else min(day, period.end)
    return (last - period.start).days


def runs_on(period: Period, day: date) -> bool:
    """Whether the clock ran at the end of a day: what a census counts, nullified periods never."""
    began = period.opened_on if period.start is None else period.start
    if period.nullified or day < began:
        return False
    return period.end is None or day < period.end


def week_band(days: int) -> int:
    """The band of the return for a wait: 0 to 7 days are band 0, 8 to 14 band 1, 729 on band 104.

    Raises ValueError for a wait of less than no days.
    """
    if days < 0:
        raise ValueError(f"{days} days are no wait")
    return min(max(days - 1, 0) // _WEEK, OPEN_BAND)


def is_over(days: int, weeks: int) -> bool:
    """Whether a wait is more than so many weeks: 126 days are not over 18 weeks, 127 are."""
    return days > weeks * _WEEK


def first_day_over(start: date, weeks: int) -> date:
    """The first day on which a wait from ``start`` is over so many weeks, if its clock runs on."""
    return start + timedelta(days=weeks * _WEEK + 1)


def latest_start_over(day: date, weeks: int) -> date:
    """The latest start from which a wait is over so many weeks on ``day``.

    So a list is cut by its starts: whoever started then or before, and still waits on the day, is
    over the weeks; whoever started later is not.
    """
    return day - timedelta(days=weeks * _WEEK + 1)


def last_day_within(period: Period, weeks: int) -> date | None:
    """The last day on which the wait is not over so many weeks; None where the start is unknown."""
    return period.start and period.start + timedelta(days=weeks * _WEEK)


def breach_day(period: Period, weeks: int) -> date | None:
    """The first day on which the wait is over so many weeks, if the clock still runs then."""
    return period.start and first_day_over(period.start, weeks)
