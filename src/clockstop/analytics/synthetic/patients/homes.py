"""Where the made-up people live: small areas that there are not, in real postcode districts."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import atlas
from clockstop.analytics.synthetic.practices import make_practices
from clockstop.analytics.synthetic.providers import INWARD
from clockstop.analytics.synthetic.sizes import FULL
from clockstop.core.codes.icbs import UnknownIcbError, current_icb
from clockstop.core.geography.districts import DistrictCentroid
from clockstop.core.types import Month

Ints = npt.NDArray[np.int64]

SMALL_AREAS = 33_755  # LSOAs of England (Census 2021)
MADE_UP = 900_000  # E019…: no small area has ever been numbered so high
DECILES = 10
_OF_THE_DISTRICT = 0.6  # how alike the small areas of a district are
_GENERAL_PRACTICE = 4
_ROOM = 2_300  # small areas that an ICB may have, so that all of them have numbers


@dataclass(frozen=True)
class Homes:
    """The small areas of an ICB, as columns, and its practices."""

    lsoa: npt.NDArray[np.str_]
    postcode: npt.NDArray[np.str_]
    decile: Ints
    practices: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Country:
    """The homes of every ICB of a month. ``practices`` are those of the lake, by ICB."""

    month: Month
    practices: dict[str, list[str]]

    def homes(self, icb: str) -> Homes:
        """The small areas of an ICB; of all England, where the ICB is not known."""
        places = [area for area in atlas.areas() if self._now(area.icb) == icb] or atlas.areas()
        share = sum(area.share for area in places)
        districts = [district for area in places for district in area.inside]
        own = self.practices.get(icb) or _made_up([area.icb for area in places])
        number = [area.icb for area in atlas.areas()].index(places[0].icb)
        return _homes(number, round(SMALL_AREAS * share), districts, own)

    def _now(self, icb: str) -> str:
        try:
            return current_icb(icb, self.month.census)
        except UnknownIcbError:
            return icb


def country(lake: Lake, month: Month) -> Country:
    """The homes of a month, with the practices of the lake if it holds any."""
    found: dict[str, list[str]] = {}
    for revision in lake.catalogue().current("practices").values():
        rows = lake.scan(revision, "practices").filter(status="A", setting=_GENERAL_PRACTICE)
        for code, icb in rows.select("code", "icb").drop_nulls().sort("code").collect().rows():
            found.setdefault(icb, []).append(code)
    return Country(month, found)


@cache
def _practices() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in make_practices(np.random.default_rng(FULL.practices), FULL.practices):
        found.setdefault(each.area.icb, []).append(each.code)
    return found


def _made_up(icbs: list[str]) -> list[str]:
    return [code for icb in icbs for code in _practices().get(icb, [])]


def _homes(
    number: int, size: int, districts: list[DistrictCentroid], practices: list[str]
) -> Homes:
    """Small areas in districts by their postcodes; a tenth of them in each decile."""
    rng = np.random.default_rng([MADE_UP, number])
    size = min(max(size, DECILES), _ROOM)
    weight = np.array([district.postcodes for district in districts], dtype=np.float64)
    at = np.sort(rng.choice(len(districts), size, p=weight / weight.sum()))
    wealth = _OF_THE_DISTRICT * rng.random(len(districts))[at]
    wealth += (1 - _OF_THE_DISTRICT) * rng.random(size)
    decile = np.empty(size, dtype=np.int64)
    decile[np.argsort(wealth)] = np.arange(size) * DECILES // size + 1
    codes = MADE_UP + number * _ROOM + np.arange(size)
    return Homes(
        lsoa=np.array([f"E01{code:06d}" for code in codes]),
        postcode=np.array([f"{districts[each].district} {INWARD}" for each in at]),
        decile=decile,
        practices=np.array(practices),
    )
