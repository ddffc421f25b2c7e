"""Straight-line distance between two places."""

from math import asin, cos, radians, sin, sqrt

from clockstop.core.types import Point

EARTH_RADIUS_MILES = 3958.7613  # mean radius 6,371.0088 km (IUGG)


def miles_between(a: Point, b: Point) -> float:
    """Great-circle distance in miles between two WGS84 points (haversine formula).

    Within 0.5% of the ellipsoidal distance anywhere in Great Britain, far finer than the
    postcode sector centroid it starts from.
    """
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    half_chord = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half_chord))
