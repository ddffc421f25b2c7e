"""Whether a position can be right: held against the postcode districts that ship with Clockstop.

The limits leave room beyond the largest distance in the official files: a district's centroid
moves by 2.7 miles at most from one edition to the next, a sector lies up to 22.6 miles from its
district's (Highland), a hospital 7.0 from that of its postcode and 7.1 from the nearest of all.
"""

from collections.abc import Iterator
from functools import cache
from math import cos, hypot, radians
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clockstop.analytics.published.problems import Problem
from clockstop.core.geography.distance import miles_between
from clockstop.core.geography.districts import DistrictCentroid, districts
from clockstop.core.types import Point

DISTRICT_MILES, SECTOR_MILES, HOSPITAL_MILES = 5.0, 30.0, 15.0
GRID_MILES = 0.5  # between the distances on the grid and on the globe; 0.07 at most as published
_METRES_A_MILE = 1609.344
_MILES_A_DEGREE = 69.0


def misplaced_centroids(table: pl.DataFrame, rows: pl.Series, file: str) -> Iterator[Problem]:
    """Faults of centroids (code, easting, northing, latitude, longitude) against their district."""
    known = districts()
    for row, each in zip(rows, table.rows(named=True), strict=True):
        district = known.get(each["code"].split(" ")[0])
        if district is None:
            continue
        limit = SECTOR_MILES if " " in each["code"] else DISTRICT_MILES
        away = miles_between(district.point, Point(each["latitude"], each["longitude"]))
        on_grid = _grid_miles(district, each["easting"], each["northing"])
        if away > limit:
            yield _far(file, row, "latitude", away, limit, district.district)
        elif abs(away - on_grid) > GRID_MILES:
            found = f"{on_grid:.1f} miles on the grid, {away:.1f} by latitude and longitude"
            expected = f"the same distance from the middle of {district.district}"
            yield Problem(file, "position", found, expected, row, "easting")


def _grid_miles(district: DistrictCentroid, easting: float, northing: float) -> float:
    return hypot(easting - district.easting, northing - district.northing) / _METRES_A_MILE


def unknown_districts(codes: pl.Series, rows: pl.Series, file: str, column: str) -> list[Problem]:
    """Warnings for districts that our list does not hold (yet)."""
    return [
        Problem(file, "unknown district", repr(code), "a postcode district we know", row, column)
        for row, code in zip(rows, codes, strict=True)
        if code is not None and code.split(" ")[0] not in districts()
    ]


def misplaced_hospitals(
    table: pl.DataFrame, postcodes: pl.Series | None, rows: pl.Series, file: str
) -> Iterator[Problem]:
    """Faults of hospitals (latitude, longitude): far from their postcode, or from any."""
    placed = table.with_columns(row=rows, nearest=_nearest(table))
    placed = placed.with_columns(
        postcode=pl.lit(None, pl.String) if postcodes is None else postcodes
    )
    for each in placed.drop_nulls(["latitude", "longitude"]).rows(named=True):
        district = districts().get((each["postcode"] or "").split(" ")[0])
        point = Point(each["latitude"], each["longitude"])
        away = miles_between(district.point, point) if district else each["nearest"]
        if away > HOSPITAL_MILES:
            of = district.district if district else "any postcode district"
            yield _far(file, each["row"], "latitude", away, HOSPITAL_MILES, of)


def _nearest(table: pl.DataFrame) -> NDArray[Any]:
    """Miles from each point to the nearest district's middle, near enough for a limit."""
    points = table.select("latitude", "longitude").to_numpy()
    stretch = np.array([_MILES_A_DEGREE, _MILES_A_DEGREE * cos(radians(53))])
    middles = _middles() * stretch
    return np.array([np.hypot(*(middles - point).T).min() for point in points * stretch])


@cache
def _middles() -> NDArray[Any]:
    return np.array([(d.point.latitude, d.point.longitude) for d in districts().values()])


def _far(file: str, row: int, column: str, away: float, limit: float, of: str) -> Problem:
    found, expected = f"{away:,.0f} miles from the middle of {of}", f"at most {limit:g} miles"
    return Problem(file, "position", found, expected, row, column)
