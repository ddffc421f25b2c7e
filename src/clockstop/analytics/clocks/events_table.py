"""The table of events: one row for each entry of each pathway, one column for each field.

The columns are those of the kinds of event, so that a row is what the clock command reads as JSON.
Rows of a pathway stand together, in the order in which they were entered: ``number`` counts from 1,
and an entry is called ``e`` and its number, in ``supersedes`` and wherever it is referred to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

import polars as pl

from clockstop.core.rtt.events import KINDS, Event
from clockstop.core.rtt.reading import EventField, event_fields, read_event

KEYS = {"pathway": pl.UInt64(), "number": pl.UInt16(), "kind": pl.Enum(sorted(KINDS))}
# A field of the same name holds different words in different kinds: text, whatever they are.
_TYPES = {date: pl.Date(), bool: pl.Boolean()}


@cache
def columns() -> Mapping[str, pl.DataType]:
    """The columns of the table: the keys, then each field of each kind, by name."""
    found: dict[str, pl.DataType] = dict(KEYS)
    for kind in sorted(KINDS):
        for name, field in event_fields(kind).items():
            if name != "id":
                found.setdefault(name, _type(field))
    return found


def _type(field: EventField) -> pl.DataType:
    return _TYPES.get(field.type, pl.String())


def table(pathways: Iterable[tuple[int, Iterable[Event]]]) -> pl.DataFrame:
    """The table of some pathways, each a key and its events in the order of entry.

    For tests and small lists: national ones are made as columns from the start.
    """
    rows = [
        {"pathway": key, "number": number, "kind": event.kind, **_fields(event)}
        for key, events in pathways
        for number, event in enumerate(events, start=1)
    ]
    return pl.DataFrame(rows, schema=dict(columns()))


def _fields(event: Event) -> Mapping[str, object]:
    return {name: getattr(event, name) for name in event_fields(event.kind) if name != "id"}


def pathways(events: pl.DataFrame) -> Iterator[tuple[int, tuple[Event, ...]]]:
    """The pathways of a table as events, one after another: the slow way, for the oracle.

    Raises ValueError for a row that is no event.
    """
    for (key,), rows in events.group_by("pathway", maintain_order=True):
        yield int(str(key)), tuple(_event(row) for row in rows.iter_rows(named=True))


def _event(row: Mapping[str, object]) -> Event:
    known = event_fields(str(row["kind"]))
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name in known and value is not None
    }
    problems: list[str] = []
    event = read_event(values | {"id": f"e{row['number']}", "kind": row["kind"]}, "", problems)
    if event is None:
        raise ValueError(f"pathway {row['pathway']}, entry {row['number']}: {'; '.join(problems)}")
    return event
