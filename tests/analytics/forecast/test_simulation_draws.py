"""The chance in a simulation: what it is on average, how it lasts, whom it is shared with."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analytics.forecast.simulated import cells_of, noise_of

from clockstop.analytics.forecast.engine.draws import Shocks
from clockstop.analytics.forecast.engine.model import Noise

MONTHS, REPLICATES = 6, 20_000
NOTHING = np.zeros(2, dtype=np.float32)
STILL = Noise(0.6, 0, 0, NOTHING, NOTHING, NOTHING, NOTHING)
SIZE = np.full(2, 0.3, dtype=np.float32)


def factors(noise, seed=1):
    """(cells, months, 2, replicates), of two cells."""
    return Shocks(noise, seed, MONTHS, REPLICATES).factors(cells_of(2), slice(0, 2))


def logarithms(noise):
    """Those of both cells' arrivals, (2, months, replicates), and of their capacity."""
    found = np.log(factors(noise).astype(np.float64))
    return found[:, :, 0], found[:, :, 1]


def correlation(one, other):
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


@pytest.mark.parametrize(
    "noise",
    [
        replace(STILL, shared_arrivals=0.6, shared_capacity=0.6),
        replace(STILL, arrivals=2 * SIZE, capacity=2 * SIZE),
        replace(STILL, arrivals_level=2 * SIZE, capacity_level=2 * SIZE),
        noise_of(2, 0.2),
    ],
)
def test_every_month_is_one_on_average(noise):
    means = factors(noise).astype(np.float64).mean(axis=-1)
    assert means == pytest.approx(1, abs=5 * 0.66 / np.sqrt(REPLICATES))


def test_without_noise_nothing_is_multiplied():
    assert (factors(STILL) == 1).all()


def test_variances_add_up():
    noise = Noise(0.6, 0.1, 0.2, SIZE, SIZE / 2, SIZE / 3, SIZE / 4)
    arrivals, capacity = logarithms(noise)
    expected = np.sqrt([0.1**2 + 0.3**2 + 0.1**2, 0.2**2 + 0.15**2 + 0.075**2])
    assert arrivals.std(axis=-1) == pytest.approx(expected[0], rel=0.04)
    assert capacity.std(axis=-1) == pytest.approx(expected[1], rel=0.04)


def test_shocks_fade_from_month_to_month_and_levels_stay():
    monthly, _ = logarithms(replace(STILL, arrivals=SIZE))
    for apart in (1, 2, 3):
        found = correlation(monthly[0, 0], monthly[0, apart])
        assert found == pytest.approx(0.6**apart, abs=0.04)
    level, _ = logarithms(replace(STILL, arrivals_level=SIZE))
    assert (np.ptp(level, axis=1) < 1e-6).all()


def test_shared_shocks_are_the_same_for_all_and_others_each_cell_s_own():
    shared, _ = logarithms(replace(STILL, shared_arrivals=0.3))
    assert np.array_equal(shared[0], shared[1])
    for noise in (replace(STILL, arrivals=SIZE), replace(STILL, arrivals_level=SIZE)):
        own, _ = logarithms(noise)
        assert abs(correlation(own[0, 0], own[1, 0])) < 0.04


def test_arrivals_capacity_level_and_shared_draws_do_not_follow_each_other():
    drawn = [
        logarithms(replace(STILL, **{name: size}))[at][0, 0]
        for name, size, at in (
            ("arrivals", SIZE, 0),
            ("capacity", SIZE, 1),
            ("arrivals_level", SIZE, 0),
            ("capacity_level", SIZE, 1),
            ("shared_arrivals", 0.3, 0),
            ("shared_capacity", 0.3, 1),
        )
    ]
    apart = np.corrcoef(drawn) - np.eye(len(drawn))
    assert np.abs(apart).max() < 0.04


def test_a_longer_horizon_begins_with_the_same_months():
    noise = noise_of(2)
    short, long = (
        Shocks(noise, 3, months, 50).factors(cells_of(2), slice(0, 2)) for months in (3, 9)
    )
    assert np.array_equal(long[:, :3], short)
