"""The 62-day cancer standard by provider and month, reshaped from the provider workbooks.

One CSV row for each provider and month, all routes and all cancers together, and a row ``Total``
for England in each month: it is checked and kept apart, so that no sum counts it twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets.cancer_layout import patients
from clockstop.analytics.published.fields import ODS_CODE, code, day, month, number, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.sums import Sum, broken_sums

ENGLAND = "Total"
EXACT = 1e-9  # shares are printed in full
COUNTS = ("total", "within", "after")
LAYOUT = Layout(
    (
        *("metric", "period_month", "period_date", "org_code", "org_name"),
        *("total_patients", "within_62d", "breached_62d", "compliance_rate"),
    )
)
FIELDS = (
    code("metric", "metric", "62d_combined", "62d_combined"),
    month("month", "period_month"),
    day("date", "period_date"),
    code("provider", "org_code", f"{ODS_CODE}|{ENGLAND}", f"an organisation code or {ENGLAND!r}"),
    text("name", "org_name"),
    patients("total", "total_patients"),
    patients("within", "within_62d"),
    patients("after", "breached_62d"),
    number("share", "compliance_rate", 0, 1),
)
SUMS = (Sum("total", ("within", "after"), "those within and after 62 days", "total_patients"),)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the file and keep England apart from the providers. Raises FileRefusedError.

    Tables: ``providers`` (month, provider, name, total, within, after) and ``england`` (month,
    total, within, after). Counts are patients, halves where two providers share one.
    """
    cells = LAYOUT.read(content, file)
    table = typed(cells, file, FIELDS, key=("month", "provider"))
    problems = list(_problems(table.hstack(cells.select("row")), file))
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    is_england = pl.col("provider") == ENGLAND
    providers = table.filter(~is_england).select("month", "provider", "name", *COUNTS)
    england = table.filter(is_england).select("month", *COUNTS)
    return Reading("62_day", table.height, {"providers": providers, "england": england})


def _problems(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    yield from broken_sums(table, file, SUMS)
    share = pl.col("within") / pl.col("total")
    off = table.filter((pl.col("share") - share).abs() > EXACT)
    for row, found, wanted in off.select("row", "share", wanted=share).rows():
        yield Problem(file, "share", str(found), str(wanted), row, "compliance_rate")
    first = pl.col("date").dt.strftime("%Y-%m-%d") != pl.col("month") + "-01"
    for row, found, of in table.filter(first).select("row", "date", "month").rows():
        yield Problem(file, "month", str(found), f"{of}-01", row, "period_date")
    yield from _england_problems(table, file)


def _england_problems(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Months whose ``Total`` is not there or is not the sum of the providers."""
    is_england = pl.col("provider") == ENGLAND
    added = table.filter(~is_england).group_by("month").agg(pl.col(COUNTS).sum())
    england = table.filter(is_england)
    both = england.join(added, on="month", how="full", suffix="_added", coalesce=True)
    for column, name in zip(LAYOUT.columns[5:8], COUNTS, strict=True):
        off = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_added"))).sort("month")
        for row, of, found, wanted in off.select("row", "month", name, f"{name}_added").rows():
            expected = f"{wanted}, the sum of the providers in {of}"
            yield Problem(file, "england", str(found), expected, row, column)


CANCER_62_DAY = DataSet(
    name="cancer_62_day",
    title="Cancer 62-day standard by provider and month (reshaped)",
    licence="NHS England, Open Government Licence v3.0",
    read=read,
    recognises=LAYOUT.resembles,
)
