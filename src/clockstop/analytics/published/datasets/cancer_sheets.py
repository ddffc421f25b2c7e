"""Read one sheet of the cancer waiting times provider workbook."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from clockstop.analytics.published.datasets import cancer_layout as layout
from clockstop.analytics.published.datasets.cancer_checks import COUNTS, sheet_problems
from clockstop.analytics.published.datasets.cancer_layout import SheetLayout, plain
from clockstop.analytics.published.fields import typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.workbook import Row, Sheet
from clockstop.core.types import Month

_FIRST = 1  # column A is empty
_MONTH_ROW = 2


def month_of(sheet: Sheet) -> Month:
    """The month in the sheet's second row, ``Sep-25``. Raises FileRefusedError."""
    cell = sheet.rows[_MONTH_ROW - 1][0] if len(sheet.rows) >= _MONTH_ROW else None
    try:
        day = _day(cell or "")
    except ValueError:
        expected = "a month as 'Sep-25'"
        raise FileRefusedError([sheet.problem("month", repr(cell), expected, _MONTH_ROW)]) from None
    return Month(day.year, day.month)


def _day(cell: str) -> date:
    if cell[:1].isdigit():  # a date of Excel's
        return date.fromisoformat(cell)
    return datetime.strptime(cell, "%b-%y").replace(tzinfo=UTC).date()


def sheet_rows(sheet: Sheet, of: SheetLayout) -> pl.DataFrame:
    """The rows of all parts of a sheet, England's among them. Raises FileRefusedError.

    Columns: provider, name, standard, breakdown, route, group, total, within, after.
    """
    names = [name or "blank" for name in of.columns]
    cells = sheet.table(names, _FIRST, _data_rows(sheet, of)).drop("blank")
    is_england = (pl.col(layout.NAME) == layout.ENGLAND) & pl.col(layout.CODE).is_null()
    code = pl.when(is_england).then(pl.lit(layout.ENGLAND_CODE)).otherwise(layout.CODE)
    cells = cells.with_columns(code.alias(layout.CODE))
    key = ["provider", "route", "group"] if of.group else ["provider", "route"]
    table = typed(cells, sheet.file, of.fields, key=key)
    if not of.group:
        table = table.with_columns(group=pl.lit(layout.ALL_CANCERS))
    table = table.with_columns(pl.col("route").str.to_lowercase())
    problems = list(sheet_problems(table.hstack(cells.select("row")), sheet, of))
    if problems:
        raise FileRefusedError(problems)
    kinds = (pl.lit(of.standard).alias("standard"), pl.lit(of.breakdown).alias("breakdown"))
    return table.select("provider", "name", *kinds, "route", "group", *COUNTS)


def _data_rows(sheet: Sheet, of: SheetLayout) -> list[int]:
    """The numbers of the data rows of every part. Raises FileRefusedError for a wrong heading."""
    heads = [n for n, row in enumerate(sheet.rows, start=1) if layout.CODE in map(plain, row)]
    if not heads:
        problem = sheet.problem("header", "no such heading", repr(layout.CODE), None, layout.CODE)
        raise FileRefusedError([problem])
    problems = [problem for head in heads for problem in _heading_problems(sheet, head, of)]
    if problems:
        raise FileRefusedError(problems)
    rows = [
        number
        for number in range(heads[0] + 1, len(sheet.rows) + 1)
        if number not in heads and _is_data(sheet.rows[number - 1][_FIRST:])
    ]
    if not rows:
        raise FileRefusedError([sheet.problem("empty", "no rows", "at least one row")])
    return rows


def _is_data(cells: Row) -> bool:
    return any(cells) and layout.PERCENTAGE not in cells


def _heading_problems(sheet: Sheet, head: int, of: SheetLayout) -> list[Problem]:
    found = [plain(cell) for cell in sheet.rows[head - 1][_FIRST:]]
    found += [""] * (len(of.columns) - len(found))
    return [
        sheet.problem("header", repr(have), repr(want), head, want)
        for want, have in zip((c.removesuffix(" (band)") for c in of.columns), found, strict=False)
        if want != have
    ]
