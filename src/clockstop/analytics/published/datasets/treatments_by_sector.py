"""Completed RTT treatments by month, in the independent sector and in the NHS.

Treatments are completed admitted and non-admitted pathways. The file is that of a published
chart: a month's counts in one row, the independent share of them, in percent, in another. The
share is held against the counts and not kept. Table: ``treatments`` (month, independent, nhs).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.fields import Field, code, number, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.types import Month

_SHARE = "Independent sector share of total treatments"
COUNTS, SHARES = "Volume of treatments", "Share of treatments (%)"
LAYOUT = Layout(("Date", "Grid", _SHARE, "Independent sector", "NHS"))
_EXACT = 1e-6  # percent; shares are printed in full


def first_day(cell: str) -> str:
    """A month from its first day, ``2018-04-01``. Raises ValueError on another day."""
    day = date.fromisoformat(cell)
    if day.day != 1:
        raise ValueError(cell)
    return str(Month(day.year, day.month))


FIELDS = (
    Field("month", "Date", first_day, pl.String, "the first day of a month"),
    code(
        "grid", "Grid", r"Volume of treatments|Share of treatments \(%\)", f"{COUNTS} or {SHARES}"
    ),
    number("share", _SHARE, 0, 100, optional=True),
    number("independent", "Independent sector", 0, 10_000_000, whole=True, optional=True),
    number("nhs", "NHS", 0, 10_000_000, whole=True, optional=True),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the series: each month's counts, and their share. Raises FileRefusedError."""
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("month", "grid")).with_columns(cells["row"])
    counts, shares = table.filter(grid=COUNTS), table.filter(grid=SHARES)
    problems = [*_blanks(counts, shares, file), *_belied(counts, shares, file)]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    treatments = counts.select("month", "independent", "nhs").sort("month")
    return Reading("england", table.height, {"treatments": treatments})


def _blanks(counts: pl.DataFrame, shares: pl.DataFrame, file: str) -> Iterator[Problem]:
    for table, names in ((counts, ("independent", "nhs")), (shares, ("share",))):
        for name in names:
            column = next(field.column for field in FIELDS if field.name == name)
            for row in table.filter(pl.col(name).is_null())["row"]:
                yield Problem(file, "blank", "a blank", "a number", row, column)


def _belied(counts: pl.DataFrame, shares: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Shares that are not those of their counts, and months that have but one of the two."""
    both = counts.drop("share").join(shares.select("month", "share", at="row"), "month", how="full")
    for row, at in (
        both.filter(pl.any_horizontal(pl.col("row", "at").is_null())).select("row", "at").rows()
    ):
        yield Problem(file, "alone", "a month once", "its counts and its share", row or at, "Date")
    found = (100 * pl.col("independent") / (pl.col("independent") + pl.col("nhs"))).fill_nan(0)
    off = both.with_columns(found=found).filter((pl.col("found") - pl.col("share")).abs() > _EXACT)
    for at, share, is_ in off.select("at", "share", "found").rows():
        expected = f"{is_:.4f}, the share of the month's counts"
        yield Problem(file, "share", f"{share:.4f}", expected, at, _SHARE)


TREATMENTS_BY_SECTOR = DataSet(
    name="treatments_by_sector",
    title="Completed treatments, independent sector and NHS (monthly)",
    licence="The Health Foundation from NHS England data, Open Government Licence v3.0",
    recognises=LAYOUT.resembles,
    read=read,
)
