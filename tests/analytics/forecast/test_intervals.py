"""Honest intervals: around the middle, as wide as past errors were, and never out of order."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clockstop.analytics.forecast.intervals import Past, honest, stretched
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE

MIDDLE = QUANTILES.index(0.5)
NORMAL = np.array([NormalDist().inv_cdf(each) for each in QUANTILES])
SIZE = 2000.0
SHARES = np.array([1, 0.6, 0.4, 0.05, 0.01, 0.002])  # of the list, by measure; SHARE as it is
AT_SHARE = MEASURES.index(SHARE)


def said(groups, months=1, size=SIZE):
    """The middle of groups that are alike."""
    figures = np.where(np.arange(len(MEASURES)) == AT_SHARE, SHARES, size * SHARES)
    return np.broadcast_to(figures, (groups, months, len(MEASURES))).copy()


def simulated(middle, deviation):
    """Normal quantiles around the middle, on the scale on which errors are alike."""
    scaled = stretched(middle)[..., None] + deviation * NORMAL
    figures = np.exp(scaled) - 5
    figures[..., AT_SHARE, :] = scaled[..., AT_SHARE, :]
    return np.maximum(figures, 0)


def past(deviation, groups, *, origins=6, horizon=1, seed=1, lean=0.0):
    """Errors that are normal on that scale."""
    rng = np.random.default_rng(seed)
    shape = (groups, len(MEASURES))
    return [Past(horizon, rng.normal(lean, deviation, shape)) for _ in range(origins)]


def width(values, upper=-1):
    """Of a central interval of the list's size, as a part of it: (groups, months)."""
    return (values[..., 0, upper] - values[..., 0, -1 - upper]) / values[..., 0, MIDDLE]


def test_what_is_further_ahead_is_no_surer():
    middle = said(60, 3)
    near, far = past(0.3, 60, horizon=1), past(0.05, 60, horizon=2)
    one = honest(middle, simulated(middle, 0.1), near, np.zeros(60, dtype=int))
    found = honest(middle, simulated(middle, 0.1), near + far, np.zeros(60, dtype=int))
    np.testing.assert_array_equal(found[:, 0], one[:, 0])
    for upper in (-1, -2, -3):
        assert (np.diff(width(found, upper), axis=1) >= -1e-9).all()


@settings(max_examples=40)
@given(
    st.floats(0.001, 1),
    st.floats(0.001, 2),
    st.floats(-0.5, 0.5),
    st.integers(0, 4),
    st.sampled_from([0.0, 1.0, 40.0, 3e4]),
    st.sampled_from([2, 60]),
)
def test_quantiles_are_in_order_possible_and_around_the_middle(
    spread, error, lean, origins, size, groups
):
    middle = said(groups, 3, size)
    errors = past(error, groups, origins=origins, lean=lean)
    kinds = np.arange(groups) % 2
    found = honest(middle, simulated(middle, spread), errors, kinds)
    assert found.shape == (groups, 3, len(MEASURES), len(QUANTILES))
    assert np.isfinite(found).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    assert (found >= 0).all()
    assert (found[..., AT_SHARE, :] <= 1).all()
    np.testing.assert_array_equal(found[..., MIDDLE], middle)


def test_without_a_past_the_spread_is_the_simulations_and_single_pathways():
    middle = said(3)
    found = honest(middle, simulated(middle, 0.1), [], np.zeros(3, dtype=int))
    chance = 1 / SIZE
    deviation = np.sqrt(0.1**2 + chance)
    expected = np.exp(np.log(SIZE + 5) + deviation * NORMAL) - 5
    assert found[0, 0, 0] == pytest.approx(expected, rel=1e-3)


def test_larger_past_errors_make_wider_intervals():
    middle = said(60)
    kinds = np.zeros(60, dtype=int)
    widths = [
        width(honest(middle, simulated(middle, 0.05), past(error, 60), kinds)).mean()
        for error in (0.02, 0.05, 0.2)
    ]
    assert widths[0] < widths[1] < widths[2]
    assert widths[1] == pytest.approx(2 * 1.96 * 0.05, rel=0.15)


def test_of_a_few_past_errors_the_simulation_still_has_its_say():
    middle, kinds = said(1), np.zeros(1, dtype=int)
    small = honest(middle, simulated(middle, 0.05), past(0.5, 1, origins=2), kinds)
    many = honest(middle, simulated(middle, 0.05), past(0.5, 1, origins=40), kinds)
    alone = honest(middle, simulated(middle, 0.05), [], kinds)
    assert width(alone).item() < width(small).item() < width(many).item()


def test_a_group_has_the_errors_of_its_own_kind_where_there_are_enough():
    middle = said(80)
    kinds = np.repeat([0, 1], 40)
    errors = past(1.0, 80)
    for each in errors:
        each.errors[:40] *= 0.02
        each.errors[40:] *= 0.2
    widths = width(honest(middle, simulated(middle, 0.05), errors, kinds))[:, 0]
    assert widths[40:].mean() > 5 * widths[:40].mean()
    few = width(honest(middle, simulated(middle, 0.05), errors[:3], kinds))[:, 0]
    assert few[:40].mean() == pytest.approx(few[40:].mean())  # 120 of a kind are not enough


def test_where_forecasts_leaned_the_intervals_do():
    middle = said(60)
    errors = past(0.05, 60, lean=0.1)
    found = honest(middle, simulated(middle, 0.05), errors, np.zeros(60, dtype=int))
    size = found[..., 0, :]
    above, below = (np.abs(size[..., at] - size[..., MIDDLE]).mean() for at in (-1, 0))
    assert above > 3 * below


def test_what_was_not_known_of_the_past_is_left_out():
    middle = said(60)
    errors, kinds = past(0.05, 60), np.zeros(60, dtype=int)
    holes = [Past(each.horizon, each.errors.copy()) for each in errors]
    for each in holes:
        each.errors[::7] = np.nan
    without = [Past(each.horizon, np.delete(each.errors, np.s_[::7], axis=0)) for each in errors]
    found = honest(middle, simulated(middle, 0.05), holes, kinds)
    fewer = said(len(without[0].errors))
    expected = honest(fewer, simulated(fewer, 0.05), without, kinds[: len(fewer)])
    np.testing.assert_allclose(found[0], expected[0])


def test_months_further_than_any_error_known_are_wider_as_the_simulation_says():
    middle = said(60, 6)
    kinds = np.zeros(60, dtype=int)
    deviation = 0.02 * np.sqrt(np.arange(1, 7))[:, None, None]
    errors = [
        *past(0.04, 60),
        *past(0.06, 60, horizon=2, seed=2),
    ]
    found = width(honest(middle, simulated(middle, deviation), errors, kinds)).mean(axis=0)
    assert (np.diff(found) > 0).all()
    assert found[5] > found[1] * np.sqrt(6 / 2) * 0.95


@pytest.mark.parametrize("error", [0.03, 0.15])
@pytest.mark.parametrize("spread", [0.02, 0.05, 0.3])
def test_normal_errors_are_covered_as_they_should_be(error, spread):
    """80 and 95% of what comes lies within, however wrong the simulation's spread is."""
    groups = 400
    middle, kinds = said(groups), np.zeros(groups, dtype=int)
    found = honest(middle, simulated(middle, spread), past(error, groups), kinds)[:, 0, 0]
    rng = np.random.default_rng(11)
    truth = np.exp(stretched(middle)[:, 0, 0] + rng.normal(0, error, (50, groups))) - 5
    covered = [
        ((truth >= found[:, low]) & (truth <= found[:, high])).mean()
        for low, high in ((1, 5), (0, 6))
    ]
    # Errors of neighbouring origins are alike, so intervals are a little wider than these need.
    assert 0.78 < covered[0] < 0.86
    assert 0.935 < covered[1] < 0.98
