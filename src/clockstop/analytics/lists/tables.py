"""Tables of the headline measures for any grouping of the lake's RTT returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from clockstop.analytics.lists.headline import HEADLINE_KEYS, shown
from clockstop.analytics.lists.headline import headline as headline_of
from clockstop.analytics.lists.statistics import SMALL_NUMBER, list_statistics
from clockstop.analytics.published import pathways as lake_pathways
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, display_name, regions, treatment_functions
from clockstop.core.types import Month, Sector

if TYPE_CHECKING:
    import polars as pl  # the type that comes back; nothing here calls it

GROUPINGS = ("england", "region", "icb", "commissioner_icb", "provider", "sector", "function")
_MEASURES = HEADLINE_KEYS[1:]
_WITHOUT_CODE = {
    "commissioner_icb": "Commissioned nationally or by a hub",
    "region": "Region not known",
}


def headline(lake: Lake, month: Month) -> dict[str, Any]:
    """England's headline figures of a month, under ``HEADLINE_KEYS`` in their order.

    A quantile in the open last band is ``"104+"``; unreported removals are None where the month
    before is not in the lake. Raises NoDataError if the month is not held.
    """
    (row,) = waits_table(lake, month, ("england",)).rows(named=True)
    return headline_of(row)


def waits_table(
    lake: Lake,
    month: Month,
    by: Sequence[str],
    *,
    icb: str | None = None,
    sector: str | None = None,
    min_count: int = SMALL_NUMBER,
) -> pl.DataFrame:
    """The headline measures of a month for every group, sorted by the group codes.

    ``by`` names groupings (``GROUPINGS``). Columns: each grouping's code and ``…_name``, then
    ``HEADLINE_KEYS``, then an ``…_open`` flag for every quantile, true where it lies in the open
    last band and is null. ``icb`` keeps the providers of one ICB, ``sector`` those of one sector.
    Quantiles are null below ``min_count`` pathways. Raises ValueError for a grouping or filter
    that there is not, and NoDataError if the month is not held.
    """
    _check(by, sector)
    lake_pathways.require_month(lake, month)
    filters = {"icb": icb, "sector": sector}
    needed = {*by, *(name for name, value in filters.items() if value)}
    frame = nw.from_native(
        lake_pathways.scan_pathways(lake, (month.plus(-1), month), needed)
    ).with_columns(england=nw.lit(ENGLAND))
    if icb:
        _check_icb(lake, icb)
        frame = frame.filter(nw.col("icb").cast(nw.String) == icb)
    if sector:
        frame = frame.filter(nw.col("sector") == sector)
    statistics = list_statistics(
        nw.to_native(frame), list(by), min_count=min_count, measures=_MEASURES
    )
    of_month = nw.from_native(statistics).filter(nw.col("month") == str(month)).collect()
    table: pl.DataFrame = nw.to_native(_labelled(lake, of_month, by).sort(*by, nulls_last=True))
    return table


def as_shown(table: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as people and JSON see them: an open quantile is ``"104+"``, the flags are gone."""
    for row in table.rows(named=True):
        yield {
            key: shown(value, row.get(f"{key}_open", False), row["month"])
            for key, value in row.items()
            if not key.endswith("_open")
        }


def _check(by: Sequence[str], sector: str | None) -> None:
    unknown = [name for name in by if name not in GROUPINGS]
    if unknown or not by:
        raise ValueError(f"no grouping {', '.join(unknown)}; there are {', '.join(GROUPINGS)}")
    if len(set(by)) != len(by):
        raise ValueError("a grouping is named twice")
    if sector is not None and sector not in set(Sector):
        raise ValueError(f"no sector {sector!r}; there are {', '.join(Sector)}")


def _check_icb(lake: Lake, icb: str) -> None:
    known = lake_pathways.organisations(lake).filter(kind="icb")["code"].to_list()
    if icb not in known:
        raise ValueError(f"no ICB {icb!r} in the lake; there are {', '.join(sorted(known))}")


def _labelled(lake: Lake, table: nw.DataFrame[Any], by: Sequence[str]) -> nw.DataFrame[Any]:
    names = {f"{group}_name": _named(table[group], _LABELS[group](lake)) for group in by}
    groups = [column for group in by for column in (group, f"{group}_name")]
    flags = [column for column in table.columns if column.endswith("_open")]
    return table.with_columns(**names).select(*groups, *HEADLINE_KEYS, *flags)


def _named(codes: nw.Series[Any], names: Mapping[str, str]) -> nw.Series[Any]:
    labels = [names.get(code, code) if code else _WITHOUT_CODE[codes.name] for code in codes]
    return nw.new_series(codes.name, labels, nw.String, backend=codes.implementation)


def _organisation_names(kind: str) -> Callable[[Lake], Mapping[str, str]]:
    def names(lake: Lake) -> dict[str, str]:
        table = lake_pathways.organisations(lake).filter(kind=kind).select("code", "name")
        return {code: display_name(name) for code, name in table.rows() if name}

    return names


_LABELS: Mapping[str, Callable[[Lake], Mapping[str, str]]] = {
    "england": lambda _: {ENGLAND: "England"},
    "region": lambda _: {region.code: region.name for region in regions()},
    "icb": _organisation_names("icb"),
    "commissioner_icb": _organisation_names("icb"),
    "provider": _organisation_names("provider"),
    "sector": lambda _: {str(sector): sector.label for sector in Sector},
    "function": lambda _: {
        function.code: function.name for function in (*treatment_functions(), ALL_FUNCTIONS)
    },
}
