"""Months of returns as figures: every area, basis, sector and treatment function.

A summary has a row for each of them, with the columns of ``KEYS``, then those of ``COLUMNS`` and
an ``…_open`` flag for each wait. ``sector`` is ``ALL_SECTORS`` or one of them, ``function`` a
treatment function or the total, ``C_999``. A group without any pathway has no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from clockstop.analytics.lists.statistics import NOT_ENGLISH, list_statistics
from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import scan_pathways
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, icbs
from clockstop.core.types import Month

ALL_SECTORS = "all"
KEYS = ("kind", "code", "basis", "sector", "function", "month")
COLUMNS = (
    *("incomplete_pathways", "within_18_weeks", "pct_within_18_weeks", "over_18_weeks"),
    *("over_52_weeks", "pct_over_52_weeks", "over_65_weeks", "over_78_weeks", "over_104_weeks"),
    *("median_weeks", "p92_weeks", "incomplete_dta", "new_periods"),
    *("admitted_stops", "admitted_median_weeks", "admitted_p95_weeks"),
    *("nonadmitted_stops", "nonadmitted_median_weeks", "nonadmitted_p95_weeks"),
)
# The area's column, and whether each sector of it has rows of its own.
_AT_PROVIDERS: Mapping[AreaKind, tuple[str, bool]] = {
    AreaKind.ENGLAND: ("england", True),
    AreaKind.REGION: ("region", True),
    AreaKind.ICB: ("icb", True),
}
_EACH_PROVIDER = {AreaKind.PROVIDER: ("provider", False)}
_OF_RESIDENTS: Mapping[AreaKind, tuple[str, bool]] = {
    AreaKind.REGION: ("region", True),
    AreaKind.ICB: ("icb", True),
}


def month_summaries(lake: Lake, months: Sequence[Month]) -> pl.DataFrame:
    """The summaries of months of the lake. Raises NoDataError if none of them is held."""
    at_providers = _at_providers(lake, months)
    rolled = at_providers.group_by(
        "month", "part", "function", "band", "england", "icb", "region", "sector"
    ).agg(pl.col("n").sum())
    of_residents = _of_residents(lake, months)
    pieces = [
        *_figures(at_providers, Basis.PROVIDER, _EACH_PROVIDER),
        *_figures(rolled, Basis.PROVIDER, _AT_PROVIDERS),
        *_figures(of_residents, Basis.COMMISSIONER, _OF_RESIDENTS),
    ]
    return pl.concat(pieces).sort(KEYS)


def _at_providers(lake: Lake, months: Sequence[Month]) -> pl.DataFrame:
    frame = scan_pathways(lake, months, ("provider", "icb", "region", "sector"))
    return _as_categories(frame.with_columns(england=pl.lit(ENGLAND))).collect()


def _of_residents(lake: Lake, months: Sequence[Month]) -> pl.DataFrame:
    """The pathways by the ICB that commissions them, which hubs and other countries do not have."""
    frame = scan_pathways(lake, months, ("commissioner_icb", "sector"))
    is_english = pl.col("commissioner").cast(pl.String) != NOT_ENGLISH
    residents = frame.filter(pl.col("commissioner_icb").is_not_null() & is_english)
    rows = residents.group_by("month", "part", "function", "band", "commissioner_icb", "sector")
    regions = {icb.code: icb.region.code for icb in icbs()}
    named = rows.agg(pl.col("n").sum()).rename({"commissioner_icb": "icb"})
    region = pl.col("icb").cast(pl.String).replace_strict(regions, default=None)
    return _as_categories(named.with_columns(region=region)).collect()


def _as_categories(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Grouped by categories, the sums take half the time that texts do."""
    texts = [name for name in frame.collect_schema().names() if name not in ("band", "n")]
    return frame.with_columns(pl.col(texts).cast(pl.Categorical))


def _figures(
    pathways: pl.DataFrame, basis: Basis, areas: Mapping[AreaKind, tuple[str, bool]]
) -> Iterator[pl.DataFrame]:
    for kind, (column, has_sectors) in areas.items():
        known = pathways.filter(pl.col(column).is_not_null())
        for by in ([column], [column, "sector"]) if has_sectors else ([column],):
            for functions in ([], ["function"]):
                yield _labelled(_statistics(known, [*by, *functions]), kind, column, basis)


def _statistics(pathways: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    table: pl.DataFrame = list_statistics(pathways, by, measures=COLUMNS)
    return table


def _labelled(table: pl.DataFrame, kind: AreaKind, column: str, basis: Basis) -> pl.DataFrame:
    whole = {"sector": ALL_SECTORS, "function": ALL_FUNCTIONS.code}
    absent = {name: pl.lit(value) for name, value in whole.items() if name not in table.columns}
    flags = [name for name in table.columns if name.endswith("_open")]
    return (
        table.with_columns(pl.col(pl.Categorical).cast(pl.String))
        .with_columns(
            kind=pl.lit(str(kind)), code=pl.col(column), basis=pl.lit(str(basis)), **absent
        )
        .select(*KEYS, *COLUMNS, *flags)
    )
