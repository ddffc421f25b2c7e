"""Where each postcode district of Great Britain is."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from clockstop.core.types import Point


@dataclass(frozen=True, slots=True)
class DistrictCentroid:
    """The mean position of a district's postcodes.

    ``point`` is WGS84; ``easting`` and ``northing`` are metres on the British National Grid;
    ``postcodes`` is how many postcodes the mean is of; ``country`` is ``E``, ``S`` or ``W``.
    """

    district: str
    point: Point
    easting: int
    northing: int
    postcodes: int
    country: str


@cache
def districts() -> Mapping[str, DistrictCentroid]:
    """Every postcode district by its code (``LS1``), read once.

    Great Britain only: Northern Ireland, the Channel Islands and the Isle of Man are not in
    Code-Point Open. Source and licence: ``README.md`` beside the table.
    """
    table = files(__package__).joinpath("districts.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["district"]: _centroid(row) for row in csv.DictReader(table.splitlines())}
    )


def _centroid(row: dict[str, str]) -> DistrictCentroid:
    return DistrictCentroid(
        district=row["district"],
        point=Point(float(row["latitude"]), float(row["longitude"])),
        easting=int(row["easting"]),
        northing=int(row["northing"]),
        postcodes=int(row["postcodes"]),
        country=row["country"],
    )
