"""Whether a table is one of events, and what is wrong with it: column, place, found, expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.clocks.encoding import READ, fields_of, is_of
from clockstop.analytics.clocks.events_table import KEYS, columns
from clockstop.core.rtt.reading import EventField

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)  # as of the pathways in JSON
_SHOWN = 60


class EventsRefusedError(ValueError):
    """A table that is not one of events; ``problems`` holds all that is wrong with it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def check_columns(found: Mapping[str, Any]) -> None:
    """Hold the columns of a table against those of a table of events.

    Raises EventsRefusedError.
    """
    problems = []
    for name, kind in columns().items():
        if name not in found:
            problems.append(f"column {name}: missing, expected {_said(name, kind)}")
        elif not _fits(name, found[name], kind):
            problems.append(f"column {name}: found {found[name]}, expected {_said(name, kind)}")
    unknown = [name for name in found if name not in columns()]
    problems += [f"column {name}: unknown to a table of events" for name in unknown]
    if problems:
        raise EventsRefusedError(problems)


def _fits(name: str, found: Any, kind: Any) -> bool:
    """Other tools write what Polars does, in types a little wider."""
    if name in ("pathway", "number"):
        return bool(found.is_integer())
    if kind.base_type() in (pl.String, pl.Enum):
        return found.base_type() in (pl.String, pl.Enum, pl.Categorical, pl.Null)
    return found in (kind, pl.Null())


def _said(name: str, kind: Any) -> str:
    if name in ("pathway", "number"):
        return "whole numbers"
    if kind == pl.Date():
        return "days"
    return "true or false" if kind == pl.Boolean() else "text"


def in_types() -> list[pl.Expr]:
    """The columns that the clock reads, in the types of a table of events; null does not fit."""
    return [
        pl.col("kind").cast(pl.String).cast(KEYS["kind"], strict=False),
        *(
            pl.col(name).cast(kind, strict=False)
            for name, kind in columns().items()
            if _plain(name)
        ),
    ]


def _plain(name: str) -> bool:
    return name in READ and name != "kind"


def check_order(keys: pl.DataFrame) -> None:
    """Hold the keys to their order: each pathway in one place, its entries counted from 1.

    Raises EventsRefusedError with the first row that is out of order.
    """
    for name in ("pathway", "number"):
        if keys[name].null_count():
            at = int(keys[name].is_null().arg_max() or 0)
            raise EventsRefusedError([f"column {name}: row {at + 1}: found nothing"])
    pathway, number = keys["pathway"].to_numpy(), keys["number"].to_numpy()
    if not len(number):
        return
    is_new = np.append(True, pathway[1:] != pathway[:-1])
    wrong = np.flatnonzero(number != np.where(is_new, 1, np.append(0, number[:-1]) + 1))
    if len(wrong):
        at = int(wrong[0])
        place = f"pathway {pathway[at]}, row {at + 1}: found {number[at]}"
        expected = "expected the entries of a pathway together, counted from 1"
        raise EventsRefusedError([f"column number: {place}, {expected} ({len(wrong):,} such)"])
    first = pathway[is_new]
    if not (first[1:] > first[:-1]).all():
        _check_unique(first)


def _check_unique(keys: Any) -> None:
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        words = f"column pathway: found {twice[0]} in several places, expected in one"
        raise EventsRefusedError([f"{words} ({len(twice):,} such)"])


def value_problems(given: pl.DataFrame, events: pl.DataFrame) -> list[str]:
    """What is wrong with the values of a table, ``given`` and as read in the types of events."""
    wrong = [*keys_wrong(), *(each for name in READ for each in wrong_values(name))]
    counts = events.select(mask.sum().alias(str(at)) for at, (_, _, mask) in enumerate(wrong)).row(
        0
    )
    return [
        _problem(given, events, name, expected, mask, count)
        for (name, expected, mask), count in zip(wrong, counts, strict=True)
        if count
    ]


def _problem(
    given: pl.DataFrame, events: pl.DataFrame, name: str, expected: str, mask: pl.Expr, count: int
) -> str:
    at = events.select(mask.arg_true().first()).item()
    row = given.row(at, named=True)
    found = "nothing" if row[name] is None else repr(str(row[name]))[:_SHOWN]
    many = "" if count == 1 else f" ({count:,} such)"
    place = f"pathway {row['pathway']}, entry {row['number']}"
    return f"column {name}: {place}: found {found}, expected {expected}{many}"


def keys_wrong() -> Iterator[tuple[str, str, pl.Expr]]:
    """What can be wrong with the keys: the column, what is expected, where it is wrong."""
    yield "kind", "a kind of event", pl.col("kind").is_null()
    yield "number", "1 to 65535", pl.col("number").is_null() | (pl.col("number") == 0)
    yield "pathway", "a whole number from 0", pl.col("pathway").is_null()


def wrong_values(name: str) -> Iterator[tuple[str, str, pl.Expr]]:
    """What can be wrong with a field, in the kinds of event that have it."""
    kinds = fields_of(name)
    if not kinds:
        return
    field, of = next(iter(kinds.values())), is_of(tuple(kinds))
    needed = [kind for kind, each in kinds.items() if each.required]
    if needed:
        yield name, field.expected, is_of(needed) & pl.col(name).is_null()
    unfit = _unfit(name, field)
    if unfit is not None:
        yield name, field.expected, of & unfit.fill_null(value=False)


def _unfit(name: str, field: EventField) -> pl.Expr | None:
    column = pl.col(name)
    if field.type is date:
        return ~column.is_between(_FIRST_DAY, _LAST_DAY)
    if field.options:
        known = column.cast(pl.Enum([str(each) for each in field.options]), strict=False)
        return column.is_not_null() & known.is_null()
    return None if field.type is bool else column == ""
