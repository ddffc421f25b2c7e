"""The pieces that stories are made of: ``fragments.csv``, one row for each entry of a piece.

``place`` says when: ``back`` before the clock opened, by so many days before the next entry;
``open`` on the day that it opened; ``mid`` while it ran and ``after`` once it had stopped, spread
out by weight; ``end`` on the day of the stop. A field may be ``^1`` (the entry one before),
``+7..42`` (so many days after the entry's own) or a name in angle brackets, each pathway's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.synthetic.patients.tables import rows

PLACES = ("back", "open", "mid", "end", "after")
_REFERENCE = re.compile(r"\^(\d+)")
_LATER = re.compile(r"\+(\d+)\.\.(\d+)")
_START = re.compile(r"<start>(-\d+)?")
_OWN = re.compile(r"<(\w+)>")

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Days:
    """A field that holds a day: so many after the entry's own, or after the clock's start."""

    has: Flags
    from_start: Flags
    least: Ints
    most: Ints


@dataclass(frozen=True)
class Fragments:
    """Every entry of every piece, as columns; ``first`` and ``length`` say where a piece lies.

    ``back`` is how many entries before its own each entry refers to, 0 for none.
    """

    names: Mapping[str, int]
    first: Ints
    length: Ints
    place: Ints
    least: Floats
    most: Floats
    by_sender: Flags
    commissioner: Flags
    constant: pl.DataFrame
    days: Mapping[str, Days]
    references: Mapping[str, Ints]
    own: Mapping[str, tuple[Flags, str]]

    def numbers(self, names: tuple[str, ...]) -> Ints:
        """The numbers of pieces, -1 for none."""
        return np.array([self.names.get(name, -1) for name in names])


@cache
def fragments() -> Fragments:
    """The pieces, read once."""
    table = rows("fragments.csv")
    names = list(dict.fromkeys(row["fragment"] for row in table))
    of = np.array([names.index(row["fragment"]) for row in table])
    amounts = [_span(row["amount"]) for row in table]
    fields = [_fields(row["fields"]) for row in table]
    return Fragments(
        names={name: at for at, name in enumerate(names)},
        first=np.searchsorted(of, np.arange(len(names))),
        length=np.bincount(of),
        place=np.array([PLACES.index(row["place"]) for row in table]),
        least=np.array([low for low, _ in amounts]),
        most=np.array([high for _, high in amounts]),
        by_sender=np.array([row["by"] == "sender" for row in table]),
        commissioner=np.array([row["kind"] == "commissioner_recorded" for row in table]),
        constant=_constant([row["kind"] for row in table], fields),
        days=_days(fields),
        references=_references(fields),
        own=_own(fields),
    )


def _span(amount: str) -> tuple[float, float]:
    low, _, high = amount.partition("..")
    return float(low or 0), float(high or low or 0)


def _fields(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split("; ") if pair)
    return {name: value for name, _, value in pairs}


def _constant(kinds: list[str], fields: list[dict[str, str]]) -> pl.DataFrame:
    """The fields that are the same on every pathway, in the types of the events table."""
    types = events_table.columns()
    held: dict[str, pl.Series] = {"kind": pl.Series(kinds, dtype=types["kind"])}
    for name in sorted({name for each in fields for name in each}):
        values = [None if _varies(each.get(name, "")) else each.get(name) for each in fields]
        if types[name] == pl.Boolean:
            held[name] = pl.Series([None if v is None else v == "true" for v in values])
        elif any(value is not None for value in values):
            held[name] = pl.Series(values, dtype=pl.String)
    return pl.DataFrame(held)


def _varies(value: str) -> bool:
    return any(each.fullmatch(value) for each in (_REFERENCE, _LATER, _START, _OWN))


def _days(fields: list[dict[str, str]]) -> dict[str, Days]:
    found = {}
    for name in {name for each in fields for name in each}:
        later = [_LATER.fullmatch(each.get(name, "")) for each in fields]
        start = [_START.fullmatch(each.get(name, "")) for each in fields]
        if any(later) or any(start):
            spans = [
                (int(a[1]), int(a[2])) if a else (int(b[1] or 0),) * 2 if b else (0, 0)
                for a, b in zip(later, start, strict=True)
            ]
            low, high = np.array(spans).T
            is_later, is_start = (
                np.array([m is not None for m in each]) for each in (later, start)
            )
            found[name] = Days(is_later | is_start, is_start, low, high)
    return dict(sorted(found.items()))


def _references(fields: list[dict[str, str]]) -> dict[str, Ints]:
    found = {}
    for name in sorted({name for each in fields for name in each}):
        back = [_REFERENCE.fullmatch(each.get(name, "")) for each in fields]
        if any(back):
            found[name] = np.array([int(m[1]) if m else 0 for m in back])
    return found


def _own(fields: list[dict[str, str]]) -> dict[str, tuple[Flags, str]]:
    """Text of each pathway's own, by field: which entries have it, and its name."""
    found: dict[str, tuple[Flags, str]] = {}
    for name in sorted({name for each in fields for name in each}):
        for what in sorted({each.get(name, "") for each in fields}):
            match = _OWN.fullmatch(what)
            if match and not _START.fullmatch(what):
                has = np.array([each.get(name) == what for each in fields])
                found[f"{name} {match[1]}"] = (has, match[1])
    return found
