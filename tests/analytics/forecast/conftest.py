"""Fixtures of the forecasts' tests."""

import pytest

from clockstop.analytics.forecast.months.cube import Cube, read_cube


@pytest.fixture(scope="package")
def real_cube(real_lake) -> Cube:
    """All months of the real lake, by provider and treatment function."""
    return read_cube(real_lake)
