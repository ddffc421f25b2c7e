"""The book of waits: everything the pages show, read from the lake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import narwhals as nw

from clockstop.analytics.lists.book import (
    MissingSubmitter,
    MonthRow,
    ProviderWaits,
    Spread,
)
from clockstop.analytics.lists.headline import HEADLINE_KEYS, headline
from clockstop.analytics.lists.statistics import SMALL_NUMBER, list_statistics
from clockstop.analytics.published import pathways as lake_pathways
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.analytics.published.places import PlaceFinder, provider_locations
from clockstop.analytics.published.submitters import missing_submitters
from clockstop.core.codes import ALL_FUNCTIONS, display_name
from clockstop.core.rtt.week_bands import BANDS, Percentile
from clockstop.core.types import Month, Part, Sector

STALE_MONTHS = 6  # how long a provider that stopped sending is still shown, with its last figures
_PREFIX = {Part.INCOMPLETE: "", Part.ADMITTED: "admitted_", Part.NONADMITTED: "nonadmitted_"}
_COUNTS = {
    Part.INCOMPLETE: "incomplete_pathways",
    Part.ADMITTED: "admitted_stops",
    Part.NONADMITTED: "nonadmitted_stops",
}
_SPREAD = ("median_weeks", "p80_weeks", "p92_weeks", "p95_weeks", "mean_weeks")
_MEASURES = (
    *_COUNTS.values(),
    "within_18_weeks",
    "over_52_weeks",
    "change_on_year",
    *(prefix + name for prefix in _PREFIX.values() for name in _SPREAD),
)
_Key = tuple[str, str]  # provider, function
_Bands = dict[tuple[str, str, str], list[int]]  # provider, function, part


class WaitsBook:
    """The waits of every provider at the latest census in the lake, and their histories.

    Figures are for England's NHS: NONC commissioners are left out. A provider that sent nothing
    for the latest month is shown with the figures it last sent, marked stale, for six months,
    unless another organisation took it over.
    """

    def __init__(self, lake: Lake) -> None:
        """Open the book. Raises NoDataError if the lake holds no RTT month."""
        held = lake_pathways.months_held(lake)
        if not held:
            raise NoDataError("the lake holds no RTT month yet")
        self._lake = lake
        self.months = held
        self.month = held[-1]
        self.places = PlaceFinder(lake)
        # Kept with the book, so that all goes when another takes its place.
        self._compared = lru_cache(maxsize=32)(self._compare)
        self._provided = lru_cache(maxsize=256)(self._provider)
        self._histories = lru_cache(maxsize=256)(self._histories_of)
        self._missing = lru_cache(maxsize=32)(self._missing_for)

    @cached_property
    def synthetic(self) -> bool:
        """Whether the figures are made up."""
        revisions = self._lake.catalogue().current("rtt").values()
        return any(revision.facts.get("synthetic") for revision in revisions)

    def compare(self, function: str) -> tuple[ProviderWaits, ...]:
        """The waits of every provider in a treatment function (``C_999``: in all of them)."""
        return self._compared(function)

    def _compare(self, function: str) -> tuple[ProviderWaits, ...]:
        is_all = function == ALL_FUNCTIONS.code
        bands = self._bands(None if is_all else nw.col("function") == function)
        keys = [key for key in self._figures if key[1] == function]
        return tuple(self._waits(key, bands) for key in keys)

    def provider(self, code: str) -> tuple[ProviderWaits, ...]:
        """A provider's waits in each of its functions, all of them together first.

        Raises KeyError for a provider that the book does not hold.
        """
        return self._provided(code)

    def _provider(self, code: str) -> tuple[ProviderWaits, ...]:
        keys = sorted(key for key in self._figures if key[0] == code)
        keys.sort(key=lambda key: key[1] != ALL_FUNCTIONS.code)
        if not keys:
            raise KeyError(code)
        bands = self._bands(nw.col("provider") == code)
        return tuple(self._waits(key, bands) for key in keys)

    def history(self, code: str, function: str) -> tuple[MonthRow, ...]:
        """A provider's headline figures since it first sent any; None in a month without."""
        return self._histories(code).get(function, ())

    def _histories_of(self, code: str) -> dict[str, tuple[MonthRow, ...]]:
        """By function, and of all of them: one reading of the lake serves every one."""
        frame = nw.from_native(lake_pathways.scan_pathways(self._lake, None, ["provider"]))
        mine = nw.to_native(frame.filter(nw.col("provider") == code).collect())
        by_function: dict[str, dict[str, Any]] = defaultdict(dict)
        for by in ((), ("function",)):
            for row in list_statistics(mine, by, measures=HEADLINE_KEYS[1:]).rows(named=True):
                by_function[row.get("function", ALL_FUNCTIONS.code)][row["month"]] = row
        return {function: self._by_month(found) for function, found in by_function.items()}

    def missing(self, month: Month) -> tuple[MissingSubmitter, ...]:
        """The providers that sent nothing for the month though they had before."""
        return self._missing(month)

    def _missing_for(self, month: Month) -> tuple[MissingSubmitter, ...]:
        return missing_submitters(self._lake, month)

    def _by_month(self, found: Mapping[str, Any]) -> tuple[MonthRow, ...]:
        """Statistics by month as a history: from the first month with any, the gaps kept."""
        rows = [
            MonthRow(month, _headline(found[str(month)]) if str(month) in found else None)
            for month in self.months
        ]
        first = next((at for at, row in enumerate(rows) if row.figures), len(rows))
        return tuple(rows[first:])

    @cached_property
    def _last_sent(self) -> dict[str, str]:
        """The month whose figures each provider is shown with."""
        present = lake_pathways.providers_of(self._lake, self.month)
        late = {each.provider: str(each.last_month) for each in self._stale}
        return dict.fromkeys(present, str(self.month)) | late

    @cached_property
    def _stale(self) -> tuple[MissingSubmitter, ...]:
        oldest = self.month.plus(-STALE_MONTHS)
        return tuple(
            each
            for each in self.missing(self.month)
            if each.last_month >= oldest and each.succeeded_by is None
        )

    @cached_property
    def _rows(self) -> nw.DataFrame[Any]:
        """The pathways of each provider's last month, and its list of a year before."""
        late = {each.provider for each in self._stale}
        frames = [self._around([self.month])]
        if late:
            months = sorted({each.last_month for each in self._stale})
            frames.append(self._around(months).filter(nw.col("provider").is_in(sorted(late))))
        return nw.concat(frames).collect()

    def _around(self, months: Sequence[Month]) -> nw.LazyFrame[Any]:
        """The pathways of the months, and the lists of a year before each."""
        years = [*months, *(month.plus(-12) for month in months)]
        frame = nw.from_native(lake_pathways.scan_pathways(self._lake, years, ["provider"]))
        is_shown = nw.col("month").is_in([str(month) for month in months])
        return frame.filter(is_shown | (nw.col("part") == Part.INCOMPLETE.value))

    @cached_property
    def _figures(self) -> dict[_Key, dict[str, Any]]:
        """The measures of every provider, in each function and in all of them."""
        figures: dict[_Key, dict[str, Any]] = {}
        for by in (["provider", "function"], ["provider"]):
            table = list_statistics(nw.to_native(self._rows), by, measures=_MEASURES)
            for row in table.rows(named=True):
                if row["month"] == self._last_sent.get(row["provider"]):
                    figures[row["provider"], row.get("function", ALL_FUNCTIONS.code)] = row
        return figures

    def _bands(self, of: nw.Expr | None = None) -> _Bands:
        """Weekly counts by provider, function (and all functions) and part, of some rows or all."""
        shown = nw.col("part").is_in([str(part) for part in _PREFIX])
        wanted = self._rows.filter(shown if of is None else shown & of)
        bands: _Bands = defaultdict(lambda: [0] * BANDS)
        columns = ("month", "provider", "function", "part", "band", "n")
        for month, provider, function, part, band, count in wanted.select(*columns).iter_rows():
            if band is not None and month == self._last_sent.get(provider):
                bands[provider, function, part][band] += count
                bands[provider, ALL_FUNCTIONS.code, part][band] += count
        return bands

    def _waits(self, key: _Key, bands: _Bands) -> ProviderWaits:
        code, function = key
        row = self._figures[key]
        month = Month.parse(row["month"])
        change = row["change_on_year"]
        location = self._locations.get(code)
        icb = self._icbs[code]
        return ProviderWaits(
            provider=code,
            name=display_name(self._names["provider"].get(code, code)),
            sector=Sector(self._sectors.get(code, Sector.UNKNOWN)),
            icb=icb,
            icb_name=display_name(self._names["icb"].get(icb, icb)),
            function=function,
            month=month,
            is_stale=month != self.month,
            location=location.point if location else None,
            location_source=location.source if location else None,
            location_is_approximate=bool(location and location.is_approximate),
            waiting=_spread(row, Part.INCOMPLETE, bands[(*key, Part.INCOMPLETE)]),
            admitted=_spread(row, Part.ADMITTED, bands[(*key, Part.ADMITTED)]),
            nonadmitted=_spread(row, Part.NONADMITTED, bands[(*key, Part.NONADMITTED)]),
            within_18_weeks=row["within_18_weeks"],
            over_52_weeks=row["over_52_weeks"],
            size_year_ago=None if change is None else row["incomplete_pathways"] - change,
        )

    @cached_property
    def _organisations(self) -> tuple[tuple[str, str, str, str], ...]:
        return tuple(lake_pathways.organisations(self._lake).rows())

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        names: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, code, name, _ in self._organisations:
            names[kind][code] = name
        return names

    @cached_property
    def _icbs(self) -> dict[str, str]:
        """The ICB of each provider, as last filed: a provider may have moved within the year."""
        return {code: parent for kind, code, _, parent in self._organisations if kind == "provider"}

    @cached_property
    def _sectors(self) -> dict[str, str]:
        return lake_pathways.sectors(self._lake)

    @cached_property
    def _locations(self) -> Mapping[str, Any]:
        return provider_locations(self._lake, self._names["provider"])


def _headline(row: Mapping[str, Any]) -> dict[str, float | int | str | None]:
    return {key: value for key, value in headline(row).items() if key != "month"}


def _spread(row: Mapping[str, Any], part: Part, bands: list[int]) -> Spread:
    prefix = _PREFIX[part]
    median, p80, p92, p95 = (
        Percentile(row[prefix + name], bool(row[f"{prefix}{name}_open"])) for name in _SPREAD[:4]
    )
    return Spread(
        count=row[_COUNTS[part]],
        median=median,
        p80=p80,
        p92=p92,
        p95=p95,
        mean=row[prefix + "mean_weeks"],
        is_small=sum(bands) < SMALL_NUMBER,
        bands=tuple(bands),
    )
