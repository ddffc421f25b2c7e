"""How many rows each worklist finds: counted in two questions, and kept until the list changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import Coalesce

from clockstop.service.accounts.actor import Actor
from clockstop.service.tracking.intervals import review_intervals_on
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.querysets import ListEntryQuerySet
from clockstop.service.tracking.tallies import kept
from clockstop.service.tracking.worklists import (
    WAITS,
    WORKLISTS,
    cohort_to_validate,
    reviews_overdue,
)

_REVIEWS, _VALIDATION = "priority-reviews", "validation"
_COHORT = "cohort"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a list: the rows of each worklist by its slug, and overdue priority reviews by code.

    ``cohort`` is how many waits should have a fresh validation.
    """

    by_slug: Mapping[str, int]
    by_code: Mapping[str, int]
    cohort: int

    @property
    def validated(self) -> int:
        """How many of those who should have a fresh validation have one."""
        return self.cohort - self.by_slug[_VALIDATION]


def counted(actor: Actor, today: date) -> Counts:
    """The worklists of an actor's list. What goes by more than its rows is counted every time."""
    rows = ListEntry.objects.visible_to(actor)
    held = kept(actor, ("worklists", today), lambda: _of_rows(rows, actor, today))
    beyond = {
        slug: rows.filter(each.rows(actor, today)).count()
        for slug, each in WORKLISTS.items()
        if each.looks_beyond
    }
    return Counts({**held.by_slug, **beyond}, held.by_code, held.cohort)


def _of_rows(rows: ListEntryQuerySet, actor: Actor, today: date) -> Counts:
    wanted = {
        slug: each.rows(actor, today)
        for slug, each in WORKLISTS.items()
        if not each.looks_beyond and slug != _REVIEWS
    }
    wanted[_COHORT] = cohort_to_validate(today)
    names = {slug: slug.replace("-", "_") for slug in wanted}
    found = rows.aggregate(**{names[slug]: Count("pk", filter=q) for slug, q in wanted.items()})
    by_slug = {slug: found[name] for slug, name in names.items()}
    overdue, by_code = _reviews(rows, today)
    return Counts({**by_slug, _REVIEWS: overdue}, by_code, by_slug.pop(_COHORT))


def _reviews(rows: ListEntryQuerySet, today: date) -> tuple[int, Mapping[str, int]]:
    """Rows with an overdue review, and overdue reviews by code: a row can have one of each kind.

    The store groups by code and day, which are few, and the rule is applied to each group.
    """
    last = Coalesce("priority_reviewed", "decided_to_admit", "clock_start")
    coded = rows.filter(WAITS).exclude(procedure_priority="", diagnostic_priority="").order_by()
    groups = coded.values_list("procedure_priority", "diagnostic_priority", last)
    overdue, by_code = 0, Counter[str]()
    for procedure, diagnostic, day, number in groups.annotate(Count("pk")):
        codes = reviews_overdue((procedure, diagnostic), day, today)
        overdue += number if codes else 0
        by_code.update(dict.fromkeys(codes, number))
    return overdue, {code: by_code[code] for code in review_intervals_on(today) if by_code[code]}
