"""Who there is to treat and to refer, as the lake's lists and returns tell it: plain rows.

Providers are those of the ODS list of trusts, of the RTT returns, of the list of providers by ICB
and of the DM01 returns; where several name one, the first of these wins. Only the ICB is that of
the returns before that of the list of trusts, which goes by the address: Oxleas serves South East
London from an office in Kent. General practices are those of ``epraccur``, ICBs those of our own
list. Names are written as people write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

import polars as pl

from clockstop.analytics.published import pathways
from clockstop.analytics.published.datasets.practices import ACTIVE, CLOSED, GENERAL_PRACTICE
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import display_name, icbs, provider_sectors
from clockstop.core.types import Month, Sector

OPEN_MONTHS = 12  # a service without a pathway for so long is taken as closed
_OF_ENGLAND = ("Y5", "Y6")  # how the codes of its regions begin, former ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation. Empty text and None: not said.

    ``is_dated``: a register lists it with its days, so that a day left out is not yet come;
    otherwise nobody says whether it has closed.
    """

    code: str
    name: str
    kind: Literal["provider", "practice", "icb"]
    sector: Sector | None = None
    operator: str = ""
    icb: str = ""
    postcode: str = ""
    opened: date | None = None
    closed: date | None = None
    is_dormant: bool = False
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A hospital or clinic. ``parent`` is the organisation that it was listed under."""

    code: str
    name: str
    parent: str
    latitude: float | None
    longitude: float | None

    @property
    def is_main_address(self) -> bool:
        """Whether it is where the organisation itself is."""
        return self.code == self.parent


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A consultant-led service. ``closed`` is the last census with a pathway, None if open."""

    provider: str
    function: str
    closed: date | None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """An organisation was taken over by another on a day."""

    predecessor: str
    successor: str
    on: date


def organisations(lake: Lake) -> tuple[OrganisationRow, ...]:
    """Every provider, general practice and ICB, each code once.

    Raises NoDataError while the lake holds no list and no return that names a provider.
    """
    providers = {row.code: row for row in _providers(lake)}
    if not providers:
        raise pathways.NoDataError("the lake names no organisation; run: clockstop data ingest")
    others = {row.code: row for row in (*_icbs(), *_practices(lake))}
    return tuple((providers | others).values())


def _icbs() -> Iterator[OrganisationRow]:
    for icb in icbs():
        yield OrganisationRow(
            code=icb.code,
            name=f"NHS {icb.name} Integrated Care Board",
            kind="icb",
            icb=icb.code,
            opened=icb.valid_from,
            closed=icb.valid_to,
        )


def _practices(lake: Lake) -> Iterator[OrganisationRow]:
    """England's general practices; an area code from before there were ICBs is left out."""
    for each in _rows(lake, "practices"):
        is_english = (each["region"] or "").startswith(_OF_ENGLAND)
        if each["setting"] != GENERAL_PRACTICE or not is_english:
            continue
        yield OrganisationRow(
            code=each["code"],
            name=display_name(each["name"]),
            kind="practice",
            icb=_known_icb(each["icb"]),
            postcode=each["postcode"] or "",
            opened=each["opened"],
            closed=each["closed"],
            is_dormant=each["status"] not in {ACTIVE, CLOSED},
        )


def _providers(lake: Lake) -> Iterator[OrganisationRow]:
    trusts = {each["code"]: each for each in _rows(lake, "trusts")}
    named = _named(lake)
    sectors = pathways.sectors(lake)
    operators = _operators(lake)
    for code in {**named, **trusts}:
        trust = trusts.get(code, {})
        name, icb = named.get(code, ("", None))
        yield OrganisationRow(
            code=code,
            name=display_name(trust.get("name") or name),
            kind="provider",
            sector=Sector.NHS_TRUST if trust else Sector(sectors.get(code, Sector.UNKNOWN)),
            operator=operators.get(code, ""),
            icb=_known_icb(icb) or _known_icb(trust.get("icb")),
            postcode=trust.get("postcode") or "",
            opened=trust.get("opened"),
            closed=trust.get("closed"),
            is_dated=bool(trust),
        )


def _named(lake: Lake) -> dict[str, tuple[str, str | None]]:
    """Name and ICB of every provider of the returns and lists: what comes later wins."""
    tested = (each for each in _rows(lake, "dm01", "organisations") if each["basis"] == "provider")
    listed = _rows(lake, "provider_icbs")
    filed = pathways.organisations(lake).filter(kind="provider").rows(named=True)
    return {
        **{each["code"]: (each["name"], None) for each in tested},
        **{each["provider"]: (each["name"], each["icb"]) for each in listed},
        **{each["code"]: (each["name"], each["parent"]) for each in filed},
    }


def _operators(lake: Lake) -> dict[str, str]:
    """Who runs the providers that do not run themselves: our list, then what a user supplied."""
    ours = {code: entry.operator for code, entry in provider_sectors().items()}
    supplied = {
        each["provider"]: each["operator"] for each in _rows(lake, "provider_sectors", "sectors")
    }
    return {code: operator for code, operator in (ours | supplied).items() if operator}


def _known_icb(code: str | None) -> str:
    return code if code and code in _icb_codes() else ""


@cache
def _icb_codes() -> frozenset[str]:
    return frozenset(icb.code for icb in icbs())


def sites(lake: Lake) -> tuple[SiteRow, ...]:
    """The hospitals of the newest directory held, and the main address of each trust.

    Earlier directories hold hospitals that have closed since. A main address has the code of its
    trust. Each code once: the official directories repeat some.
    """
    held = lake.catalogue().current("hospitals")
    tables = [lake.scan(held[key], "hospitals").collect() for key in sorted(held)]
    directories = [table for table in tables if _layout(table) == "directory"]
    found = [table for table in tables if _layout(table) == "trusts"] + directories[-1:]
    rows = (row for table in found for row in table.rows(named=True))
    each_once = {row["code"]: row for row in reversed(list(rows))}
    return tuple(
        SiteRow(
            code=row["code"],
            name=display_name(row["name"]),
            parent=row["parent"] or row["code"],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        for row in reversed(each_once.values())
    )


def _layout(hospitals: pl.DataFrame) -> str:
    return str(hospitals["layout"][0])


def services(lake: Lake) -> tuple[ServiceRow, ...]:
    """Every provider's treatment functions, as its RTT returns show them; none without returns.

    Open is a service with any pathway in the last twelve months up to the latest held.
    """
    held = pathways.months_held(lake)
    if not held:
        return ()
    frame = pathways.scan_pathways(lake, None, ("provider",)).filter(pl.col("n") > 0)
    key = [pl.col(name).cast(pl.String) for name in ("provider", "function")]
    seen = frame.group_by(key).agg(pl.col("month").cast(pl.String).max()).sort(key).collect()
    oldest = held[-1].plus(1 - OPEN_MONTHS)
    return tuple(
        ServiceRow(provider, function, None if Month.parse(last) >= oldest else _census(last))
        for provider, function, last in seen.rows()
    )


def _census(month: str) -> date:
    return Month.parse(month).census


def successions(lake: Lake) -> tuple[SuccessionRow, ...]:
    """Who took over whom: the ODS list of successors, and the mergers of ICBs.

    Where an ICB was divided, the one that took over most of its people comes first.
    """
    listed = (
        SuccessionRow(each["old_code"], each["new_code"], each["date"])
        for each in _rows(lake, "successors")
    )
    merged = (
        SuccessionRow(icb.code, successor, icb.valid_to + timedelta(days=1))
        for icb in icbs()
        if icb.valid_to
        for successor in icb.successors
    )
    return tuple(dict.fromkeys((*merged, *listed)))


def _rows(lake: Lake, data_set: str, table: str = "") -> Iterator[dict[str, Any]]:
    """The rows of a table (named as its data set, unless said) of every current file."""
    for revision in lake.catalogue().current(data_set).values():
        yield from lake.scan(revision, table or data_set).collect().rows(named=True)
