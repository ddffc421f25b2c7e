"""Cancer waiting times: the three standards, by provider and for England, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import polars as pl

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month

STANDARDS = {"cancer_28_day": "28_day", "cancer_31_day": "31_day", "cancer_62_day": "62_day"}
ALL_CANCERS = "ALL CANCERS"
_TEXTS = ("month", "provider", "standard", "breakdown", "route", "group")
_SCHEMA = dict.fromkeys(_TEXTS, pl.String) | dict.fromkeys(("total", "within"), pl.Float64)


class CancerBook:
    """The cancer waiting times of the lake; without any, every question is answered with nothing.

    A row has standard, route, group, month, total, within, after (patients; halves where two
    providers share one) and share (within ÷ total). The official workbook of a month wins over the
    series of the 62-day standard.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def has(self, area: Area) -> bool:
        """Whether there is anything on the area."""
        return not self._of(area).is_empty()

    def whole(self, area: Area, measure: str) -> Mapping[Month, Mapping[str, Any]]:
        """All cancers and routes together under a standard (a key of ``STANDARDS``), by month."""
        rows = self._of(area).filter(pl.col("standard") == STANDARDS[measure], pl.col("is_whole"))
        return {Month.parse(row["month"]): row for row in rows.sort("month").rows(named=True)}

    def parts(self, area: Area, measure: str, month: Month) -> list[dict[str, Any]]:
        """The same by route or stage, then by cancer, in a month; the largest first."""
        rows = self._of(area).filter(
            pl.col("standard") == STANDARDS[measure],
            pl.col("month") == str(month),
            pl.col("is_part"),
            pl.col("total") > 0,
        )
        return rows.sort("breakdown", "total", descending=[False, True]).rows(named=True)

    def _of(self, area: Area) -> pl.DataFrame:
        if area.kind is AreaKind.ENGLAND:
            return self._england
        if area.kind is AreaKind.PROVIDER:
            return self._providers.filter(pl.col("provider") == area.code)
        return self._providers.clear()

    @cached_property
    def _england(self) -> pl.DataFrame:
        return self._read("england")

    @cached_property
    def _providers(self) -> pl.DataFrame:
        return self._read("providers")

    def _read(self, table: str) -> pl.DataFrame:
        current = self._lake.catalogue().current("cancer_waits")
        frames = [self._lake.scan(held, table) for held in current.values()]
        series = self._lake.catalogue().current("cancer_62_day").values()
        is_held = pl.col("month").is_in(list(current))
        frames += [_as_workbook(self._lake.scan(each, table)).filter(~is_held) for each in series]
        if not frames:
            return _labelled(pl.LazyFrame(schema=_SCHEMA)).collect()
        return _labelled(pl.concat(frames, how="diagonal")).collect()


def _as_workbook(series: pl.LazyFrame) -> pl.LazyFrame:
    """The series of the 62-day standard in the workbook's columns."""
    return series.with_columns(
        standard=pl.lit("62_day"),
        breakdown=pl.lit("all"),
        route=pl.lit("all routes"),
        group=pl.lit(ALL_CANCERS),
    )


def _labelled(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The share, and which rows are a standard as a whole and which a part to show."""
    is_all = pl.col("route").is_in(["all routes", "all stages"])
    by_cancer = (pl.col("breakdown") == "cancer") & (is_all | (pl.col("standard") == "28_day"))
    by_route = (pl.col("breakdown") == "all") & ~is_all
    return rows.with_columns(
        share=pl.when(pl.col("total") > 0).then(pl.col("within") / pl.col("total")),
        is_whole=(pl.col("breakdown") == "all") & is_all,
        is_part=by_cancer | by_route,
    )
