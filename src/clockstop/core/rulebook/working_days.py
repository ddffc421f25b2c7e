"""Working days of England: Monday to Friday, without bank holidays."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from clockstop.core.types import Month

_SATURDAY = 6


def is_working_day(day: date) -> bool:
    """Whether a day is no weekend and no bank holiday; the file lists the years that are known."""
    return day.isoweekday() < _SATURDAY and day not in _bank_holidays()


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after a day. Raises ValueError for less than one."""
    if count < 1:
        raise ValueError(f"{count} working days after a day is no day after it")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_of(month: Month) -> int:
    """How many working days a month has."""
    return sum(is_working_day(date(month.year, month.number, 1 + n)) for n in range(month.days))


@cache
def _bank_holidays() -> frozenset[date]:
    table = files(__package__).joinpath("bank_holidays.csv").read_text(encoding="utf-8")
    return frozenset(date.fromisoformat(row["day"]) for row in csv.DictReader(table.splitlines()))
