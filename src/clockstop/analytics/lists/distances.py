"""Straight-line distances from one place to many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clockstop.core.geography.distance import EARTH_RADIUS_MILES
from clockstop.core.types import Point

Floats = NDArray[np.float64]


def miles_to(place: Point, latitudes: Floats, longitudes: Floats) -> Floats:
    """Great-circle distances in miles from a place to WGS84 points, in the shape of the points.

    The haversine formula, as ``core.geography.distance.miles_between`` has it for two; NaN where a
    point has a NaN.
    """
    here, there = np.radians(place.latitude), np.radians(latitudes)
    half_chord = (
        np.sin((there - here) / 2) ** 2
        + np.cos(here) * np.cos(there) * np.sin(np.radians(longitudes - place.longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(half_chord)), dtype=np.float64)
