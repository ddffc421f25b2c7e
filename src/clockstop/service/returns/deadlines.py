"""Which months and weeks are due, and by when."""

from collections.abc import Iterator
from datetime import date, timedelta

from clockstop.core import rulebook
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.core.types import Month
from clockstop.service.returns.models import Kind

MONTHS, WEEKS = 6, 6  # listed as due
_WEEK = timedelta(weeks=1)


def provider_deadline(kind: str, period: date) -> date:
    """The last day on which a provider's return of a period is in time."""
    rule = "rtt_provider_deadline" if kind == Kind.MONTHLY else "wlmds_deadline"
    return working_days_after(period, rulebook.on(period)[rule].value)


def review_deadline(period: date) -> date:
    """The last day on which a commissioner reviews a month."""
    return working_days_after(period, rulebook.on(period)["rtt_commissioner_deadline"].value)


def is_late(kind: str, period: date, day: date) -> bool:
    """Whether a return that is signed off on a day is late."""
    return day > provider_deadline(kind, period)


def months_due(day: date, count: int = MONTHS) -> Iterator[Month]:
    """The latest months that had ended before a day, the latest first."""
    month = Month(day.year, day.month)
    for back in range(1, count + 1):
        yield month.plus(-back)


def weeks_due(day: date, count: int = WEEKS) -> Iterator[date]:
    """The Sundays of the latest weeks that had ended before a day, the latest first."""
    last = day - timedelta(days=day.isoweekday())
    for back in range(count):
        yield last - back * _WEEK


def is_due(kind: str, period: date, day: date) -> bool:
    """Whether a period is one that returns are made of, and has ended."""
    if period >= day:
        return False
    if kind == Kind.WEEKLY:
        return period.isoweekday() == 7  # noqa: PLR2004 (a Sunday)
    return Month(period.year, period.month).census == period
