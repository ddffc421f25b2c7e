"""The lake's RTT pathways as one long table, with what the extract does not carry joined on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from clockstop.analytics.published.catalogue import Revision
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import provider_sectors, region_of
from clockstop.core.codes.icbs import UnknownIcbError
from clockstop.core.types import Month, Sector

# Each revision keeps its pathways at three grains; a question is put to the coarsest that can
# answer it. The two roll-ups leave NONC out.
_COMMISSIONERS = frozenset({"commissioner", "commissioner_icb"})
_PROVIDERS = frozenset({"provider", "icb", "region", "sector"})


class NoDataError(LookupError):
    """The lake does not hold what was asked for; the message says what it does hold."""


def months_held(lake: Lake) -> tuple[Month, ...]:
    """The months of RTT returns in the lake, earliest first."""
    return tuple(Month.parse(key) for key in lake.catalogue().current("rtt"))


def require_month(lake: Lake, month: Month) -> None:
    """Raise NoDataError unless the lake holds the month."""
    held = months_held(lake)
    if month not in held:
        have = f"it holds {held[0]} to {held[-1]}" if held else "it holds no RTT month yet"
        raise NoDataError(f"the lake has no RTT return for {month}; {have}")


def scan_pathways(
    lake: Lake, months: Iterable[Month] | None, columns: Collection[str]
) -> pl.LazyFrame:
    """The pathways of those months (None: all) that the lake holds, lazily.

    ``columns`` names what the caller groups or filters by, of: function, icb, provider, region,
    sector, commissioner, commissioner_icb. The table has month, part, band, n and at least those;
    NONC is still in it if a commissioner column is named, and left out otherwise. Raises
    NoDataError if none of the months is held.
    """
    wanted = None if months is None else {str(month) for month in months}
    revisions = [
        revision
        for key, revision in lake.catalogue().current("rtt").items()
        if wanted is None or key in wanted
    ]
    if not revisions:
        raise NoDataError("the lake holds none of the RTT months asked for")
    table = _grain(frozenset(columns))
    frame = pl.scan_parquet([lake.table_file(revision, table) for revision in revisions])
    if "region" in columns:
        frame = frame.with_columns(region=_mapped("icb", _regions(lake, revisions)))
    if "sector" in columns:
        frame = frame.with_columns(sector=_mapped("provider", sectors(lake)))
    return frame


def _grain(columns: frozenset[str]) -> str:
    if columns & _COMMISSIONERS:
        return "pathways"
    return "providers" if columns & _PROVIDERS else "england"


def _mapped(column: str, mapping: Mapping[str, str]) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return text.replace_strict(mapping, default=None, return_dtype=pl.String)


def _regions(lake: Lake, revisions: Iterable[Revision]) -> dict[str, str]:
    found = {}
    for icb in organisations(lake, revisions).filter(kind="icb")["code"]:
        try:
            found[icb] = region_of(icb).code
        except UnknownIcbError:
            continue
    return found


def sectors(lake: Lake) -> dict[str, str]:
    """The sector of every provider known or in the lake: our list, then what a user supplied."""
    listed = {code: str(entry.sector) for code, entry in provider_sectors().items()}
    seen = dict.fromkeys(provider_names(lake), str(Sector.UNKNOWN))
    supplied: dict[str, str] = {}
    for revision in lake.catalogue().current("provider_sectors").values():
        rows = lake.scan(revision, "sectors").select("provider", "sector").collect().rows()
        supplied |= dict(rows)
    return seen | listed | supplied


def organisations(lake: Lake, revisions: Iterable[Revision] | None = None) -> pl.DataFrame:
    """The organisations named in the returns (kind, code, name, parent), as last named."""
    named = lake.catalogue().current("rtt").values() if revisions is None else revisions
    frames = [lake.scan(revision, "organisations") for revision in named]
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(("kind", "code", "name", "parent"), pl.String))
    every = pl.concat(frames).unique(["kind", "code"], keep="last", maintain_order=True)
    return every.collect()


def provider_names(lake: Lake) -> dict[str, str]:
    """The name of every provider of the returns, as last filed."""
    return dict(organisations(lake).filter(kind="provider").select("code", "name").rows())


def providers_of(lake: Lake, month: Month) -> tuple[str, ...]:
    """The codes of the providers in a month's return."""
    revision = lake.catalogue().current("rtt")[str(month)]
    return tuple(organisations(lake, [revision]).filter(kind="provider")["code"])
