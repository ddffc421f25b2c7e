"""Waits for diagnostic tests (DM01): every area, test and month.

An ICB's figures are those of its own people (commissioner basis); England's, a region's and a
provider's are those at providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import polars as pl

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.published.diagnostics import scan_activity, scan_diagnostics
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month

ALL_TESTS = "TOTAL"
SIX_WEEKS, THIRTEEN_WEEKS = 6, 13
FIGURES = ("waiting", "over_6_weeks", "over_13_weeks", "pct_within_6_weeks", "tests_done")
_CODES = {
    AreaKind.ENGLAND: pl.lit(ENGLAND),
    AreaKind.REGION: pl.col("region"),
    AreaKind.PROVIDER: pl.col("organisation"),
}


class DiagnosticsBook:
    """The diagnostics of the lake; without any, every question is answered with nothing."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months held, earliest first."""
        found = self._table["month"].unique().sort()
        return tuple(Month.parse(month) for month in found)

    def has(self, area: Area) -> bool:
        """Whether there is anything on the area."""
        return (str(area.kind), area.code) in self._areas

    def series(self, area: Area, test: str = ALL_TESTS) -> Mapping[Month, Mapping[str, Any] | None]:
        """The ``FIGURES`` of an area by month, of a test or of all; None where nothing was sent."""
        rows = self._rows(area).filter(pl.col("test") == test)
        found = {row["month"]: row for row in rows.rows(named=True)}
        return {month: found.get(str(month)) for month in self.months}

    def by_test(self, area: Area, month: Month) -> Mapping[str, Mapping[str, Any]]:
        """The ``FIGURES`` of an area's tests in a month, by code; ``ALL_TESTS`` is their sum."""
        rows = self._rows(area).filter(pl.col("month") == str(month))
        return {row["test"]: row for row in rows.rows(named=True)}

    def _rows(self, area: Area) -> pl.DataFrame:
        rows = self._areas.get((str(area.kind), area.code))
        return self._table.clear() if rows is None else rows

    @cached_property
    def _areas(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return self._table.partition_by("kind", "code", as_dict=True)

    @cached_property
    def _table(self) -> pl.DataFrame:
        pieces = [*self._pieces()]
        return pl.concat(pieces) if pieces else _empty()

    def _pieces(self) -> list[pl.DataFrame]:
        made = []
        for basis, codes in (
            ("provider", _CODES),
            ("commissioner", {AreaKind.ICB: pl.col("organisation")}),
        ):
            try:
                waits = scan_diagnostics(self._lake, basis).collect()  # type: ignore[arg-type]
                done = scan_activity(self._lake, basis).collect()  # type: ignore[arg-type]
            except NoDataError:
                continue
            made += [_figures(waits, done, kind, code) for kind, code in codes.items()]
        return made


def _figures(
    waits: pl.DataFrame, done: pl.DataFrame, kind: AreaKind, code: pl.Expr
) -> pl.DataFrame:
    """One kind of area: each test, and all tests together."""
    n, band = pl.col("n"), pl.col("band")
    by = ("code", "test", "month")
    waiting = (
        _with_total(waits.with_columns(code=code))
        .group_by(by)
        .agg(
            waiting=n.sum(),
            over_6_weeks=n.filter(band >= SIX_WEEKS).sum(),
            over_13_weeks=n.filter(band >= THIRTEEN_WEEKS).sum(),
        )
    )
    every = _with_total(done.with_columns(code=code))
    tests = every.group_by(by).agg(tests_done=pl.col("total").sum())
    joined = tests.join(waiting, on=by, how="full", coalesce=True)
    within = 1 - pl.col("over_6_weeks") / pl.col("waiting")
    counts = pl.col("waiting", "over_6_weeks", "over_13_weeks", "tests_done").fill_null(0)
    return (
        joined.filter(pl.col("code").is_not_null())
        .with_columns(counts)
        .select(
            pl.lit(str(kind)).alias("kind"),
            *("code", "test", "month", "waiting", "over_6_weeks", "over_13_weeks", "tests_done"),
            pct_within_6_weeks=pl.when(pl.col("waiting") > 0).then(within),
        )
    )


def _with_total(table: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([table, table.with_columns(test=pl.lit(ALL_TESTS))])


def _empty() -> pl.DataFrame:
    texts = dict.fromkeys(("kind", "code", "test", "month"), pl.String)
    return pl.DataFrame(schema=texts | dict.fromkeys(FIGURES, pl.Float64))
