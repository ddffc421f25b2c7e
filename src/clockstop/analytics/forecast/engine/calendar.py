"""The weeks after a census: how much work each holds, and where later censuses fall in them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats, Weeks
from clockstop.analytics.forecast.engine.season import season
from clockstop.core.rulebook.working_days import is_working_day
from clockstop.core.types import Month

DAYS, WORKING_DAYS = 7, 5


def weeks_after(origin: Month, months: int) -> Weeks:
    """The weeks from the census of ``origin`` to that of so many months later.

    A week weighs as many fifths as it has working days, each times its month's season. Raises
    ValueError for less than one month.
    """
    if months < 1:
        raise ValueError(f"cannot forecast {months} months")
    targets = tuple(origin.plus(ahead) for ahead in range(1, months + 1))
    census = [(target.census - origin.census).days / DAYS for target in targets]
    first = origin.census + timedelta(days=1)
    days = [
        [first + timedelta(days=DAYS * week + day) for day in range(DAYS)]
        for week in range(int(np.ceil(census[-1])))
    ]
    return Weeks(
        months=targets,
        arrivals=np.array([_work(week, season().arrivals) for week in days]),
        treatment=np.array([_work(week, season().treatment) for week in days]),
        month=np.array([_months_between(origin, week[0]) - 1 for week in days]),
        census=np.array(census),
    )


def census_weights(weeks: Weeks) -> Floats:
    """How much of the lists after each week is in those of each census: (weeks + 1, months)."""
    ends = np.arange(len(weeks.month) + 1)
    weights: Floats = np.clip(1 - np.abs(ends[:, None] - weeks.census), 0, None)
    return weights


def month_shares(weeks: Weeks) -> Floats:
    """The part of each week that lies between a census and the one before: (weeks, months)."""
    begins = np.arange(len(weeks.month))[:, None]
    before = np.concatenate([[0.0], weeks.census[:-1]])
    overlap = np.minimum(weeks.census, begins + 1) - np.maximum(before, begins)
    shares: Floats = np.clip(overlap, 0, None)
    return shares


def _work(week: list[date], factors: tuple[float, ...]) -> float:
    return sum(factors[day.month - 1] for day in week if is_working_day(day)) / WORKING_DAYS


def _months_between(origin: Month, day: date) -> int:
    return (day.year - origin.year) * 12 + day.month - origin.number
