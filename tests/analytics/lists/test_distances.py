"""Distances to many places are those to each of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.lists.distances import miles_to
from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point

POINTS = st.builds(Point, st.floats(49.9, 60.9), st.floats(-8.2, 1.8))


@given(POINTS, st.lists(POINTS, max_size=5))
def test_as_between_two(place, points):
    latitudes = np.array([each.latitude for each in points])
    longitudes = np.array([each.longitude for each in points])
    found = miles_to(place, latitudes, longitudes)
    assert found.tolist() == pytest.approx([miles_between(place, each) for each in points])


def test_what_is_not_known_stays_so():
    found = miles_to(Point(51.5, 0.0), np.array([np.nan, 51.5]), np.array([0.0, np.nan]))
    assert np.isnan(found).all()
