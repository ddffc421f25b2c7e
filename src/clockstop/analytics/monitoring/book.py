"""The book of figures: everything the dashboards and the API show of waiting lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.analytics.monitoring.cancer import CancerBook
from clockstop.analytics.monitoring.diagnostics import DiagnosticsBook
from clockstop.analytics.monitoring.equity import EquityBook
from clockstop.analytics.monitoring.population import people
from clockstop.analytics.monitoring.query import Query, spans
from clockstop.analytics.monitoring.ratings import ratings_of
from clockstop.analytics.monitoring.residence import Residence
from clockstop.analytics.monitoring.sites import HUBS, SitesBook
from clockstop.analytics.monitoring.store import summaries
from clockstop.analytics.monitoring.summaries import ALL_SECTORS, KEYS
from clockstop.analytics.monitoring.treatments import independent_shares
from clockstop.analytics.published import pathways as lake_pathways
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.submitters import HOLE, MissingSubmitter, missing_submitters
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, display_name, icbs, regions
from clockstop.core.codes.icbs import icbs_on
from clockstop.core.types import Month, Sector

CURRENT_MONTHS = 6  # how long a provider that sends nothing is still listed
INCOMPLETE = 0.05  # share of an area's list that may be missing before a line would mislead
Row = Mapping[str, Any]
_LIST = ("kind", "code", "basis", "sector", "function")  # a row for each month of it
_AreaKey = tuple[AreaKind, str]
_ABOVE = {
    AreaKind.REGION: AreaKind.ENGLAND,
    AreaKind.ICB: AreaKind.REGION,
    AreaKind.PROVIDER: AreaKind.ICB,
}


class MonitoringBook:
    """The figures of every area in every month of the lake.

    A row maps the columns of ``summaries`` to their values; a wait whose ``…_open`` flag is true
    lies in the open last band. Nothing is made up for a month in which an area sent nothing.
    """

    def __init__(self, lake: Lake, progress: Callable[[int, int], None] | None = None) -> None:
        """Open the book; months not yet summarised are worked out first.

        Raises NoDataError if the lake holds no RTT month.
        """
        self._lake = lake
        self._table = summaries(lake, progress).sort(KEYS)
        self.months = lake_pathways.months_held(lake)
        self.month = self.months[-1]
        self._named = tuple((month, str(month)) for month in self.months)
        self._areas = spans(self._table, "kind", "code")
        self._series = spans(self._table, *_LIST)
        self._incomplete = lru_cache(maxsize=64)(self._incomplete_of)
        self._missing = lru_cache(maxsize=64)(lambda month: missing_submitters(lake, month))

    def read_ahead(self) -> None:
        """Read what pages would otherwise read when they are first asked for."""
        england = self.area(AreaKind.ENGLAND, ENGLAND)
        self.children(england)
        self.incomplete(england)
        for book in (self.diagnostics, self.cancer, self.equity):
            book.has(england)
        self.sites.of(HUBS, frozenset())
        _ = self.people, self.independent_shares

    @cached_property
    def diagnostics(self) -> DiagnosticsBook:
        """Waits for diagnostic tests."""
        return DiagnosticsBook(self._lake)

    @cached_property
    def cancer(self) -> CancerBook:
        """Cancer waiting times."""
        return CancerBook(self._lake)

    @cached_property
    def equity(self) -> EquityBook:
        """Who waits, by age, sex, deprivation and ethnicity."""
        return EquityBook(self._lake)

    @cached_property
    def residence(self) -> Residence:
        """Which ICB a place lies in."""
        return Residence(self._lake)

    @cached_property
    def sites(self) -> SitesBook:
        """Surgical hubs and community diagnostic centres."""
        return SitesBook(self._lake, self.residence)

    @cached_property
    def independent_shares(self) -> Mapping[Month, tuple[int, float | None]]:
        """England's treatments and the independent sector's share, from before the returns held."""
        return independent_shares(self._lake)

    def ratings(self, provider: str) -> list[dict[str, Any]]:
        """What the regulator says of a provider, if it was supplied."""
        return ratings_of(self._lake, provider)

    @cached_property
    def people(self) -> Mapping[_AreaKey, int]:
        """How many people live in an ICB, a region, England, as far as the lake knows."""
        return people(self._lake)

    @cached_property
    def synthetic(self) -> bool:
        """Whether the figures are made up."""
        revisions = self._lake.catalogue().current("rtt").values()
        return any(revision.facts.get("synthetic") for revision in revisions)

    @cached_property
    def areas(self) -> Mapping[_AreaKey, Area]:
        """Every area that has figures in any month: England, regions, ICBs, providers by name."""
        found = {(area.kind, area.code): area for area in self._known_areas()}
        return {key: area for key, area in found.items() if key in self._areas}

    def _known_areas(self) -> list[Area]:
        named = lake_pathways.organisations(self._lake)
        sectors = lake_pathways.sectors(self._lake)
        boards = {icb.code: icb for icb in icbs()}
        providers = [
            Area(
                AreaKind.PROVIDER,
                code,
                display_name(name),
                parent,
                Sector(sectors.get(code, Sector.UNKNOWN)),
            )
            for code, name, parent in _rows_of(named, "provider")
        ]
        filed = [
            Area(
                AreaKind.ICB,
                code,
                boards[code].name if code in boards else display_name(name or code),
                boards[code].region.code if code in boards else None,
            )
            for code, name, _ in _rows_of(named, "icb")
        ]
        return [
            Area(AreaKind.ENGLAND, ENGLAND, "England"),
            *(Area(AreaKind.REGION, each.code, each.name, ENGLAND) for each in regions()),
            *sorted(filed, key=lambda area: area.name),
            *sorted(providers, key=lambda area: area.name),
        ]

    def area(self, kind: AreaKind, code: str) -> Area:
        """The area of that kind and code. Raises KeyError if it has no figures."""
        return self.areas[kind, code]

    def children(self, area: Area) -> tuple[Area, ...]:
        """The areas next below: regions of England, ICBs of a region, providers of an ICB.

        ICBs that have merged and providers that sent nothing for half a year are left out.
        """
        return self._children.get((area.kind, area.code), ())

    @cached_property
    def _children(self) -> Mapping[_AreaKey, tuple[Area, ...]]:
        found: dict[_AreaKey, list[Area]] = defaultdict(list)
        for area in self.areas.values():
            if area.parent is not None and self._is_current(area):
                found[_ABOVE[area.kind], area.parent].append(area)
        return {key: tuple(areas) for key, areas in found.items()}

    def _is_current(self, area: Area) -> bool:
        if area.kind is AreaKind.ICB:
            return any(each.code == area.code for each in icbs_on(self.month.census))
        last = self._table.slice(*self._areas[area.kind, area.code])["month"].max()
        return str(last) > str(self.month.plus(-CURRENT_MONTHS))

    def parent(self, area: Area) -> Area | None:
        """The area next above, None for England."""
        if area.parent is None:
            return None
        return self.areas.get((_ABOVE[area.kind], area.parent))

    def series(
        self,
        area: Area,
        basis: Basis = Basis.PROVIDER,
        *,
        function: str = ALL_FUNCTIONS.code,
        sector: str = ALL_SECTORS,
    ) -> Mapping[Month, Row | None]:
        """The figures of an area by month, None in a month without a return."""
        key = (area.kind, area.code, _basis(area, basis), sector, function)
        rows = self._table.slice(*self._series.get(key, (0, 0)))
        found = {row["month"]: row for row in rows.rows(named=True)}
        return {month: found.get(name) for month, name in self._named}

    def by_function(
        self, area: Area, basis: Basis = Basis.PROVIDER, month: Month | None = None
    ) -> Mapping[str, Row]:
        """The figures of an area's treatment functions in a month (the latest), by code."""
        rows = self._rows(area, basis, month=str(month or self.month), sector=ALL_SECTORS)
        return {
            row["function"]: row
            for row in rows.sort("function").rows(named=True)
            if row["function"] != ALL_FUNCTIONS.code
        }

    def sizes_by_function(
        self, area: Area, basis: Basis, measure: str
    ) -> Mapping[str, Mapping[Month, Any]]:
        """One measure of every treatment function of an area in every month that has it."""
        rows = self._rows(area, basis, sector=ALL_SECTORS)
        found: dict[str, dict[Month, Any]] = defaultdict(dict)
        for function, month, value in rows.select("function", "month", measure).rows():
            found[function][Month.parse(month)] = value
        return found

    def by_sector(
        self, area: Area, basis: Basis = Basis.PROVIDER, function: str = ALL_FUNCTIONS.code
    ) -> Mapping[Sector, Mapping[Month, Row]]:
        """The figures of an area by the sector of the provider; providers have none."""
        rows = self._rows(area, basis, function=function)
        found: dict[Sector, dict[Month, Row]] = {sector: {} for sector in Sector}
        for row in rows.filter(pl.col("sector") != ALL_SECTORS).rows(named=True):
            found[Sector(row["sector"])][Month.parse(row["month"])] = row
        return {sector: months for sector, months in found.items() if months}

    def find(
        self, query: Query, measures: Sequence[str], *, limit: int, offset: int = 0
    ) -> tuple[int, list[dict[str, Any]]]:
        """How many rows a query chooses, and those from ``offset`` on, in the order of ``KEYS``.

        A row has ``KEYS``, the measures named, and the ``…_open`` flags of those that are waits.
        """
        chosen = query.chosen_from(self._table)
        flags = [flag for key in measures if (flag := f"{key}_open") in chosen.columns]
        page = chosen.slice(offset, limit).select(*KEYS, *measures, *flags)
        return chosen.height, page.to_dicts()

    def missing(self, area: Area, month: Month | None = None) -> tuple[MissingSubmitter, ...]:
        """The providers of the area that sent nothing for a month though they had before.

        Those whom another organisation took over are left out.
        """
        absent = (each for each in self._missing(month or self.month) if each.succeeded_by is None)
        return tuple(each for each in absent if self._is_in(each.provider, area))

    def lost(self, area: Area, since: Month) -> int:
        """The waits, when last counted, of an area's providers that have fallen silent since.

        They sent figures for that month or later, and none for the latest: a change since then
        would count them as if they had been treated. Those whose waits others took over, so that
        the area's list did not fall with them, are left out.
        """
        silent = (each for each in self.missing(area) if each.last_month >= since)
        return sum(each.last_size for each in silent if self._left_a_hole(each, area))

    def incomplete(self, area: Area) -> frozenset[Month]:
        """The months in which silent providers leave out too much of an area's list to draw it."""
        if area.kind is AreaKind.PROVIDER:
            return frozenset()  # its own silence is a gap already
        return self._incomplete(area)

    def _incomplete_of(self, area: Area) -> frozenset[Month]:
        found = set()
        for month, row in self.series(area).items():
            absent = self.missing(area, month)
            silent = sum(each.last_size for each in absent if self._left_a_hole(each, area))
            counted = row["incomplete_pathways"] if row else 0
            if silent > INCOMPLETE * (silent + counted):
                found.add(month)
        return frozenset(found)

    def _left_a_hole(self, provider: MissingSubmitter, area: Area) -> bool:
        """Whether the area's list fell when the provider left it, by half of its list at least."""
        series = self.series(area)
        before = series[provider.last_month]
        after = next((row for month, row in series.items() if month > provider.last_month), None)
        if before is None or after is None:
            return True
        fall = before["incomplete_pathways"] - after["incomplete_pathways"]
        return bool(fall >= HOLE * provider.last_size)

    def _is_in(self, provider: str, area: Area) -> bool:
        at: Area | None = self.areas.get((AreaKind.PROVIDER, provider))
        while at is not None:
            if at == area:
                return True
            at = self.parent(at)
        return area.kind is AreaKind.ENGLAND

    def _rows(self, area: Area, basis: Basis, **equal: str) -> pl.DataFrame:
        table = self._table.slice(*self._areas.get((area.kind, area.code), (0, 0)))
        equal["basis"] = str(_basis(area, basis))
        return table.filter(*(pl.col(name) == value for name, value in equal.items()))


def _basis(area: Area, basis: Basis) -> Basis:
    """A provider's and England's waits are those at providers, whatever the basis asked for."""
    return basis if area.kind in (AreaKind.REGION, AreaKind.ICB) else Basis.PROVIDER


def _rows_of(named: pl.DataFrame, kind: str) -> list[tuple[str, str, str | None]]:
    return named.filter(kind=kind).select("code", "name", "parent").rows()
