"""Clock stops whose clock start is not known: of what wait the cube takes them to be."""

import numpy as np
import polars as pl
import pytest

from clockstop.analytics.forecast.months.cube import KEYS, cube_of
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month, Part

MONTH = Month(2025, 3)


def stops(*rows):
    """The clock stops of a cube of these functions, bands and numbers."""
    who = dict.fromkeys(KEYS, "R01") | {"month": str(MONTH), "part": str(Part.NONADMITTED)}
    filed = [who | {"function": function, "band": band, "n": n} for function, band, n in rows]
    schema = {"band": pl.Int64, "n": pl.Int64}
    return cube_of(pl.DataFrame(filed, schema_overrides=schema), [MONTH]).nonadmitted[0]


def test_they_are_spread_as_the_known_ones_of_their_list():
    (found,) = stops(("C_110", 2, 10), ("C_110", 40, 30), ("C_110", None, 4))
    assert found[[2, 40]] == pytest.approx([11, 33])
    assert found.sum() == pytest.approx(44)


def test_without_a_known_one_they_are_spread_as_all_of_the_month():
    _, found = stops(("C_110", 2, 10), ("C_110", 40, 30), ("C_120", None, 4))
    assert found[[2, 40]] == pytest.approx([1, 3])
    assert found.sum() == pytest.approx(4)


def test_where_nobody_knows_they_are_spread_evenly():
    (found,) = stops(("C_110", None, 21))
    assert found == pytest.approx(np.full(BANDS, 21 / BANDS))
