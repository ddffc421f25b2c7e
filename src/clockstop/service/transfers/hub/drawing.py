"""A map of points for one request: the middle of the home's district, and who could help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point
from clockstop.service.transfers.hub.places import Place

SIZE = 360
_MARGIN = 24
_LEAST_SPAN = 5.0  # miles from the middle to the edge
_MILES_A_DEGREE = 69.1  # of latitude


@dataclass(frozen=True, slots=True)
class Mark:
    """A spot that is drawn: the number of its place, of several the first and a plus."""

    label: str
    x: float
    y: float
    is_independent: bool


@dataclass(frozen=True, slots=True)
class Map:
    """What the template draws: the home in the middle, places around it, how far one would go."""

    marks: tuple[Mark, ...]
    ring: float | None
    description: str
    size: int = SIZE


def map_of(home: Point | None, places: Iterable[Place], miles: int | None) -> Map | None:
    """None where the home, or every place, has no known point."""
    located = [(each, each.point) for each in places if each.point is not None]
    if home is None or not located:
        return None
    far = max(miles_between(home, point) for _, point in located)
    span = max(far, _LEAST_SPAN)
    scale = (SIZE / 2 - _MARGIN) / span
    spots: dict[Point, list[Place]] = {}
    for place, point in located:
        spots.setdefault(point, []).append(place)
    marks = [_mark(there, point, home, scale) for point, there in spots.items()]
    ring = round(miles * scale, 1) if miles and miles <= span * 1.4 else None
    words = "; ".join(f"{place.number}: {place.provider}, {place.miles}" for place, _ in located)
    return Map(tuple(marks), ring, f"Places around the patient's district. {words}.")


def _mark(there: list[Place], point: Point, home: Point, scale: float) -> Mark:
    east = (point.longitude - home.longitude) * _MILES_A_DEGREE * cos(radians(home.latitude))
    north = (point.latitude - home.latitude) * _MILES_A_DEGREE
    return Mark(
        f"{there[0].number}{'+' if there[1:] else ''}",
        round(SIZE / 2 + east * scale, 1),
        round(SIZE / 2 - north * scale, 1),
        there[0].is_independent,
    )
