"""Rows of the list that a day passing changes: made anew in columns, many at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from clockstop.analytics.engine.rows import table_of
from clockstop.analytics.records import stored
from clockstop.analytics.tracking.states import AWAITED, states
from clockstop.service.pathways import bulk
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.tracking.models import ListEntry

if TYPE_CHECKING:
    import polars as pl

_AT_ONCE = 20_000
_AWAITED = (
    "pathway_id",
    "pathway__patient__died_on",
    "pathway__hospital_record__next_appointment",
    "pathway__hospital_record__follow_up_due",
    "pathway__hospital_record__pifu_expires",
)


def refresh_due(day: date) -> int:
    """Make every row anew that may be another since a day has come; how many there were."""
    total = 0
    while True:
        with transaction.atomic():
            due = ListEntry.objects.filter(changes_on__lte=day).order_by("pk")
            rows = list(due.values_list(*_AWAITED)[:_AT_ONCE])
            if not rows:
                return total
            _refresh([(key.hex, *map(_text, days)) for key, *days in rows], day)
            total += len(rows)


def _refresh(rows: list[tuple[str | None, ...]], day: date) -> None:
    names = ["id", *(name for name in AWAITED if name != "pathway")]
    types = {name: AWAITED.get(name, stored.KEPT["id"]) for name in names}
    awaited = table_of(rows, types)
    wanted = bulk.want(awaited["id"])
    kept = bulk.read(PathwayEvent, stored.KEPT, f"{wanted}pathway_id", fields={"id": "pathway"})
    bulk.forget()
    facts = states(stored.events_kept(kept, awaited), stored.keyed(awaited), day=day)
    bulk.change(ListEntry, _named(facts, awaited))


def _named(facts: pl.DataFrame, awaited: pl.DataFrame) -> pl.DataFrame:
    return facts.with_columns(awaited["id"].alias("pathway"))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
