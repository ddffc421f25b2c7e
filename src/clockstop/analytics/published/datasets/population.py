"""ONS mid-year populations of the sub-ICB locations, by single year of age and sex.

The workbook has a sheet for each year, ``Mid-2024 ICB 2024`` (the year of the estimate, then that
of the boundaries): a row for each sub-ICB location, with ``F0`` to ``F90`` and ``M0`` to ``M90``,
of which 90 stands for 90 and over. Figures are unrounded estimates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from clockstop.analytics.published.fields import Field, code, number, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem, together
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.workbook import Sheet, Workbook
from clockstop.core.codes import icbs

SHEET = re.compile(r"Mid-(\d{4}) ICB (\d{4})")
OLDEST = 90  # and over
AGES = tuple(f"{sex}{age}" for sex in "FM" for age in range(OLDEST + 1))
_SEXES = {"F": "female", "M": "male"}
_PLACES = ("sub_icb", "sub_icb_name", "icb", "icb_name", "region", "region_name")
_MOST = 100_000_000


def fields(boundaries: str) -> tuple[Field, ...]:
    """How the columns of a sheet of such boundaries are read."""
    kinds = (("SICBL", "E38"), ("ICB", "E54"), ("NHSER", "E40"))
    columns = [f"{kind} {boundaries} {what}" for kind, _ in kinds for what in ("Code", "Name")]
    codes = [
        code(_PLACES[2 * n], columns[2 * n], rf"{start}\d{{6}}", f"a code as {start}000006")
        for n, (_, start) in enumerate(kinds)
    ]
    names = [text(_PLACES[2 * n + 1], columns[2 * n + 1]) for n in range(len(kinds))]
    places = [each for pair in zip(codes, names, strict=True) for each in pair]
    counts = [number(name, name, 0, _MOST, whole=True) for name in ("Total", *AGES)]
    return (*places, *counts)


FIELDS = fields("2024")[: len(_PLACES) + 1]


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check every year's sheet and make one long table. Raises FileRefusedError.

    Table ``population``: year, boundaries (years), sub_icb, sub_icb_name, icb, icb_name, region,
    region_name (ONS codes), icb_code (ours, found by the name; null for an ICB that we do not
    list), sex (female, male), age (in years; 90 is 90 and over), n (people).
    """
    book = Workbook(content, file)
    sheets = {name: book.sheet(name) for name in book.names if SHEET.fullmatch(name)}
    table = pl.concat(together(partial(_year, sheet, name) for name, sheet in sheets.items()))
    return Reading("sub_icb", table.height, {"population": table})


def _year(sheet: Sheet, name: str) -> pl.DataFrame:
    """One sheet as long rows."""
    match = SHEET.fullmatch(name)
    assert match is not None
    year, boundaries = match.groups()
    cells = _cells(sheet, [field.column for field in fields(boundaries)])
    table = typed(cells, sheet.file, fields(boundaries), key=["sub_icb"])
    problems = list(_problems(table.hstack(cells.select("row")), sheet))
    if problems:
        raise FileRefusedError(problems)
    long = table.drop("Total").unpivot(AGES, index=_PLACES, variable_name="of", value_name="n")
    return long.select(
        pl.lit(int(year)).alias("year"),
        pl.lit(int(boundaries)).alias("boundaries"),
        *_PLACES,
        pl.col("icb_name").replace_strict(_icb_codes(), default=None).alias("icb_code"),
        pl.col("of").str.head(1).replace_strict(_SEXES).alias("sex"),
        pl.col("of").str.slice(1).cast(pl.Int64).alias("age"),
        "n",
    )


def _icb_codes() -> dict[str, str]:
    return {f"NHS {icb.name} Integrated Care Board": icb.code for icb in icbs()}


def _cells(sheet: Sheet, columns: Sequence[str]) -> pl.DataFrame:
    """The rows below the headings. Raises FileRefusedError naming each heading that differs."""
    places = sheet.rows_with(columns[0])
    if not places:
        missing = sheet.problem("header", "no such heading", repr(columns[0]), None, columns[0])
        raise FileRefusedError([missing])
    found = [*sheet.rows[places[0] - 1], *[None] * len(columns)]
    problems = [
        sheet.problem("header", repr(have), repr(want), places[0], want)
        for want, have in zip(columns, found, strict=False)
        if want != have
    ]
    if problems:
        raise FileRefusedError(problems)
    rows = [n for n in range(places[0] + 1, len(sheet.rows) + 1) if any(sheet.rows[n - 1])]
    if not rows:
        raise FileRefusedError([sheet.problem("empty", "no rows", "at least one row")])
    return sheet.table(columns, 0, rows)


def _problems(table: pl.DataFrame, sheet: Sheet) -> Iterator[Problem]:
    """Totals that are not the sum of the ages, and places with two names or parents."""
    added = table.select("row", "Total", added=pl.sum_horizontal(AGES))
    for row, total, wanted in added.filter(pl.col("Total") != pl.col("added")).rows():
        expected = f"{wanted:,}, the sum of the ages"
        yield sheet.problem("sum", f"{total:,}", expected, row, "Total")
    for column, of in (("icb_name", "icb"), ("region", "icb"), ("region_name", "region")):
        first: dict[str, str] = {}
        for row, place, name in table.select("row", of, column).rows():
            if first.setdefault(place, name) != name:
                expected = f"{first[place]!r}, as elsewhere beside {place}"
                yield sheet.problem("name", repr(name), expected, row, column)


def _recognises(names: Sequence[str]) -> bool:
    return any(SHEET.fullmatch(name) for name in names)


POPULATION = DataSet(
    name="population",
    title="ONS mid-year populations by sub-ICB location, age and sex",
    licence="Office for National Statistics, Open Government Licence v3.0",
    read=read,
    recognises_sheets=_recognises,
)
