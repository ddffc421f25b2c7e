"""A made-up book of waits, small enough to reason about and with every awkward case in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import ClassVar

from clockstop.analytics.lists.book import (
    MonthRow,
    ProviderWaits,
    Spread,
)
from clockstop.core.geography.postcodes import PlaceError, parse_place
from clockstop.core.rtt.week_bands import Percentile
from clockstop.core.types import Month, Point, Sector

SEPTEMBER = Month(2025, 9)
BANDS = 105
ORTHOPAEDICS, EYES, TOTAL = "C_110", "C_130", "C_999"


def spread(**counts: int) -> Spread:
    """A spread from counts by week band: ``spread(w3=10, w104=2)``."""
    bands = [0] * BANDS
    for week, count in counts.items():
        bands[int(week[1:])] = count
    return spread_of(bands)


def even(count: int, last_week: int) -> Spread:
    """So many waits, the same number in every week up to the last."""
    share, rest = divmod(count, last_week)
    return spread_of([share + (week < rest) for week in range(last_week)])


def spread_of(bands: list[int]) -> Spread:
    bands = [*bands, *[0] * (BANDS - len(bands))]
    count = sum(bands)
    is_small = count < 20
    quantiles = [
        Percentile(None) if is_small else _quantile(bands, share)
        for share in (0.5, 0.8, 0.92, 0.95)
    ]
    middle = sum(n * min(week + 0.5, 104) for week, n in enumerate(bands))
    mean = None if is_small else middle / count
    return Spread(count, *quantiles, mean=mean, is_small=is_small, bands=tuple(bands))


def _quantile(bands: list[int], share: float) -> Percentile:
    target = share * sum(bands)
    week = next(week for week, total in enumerate(accumulate(bands)) if total >= target)
    if week == BANDS - 1:
        return Percentile(None, is_open=True)
    return Percentile(week + (target - sum(bands[:week])) / bands[week])


NOBODY = spread_of([])


def provider(code: str, name: str, sector: Sector, **changes) -> ProviderWaits:
    """One provider's waits in orthopaedics, unless changed."""
    waiting = changes.pop("waiting", even(1000, 30))
    defaults = ProviderWaits(
        provider=code,
        name=name,
        sector=sector,
        icb="QWO",
        icb_name="NHS West Yorkshire ICB",
        function=ORTHOPAEDICS,
        month=SEPTEMBER,
        is_stale=False,
        location=Point(53.80, -1.55),
        location_source="hospital site",
        location_is_approximate=False,
        waiting=waiting,
        admitted=even(200, 40),
        nonadmitted=even(300, 25),
        within_18_weeks=sum(waiting.bands[:18]),
        over_52_weeks=sum(waiting.bands[52:]),
        size_year_ago=waiting.count,
    )
    return replace(defaults, **changes)


NHS, IS, CIC = Sector.NHS_TRUST, Sector.INDEPENDENT, Sector.COMMUNITY
PROVIDERS = (
    provider("R01", "Aire Valley Teaching Hospitals NHS Trust", NHS, size_year_ago=800),
    provider(
        "R02",
        "Bishopdale NHS Foundation Trust",
        NHS,
        location=Point(53.96, -1.08),  # York, about 22 miles from Leeds
        admitted=even(200, 20),
        nonadmitted=even(300, 50),
        waiting=even(400, 52),
        size_year_ago=500,
    ),
    provider(
        "R03",
        "Calder and Colne Hospitals NHS Trust",
        NHS,
        location=Point(53.65, -1.78),
        admitted=spread(w10=60, w90=20, w104=40),  # half 11 weeks, 8 in 10 over 104
        waiting=spread(w10=60, w104=90),  # every quantile over 104
        size_year_ago=None,
    ),
    provider("NT01", "Dales Orthopaedic Centre", IS, location=Point(53.99, -1.54),
             admitted=even(300, 10), nonadmitted=even(60, 8), waiting=even(150, 12),
             size_year_ago=150),
    provider("NT02", "Elmet Hospital", IS, location=Point(53.81, -1.52),
             admitted=spread(w5=7, w30=5), waiting=even(90, 20)),  # small: 12 treated
    provider("NT03", "Fountains Clinic", IS, location=None, location_source=None,
             admitted=even(100, 9), waiting=even(80, 10)),  # distance not known
    provider("CIC1", "Garforth Community Surgery CIC", CIC, location=Point(53.79, -1.38),
             admitted=NOBODY, nonadmitted=even(90, 6), waiting=even(70, 9)),
    provider("CIC2", "Harewood GP Federation Ltd", CIC, location=Point(53.90, -1.51),
             admitted=NOBODY, nonadmitted=even(25, 5), waiting=spread(w0=3, w12=2)),
    provider("R04", "Ilkley and Otley NHS Trust", NHS, location=Point(53.92, -1.82),
             month=Month(2025, 6), is_stale=True, admitted=even(90, 30)),  # last sent in June
    provider("R05", "Jorvik Children's NHS Trust", NHS, location=Point(53.9601, -1.0801),
             admitted=spread(w0=30), nonadmitted=NOBODY, waiting=even(30, 30)),
    provider("RAA", "Kent Weald NHS Trust", NHS, location=Point(51.27, 0.52), icb="QKS",
             icb_name="NHS Kent and Medway ICB", admitted=even(500, 15)),  # about 200 miles away
    provider("NT04", "<b>Lodge</b> & Sons Hospital", IS, location=Point(53.70, -1.60),
             admitted=even(40, 80), waiting=even(50, 104)),  # a name that must be escaped
    provider("R06", "Mersey Sands NHS Trust", NHS, location=Point(53.41, -2.98),
             admitted=NOBODY, nonadmitted=NOBODY, waiting=NOBODY, size_year_ago=None),
)  # fmt: skip
EYE_PROVIDERS = tuple(
    replace(each, function=EYES, admitted=even(100, 12), waiting=even(200, 16))
    for each in PROVIDERS[:3]
)


@dataclass(frozen=True)
class FakePlace:
    label: str
    kind: str
    point: Point


class FakePlaces:
    known: ClassVar = {"LS1": Point(53.797, -1.548), "YO1": Point(53.959, -1.081)}

    def find(self, text: str) -> FakePlace:
        parsed = parse_place(text)
        if parsed.district not in self.known:
            raise PlaceError("No place in England has that postcode")
        sector = getattr(parsed, "sector", None)
        kind = "sector" if sector else "district"
        return FakePlace(sector or parsed.district, kind, self.known[parsed.district])


HEADLINE = {
    "incomplete_pathways": 7_390_000,
    "within_18_weeks": 4_570_000,
    "pct_within_18_weeks": 0.618,
    "over_18_weeks": 2_820_000,
    "over_52_weeks": 180_000,
    "over_65_weeks": 12_000,
    "over_78_weeks": 1_500,
    "over_104_weeks": 150,
    "median_weeks": 13.3,
    "p92_weeks": 40.1,
    "admitted_stops": 310_000,
    "admitted_median_weeks": 11.2,
    "admitted_p95_weeks": 61.4,
    "nonadmitted_stops": 1_150_000,
    "nonadmitted_median_weeks": 8.1,
    "nonadmitted_p95_weeks": 44.9,
    "new_periods": 1_780_000,
    "incomplete_dta": 1_200_000,
    "unreported_removals": 300_000,
}


@dataclass(eq=False)  # kept by caches, as the real one is
class FakeBook:
    month: Month = SEPTEMBER
    synthetic: bool = False
    places: FakePlaces = field(default_factory=FakePlaces)
    waits: tuple[ProviderWaits, ...] = (*PROVIDERS, *EYE_PROVIDERS)

    def compare(self, function: str) -> tuple[ProviderWaits, ...]:
        if function == TOTAL:
            codes = dict.fromkeys(each.provider for each in self.waits)
            return tuple(self.provider(code)[0] for code in codes)
        return tuple(each for each in self.waits if each.function == function)

    def provider(self, code: str) -> tuple[ProviderWaits, ...]:
        found = [each for each in self.waits if each.provider == code]
        if not found:
            raise KeyError(code)
        return (replace(found[0], function=TOTAL), *found)

    def history(self, code: str, function: str) -> tuple[MonthRow, ...]:
        return _months(missing={3})


def _months(*, missing: set[int]) -> tuple[MonthRow, ...]:
    months = [SEPTEMBER.plus(-back) for back in reversed(range(18))]
    return tuple(
        MonthRow(month, None if index in missing else _figures(index))
        for index, month in enumerate(months)
    )


def _figures(index: int) -> dict[str, float | int | str | None]:
    figures: dict[str, float | int | str | None] = dict(HEADLINE)
    figures["incomplete_pathways"] = 7_390_000 + (17 - index) * 9_000
    return figures
