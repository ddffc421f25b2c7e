"""Probabilities agree with the quantiles that are shown, and nothing is said beyond those."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.forecast.quantiles import QUANTILES
from clockstop.analytics.forecast.targets.odds import expected_excess, probability_within, value_at

NORMAL = NormalDist()


def normals(middle, deviation):
    return np.array([[middle + deviation * NORMAL.inv_cdf(each) for each in QUANTILES]])


rising = st.lists(st.floats(0.01, 100), min_size=len(QUANTILES), max_size=len(QUANTILES)).map(
    lambda steps: np.cumsum(steps)[None]
)


@given(rising)
def test_a_quantile_is_as_likely_as_it_says(quantiles):
    for at, probability in enumerate(QUANTILES):
        value = float(quantiles[0, at])
        assert probability_within(quantiles, value) == pytest.approx([probability])
        assert value_at(quantiles, probability) == pytest.approx([value])


@given(rising, st.floats(QUANTILES[0], QUANTILES[-1]))
def test_the_one_is_the_inverse_of_the_other(quantiles, probability):
    (value,) = value_at(quantiles, probability)
    assert probability_within(quantiles, value) == pytest.approx([probability], abs=1e-6)


@given(rising, st.lists(st.floats(-10, 1000), min_size=2, max_size=2).map(sorted))
def test_more_is_never_less_likely(quantiles, values):
    low, high = (probability_within(quantiles, value)[0] for value in values)
    assert low <= high + 1e-12


@pytest.mark.parametrize("value", [7.0, 9.5, 10.0, 12.3, 13.5])
def test_of_a_normal_figure_it_is_the_normal_probability(value):
    found = probability_within(normals(10, 2), value)
    assert found == pytest.approx([NormalDist(10, 2).cdf(value)])


def test_beyond_the_outer_quantiles_nothing_more_is_said():
    assert probability_within(normals(10, 2), -1000) == pytest.approx([QUANTILES[0]])
    assert probability_within(normals(10, 2), 1000) == pytest.approx([QUANTILES[-1]])
    for probability in (0.0, 0.024, 0.976, 1.0, np.nan):
        with pytest.raises(ValueError, match=r"expected 0\.025 to 0\.975"):
            value_at(normals(10, 2), probability)


@pytest.mark.parametrize(
    ("quantiles", "within_a_half"),
    [
        ([0, 0, 0, 0, 0, 0, 0], 0.975),
        ([1, 1, 1, 1, 1, 1, 1], 0.025),
        ([0, 0, 0, 0, 1, 2, 3], NORMAL.cdf(NORMAL.inv_cdf(0.75) / 2)),
        ([0, 0, 0, 1, 1, 1, 1], NORMAL.cdf(NORMAL.inv_cdf(0.25) / 2)),
    ],
)
def test_equal_quantiles_all_count(quantiles, within_a_half):
    found = probability_within(np.array([quantiles], dtype=float), 0.5)
    assert found == pytest.approx([within_a_half])


def test_the_excess_of_a_normal_figure_is_the_known_one():
    """Deviation times density, plus mean times probability, but for what is beyond the quantiles."""
    for middle in (-3.0, 0.0, 1.0, 8.0):
        score = middle / 2
        known = 2 * NORMAL.pdf(score) + middle * NORMAL.cdf(score)
        assert expected_excess(normals(middle, 2)) == pytest.approx([known], abs=0.03)


def test_what_is_certain_is_exceeded_by_just_that():
    assert expected_excess(np.array([[3.0] * 7, [-2.0] * 7])) == pytest.approx([3, 0])
