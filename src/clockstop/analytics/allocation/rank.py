"""In what order: the places for one request, and the requests for one place."""

from __future__ import annotations

from collections.abc import Iterable

from clockstop.analytics.allocation.asking import Request
from clockstop.analytics.allocation.fit import Fit, fit
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.terms import Terms


def score(found: Fit, terms: Terms) -> float:
    """Weeks gained against distance, in weeks: ``miles_a_week`` further cost one week.

    What is not known counts as nothing gained, and as no distance.
    """
    return (found.weeks_gained or 0) - (found.miles or 0) / terms.rules.miles_a_week


def rank(request: Request, capacities: Iterable[Capacity], terms: Terms) -> list[Fit]:
    """The capacities that fit a request, best first.

    By ``score``, then the nearer, then by id: the same whatever the order they come in.
    """
    found = (fit(request, each, terms) for each in capacities)
    fitting = [each for each in found if each.is_fit]
    return sorted(fitting, key=lambda each: (-score(each, terms), each.miles or 0, each.capacity))


def rank_requests(capacity: Capacity, requests: Iterable[Request], terms: Terms) -> list[Fit]:
    """The requests that fit a capacity: clinical priority first, then the longest wait.

    Then by ``score``, then the nearer, then by id (national services notes §6.2).
    """
    found = [(each, fit(each, capacity, terms)) for each in requests]
    fitting = [(request, each) for request, each in found if each.is_fit]
    fitting.sort(
        key=lambda pair: (
            pair[0].urgency(terms.on),
            -pair[0].days_waited(terms.on),
            -score(pair[1], terms),
            pair[1].miles or 0,
            pair[0].id,
        )
    )
    return [each for _, each in fitting]
