"""Writes the real postcode districts in the official layout, from our own list of them.

There are no sectors (``LS1 4``): we do not know which there are nor where, and a made-up middle
would put a real postcode in the wrong place while claiming to be the more exact one. Whoever types
a whole postcode is placed by its district.
"""

import csv
from pathlib import Path

from clockstop.analytics.published.datasets.postcode_centroids import LAYOUTS
from clockstop.core.geography.districts import DistrictCentroid, districts

FILE = "outcode_centroids.csv"
_COUNTRIES = {"E": "E92000001", "S": "S92000003", "W": "W92000004"}


def write_centroids(folder: Path) -> Path:
    """Write the file into ``folder`` and return its path.

    Contains OS data and Royal Mail data: see ``README.md`` beside ``core/geography/districts.csv``.
    """
    path = folder / FILE
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(LAYOUTS["district"].columns)
        rows.writerows(map(_row, districts().values()))
    return path


def _row(place: DistrictCentroid) -> list[object]:
    known = {
        "outcode": place.district,
        "easting": place.easting,
        "northing": place.northing,
        "postcodes": place.postcodes,
        "country": _COUNTRIES[place.country],
        "latitude": place.point.latitude,
        "longitude": place.point.longitude,
    }
    return [known[column] for column in LAYOUTS["district"].columns]
