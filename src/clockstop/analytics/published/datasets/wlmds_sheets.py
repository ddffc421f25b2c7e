"""Read one sheet of the WLMDS demographics workbook as long rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import polars as pl

from clockstop.analytics.published.datasets import wlmds_layout as layout
from clockstop.analytics.published.datasets.wlmds_checks import block_problems
from clockstop.analytics.published.fields import typed
from clockstop.analytics.published.problems import FileRefusedError, together
from clockstop.analytics.published.workbook import Sheet

_FIRST = 1  # column A is empty
_WEEK = re.compile(r"Week ending (\d{1,2} [A-Z][a-z]+ \d{4})")
_ENGLAND = {"level": "england", "code": "ENG", "name": "ENGLAND", "organisation_type": "ALL"}


def week_of(sheets: Mapping[str, Sheet]) -> date:
    """The one week that all sheets but the time series name. Raises FileRefusedError."""
    weeks: list[date] = []
    problems = []
    for sheet in (s for name, s in sheets.items() if not name.startswith(layout.TIME_SERIES)):
        period = sheet.beside("Period:") or ""
        try:
            weeks.append(_day(period))
        except ValueError:
            expected = "a week as 'Week ending 25 January 2026'"
            problems.append(sheet.problem("period", repr(period), expected))
            continue
        if weeks[-1] != weeks[0]:
            expected = f"{weeks[0]}, as on the sheets before"
            problems.append(sheet.problem("period", repr(period), expected))
    if problems:
        raise FileRefusedError(problems)
    return weeks[0]


def _day(period: str) -> date:
    match = _WEEK.fullmatch(period)
    if not match:
        raise ValueError(period)
    return datetime.strptime(match[1], "%d %B %Y").replace(tzinfo=UTC).date()


def sheet_rows(sheet: Sheet, kind: str, dimension: str, week: date) -> pl.DataFrame:
    """A row for each key and group, under the names of the table. Raises FileRefusedError.

    ``week`` is that of the sheets without a column of weeks.
    """
    head = _check_headings(sheet, kind, dimension)
    width = len(layout.headings(kind, dimension)[0])
    rows = _data_rows(sheet, head + 2, width)
    columns = layout.key_columns(kind)
    keys = sheet.table(columns, _FIRST, rows)
    unique = layout.UNIQUE[kind]
    blocks = [
        partial(_block, sheet, group, _FIRST + len(columns) + place * len(layout.MEASURES), rows)
        for place, group in enumerate(layout.GROUPS[dimension])
    ]
    read_keys = partial(typed, keys, sheet.file, layout.KEYS[kind], key=unique)
    named, *groups = together([read_keys, *blocks])
    table = pl.concat([_named(named, kind, week).hstack(each) for each in groups])
    return table.with_columns(dimension=pl.lit(dimension.lower()))


def _check_headings(sheet: Sheet, kind: str, dimension: str) -> int:
    """The number of the first heading row. Raises FileRefusedError naming each wrong heading."""
    first = layout.key_columns(kind)[0]
    places = sheet.rows_with(first)
    if not places:
        problem = sheet.problem("header", "no such heading", repr(first), None, first)
        raise FileRefusedError([problem])
    problems = []
    for row, wanted in enumerate(layout.headings(kind, dimension), start=places[0]):
        found = sheet.rows[row - 1][_FIRST:] if row <= len(sheet.rows) else ()
        padded = [*found, *[None] * (len(wanted) - len(found))]
        problems += [
            sheet.problem("header", repr(have), repr(want), row, want)
            for want, have in zip(wanted, padded, strict=False)
            if want != have
        ]
    if problems:
        raise FileRefusedError(problems)
    return places[0]


def _data_rows(sheet: Sheet, first: int, width: int) -> list[int]:
    """The rows with more than the one cell of a footnote. Raises FileRefusedError for none."""
    rows = [
        number
        for number in range(first, len(sheet.rows) + 1)
        if sum(cell is not None for cell in sheet.rows[number - 1][_FIRST : _FIRST + width]) > 1
    ]
    if not rows:
        raise FileRefusedError([sheet.problem("empty", "no rows", "at least one row")])
    return rows


def _block(sheet: Sheet, group: str, first: int, rows: list[int]) -> pl.DataFrame:
    """The measures of one group, one row for each key."""
    cells = sheet.table([field.column for field in layout.MEASURES], first, rows)
    try:
        table = typed(cells, sheet.file, layout.MEASURES)
    except FileRefusedError as refusal:
        raise FileRefusedError(
            replace(problem, column=f"{group}: {problem.column}") for problem in refusal.problems
        ) from None
    problems = list(block_problems(table.hstack(cells.select("row")), sheet, group))
    if problems:
        raise FileRefusedError(problems)
    suppressed = pl.any_horizontal(pl.col(layout.COUNTS).is_null())
    return table.with_columns(group=pl.lit(group), suppressed=suppressed)


def _named(keys: pl.DataFrame, kind: str, week: date) -> pl.DataFrame:
    """The keys of a sheet under the columns of the table."""
    if kind == layout.TIME_SERIES:
        named = keys.with_columns(**{name: pl.lit(value) for name, value in _ENGLAND.items()})
    elif kind == layout.FUNCTION:
        all_types = {"level": layout.FUNCTION_LEVEL, "organisation_type": "ALL"}
        named = keys.with_columns(**{name: pl.lit(value) for name, value in all_types.items()})
    else:
        level = pl.col("organisation_type").replace_strict(layout.LEVELS)
        named = keys.with_columns(level=level)
    if kind != layout.TIME_SERIES:
        named = named.with_columns(week_ending=week)
    return named.select("week_ending", *_ENGLAND)


def issue_rows(sheet: Sheet) -> pl.DataFrame:
    """Who is missing from which breakdowns: code, name, issue. Raises FileRefusedError."""
    columns = [field.column for field in layout.ISSUE_FIELDS]
    places = sheet.rows_with(columns[0])
    head = places[0] if places else len(sheet.rows)
    found = list(sheet.rows[head - 1][_FIRST : _FIRST + len(columns)])
    if found != columns:
        raise FileRefusedError([sheet.problem("header", repr(found), repr(columns), head)])
    rows = [n for n in range(head + 1, len(sheet.rows) + 1) if any(sheet.rows[n - 1])]
    return typed(sheet.table(columns, _FIRST, rows), sheet.file, layout.ISSUE_FIELDS)
