"""The real map under the synthetic England: where each ICB's towns and postcode districts lie.

``places.csv`` names, by postcode district, the principal towns of each integrated care board, the
largest first. A district belongs to the ICB of the nearest town: right for 19 postcodes in 20.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from clockstop.core.codes import icb
from clockstop.core.geography.districts import DistrictCentroid, districts

METRES_A_MILE = 1609.344
NEAR_TOWN_MILES = 5
CLEAR_OF_BORDER = 1.5  # times nearer to a town of its own ICB than to any other's
FEWEST_POSTCODES = 200


@dataclass(frozen=True, slots=True)
class Area:
    """An ICB on the map: its towns, the districts well inside it, and its share of England."""

    icb: str
    name: str  # as filed
    region: str
    towns: tuple[DistrictCentroid, ...]
    inside: tuple[DistrictCentroid, ...]
    share: float


@cache
def areas() -> tuple[Area, ...]:
    """All 42 ICBs. Shares are of English postcodes, a stand-in for population."""
    towns = _towns()
    england = [place for place in districts().values() if place.country == "E"]
    miles = _miles_to_towns(england, towns)
    weight = np.array([place.postcodes for place in england], dtype=float)
    nearest = np.array(list(towns))[miles.argmin(axis=1)]
    inside = _well_inside(miles) & (weight >= FEWEST_POSTCODES)
    return tuple(
        Area(
            icb=code,
            name=f"NHS {icb(code).name.upper()} INTEGRATED CARE BOARD",
            region=icb(code).region.code,
            towns=its_towns,
            inside=tuple(england[at] for at in np.flatnonzero(inside & (nearest == code))),
            share=float(weight[nearest == code].sum() / weight.sum()),
        )
        for code, its_towns in towns.items()
    )


def _towns() -> dict[str, tuple[DistrictCentroid, ...]]:
    table = files(__package__).joinpath("places.csv").read_text(encoding="utf-8")
    return {
        row["icb"]: tuple(districts()[code] for code in row["towns"].split())
        for row in csv.DictReader(table.splitlines())
    }


def _miles_to_towns(
    places: list[DistrictCentroid], towns: dict[str, tuple[DistrictCentroid, ...]]
) -> np.ndarray:
    """Miles from each place to the nearest town of each ICB: places x ICBs."""
    grid = np.array([(place.easting, place.northing) for place in places], dtype=float)
    return np.stack(
        [
            np.min([np.hypot(*(grid - (t.easting, t.northing)).T) for t in each], axis=0)
            for each in towns.values()
        ],
        axis=1,
    ) / METRES_A_MILE  # fmt: skip


def _well_inside(miles: np.ndarray) -> np.ndarray:
    nearest, second = np.sort(miles, axis=1)[:, :2].T
    inside: np.ndarray = (nearest <= NEAR_TOWN_MILES) & (second >= CLEAR_OF_BORDER * nearest)
    return inside


def miles_on_grid(a: DistrictCentroid, b: DistrictCentroid) -> float:
    """Miles between two districts on the National Grid."""
    return float(np.hypot(a.easting - b.easting, a.northing - b.northing)) / METRES_A_MILE
