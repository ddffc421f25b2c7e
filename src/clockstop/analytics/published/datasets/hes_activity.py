"""Hospital activity: HES by treatment function and by age band, and monthly returns by provider.

``functions`` and ``ages`` are the open data of the provisional monthly HES (M13, three financial
years in one file). ``organisations`` is the Monthly Activity Return as HES gives it (England,
regions, CCGs, providers; figures rounded to 5, small ones suppressed as ``*`` and kept as not
known). ``providers`` is the earlier return by provider, 2012 to 2017, reshaped. Each layout is one
table of its own name and one key: a newer file replaces the older. Rows of the 2012 to 2017 return
whose electives do not add up are known, and warned of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout, nearest
from clockstop.analytics.published.datasets import hes_columns as columns
from clockstop.analytics.published.fields import (
    ODS_CODE,
    ODS_WORDS,
    Field,
    code,
    day,
    number,
    text,
    typed,
)
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.sums import broken_limits, broken_sums
from clockstop.core.types import Month

MOST = 100_000_000
SUPPRESSED = "*"


def _month(name: str, column: str, pattern: str, expected: str) -> Field:
    """A month from a day written by the pattern."""

    def parse(cell: str) -> str:
        found = datetime.strptime(cell, pattern)  # noqa: DTZ007 - a month has no time zone
        return str(Month(found.year, found.month))

    return Field(name, column, parse, pl.String, expected)


def _counts(names: Mapping[str, str], *, optional: bool = False) -> tuple[Field, ...]:
    return tuple(
        number(name, column, 0, MOST, whole=True, optional=optional)
        for name, column in names.items()
    )


def _unless(mark: str, field: Field) -> Field:
    """The field, or the mark, which stands for what is not known."""

    def parse(cell: str) -> object:
        return None if cell == mark else field.parse(cell)

    return Field(field.name, field.column, parse, field.dtype, f"{field.expected}, or {mark}")


FIELDS: dict[str, tuple[Field, ...]] = {
    "functions": (
        _month("month", "Month_Ending", "%d%b%y", "a day as 31MAR21"),
        code("function", "TRETSPEF", r"\d{3}|&", "a function as 110, or & if not known"),
        text("name", "TRETSPEF_DESCRIPTION", optional=True),
        *_counts(columns.HES, optional=True),
    ),
    "ages": (
        _month("month", "Month_Ending", "%d%b%Y", "a day as 31MAR2021"),
        code("age_band", "Age_Band", r"\d\d\. [\w +-]+", "an age band as 01. 0 - 4"),
        *_counts(columns.HES),
    ),
    "organisations": (
        _month("month", "Activity Month", "%b %Y", "a month as Apr 2020"),
        text("breakdown", "Organisation breakdown"),
        _unless("-", code("organisation", "Org Code", rf"{ODS_CODE}|All", f"{ODS_WORDS}, or All")),
        _unless("-", text("name", "Org Name")),
        _unless("-", code("region", "Region Code", r"Y\d{2}", "a region code as Y63")),
        *(_unless(SUPPRESSED, field) for field in _counts(columns.MAR)),
    ),
    "providers": (
        day("day", "period_date"),
        code("organisation", "provider_org_code", ODS_CODE, ODS_WORDS),
        text("name", "provider_org_name"),
        *(number(name, column, 0, MOST) for name, column in columns.EARLY.items()),
    ),
}
LAYOUTS = {
    "functions": Layout(columns.FUNCTION_FILE),
    "ages": Layout(columns.AGE_FILE),
    "organisations": Layout(columns.MAR_FILE),
    "providers": Layout(columns.EARLY_FILE),
}
_KEYS = {
    "functions": ("month", "function"),
    "ages": ("month", "age_band"),
    "organisations": ("month", "breakdown", "organisation", "region"),
    "providers": ("day", "organisation"),
}


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the activity: every cell a count, no count belied by another.

    Raises FileRefusedError.
    """
    kind = nearest(LAYOUTS, content[:HEAD_BYTES])
    cells = LAYOUTS[kind].read(content, file)
    table = typed(cells, file, FIELDS[kind], key=_KEYS[kind]).with_columns(cells["row"])
    warnings: list[Problem] = []
    if kind == "providers":
        table, warnings = _monthly(table, file)
    problems = [
        *broken_sums(table, file, columns.SUMS[kind]),
        *broken_limits(table, file, columns.LIMITS.get(kind, ())),
    ]
    if len(problems) > (columns.KNOWN_FAULTS if kind == "providers" else 0):
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    return Reading(kind, cells.height, {kind: table.drop("row")}, [*warnings, *problems])


def _monthly(table: pl.DataFrame, file: str) -> tuple[pl.DataFrame, list[Problem]]:
    """The early return by month; counts that are not whole are not known, with a warning."""
    month = pl.col("day").dt.strftime("%Y-%m").alias("month")
    warnings: list[Problem] = []
    for name, column in columns.EARLY.items():
        odd = table.filter(pl.col(name) != pl.col(name).round())
        warnings += [
            Problem(file, "value", str(cell), "a whole number: kept as not known", row, column)
            for row, cell in odd.select("row", name).rows()
        ]
    wholes = [
        pl.when(pl.col(name) == pl.col(name).round()).then(pl.col(name)).cast(pl.Int64).alias(name)
        for name in columns.EARLY
    ]
    return table.select("row", month, "organisation", "name", *wholes), warnings


HES_ACTIVITY = DataSet(
    name="hes_activity",
    title="Hospital activity (HES monthly and Monthly Activity Return)",
    licence="NHS England (formerly NHS Digital), Open Government Licence v3.0",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
