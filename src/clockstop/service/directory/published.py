"""What the lake tells of providers, as the directory needs it: waits, ratings and places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.published import pathways as lake_pathways
from clockstop.analytics.published.diagnostics import diagnostic_months, scan_diagnostics
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.places import provider_locations
from clockstop.core.types import Point, Sector

_MEASURES = ("incomplete_pathways", "median_weeks", "nonadmitted_median_weeks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a provider is known to do: a treatment function of the RTT return, or a test of DM01.

    ``waiting`` people wait; ``weeks`` is the median wait of those who were seen without an
    admission, else of those who wait, none where there are too few to tell.
    """

    provider: str
    function: str = ""
    test: str = ""
    waiting: int
    weeks: float | None


class Rated(NamedTuple):
    """What the regulator says of a site or a provider, as the directory's choices spell it."""

    rating: str
    on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that the lake tells, of its last month."""

    is_synthetic: bool
    offered: tuple[Offered, ...]
    places: Mapping[str, Point]
    ratings: Mapping[str, Rated]
    sectors: Mapping[str, str]


def read(lake: Lake) -> Told:
    """The lake's last month. Raises NoDataError where it holds none."""
    months = lake_pathways.months_held(lake)
    if not months:
        raise lake_pathways.NoDataError("the lake holds no RTT month yet")
    held = lake.catalogue().current("rtt")
    names = lake_pathways.provider_names(lake)
    return Told(
        is_synthetic=any(each.facts.get("synthetic") for each in held.values()),
        offered=(*_functions(lake), *_tests(lake)),
        places={code: found.point for code, found in provider_locations(lake, names).items()},
        ratings=ratings(lake),
        sectors={**dict.fromkeys(names, str(Sector.UNKNOWN)), **lake_pathways.sectors(lake)},
    )


def _functions(lake: Lake) -> tuple[Offered, ...]:
    month = lake_pathways.months_held(lake)[-1]
    pathways = lake_pathways.scan_pathways(lake, [month], ["provider"]).collect()
    table = list_statistics(pathways, ["provider", "function"], measures=_MEASURES)
    return tuple(
        Offered(
            provider=row["provider"],
            function=row["function"],
            waiting=row["incomplete_pathways"],
            weeks=row["nonadmitted_median_weeks"] or row["median_weeks"],
        )
        for row in table.sort("provider", "function").rows(named=True)
    )


def _tests(lake: Lake) -> tuple[Offered, ...]:
    months = diagnostic_months(lake, "provider")
    if not months:
        return ()
    waiting: dict[tuple[str, str], dict[int, int]] = {}
    rows = scan_diagnostics(lake, "provider", [months[-1]]).collect()
    for code, test, band, count in rows.select("organisation", "test", "band", "n").rows():
        bands = waiting.setdefault((str(code), str(test)), {})
        bands[band] = bands.get(band, 0) + count
    return tuple(
        Offered(provider=code, test=test, waiting=sum(bands.values()), weeks=_median(bands))
        for (code, test), bands in sorted(waiting.items())
    )


def _median(bands: Mapping[int, int]) -> float:
    """Weeks that half of them have waited: the middle of the band in which they lie."""
    half, passed = sum(bands.values()) / 2, 0
    for band in sorted(bands):
        passed += bands[band]
        if passed >= half:
            return band + 0.5
    raise ValueError("nobody waits")


def ratings(lake: Lake) -> Mapping[str, Rated]:
    """The overall rating of each site or provider that has one."""
    found: dict[str, Rated] = {}
    for held in lake.catalogue().current("provider_ratings").values():
        rows = lake.scan(held, "ratings").filter(domain="overall").collect()
        for code, rating, on, source in rows.select(
            "provider", "rating", "rated_on", "source"
        ).rows():
            found[code] = Rated(rating.lower().replace(" ", "_"), on, source)
    return {code: each for code, each in found.items() if each.rating != "not_rated"}
