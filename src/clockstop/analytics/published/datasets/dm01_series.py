"""The reshaped DM01 tables: many months in one file, by provider or by commissioning ICB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.dm01_tables import BANDS, count, tables
from clockstop.analytics.published.fields import (
    ODS_CODE,
    ODS_WORDS,
    Field,
    code,
    number,
    text,
    typed,
)
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import Reading
from clockstop.analytics.published.sums import Sum, broken_sums
from clockstop.core.codes import diagnostic_tests, regions
from clockstop.core.types import Month

NATIONAL = "X24"  # NHS England itself, where a region or an ICB stands otherwise
# Months whose figures contradict themselves as published: they are left out, with a warning.
KNOWN_BROKEN = {"commissioner": {"2023-06"}}  # bands from 10 weeks on, and tests, of other rows
_ROUNDED = 0.000_51  # shares are printed to three places

_BASES = {"provider": ("Provider", "weeks"), "commissioner": ("ICB", "Weeks")}
_BANDS = (
    *(f"{'0' if week == 0 else f'{week:02d}'} <{week + 1:02d} weeks" for week in range(13)),
    "13+ weeks",
)
_TOTAL, _OVER_6, _OVER_13 = (
    "Total Waiting List",
    "Number waiting 6+ Weeks",
    "Number waiting 13+ Weeks",
)
_TESTS = {
    "planned": "Planned tests / procedures",
    "unscheduled": "Unscheduled tests / procedures",
    "waiting_list": "Waiting list tests / procedures (excluding planned)",
}
_SUMS = (
    Sum("waiting", BANDS, "the bands", _TOTAL),
    Sum("over_6", BANDS[6:], "the bands from 6 weeks on", _OVER_6),
    Sum("over_13", BANDS[13:], "the band from 13 weeks on", _OVER_13),
)


def _share(basis: str) -> str:
    return f"Percentage waiting 6+ {_BASES[basis][1]}"


def _layout(basis: str) -> Layout:
    who = _BASES[basis][0]
    keys = ("Reporting Period", "Regional Team Code", f"{who} Code", "Diagnostic ID")
    counts = (_TOTAL, _OVER_6, _OVER_13, _share(basis), *_BANDS, *_TESTS.values())
    return Layout((*keys, *counts, f"{who} Name", "Diagnostic Test Name"))


LAYOUTS = {basis: _layout(basis) for basis in _BASES}


def _month(cell: str) -> str:
    day = date.fromisoformat(cell)
    month = Month(day.year, day.month)
    if day != month.census:
        raise ValueError(cell)
    return str(month)


@cache
def _fields(basis: str) -> tuple[Field, ...]:
    who = _BASES[basis][0]
    codes = {str(test.number): test.code for test in diagnostic_tests()}
    names = {test.official_name: test.code for test in diagnostic_tests()}
    known = {region.code: region.code for region in regions()} | {NATIONAL: None}
    return (
        Field("month", "Reporting Period", _month, pl.String, "the last day of a month"),
        _one_of("region", "Regional Team Code", known, "a region code as Y63, or X24"),
        code("organisation", f"{who} Code", ODS_CODE, ODS_WORDS),
        text("name", f"{who} Name"),
        _one_of("test", "Diagnostic ID", codes, "the number of a test, 1 to 15"),
        _one_of("named_test", "Diagnostic Test Name", names, "a test as DM01 names it"),
        count("waiting", _TOTAL),
        count("over_6", _OVER_6),
        count("over_13", _OVER_13),
        number("share", _share(basis), 0, 1),
        *map(count, BANDS, _BANDS),
        *(count(name, column) for name, column in _TESTS.items()),
    )


def _one_of(name: str, column: str, values: Mapping[str, str | None], expected: str) -> Field:
    """A cell that stands for a value, which may be none."""

    def parse(cell: str) -> str | None:
        if cell not in values:
            raise ValueError(cell)
        return values[cell]

    return Field(name, column, parse, pl.String, expected)


def read(content: bytes, file: str, basis: str) -> Reading:
    """Check a series and make its tables. Raises FileRefusedError."""
    cells = LAYOUTS[basis].read(content, file)
    returns = typed(cells, file, _fields(basis), key=("month", "organisation", "test"))
    returns = returns.with_columns(cells["row"], basis=pl.lit(basis))
    broken = returns["month"].is_in(sorted(KNOWN_BROKEN.get(basis, ())))
    problems = list(_contradictions(returns.filter(~broken), file))
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    warnings = list(_misprinted_shares(returns.filter(~broken), file, basis))
    if any(_contradictions(returns.filter(broken), file)):
        warnings += [_left_out(month, file) for month in returns.filter(broken)["month"].unique()]
        returns = returns.filter(~broken)
    months = returns["month"].unique().sort()
    facts = {"synthetic": False, "first_month": months[0], "last_month": months[-1]}
    return Reading(f"{basis}_series", cells.height, tables(returns), warnings, facts)


def _contradictions(returns: pl.DataFrame, file: str) -> Iterator[Problem]:
    yield from broken_sums(returns, file, _SUMS)
    misnamed = returns.filter(pl.col("test") != pl.col("named_test"))
    for row, test, named in misnamed.select("row", "test", "named_test").rows():
        yield Problem(file, "name", named, f"{test}, as numbered", row, "Diagnostic Test Name")


def _misprinted_shares(returns: pl.DataFrame, file: str, basis: str) -> Iterator[Problem]:
    """Warnings: the share is not kept, and a row or two of the official file misprints it."""
    share = pl.when(pl.col("waiting") > 0).then(pl.col("over_6") / pl.col("waiting")).otherwise(0.0)
    off = returns.with_columns(is_=share).filter((pl.col("is_") - pl.col("share")).abs() > _ROUNDED)
    for row, printed, is_ in off.select("row", "share", "is_").rows():
        expected = f"{is_:.3f}, as the counts have it"
        yield Problem(file, "share", f"{printed}", expected, row, _share(basis))


def _left_out(month: str, file: str) -> Problem:
    found = f"the figures of {month} contradict each other, as published: the month is left out"
    return Problem(file, "month left out", found, "bands that add up to the list on every row")
