"""Whether one request could go to one capacity, with every reason for and against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clockstop.analytics.allocation.asking import Request
from clockstop.analytics.allocation.criteria import CRITERIA, whole_weeks
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.reasons import For, Reason
from clockstop.analytics.allocation.terms import Terms
from clockstop.core.geography.distance import miles_between
from clockstop.core.rulebook.allocation import DAYS_A_WEEK


@dataclass(frozen=True, slots=True)
class Fit:
    """A request held against a capacity, by their ids.

    ``against`` in the order of ``Against``; ``miles`` is None where either place is not known,
    ``weeks_gained`` (whole weeks) where the wait here is not.
    """

    request: str
    capacity: str
    against: tuple[Reason, ...]
    speaks_for: tuple[Reason, ...]
    miles: float | None
    weeks_gained: int | None

    @property
    def is_fit(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against

    @property
    def binding(self) -> Reason | None:
        """The first reason against, in the documented order; None where it fits."""
        return self.against[0] if self.against else None


def fit(request: Request, capacity: Capacity, terms: Terms) -> Fit:
    """All reasons for and against a request going to a capacity, on the day of the terms.

    The truth: ``tabled`` says the same of millions. What is not known is against, wherever the
    capacity has a limit on it. Rules: national services notes §6.2 and §6.4, design note §6.
    """
    return Fit(
        request.id,
        capacity.id,
        tuple(_against(request, capacity, terms)),
        tuple(_for(request, capacity, terms)),
        _miles(request, capacity),
        _gained(request, capacity),
    )


def _against(request: Request, capacity: Capacity, terms: Terms) -> Iterator[Reason]:
    for criterion in CRITERIA:
        refusal = criterion.judge(request, capacity, terms)
        if refusal is not None:
            yield Reason(criterion.code, *refusal)


def _for(request: Request, capacity: Capacity, terms: Terms) -> Iterator[Reason]:
    days = request.days_waited(terms.on)
    band = terms.rules.band(days)
    miles, gained = _miles(request, capacity), _gained(request, capacity)
    if request.due_by and request.is_overdue(terms.on):
        due = request.due_by.isoformat()
        yield Reason(For.OVERDUE_PRIORITY, request.priority or None, due)
    if band < len(terms.rules.bands):
        yield Reason(For.LONG_WAIT, days // DAYS_A_WEEK, terms.rules.bands[band])
    if request.over_18_weeks:
        yield Reason(For.LEGAL_RIGHT)
    if capacity.provider in request.wanted:
        yield Reason(For.WANTED, capacity.provider)
    if request.needs and request.needs <= capacity.meets:
        yield Reason(For.MEETS_NEEDS, ", ".join(sorted(request.needs)))
    if miles is not None and request.miles is not None and miles <= request.miles:
        yield Reason(For.NEAR_ENOUGH, miles, request.miles)
    if gained is not None and gained >= terms.rules.least_weeks_gained:
        yield Reason(For.WEEKS_GAINED, gained)


def _miles(request: Request, capacity: Capacity) -> float | None:
    if request.home is None or capacity.at is None:
        return None
    return miles_between(request.home, capacity.at)


def _gained(request: Request, capacity: Capacity) -> int | None:
    left, until = whole_weeks(request.weeks_left, capacity.weeks_until)
    return None if left is None else left - until
