"""Worklists: what somebody should look at, each a rule with its dated thresholds as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Review
from clockstop.service.tracking.filters import not_booked
from clockstop.service.tracking.intervals import intervals_on, review_intervals_on
from clockstop.service.tracking.models import ListEntry, State

ON_THE_LIST = ~Q(state=State.CLOSED)
WAITING = (State.WAITING, State.TEST)
WAITS = Q(state__in=WAITING)


@dataclass(frozen=True, slots=True)
class Worklist:
    """A rule: whom it finds on a day, why, and what to do. ``intervals`` are those it goes by.

    ``looks_beyond``: it goes by more than the rows of the list, so that no count of it is kept.
    """

    slug: str
    title: str
    words: str
    todo: str
    rows: Callable[[Actor, date], Q]
    intervals: Callable[[date], tuple[str, ...]] = lambda _day: ()
    looks_beyond: bool = False


def cohort_to_validate(today: date) -> Q:
    """Waits that are to have a fresh validation: long, with no date soon and not seen lately."""
    by = intervals_on(today)
    soon = today + timedelta(days=by["validation_date_soon"].days)
    lately = today - timedelta(days=by["validation_seen_lately"].days)
    return (
        Q(state=State.WAITING)
        & Q(clock_start__lt=_before(today, "validation_after"))
        & not_booked(today, soon)
        & _not_since("last_seen", lately)
        & _not_since("decided_to_admit", lately)
    )


def to_validate(_actor: Actor, today: date) -> Q:
    """Those of them whose last validation is too old, or who never had one."""
    fresh = _before(today, "validation_lasts")
    return cohort_to_validate(today) & _not_since("validated_on", fresh)


def _overdue_by_code(today: date) -> Mapping[str, Q]:
    return {
        code: Q(**{"procedure_priority" if code.startswith("P") else "diagnostic_priority": code})
        & _reviewed_before(today - timedelta(days=interval.days))
        for code, interval in review_intervals_on(today).items()
    }


def _reviewed_before(day: date) -> Q:
    never = Q(priority_reviewed=None) & (
        Q(decided_to_admit__lt=day) | Q(decided_to_admit=None, clock_start__lt=day)
    )
    return Q(priority_reviewed__lt=day) | never


def review_was_due(row: ListEntry, today: date) -> date | None:
    """The day by which the priority of a row should have been reviewed, if that has passed."""
    if row.state not in WAITING:
        return None
    last = row.priority_reviewed or row.decided_to_admit or row.clock_start
    codes = (row.procedure_priority, row.diagnostic_priority)
    return min(reviews_overdue(codes, last, today).values(), default=None)


def reviews_overdue(codes: Iterable[str], last: date | None, today: date) -> Mapping[str, date]:
    """Of those P-codes and D-codes whose review was due before today, the day it was due.

    ``last`` is when somebody looked at the priority. What was never reviewed counts from the
    decision to admit, else from the start of the clock; a wait that has neither is not overdue.
    """
    if last is None:
        return {}
    by_code = review_intervals_on(today)
    due = {code: last + timedelta(days=by_code[code].days) for code in codes if code in by_code}
    return {code: day for code, day in due.items() if day < today}


def any_overdue_review(today: date) -> Q:
    """All of them. Most rows have no code, and are told apart first."""
    found = Q()
    for rows in _overdue_by_code(today).values():
        found |= rows
    return WAITS & ~Q(procedure_priority="", diagnostic_priority="") & found


def _unmonitored(_actor: Actor, today: date) -> Q:
    overdue = _before(today, "monitoring_review")
    since = Q(monitoring_reviewed__lt=overdue) | Q(
        monitoring_reviewed=None, monitoring_since__lt=overdue
    )
    return Q(state=State.MONITORING) & since


def _duplicates(actor: Actor, _today: date) -> Q:
    open_ones = Review.objects.visible_to(actor).filter(
        kind=Review.Kind.LIKELY_DUPLICATE, closed_at=None
    )
    return ON_THE_LIST & Q(pathway__in=open_ones.values("pathway"))


def _before(today: date, name: str) -> date:
    return today - timedelta(days=intervals_on(today)[name].days)


def _not_since(name: str, day: date) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__lt": day})


WORKLISTS: Mapping[str, Worklist] = {
    each.slug: each
    for each in (
        Worklist(
            "priority-reviews",
            "Priority reviews that are overdue",
            "Nobody has looked at the clinical priority again within the time of its code.",
            "Ask a clinician to review the priority, and record it in the hospital's system.",
            lambda _actor, today: any_overdue_review(today),
            lambda day: tuple(f"review_{code}" for code in review_intervals_on(day)),
        ),
        Worklist(
            "validation",
            "To validate",
            "Waits that are long enough to be validated, have no date soon, were not seen lately, "
            "and were not validated in time.",
            "Check the record, then ask the patient. Silence never takes anybody off the list.",
            to_validate,
            lambda _day: (
                *("validation_after", "validation_lasts"),
                *("validation_date_soon", "validation_seen_lately"),
            ),
        ),
        Worklist(
            "outcomes",
            "Outcomes that are missing",
            "An appointment was kept, and nobody has said what came of it, so the clock may be "
            "wrong.",
            "Find the outcome, and record it in the hospital's system.",
            lambda _actor, _today: ON_THE_LIST & Q(outcome_missing_since__isnull=False),
        ),
        Worklist(
            "duplicates",
            "Likely duplicates",
            "Two records may be of one patient.",
            "Open the review on the pathway, compare both, and decide.",
            _duplicates,
            looks_beyond=True,
        ),
        Worklist(
            "clocks",
            "Clocks that cannot be right",
            "The clock rules found a problem in the record, or the start of the clock is not "
            "known.",
            "Open the pathway: it says which entry is doubtful, and lets you correct it.",
            lambda _actor, _today: ON_THE_LIST & Q(Q(has_findings=True) | Q(start_unknown=True)),
        ),
        Worklist(
            "follow-ups",
            "Follow-ups that are overdue",
            "The day by which the patient should have been seen again has passed.",
            "Book the follow-up, or ask a clinician whether it is still needed.",
            lambda _actor, today: ON_THE_LIST & Q(follow_up_due__lt=today),
        ),
        Worklist(
            "monitoring",
            "Active monitoring without a review",
            "Nobody has reviewed these patients in active monitoring within the time.",
            "Ask a clinician to review them: a new decision to treat starts a new clock.",
            _unmonitored,
            lambda _day: ("monitoring_review",),
        ),
    )
}
