"""Events as the text that the store keeps of them, and back: columns, no event in Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import polars as pl

from clockstop.analytics.clocks.events_table import KEYS, columns
from clockstop.core.rtt.reading import EventField, event_fields

_CONTROLS = [chr(code) for code in range(32)]
_SPECIAL = r'["\\\x00-\x1f]'
_ESCAPED = {text: json.dumps(text)[1:-1] for text in ['"', "\\", *_CONTROLS]}
_PLACE = "place of the row"


def texts(events: pl.DataFrame) -> pl.Series:
    """The JSON of each row of a table of events, as ``canonical(written(event))`` makes it.

    Keys in the order of the alphabet, fields at their default left out, columns that a kind does
    not have left out too. An event is called ``e`` and its number.
    """
    placed = events.with_row_index(_PLACE)
    parts = []
    for kind in placed["kind"].cast(pl.String).unique():
        rows = placed.filter(pl.col("kind") == kind)
        parts.append(rows.select(_PLACE, text=_object(rows, str(kind))))
    if not parts:
        return pl.Series("text", [], dtype=pl.String)
    return pl.concat(parts).sort(_PLACE)["text"]


def _object(rows: pl.DataFrame, kind: str) -> pl.Expr:
    members = [_member(rows, field) for field in _fields(kind)]
    return pl.concat_str(
        pl.lit("{"), pl.concat_str(members, separator=",", ignore_nulls=True), pl.lit("}")
    )


def _fields(kind: str) -> Iterator[EventField | str]:
    """The fields of a kind by name, and the kind itself among them."""
    found: dict[str, EventField | str] = {**event_fields(kind), "kind": kind}
    return (found[name] for name in sorted(found))


def _member(rows: pl.DataFrame, field: EventField | str) -> pl.Expr:
    """``"name":value``, null where it is left out."""
    if isinstance(field, str):
        return pl.lit(f'"kind":"{field}"')
    name = f'"{field.name}":'
    if field.name == "id":
        return pl.concat_str(pl.lit(f'{name}"e'), pl.col("number").cast(pl.String), pl.lit('"'))
    column, member = pl.col(field.name), pl.lit(None, pl.String)
    if field.type is bool:
        word = pl.when(column).then(pl.lit(f"{name}true")).otherwise(pl.lit(f"{name}false"))
        member = pl.when(column.is_not_null()).then(word)
    elif field.type is date:
        member = pl.concat_str(pl.lit(f'{name}"'), column.cast(pl.String), pl.lit('"'))
    else:
        member = pl.concat_str(pl.lit(f'{name}"'), escaped(rows[field.name]), pl.lit('"'))
    if field.required or field.default is None:
        return member
    default = field.default if isinstance(field.default, bool) else str(field.default)
    return pl.when(column != pl.lit(default)).then(member)


def escaped(values: pl.Series) -> pl.Expr:
    """Text as it stands between the quotes of a JSON string; not ASCII stays as it is."""
    column = pl.col(values.name)
    if not values.str.contains(_SPECIAL).any():
        return column
    return column.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))


def events_of(kept: pl.DataFrame) -> pl.DataFrame:
    """The table of events of some kept ones: columns ``pathway``, ``number`` and ``values``.

    Raises pl.exceptions.ComputeError for a text that is no JSON.
    """
    types = {name: kind for name, kind in columns().items() if name not in KEYS}
    read = {
        name: pl.Boolean() if kind == pl.Boolean() else pl.String() for name, kind in types.items()
    }
    decoded = kept["values"].str.json_decode(pl.Struct({"kind": pl.String(), **read}))
    fields = decoded.struct.unnest()
    table = kept.select("pathway", "number").hstack(fields)
    return table.select(
        (
            pl.col(name).str.to_date("%Y-%m-%d") if kind == pl.Date() else pl.col(name).cast(kind)
        ).alias(name)
        for name, kind in columns().items()
    )
