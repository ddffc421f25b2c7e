"""What the page of the list shows, read from the store in few questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

from django.urls import reverse

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.names import people_named
from clockstop.service.registry.names import name_of
from clockstop.service.tracking.cohorts import Tally
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.forms import STATES, FilterForm
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.models import Handling, ListEntry, SavedView
from clockstop.service.tracking.ordering import PAGE, SORTS, page
from clockstop.service.tracking.presenters import asked as words
from clockstop.service.tracking.presenters import cohorts
from clockstop.service.tracking.presenters.rows import Beside, rows
from clockstop.service.tracking.staff import staff_of


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the list a page stands."""

    number: int
    total: int
    address: Callable[[int], str]

    @property
    def last(self) -> int:
        return max(1, ceil(self.total / PAGE))

    @property
    def start(self) -> int:
        """How many rows stand before the page."""
        return (self.number - 1) * PAGE

    @property
    def first_row(self) -> int:
        return min(self.start + 1, self.total)

    @property
    def last_row(self) -> int:
        return min(self.start + PAGE, self.total)


def address_of(name: str, asked: Filter, **more: object) -> str:
    """The address of a page of the list with a filter."""
    query = "&".join(each for each in (asked.query, *(f"{k}={v}" for k, v in more.items())) if each)
    return reverse(name) + (f"?{query}" if query else "")


def list_page(own: OwnList, form: FilterForm, number: int) -> dict[str, Any]:
    """The list as it is asked for. A page behind the last is the last."""
    counted = own.tally()
    total = _total(own, counted)
    pages = Pages(number, total, partial(_page_address, own.asked))
    if number > pages.last:
        pages = Pages(pages.last, total, pages.address)
    entries = page(own.rows, own.asked.sort, own.today, pages.start) if total else []
    beside = _beside(own, entries)
    return {
        **_frame(own.actor, form),
        "title": "Tracking list",
        "asked": own.asked,
        "day": own.today,
        "conditions": words.conditions(own.asked, beside.people, link_to),
        "rows": rows(entries, own.today, beside),
        "pages": pages,
        "sort": SORTS[own.asked.sort],
        "overdue": own.overdue_reviews(),
        "cards": cohorts.cards(counted, own.asked, own.today, link_to) if own.is_own else (),
        "cohorts": _cohorts(own, counted),
        "horizon": counted.horizon,
        "unknown": counted.unknown if own.is_own else 0,
        "is_plain": own.asked.whom.is_plain,
    }


def unread_page(actor: Actor, form: FilterForm) -> dict[str, Any]:
    """The page where what was asked for cannot be read: the form with its errors, and no list."""
    errors = {name: str(each[0]) for name, each in form.errors.items()}
    return {**_frame(actor, form), "title": "Tracking list", "errors": errors, "asked": Filter()}


def link_to(asked: Filter) -> str:
    """The address of the list with a filter, at its rows."""
    return f"{address_of('tracking', asked)}#list"


def _frame(actor: Actor, form: FilterForm) -> dict[str, Any]:
    is_own = actor.role in PROVIDING
    return {
        "form": form,
        "errors": {},
        "is_own": is_own,
        "staff": staff_of(actor.organisation_code) if is_own else (),
        "views": tuple(SavedView.objects.visible_to(actor)),
        "sorts": SORTS,
        "states": STATES,
    }


def _cohorts(own: OwnList, counted: Tally) -> tuple[cohorts.CohortLine, ...]:
    if own.is_own:
        return cohorts.lines(counted, own.asked, own.today, link_to)
    return cohorts.protected_lines(counted, own.today)


def _total(own: OwnList, counted: Tally) -> int:
    """How many rows fit."""
    return counted.fitting(own.asked, own.today)


def _beside(own: OwnList, entries: list[ListEntry]) -> Beside:
    keys, codes = [each.pk for each in entries], {each.organisation_code for each in entries}
    held = Handling.objects.visible_to(own.actor).filter(pathway__in=keys)
    by_pathway = {each.pathway_id: each for each in held}
    owners = {each.owner for each in by_pathway.values()} | {own.asked.owner}
    people = people_named(owners) if owners - {""} else {}
    return Beside(by_pathway, people, {} if own.is_own else name_of(codes))


def _page_address(asked: Filter, number: int) -> str:
    return f"{address_of('tracking', asked, page=number)}#list"
