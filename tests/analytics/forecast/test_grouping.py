"""Bands in groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES, Grouping
from clockstop.analytics.forecast.quantiles import LONG_WAITS
from clockstop.core.rtt.week_bands import BANDS

starts = st.sets(st.integers(1, BANDS - 1), max_size=12).map(lambda rest: (0, *sorted(rest)))
groupings = st.builds(Grouping, starts)


@given(groupings, arrays.arrays(np.float64, (3, BANDS), elements=st.integers(0, 99)))
def test_the_sum_of_a_group_is_that_of_its_bands(grouping, lists):
    sums = grouping.sums(lists)
    ends = (*grouping.starts[1:], BANDS)
    for at, (start, end) in enumerate(zip(grouping.starts, ends, strict=True)):
        assert list(sums[:, at]) == list(lists[:, start:end].sum(axis=1))
        assert set(grouping.of_band[start:end]) == {at}


@given(groupings)
def test_each_band_has_the_figure_of_its_group(grouping):
    figures = np.arange(len(grouping.starts)) * 10.0
    spread = grouping.each_band(np.stack([figures, figures + 1]))
    assert spread.shape == (2, BANDS)
    for band in range(BANDS):
        group = max(at for at, start in enumerate(grouping.starts) if start <= band)
        assert list(spread[:, band]) == [10 * group, 10 * group + 1]


@pytest.mark.parametrize("grouping", [RATES, STRETCHES])
def test_every_target_lies_on_an_edge(grouping):
    assert {0, *LONG_WAITS} <= set(grouping.starts)
