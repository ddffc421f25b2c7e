"""Typed columns of small tables: each cell is parsed or reported, all problems at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month


@dataclass(frozen=True)
class Field:
    """How to read one column: ``parse`` returns the value or raises ValueError.

    ``name`` is the column in the table kept, ``column`` the one in the file, ``expected`` the
    words of the error; a blank is refused unless ``optional``.
    """

    name: str
    column: str
    parse: Callable[[str], Any]
    dtype: Any
    expected: str
    optional: bool = False


_WORD = re.compile(r"[A-Za-z]{2}")


def text(name: str, column: str, *, optional: bool = False) -> Field:
    """Words: two letters together at least, and nothing that cannot be printed."""

    def parse(cell: str) -> str:
        if not _WORD.search(cell) or not cell.isprintable():
            raise ValueError(cell)
        return cell

    return Field(name, column, parse, pl.String, "a text", optional)


def code(name: str, column: str, pattern: str, expected: str, *, optional: bool = False) -> Field:
    """A code of the given pattern."""
    matcher = re.compile(pattern)

    def parse(cell: str) -> str:
        if not matcher.fullmatch(cell):
            raise ValueError(cell)
        return cell

    return Field(name, column, parse, pl.String, expected, optional)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?")
_ROUNDED = re.compile(r"\*|[0-9]{0,8}[05]")
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")


def number(
    name: str, column: str, low: float, high: float, *, whole: bool = False, optional: bool = False
) -> Field:
    """A number from ``low`` to ``high``, plain digits; a whole one may be written ``12.0``."""

    def parse(cell: str) -> float:
        value = float(cell) if _NUMBER.fullmatch(cell) else float("nan")
        if not low <= value <= high or (whole and value != int(value)):
            raise ValueError(cell)
        return int(value) if whole else value

    kind = "a whole number" if whole else "a number"
    expected = f"{kind} from {low:,} to {high:,}"
    return Field(name, column, parse, pl.Int64 if whole else pl.Float64, expected, optional)


def count_or_star(name: str, column: str) -> Field:
    """A count rounded to 5, or ``*`` where a small one is hidden: kept as blank, never as 0."""

    def parse(cell: str) -> int | None:
        if not _ROUNDED.fullmatch(cell):
            raise ValueError(cell)
        return None if cell == "*" else int(cell)

    return Field(name, column, parse, pl.Int64, "a count rounded to 5, or '*'")


def day(name: str, column: str, *, optional: bool = False) -> Field:
    """A date, ``2021-04-01`` or ``20210401``."""

    def parse(cell: str) -> date:
        if not _DAY.fullmatch(cell):
            raise ValueError(cell)
        return date.fromisoformat(cell)

    return Field(name, column, parse, pl.Date, "a date as 2021-04-01 or 20210401", optional)


def month(name: str, column: str) -> Field:
    """A month, ``2025-09``, kept as that text."""
    return Field(name, column, lambda c: str(Month.parse(c)), pl.String, "a month as 2025-09")


ODS_CODE = r"[A-Z0-9]{2,8}"
ICB_CODE = r"Q[A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z]"  # the second form since April 2026
ODS_WORDS = "an organisation code of capitals and digits"


def typed(
    table: pl.DataFrame, file: str, fields: Sequence[Field], *, key: Sequence[str] = ()
) -> pl.DataFrame:
    """The fields of a text table (with its ``row`` column), typed. Raises FileRefusedError.

    ``key`` names the fields that together must be unique.
    """
    problems: list[Problem] = []
    columns = [_parsed(table, file, field, problems) for field in fields]
    result = pl.DataFrame(columns)
    if key and not problems:
        problems += _repeats(result, table["row"], file, key)
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda p: p.row or 0))
    return result


def _parsed(table: pl.DataFrame, file: str, field: Field, problems: list[Problem]) -> pl.Series:
    """A column parsed: each text once, however many rows have it."""
    values, wrong = {}, []
    for cell in table[field.column].drop_nulls().unique(maintain_order=True):
        try:
            values[cell] = field.parse(cell)
        except ValueError:
            wrong.append(cell)
    faulty = pl.col(field.column).is_in(wrong)
    if not field.optional:
        faulty |= pl.col(field.column).is_null()
    for row, cell in table.filter(faulty).select("row", field.column).rows():
        kind, found = ("blank", "a blank") if cell is None else ("value", repr(cell))
        problems.append(Problem(file, kind, found, field.expected, row, field.column))
    parsed = pl.Series(list(values.values()), dtype=field.dtype)
    column = table[field.column].replace_strict(
        pl.Series(list(values), dtype=pl.String), parsed, default=None, return_dtype=field.dtype
    )
    return column.alias(field.name)


def _repeats(
    table: pl.DataFrame, rows: pl.Series, file: str, key: Sequence[str]
) -> Iterator[Problem]:
    if not table.select(key).is_duplicated().any():
        return
    first: dict[tuple[object, ...], int] = {}
    for row, values in zip(rows, table.select(key).rows(), strict=True):
        if first.setdefault(values, row) != row:
            found = f"{' × '.join(map(str, values))} again (first in row {first[values]:,})"
            yield Problem(file, "duplicate", found, "each key once", row)
