"""How many wait over 18, 26, 40, 52, 65, 78 and 104 weeks, now and by the dates of the targets.

A list is counted once, by the day on which each clock started; everything else follows from that.
What is held against the national targets are the waits that the monthly return counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from clockstop.core.rtt.waiting import latest_start_over
from clockstop.core.rulebook.targets import Target, targets_on
from clockstop.service.tracking.filters import Filter, not_booked
from clockstop.service.tracking.querysets import ListEntryQuerySet
from clockstop.service.tracking.worklists import any_overdue_review

WEEKS = (18, 26, 40, 52, 65, 78, 104)
STANDARD = 18
WITHIN = f"pct_within_{STANDARD}_weeks"  # the measure of the standard
_PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Horizon:
    """For each of ``WEEKS`` the day that is looked ahead to: of its next target, or as chosen."""

    days: tuple[date, ...]

    @property
    def every(self) -> tuple[date, ...]:
        return tuple(sorted(set(self.days)))

    @property
    def is_one(self) -> bool:
        return len(self.every) == 1


@dataclass(frozen=True, slots=True)
class _Start:
    """The waits that started on one day: all, without a date, and those in the returns."""

    day: date | None
    all: int
    undated: int
    returned: int
    unbooked: tuple[int, ...]  # without a date before each day of the horizon, in the returns


@dataclass(frozen=True, slots=True)
class Cohort:
    """Waits over so many weeks: now, by a day if nobody is treated, and with no date before it."""

    weeks: int
    now: int
    by: date
    then: int
    unbooked: int
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A list, counted by the days on which its clocks started."""

    starts: tuple[_Start, ...]
    horizon: Horizon
    overdue_reviews: int

    @property
    def all(self) -> int:
        return sum(each.all for each in self.starts)

    @property
    def returned(self) -> int:
        """How many the monthly return counts."""
        return sum(each.returned for each in self.starts)

    @property
    def undated(self) -> int:
        """How many have no date booked."""
        return sum(each.undated for each in self.starts)

    @property
    def unknown(self) -> int:
        """How many began on a day that nobody knows."""
        return sum(each.all for each in self.starts if each.day is None)

    def fitting(self, asked: Filter, today: date) -> int:
        """How many rows fit the weeks that a filter asks for too."""
        first, last = date.min, date.max
        if asked.over is not None:
            last = min(last, latest_start_over(today, asked.over))
        if asked.breach is not None and asked.by is not None:
            last = min(last, latest_start_over(asked.by, asked.breach))
        if asked.within is not None:
            first = latest_start_over(today, asked.within)
        if (first, last) == (date.min, date.max):
            return self.all
        return sum(each.all for each in self.starts if each.day and first < each.day <= last)

    def over(self, weeks: int, day: date) -> int:
        """How many of the returns' waits are over so many weeks on a day."""
        last = latest_start_over(day, weeks)
        return sum(each.returned for each in self.starts if each.day and each.day <= last)

    def within(self, weeks: int, day: date) -> float | None:
        """The share of them that is not; waits of unknown length are not in it."""
        known = sum(each.returned for each in self.starts if each.day)
        return 1 - self.over(weeks, day) / known if known else None

    def cohorts(self, today: date) -> tuple[Cohort, ...]:
        return tuple(
            self._cohort(weeks, by, today)
            for weeks, by in zip(WEEKS, self.horizon.days, strict=True)
        )

    def _cohort(self, weeks: int, by: date, today: date) -> Cohort:
        last, place = latest_start_over(by, weeks), self.horizon.every.index(by)
        fitting = [each for each in self.starts if each.day and each.day <= last]
        return Cohort(
            weeks,
            now=self.over(weeks, today),
            by=by,
            then=sum(each.returned for each in fitting),
            unbooked=sum(each.unbooked[place] for each in fitting),
            targets=targets_of(weeks, today),
        )


def tally(rows: ListEntryQuerySet, today: date, horizon: Horizon) -> Tally:
    """Count a list in one pass, overdue priority reviews with it."""
    returned = Q(in_returns=True)
    wanted: dict[str, Any] = {
        "all": Count("*"),
        "undated": Count("pk", filter=not_booked(today)),
        "returned": Count("pk", filter=returned),
        "reviews": Count("pk", filter=any_overdue_review(today)),
    }
    for place, day in enumerate(horizon.every):
        wanted[f"unbooked_{place}"] = Count("pk", filter=returned & not_booked(today, day))
    # Grouped as the index is ordered, so that nothing is sorted.
    found = rows.order_by().values_list("clinical_rank", "clock_start").annotate(**wanted)
    by_day: dict[date | None, list[int]] = {}
    for _rank, day, *counts in found:
        before = by_day.get(day)
        by_day[day] = [sum(pair) for pair in zip(before, counts, strict=True)] if before else counts
    starts = tuple(
        _Start(day, all_, undated, returns, tuple(unbooked))
        for day, (all_, undated, returns, _, *unbooked) in by_day.items()
    )
    return Tally(starts, horizon, sum(counts[3] for counts in by_day.values()))


def horizon_on(today: date, chosen: date | None = None) -> Horizon:
    """The days to look ahead to: the one that was chosen, else that of each cohort's next target.

    A cohort without a target to come takes the next day of any; without one, the end of the year
    by which the NHS plans.
    """
    if chosen:
        return Horizon((chosen,) * len(WEEKS))
    own = [_next_due(weeks, today) for weeks in WEEKS]
    known = [day for day in own if day]
    usual = min(known) if known else _end_of_year(today)
    return Horizon(tuple(day or usual for day in own))


def targets_of(weeks: int, today: date) -> tuple[Target, ...]:
    """The targets in force that are about waits over, or within, so many weeks."""
    about = {f"over_{weeks}_weeks", f"pct_over_{weeks}_weeks"}
    about |= {WITHIN} if weeks == STANDARD else set()
    return tuple(each for each in targets_on(today, _PROVIDER) if each.measure in about)


def _next_due(weeks: int, today: date) -> date | None:
    coming = [each.due for each in targets_of(weeks, today) if each.due and each.due >= today]
    return min(coming, default=None)


def _end_of_year(today: date) -> date:
    end = date(today.year, 3, 31)
    return end if end >= today else date(today.year + 1, 3, 31)
