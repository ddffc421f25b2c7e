"""Straight-line distance between two places."""

from collections.abc import Callable
from math import asin, cos, radians, sin, sqrt

from clockstop.core.types import Point

EARTH_RADIUS_MILES = 3958.7613  # mean radius 6,371.0088 km (IUGG)


def miles_between(a: Point, b: Point) -> float:
    """Great-circle distance in miles between two WGS84 points (haversine formula).

    Within 0.5% of the ellipsoidal distance anywhere in Great Britain, far finer than the
    postcode sector centroid it starts from.
    """
    return miles_from(a)(b.latitude, b.longitude)


def miles_from(place: Point) -> Callable[[float, float], float]:
    """``miles_between`` one place and many others, each by its latitude and longitude."""
    lat_a, lon_a = radians(place.latitude), place.longitude
    cos_a = cos(lat_a)

    def miles(latitude: float, longitude: float) -> float:
        lat_b = radians(latitude)
        half_chord = (
            sin((lat_b - lat_a) / 2) ** 2
            + cos_a * cos(lat_b) * sin(radians(longitude - lon_a) / 2) ** 2
        )
        return 2 * EARTH_RADIUS_MILES * asin(sqrt(half_chord))

    return miles
