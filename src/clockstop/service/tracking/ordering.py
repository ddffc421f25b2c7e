"""In which order the list is read, and one page of it at a time.

Whoever is on the cancer list or under urgent suspicion stands first in every order, so that no
choice of an order puts them off. A start that is not known stands before those that are: nobody
can say that the wait is short.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, When

from clockstop.service.tracking.filters import BY_DATE, BY_PRIORITY, BY_WAIT
from clockstop.service.tracking.querysets import ListEntryQuerySet
from clockstop.service.tracking.ranks import CANCER

PAGE = 50
SORTS: Mapping[str, str] = {
    BY_PRIORITY: "Priority, then wait",
    BY_WAIT: "Longest wait",
    BY_DATE: "Soonest date",
}
_LONGEST = (F("clock_start").asc(nulls_first=True), "pathway")


def in_order(rows: ListEntryQuerySet, sort: str, today: date) -> Iterator[ListEntryQuerySet]:
    """The rows in an order of ``SORTS``: parts to be read one after the other."""
    if sort == BY_PRIORITY:
        yield rows.order_by("clinical_rank", *_LONGEST)
        return
    order = _LONGEST if sort == BY_WAIT else (_soonest(today).asc(nulls_last=True), *_LONGEST)
    yield rows.filter(clinical_rank=CANCER).order_by(*order)
    yield rows.filter(clinical_rank__gt=CANCER).order_by(*order)


def keys_of_page(rows: ListEntryQuerySet, sort: str, today: date, start: int) -> list[UUID]:
    """The pathways of the page of the list that begins after ``start`` rows."""
    keys: list[UUID] = []
    for part in in_order(rows, sort, today):
        found = part.values_list("pk", flat=True)
        keys += found[start : start + PAGE - len(keys)]
        if len(keys) == PAGE:
            break
        start = max(0, start - part.count()) if start else 0
    return keys


def page(rows: ListEntryQuerySet, sort: str, today: date, start: int) -> list[Any]:
    """The rows of that page with their pathways and patients."""
    keys = keys_of_page(rows, sort, today, start)
    found = rows.filter(pk__in=keys).select_related("pathway__patient").in_bulk()
    return [found[key] for key in keys]


def streamed(
    rows: ListEntryQuerySet, sort: str, today: date, columns: tuple[str, ...], size: int = 2000
) -> Iterator[tuple[Any, ...]]:
    """All rows in an order as plain tuples, no more than ``size`` of them held at a time."""
    parts = in_order(rows, sort, today)
    return chain.from_iterable(
        part.values_list(*columns).iterator(chunk_size=size) for part in parts
    )


def _soonest(today: date) -> Case:
    """The next date of an appointment or an admission; null where there is none."""
    appointment = Q(next_appointment__gte=today)
    other = Q(tci_date=None) | Q(tci_date__lt=today) | Q(tci_date__gte=F("next_appointment"))
    return Case(
        When(appointment & other, then="next_appointment"),
        When(tci_date__gte=today, then="tci_date"),
    )
