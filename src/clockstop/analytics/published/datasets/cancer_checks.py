"""The sums that a cancer waiting times workbook keeps; each was found to hold on every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from clockstop.analytics.published.datasets.cancer_layout import ENGLAND_CODE, SheetLayout
from clockstop.analytics.published.problems import Problem
from clockstop.analytics.published.sums import Sum, broken_sums
from clockstop.analytics.published.workbook import Sheet

EXACT = 1e-9  # shares are printed in full
COUNTS = ("total", "within", "after")


def sheet_problems(table: pl.DataFrame, sheet: Sheet, of: SheetLayout) -> Iterator[Problem]:
    """Rows of a sheet (with ``row``) whose parts, bands, share or England's row do not come out."""
    sums = (
        Sum("total", ("within", "after"), "those within and after the limit", "TOTAL"),
        Sum("total", of.bands, "the bands", "TOTAL"),
    )
    yield from broken_sums(table, sheet.file, sums)
    share = pl.col("within") / pl.col("total")
    off = table.filter((pl.col("share") - share).abs() > EXACT).select("row", "share", of=share)
    for row, found, expected in off.rows():
        yield sheet.problem("share", str(found), str(expected), row, "PERCENTAGE")
    yield from _england_problems(table, sheet)


def _england_problems(table: pl.DataFrame, sheet: Sheet) -> Iterator[Problem]:
    """England's rows that are not the sum of the providers', or are not there."""
    is_england = pl.col("provider") == ENGLAND_CODE
    by = ["route", "group"]
    added = table.filter(~is_england).group_by(by).agg(pl.col(COUNTS).sum())
    both = table.filter(is_england).join(added, on=by, how="full", suffix="_added", coalesce=True)
    for count in COUNTS:
        other = f"{count}_added"
        off = both.filter(pl.col(count).ne_missing(pl.col(other))).sort(by)
        for row, route, group, found, wanted in off.select("row", *by, count, other).rows():
            expected = f"{wanted}, the sum of the providers for {route}, {group}"
            yield sheet.problem("england", str(found), expected, row, count)


def breakdown_problems(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Routes, stages, cancers and modalities that do not add up to the whole of each provider."""
    all_routes = pl.col("route").str.starts_with("all ")
    whole = table.filter(breakdown="all")
    yield from _adding(
        whole.filter(~all_routes),
        whole.filter(all_routes),
        ["provider", "standard"],
        file,
        "routes",
    )
    for breakdown in ("cancer", "modality"):
        parts = table.filter(breakdown=breakdown)
        by = ["provider", "standard", "route"]
        yield from _adding(parts, whole, by, file, f"the rows by {breakdown}")
    parts = table.filter(standard="28_day", breakdown="cancer")
    yield from _adding(parts, whole, ["provider", "standard"], file, "the routes")


def _adding(
    parts: pl.DataFrame, whole: pl.DataFrame, by: Sequence[str], file: str, words: str
) -> Iterator[Problem]:
    added = parts.group_by(by).agg(pl.col(COUNTS).sum())
    both = whole.join(added, on=by, suffix="_added")
    for count in COUNTS:
        off = both.filter(pl.col(count) != pl.col(f"{count}_added")).sort(by)
        for *key, found, wanted in off.select(*by, count, f"{count}_added").rows():
            where = " × ".join(key)
            expected = f"{wanted}, the sum of {words}"
            yield Problem(file, "breakdown", f"{found} for {where}", expected, None, count)
