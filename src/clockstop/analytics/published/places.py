"""Where things are: the provider's position from the hospital lists, a person's from a postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import PlaceBasis, provider_places
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import PlaceError, Postcode, parse_place
from clockstop.core.types import Point


class PlaceKind(StrEnum):
    """How exactly a place is known."""

    SECTOR = "sector"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is, to the middle of a postcode sector or district. Never kept."""

    label: str
    kind: PlaceKind
    point: Point


@dataclass(frozen=True, slots=True)
class Location:
    """Where a provider is, and in words how that is known.

    ``is_approximate``: the point is only the middle of a postcode district, miles from where the
    provider may be.
    """

    point: Point
    source: str
    is_approximate: bool = False


class PlaceFinder:
    """Finds the middle of what a person types: the sector of a postcode, else the district."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def find(self, text: str) -> Place:
        """The place typed. Raises PlaceError, which never repeats what was typed."""
        typed = parse_place(text)
        if isinstance(typed, Postcode) and typed.sector in self._sectors:
            return Place(typed.sector, PlaceKind.SECTOR, self._sectors[typed.sector])
        if typed.district in self._districts:
            return Place(typed.district, PlaceKind.DISTRICT, self._districts[typed.district])
        raise PlaceError(
            "We do not know that postcode. Check it, or enter only its first half. "
            "England, Scotland and Wales only."
        )

    @cached_property
    def _sectors(self) -> dict[str, Point]:
        return _centroids(self._lake, "sector")

    @cached_property
    def _districts(self) -> dict[str, Point]:
        shipped = {code: district.point for code, district in districts().items()}
        return shipped | _centroids(self._lake, "district")


def _centroids(lake: Lake, kind: str) -> dict[str, Point]:
    revision = lake.catalogue().current("postcode_centroids").get(kind)
    if revision is None:
        return {}
    table = lake.scan(revision, "centroids").select("code", "latitude", "longitude").collect()
    return {code: Point(latitude, longitude) for code, latitude, longitude in table.rows()}


def provider_locations(lake: Lake, names: Mapping[str, str]) -> dict[str, Location]:
    """The position of each provider that the lake's lists, or else our own, can place.

    ``names`` maps provider codes to names as filed. Best first: the provider's own code in a
    hospital directory (the newest first), the trust's point, a hospital of exactly that name if
    there is one only, the middle of the postcode of the trust's main address, and last the middle
    of the district in our list of places. A provider that none of them places is left out.
    """
    finder = PlaceFinder(lake)
    hospitals = _hospitals(lake)
    by_code = dict(_by_code(hospitals))
    by_name = dict(_by_name(hospitals))
    addresses = dict(_addresses(lake, finder))
    listed = dict(_listed(finder))
    found = {}
    for code, name in names.items():
        published = by_code.get(code) or by_name.get(plain_name(name)) or addresses.get(code)
        location = published or listed.get(code)
        if location:
            found[code] = location
    return found


def plain_name(name: str) -> str:
    """A name stripped to its letters and digits, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def _hospitals(lake: Lake) -> pl.DataFrame:
    """All hospitals with a position: those of directories, later ones first, then the others."""
    current = lake.catalogue().current("hospitals")
    frames = [
        lake.scan(current[key], "hospitals").with_columns(file=pl.lit(key))
        for key in sorted(current, reverse=True)
    ]
    if not frames:
        return pl.DataFrame(
            schema={
                **dict.fromkeys(("layout", "code", "name"), pl.String),
                **dict.fromkeys(("latitude", "longitude"), pl.Float64),
            }
        )
    placed = pl.concat(frames).drop_nulls(["latitude", "longitude"])
    return placed.sort(pl.col("layout") != "directory", maintain_order=True).collect()


def _by_code(hospitals: pl.DataFrame) -> Iterator[tuple[str, Location]]:
    words = {"directory": "hospital site", "trusts": "main address of the trust"}
    rows = hospitals.drop_nulls("code").unique("code", keep="first", maintain_order=True)
    for layout, code, latitude, longitude in rows.select(
        "layout", "code", "latitude", "longitude"
    ).rows():
        yield code, Location(Point(latitude, longitude), words[layout])


def _by_name(hospitals: pl.DataFrame) -> Iterator[tuple[str, Location]]:
    """Hospitals by name, where every hospital of that name stands in one place (within 1 km)."""
    places: dict[str, list[Point]] = {}
    for name, latitude, longitude in hospitals.select("name", "latitude", "longitude").rows():
        places.setdefault(plain_name(name), []).append(Point(latitude, longitude))
    for name, points in places.items():
        if all(_near(points[0], point) for point in points):
            yield name, Location(points[0], "hospital of that name")


def _near(a: Point, b: Point) -> bool:
    return abs(a.latitude - b.latitude) < 0.01 and abs(a.longitude - b.longitude) < 0.01  # noqa: PLR2004


def _addresses(lake: Lake, finder: PlaceFinder) -> Iterator[tuple[str, Location]]:
    revision = lake.catalogue().current("trusts").get("ods")
    if revision is None:
        return
    table = lake.scan(revision, "trusts").drop_nulls("postcode").collect()
    for code, postcode in table.select("code", "postcode").rows():
        try:
            place = finder.find(postcode)
        except PlaceError:
            continue
        is_approximate = place.kind is PlaceKind.DISTRICT
        yield code, Location(place.point, "postcode of the main address", is_approximate)


def _listed(finder: PlaceFinder) -> Iterator[tuple[str, Location]]:
    """The providers of our own list, each at the middle of its district."""
    words = {
        PlaceBasis.TOWN_IN_NAME: "town in its name (approximate)",
        PlaceBasis.KNOWN_SITE: "known site (approximate)",
    }
    for code, place in provider_places().items():
        point = finder.find(place.district).point
        yield code, Location(point, words[place.basis], is_approximate=True)
