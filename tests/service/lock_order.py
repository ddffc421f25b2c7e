"""Watches that a transaction holds every row that it needs before it writes to the audit.

The chain of the audit stays locked until the transaction ends, and everybody passes through it. Who
then asks for a row that another holds, who waits for the chain, waits for ever: PostgreSQL ends one
of the two as a deadlock. SQLite has no locks of rows, so what is watched is what a query asks for.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.transaction import Atomic

from clockstop.service.audit.models import Chain
from clockstop.service.pathways.models import CareRelationship, HospitalRecord
from clockstop.service.referrals.models import Appointment, ChoiceEvent
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.models import Exchange, Invitation, Offer, Transfer

# Rows that nobody writes but who holds the row on which they hang.
HELD_WITH = {
    CareRelationship: "pathway",
    HospitalRecord: "pathway",
    ListEntry: "pathway",
    Offer: "request",
    Transfer: "request",
    Invitation: "request",
    Exchange: "transfer",
    Appointment: "referral",
    ChoiceEvent: "referral",
}


class Watch:
    """The rows of the transaction under way, whether it holds a chain, and what came too late."""

    def __init__(self) -> None:
        self.base = _depth()
        self.late: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.has_chain, self.held = False, set[tuple[type[Model], object]]()

    def took(self, rows: Iterable[Model], how: str) -> None:
        """Rows were locked, by reading or by writing them."""
        for row in rows:
            if isinstance(row, Chain):
                self.has_chain = True
            elif self.has_chain and not self._is_held(row):
                self.late.append(f"{type(row).__name__} {how} after the audit: {_where()}")

    def holds(self, rows: Iterable[Model]) -> None:
        """They are this transaction's from now on."""
        self.held |= {(type(row), row.pk) for row in rows}

    @property
    def is_on(self) -> bool:
        """Whether a transaction of the code under test is under way."""
        return _depth() > self.base

    def _is_held(self, row: Model) -> bool:
        if (type(row), row.pk) in self.held:
            return True
        above = HELD_WITH.get(type(row))
        return above is not None and self._is_held(getattr(row, above))


def _depth() -> int:
    return connection.in_atomic_block + len(connection.savepoint_ids)


@contextmanager
def watched() -> Iterator[Watch]:
    """Whatever transactions come about meanwhile."""
    watch = Watch()
    with (
        patch.object(Atomic, "__enter__", _entered(watch, Atomic.__enter__)),
        patch.object(QuerySet, "_fetch_all", _fetched(watch, QuerySet._fetch_all)),
        patch.object(QuerySet, "update", _updated(watch, QuerySet.update)),
        patch.object(Model, "save_base", _saved(watch, Model.save_base)),
    ):
        yield watch


def in_order(request) -> Iterator[None]:
    """As a fixture: a test that uses the store fails where a row was locked too late."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    with watched() as watch:
        yield
    assert watch.late == []


def _entered(watch, enter):
    def entered(atomic):
        if not watch.is_on:
            watch.begin()
        return enter(atomic)

    return entered


def _fetched(watch, fetch):
    def fetched(rows):
        is_new, query = rows._result_cache is None, rows.query
        fetch(rows)
        if is_new and query.select_for_update and watch.is_on:
            found = [_row(rows.model, each) for each in rows._result_cache]
            if not query.select_for_update_skip_locked:  # which waits for nobody
                watch.took(found, "is locked")
            watch.holds(found)

    return fetched


def _updated(watch, update):
    def updated(rows, **values):
        if watch.is_on:
            found = list(QuerySet(rows.model, query=rows.query.chain()))
            watch.took(found, "is updated")
            watch.holds(found)
        return update(rows, **values)

    return updated


def _saved(watch, save):
    def saved(row, *given, **named):
        if watch.is_on and not row._state.adding:
            watch.took([row], "is saved")
        result = save(row, *given, **named)
        watch.holds([row])
        return result

    return saved


def _where() -> str:
    """By which of our lines, the outermost first."""
    ours = [each for each in traceback.extract_stack() if "/src/clockstop/" in each.filename]
    return " > ".join(f"{each.filename.split('/service/')[-1]}:{each.lineno}" for each in ours)


def _row(model: type[Model], found: object) -> Model:
    """The row that a query found, or one of its key."""
    if isinstance(found, Model):
        return found
    return model(pk=found[0] if isinstance(found, tuple) else found)
