"""A point map of the comparison: districts as pale ground, providers as marks, the place a cross.

Positions are on a square of ``SIZE``; no map tiles or boundaries are needed.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, pi, radians, sin
from statistics import fmean
from string import digits
from typing import Self

from clockstop.core.geography.distance import EARTH_RADIUS_MILES
from clockstop.core.geography.districts import DistrictCentroid, districts
from clockstop.core.types import Point, Sector
from clockstop.service.compare.comparison import Compared
from clockstop.service.compare.search import Search

SIZE = 360
NUMBERED = 30
SCALE_AT = (14, SIZE - 12)  # the left end of the scale bar
_MARGIN = 14
_SCALE_WORDS = 60.0  # room for "100 miles"
_MARK = 10.0  # radius of a numbered mark: its number can be read on the narrowest phone
_LETTERS = 18.0  # room for the letters of a postcode area
_SMALLEST_SPAN = 5.0  # miles
_SCALE_STEPS = (100, 50, 20, 10, 5, 2, 1)
_MILES_PER_DEGREE = EARTH_RADIUS_MILES * pi / 180


@dataclass(frozen=True, slots=True)
class Mark:
    """A provider: where it is drawn, and where it is if it had to step aside."""

    number: int | None
    sector: Sector
    x: float
    y: float
    home: tuple[float, float] | None = None
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """The letters of a postcode area (``LS``) in the middle of its districts."""

    letters: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PointMap:
    """What the template draws. ``ground`` is one SVG path of dots; ``ring`` the radius searched."""

    marks: tuple[Mark, ...]
    ground: str
    areas: tuple[Area, ...]
    place: tuple[float, float] | None
    ring: float | None
    scale_miles: int
    scale_length: float
    description: str
    missing: int  # compared, shown or not yet, and without a location
    later: int  # with a location, and not shown yet
    size: int = SIZE
    scale_at: tuple[int, int] = SCALE_AT

    @property
    def has_approximate(self) -> bool:
        return any(mark.is_approximate for mark in self.marks)


@dataclass(frozen=True, slots=True)
class _Located:
    number: int
    sector: Sector
    point: Point
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class _View:
    """A square of so many miles around a centre, less a margin; ``east`` and ``north`` are scales.

    A degree of longitude is taken as long as it is at the centre: no matter at this size.
    """

    centre: Point
    span: float
    east: float
    north: float

    @classmethod
    def around(cls, centre: Point, span: float) -> Self:
        north = _MILES_PER_DEGREE * (SIZE - 2 * _MARGIN) / span
        return cls(centre, span, north * cos(radians(centre.latitude)), north)

    def at(self, point: Point) -> tuple[float, float]:
        return (
            round(SIZE / 2 + (point.longitude - self.centre.longitude) * self.east, 1),
            round(SIZE / 2 - (point.latitude - self.centre.latitude) * self.north, 1),
        )

    def length(self, miles: float) -> float:
        return round(miles * (SIZE - 2 * _MARGIN) / self.span, 1)


def point_map(
    search: Search, compared: Sequence[Compared], shown: int | None = None
) -> PointMap | None:
    """The map of the first ``shown`` providers; None if none of them has a location."""
    every = [
        _Located(number, each.waits.sector, each.waits.location, each.waits.location_is_approximate)
        for number, each in enumerate(compared, 1)
        if each.waits.location
    ]
    located = [each for each in every if shown is None or each.number <= shown]
    if not located:
        return None
    view = _view(search, [each.point for each in located])
    place = view.at(search.place.point) if search.place else None
    scale_miles = next(step for step in _SCALE_STEPS if step <= max(view.span / 4, 1))
    scale_length = view.length(scale_miles)
    taken = [*([place] if place else []), *_along_the_scale(scale_length)]
    marks = tuple(_marks(view, located, taken))
    return PointMap(
        marks=marks,
        ground=_ground(view),
        areas=tuple(_areas(view, taken)),
        place=place,
        ring=view.length(search.limit) if search.limit else None,
        scale_miles=scale_miles,
        scale_length=scale_length,
        description=_description(search, len(located)),
        missing=len(compared) - len(every),
        later=len(every) - len(located),
    )


def _along_the_scale(length: float) -> Iterator[tuple[float, float]]:
    """Points of the scale bar and its words, which no mark may cover."""
    reach = max(length, _SCALE_WORDS)
    steps = int(reach // _MARK) + 1
    for step in range(steps + 1):
        yield SCALE_AT[0] + reach * step / steps, SCALE_AT[1] - _MARK / 2


def _view(search: Search, points: Sequence[Point]) -> _View:
    if search.place and search.limit:
        return _View.around(search.place.point, search.limit * 2.0)
    if search.place:
        points = [*points, search.place.point]
    south, north = min(p.latitude for p in points), max(p.latitude for p in points)
    west, east = min(p.longitude for p in points), max(p.longitude for p in points)
    centre = Point((south + north) / 2, (west + east) / 2)
    degrees = max(north - south, (east - west) * cos(radians(centre.latitude)))
    return _View.around(centre, max(degrees * _MILES_PER_DEGREE, _SMALLEST_SPAN))


def _marks(
    view: _View, located: Sequence[_Located], taken: list[tuple[float, float]]
) -> Iterator[Mark]:
    """Numbered marks step aside so as to cover nothing taken; later ones stay small dots."""
    for each in located:
        home = view.at(each.point)
        if each.number > NUMBERED:
            yield Mark(None, each.sector, *home, is_approximate=each.is_approximate)
            continue
        spot = next(spot for spot in _spots(home) if _is_free(spot, taken, 2 * _MARK))
        taken.append(spot)
        moved_from = None if spot == home else home
        yield Mark(each.number, each.sector, *spot, moved_from, each.is_approximate)


def _spots(home: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """The home itself, then rings of places around it, ever wider, all within the map."""
    yield home
    ring = 1
    while True:
        count = 8 * ring
        for step in range(count):
            turn = 2 * pi * step / count
            x = round(home[0] + ring * _MARK * 1.2 * cos(turn), 1)
            y = round(home[1] + ring * _MARK * 1.2 * sin(turn), 1)
            if _is_in_view(x, y, margin=_MARK):
                yield x, y
        ring += 1


def _is_free(spot: tuple[float, float], taken: Sequence[tuple[float, float]], apart: float) -> bool:
    return all(hypot(spot[0] - x, spot[1] - y) >= apart for x, y in taken)


def _ground(view: _View) -> str:
    """Every postcode district in view, as zero-length strokes: round caps draw them as dots."""
    spots = (view.at(each.point) for each in _districts_near(view))
    return "".join(f"M{x:g} {y:g}h0" for x, y in spots if _is_in_view(x, y))


def _districts_near(view: _View) -> Sequence[DistrictCentroid]:
    """Those between the view's southern and northern edge."""
    half = SIZE / (SIZE - 2 * _MARGIN) * view.span / 2 / _MILES_PER_DEGREE
    by_latitude = _by_latitude()
    first = bisect_left(by_latitude, view.centre.latitude - half, key=_latitude)
    last = bisect_right(by_latitude, view.centre.latitude + half, key=_latitude)
    return by_latitude[first:last]


@cache
def _by_latitude() -> tuple[DistrictCentroid, ...]:
    return tuple(sorted(districts().values(), key=_latitude))


def _latitude(each: DistrictCentroid) -> float:
    return each.point.latitude


def _areas(view: _View, marked: Sequence[tuple[float, float]]) -> Iterator[Area]:
    """The postcode areas in view, the larger first; one that would cover anything is left out."""
    taken = list(marked)
    for letters, point in _area_centres().items():
        x, y = view.at(point)
        if _is_in_view(x, y, margin=_MARGIN) and _is_free((x, y), taken, _LETTERS):
            taken.append((x, y))
            yield Area(letters, x, y)


@cache
def _area_centres() -> dict[str, Point]:
    """The middle of each postcode area's districts, areas of many districts first."""
    by_area: dict[str, list[Point]] = defaultdict(list)
    for code, each in districts().items():
        by_area[code[:2].rstrip(digits)].append(each.point)
    return {
        letters: Point(fmean(p.latitude for p in points), fmean(p.longitude for p in points))
        for letters, points in sorted(by_area.items(), key=lambda item: -len(item[1]))
    }


def _is_in_view(x: float, y: float, margin: float = 0) -> bool:
    return margin <= x <= SIZE - margin and margin <= y <= SIZE - margin


def _description(search: Search, count: int) -> str:
    providers = "1 provider" if count == 1 else f"{count} providers"
    around = f" around {search.place.label}" if search.place else ""
    return (
        f"{providers}{around}, numbered as in the table. "
        "Pale dots are postcode districts, letters postcode areas."
    )
