"""The rules of a match, each said once: what it reads of either side, and what it refuses.

A criterion reads a small value of the request and one of the capacity, and judges the two. So the
readable judge of one pair (``fit``) and the fast one of millions (``tabled``) obey the same words:
the fast one asks each question once for each two values, and looks the answers up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from clockstop.analytics.allocation.asking import Request, Stage
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.reasons import Against, Fact
from clockstop.analytics.allocation.terms import Terms
from clockstop.core.geography.distance import miles_between

Refusal = tuple[Fact, Fact]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A rule: ``refuses`` gives what was found and the limit, or None where nothing is against."""

    code: Against
    of_request: Callable[[Request, Terms], Hashable]
    of_capacity: Callable[[Capacity, Terms], Hashable]
    refuses: Callable[[Any, Any], Refusal | None]

    def judge(self, request: Request, capacity: Capacity, terms: Terms) -> Refusal | None:
        """The rule on one pair."""
        return self.refuses(self.of_request(request, terms), self.of_capacity(capacity, terms))


def whole_weeks(left: float | None, until: float) -> tuple[int | None, int]:
    """Weeks here and there in whole weeks, so that none is promised that may not come."""
    return None if left is None else math.floor(left), math.ceil(until)


def _either(values: frozenset[str]) -> str:
    return " or ".join(sorted(values))


def _listed(found: str, offered: frozenset[str]) -> Refusal | None:
    return (found or None, _either(offered)) if offered and found not in offered else None


def _procedure(found: str, offered: frozenset[str]) -> Refusal | None:
    if not offered or (found and found.startswith(tuple(offered))):
        return None
    return found or None, _either(offered)


def _stated(found: Fact, _: Hashable) -> Refusal | None:
    return None if found is None else (found, None)


def _of_place(_: Hashable, refusal: Refusal | None) -> Refusal | None:
    return refusal


def _same(here: str, there: str) -> Refusal | None:
    return (there, None) if here == there else None


def _wishes(wishes: tuple[frozenset[str], frozenset[str]], provider: str) -> Refusal | None:
    wanted, not_wanted = wishes
    is_refused = provider in not_wanted or (wanted and provider not in wanted)
    return (provider, None) if is_refused else None


def _dates(not_then: frozenset[str], place: str) -> Refusal | None:
    return (None, None) if place in not_then else None


def _age(age: int | None, ages: tuple[int | None, int | None]) -> Refusal | None:
    youngest, oldest = ages
    if youngest is None and oldest is None:
        return None
    least, most = youngest or 0, math.inf if oldest is None else oldest
    if age is not None and least <= age <= most:
        return None
    return age, f"{least} and over" if oldest is None else f"{least} to {oldest}"


def _sex(sex: str, only: str) -> Refusal | None:
    return (sex or None, only) if only and sex != only else None


def _ceiling(found: float | None, highest: float | None) -> Refusal | None:
    is_over = highest is not None and (found is None or found > highest)
    return (found, highest) if is_over else None


def _critical_care(is_needed: bool, is_there: bool) -> Refusal | None:
    return (None, None) if is_needed and not is_there else None


def _comorbidity(found: frozenset[str], excluded: frozenset[str]) -> Refusal | None:
    return (", ".join(sorted(found & excluded)), None) if found & excluded else None


def _needs(needs: frozenset[str], meets: frozenset[str]) -> Refusal | None:
    return (", ".join(sorted(needs - meets)), None) if needs - meets else None


def _distance(home: tuple[Any, float | None], place: Any) -> Refusal | None:
    point, limit = home
    if limit is None:
        return None
    if point is None or place is None:
        return None, limit
    miles = miles_between(point, place)
    return (miles, limit) if miles > limit else None


def _gain(left: int | None, until: tuple[int, int]) -> Refusal | None:
    there, least = until
    return (left, there) if left is not None and left - there < least else None


def _cancer(request: Request, _: Terms) -> Fact:
    return str(Stage.CANCER) if request.is_cancer or request.stage is Stage.CANCER else None


def _review(request: Request, terms: Terms) -> Fact:
    is_overdue = request.review_by is not None and request.review_by < terms.on
    return request.review_by.isoformat() if request.review_by and is_overdue else None


def _expired(capacity: Capacity, terms: Terms) -> Refusal | None:
    return (capacity.expires_on.isoformat(), None) if capacity.expires_on < terms.on else None


def _window(capacity: Capacity, terms: Terms) -> Refusal | None:
    return (capacity.last_date.isoformat(), None) if capacity.last_date < terms.on else None


def _full(capacity: Capacity, _: Terms) -> Refusal | None:
    return (0, None) if capacity.places == 0 else None


def _own_overdue(capacity: Capacity, terms: Terms) -> Refusal | None:
    most = terms.rules.own_overdue_priority
    return (capacity.own_overdue, most) if capacity.own_overdue > most else None


def _own_waits(capacity: Capacity, terms: Terms) -> Refusal | None:
    most = terms.rules.own_longest_weeks
    return (capacity.own_longest_weeks, most) if capacity.own_longest_weeks > most else None


def _own_need(capacity: Capacity, _: Terms) -> Refusal | None:
    is_all = capacity.places > 0 and capacity.free == 0
    return (capacity.own_need, capacity.places) if is_all else None


def _nothing(_one: object, _terms: Terms) -> None:
    return None


def _until(capacity: Capacity, terms: Terms) -> tuple[int, int]:
    return math.ceil(capacity.weeks_until), terms.rules.least_weeks_gained


# Of the request alone; of what is asked for; of the place alone; of the two.
OF_REQUEST = (
    Criterion(Against.CANCER, _cancer, _nothing, _stated),
    Criterion(Against.REVIEW_OVERDUE, _review, _nothing, _stated),
    Criterion(Against.HELD, lambda one, _: one.held_at or None, _nothing, _stated),
)
OF_SCOPE = (
    Criterion(Against.STAGE, lambda one, _: one.stage, lambda one, _: one.stages, _listed),
    Criterion(Against.FUNCTION, lambda one, _: one.function, lambda one, _: one.functions, _listed),
    Criterion(
        Against.PROCEDURE, lambda one, _: one.procedure, lambda one, _: one.procedures, _procedure
    ),
    Criterion(Against.TEST, lambda one, _: one.test, lambda one, _: one.tests, _listed),
)
OF_PLACE = (
    Criterion(Against.EXPIRED, _nothing, _expired, _of_place),
    Criterion(Against.WINDOW_OVER, _nothing, _window, _of_place),
    Criterion(Against.FULL, _nothing, _full, _of_place),
    Criterion(Against.OWN_OVERDUE, _nothing, _own_overdue, _of_place),
    Criterion(Against.OWN_WAITS, _nothing, _own_waits, _of_place),
    Criterion(Against.OWN_NEED, _nothing, _own_need, _of_place),
)
OF_BOTH = (
    Criterion(
        Against.SAME_PROVIDER, lambda one, _: one.provider, lambda one, _: one.provider, _same
    ),
    Criterion(
        Against.WISHES,
        lambda one, _: (one.wanted, one.not_wanted),
        lambda one, _: one.provider,
        _wishes,
    ),
    Criterion(Against.DATES, lambda one, _: one.not_then, lambda one, _: one.id, _dates),
    Criterion(Against.AGE, lambda one, _: one.age, lambda one, _: (one.youngest, one.oldest), _age),
    Criterion(Against.SEX, lambda one, _: one.sex, lambda one, _: one.sex, _sex),
    Criterion(Against.BMI, lambda one, _: one.bmi, lambda one, _: one.highest_bmi, _ceiling),
    Criterion(Against.ASA, lambda one, _: one.asa, lambda one, _: one.highest_asa, _ceiling),
    Criterion(
        Against.CRITICAL_CARE,
        lambda one, _: one.critical_care,
        lambda one, _: one.critical_care,
        _critical_care,
    ),
    Criterion(
        Against.COMORBIDITY,
        lambda one, _: one.comorbidities,
        lambda one, _: one.excluded,
        _comorbidity,
    ),
    Criterion(
        Against.ANAESTHETIC,
        lambda one, _: one.anaesthetic,
        lambda one, _: one.anaesthetics,
        _listed,
    ),
    Criterion(Against.STAY, lambda one, _: one.nights, lambda one, _: one.longest_stay, _ceiling),
    Criterion(Against.NEEDS, lambda one, _: one.needs, lambda one, _: one.meets, _needs),
)
DISTANCE = Criterion(
    Against.DISTANCE, lambda one, _: (one.home, one.miles), lambda one, _: one.at, _distance
)
GAIN = Criterion(
    Against.NO_TIME_GAINED,
    lambda one, _: whole_weeks(one.weeks_left, 0)[0],
    _until,
    _gain,
)
CRITERIA = (*OF_REQUEST, *OF_SCOPE, *OF_PLACE, *OF_BOTH, DISTANCE, GAIN)
