"""The noise of months: a known one is found again, each list's by its own months and its like."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.noise import FADING, noise_of
from clockstop.analytics.forecast.estimation.settings import Settings

SETTINGS = Settings()
FLAT = replace(SETTINGS, level_half_life=1e9)


def noisy(own, *, shared=0.0, count=200, months=18, size=4000.0, seed=3):
    """New periods whose logarithm each month misses its level by ``own`` (count,), and ``shared``."""
    rng = np.random.default_rng(seed)
    made = cube(months, count, seed)
    usual = np.array([size] + [size * step.arrivals / 4 for step in History(made).steps])
    off = rng.normal(0, 1, (months, count)) * own + rng.normal(0, shared, (months, 1))
    return replaced(made, new_periods=usual[:, None] * np.exp(off))


def test_the_noise_of_lists_is_found_again():
    found = noise_of(History(noisy(0.2)), SETTINGS)
    assert found.arrivals.mean() == pytest.approx(0.2, rel=0.05)
    assert found.arrivals.std() < 0.03
    assert found.fading == FADING


def test_noise_that_all_share_is_found_again():
    many = [
        noise_of(History(noisy(0.0, shared=0.05, seed=seed, count=6)), FLAT) for seed in range(8)
    ]
    assert np.mean([each.shared_arrivals for each in many]) == pytest.approx(0.05, rel=0.15)


def test_a_noisier_list_is_told_apart_but_drawn_towards_its_like():
    own = np.full(200, 0.1)
    own[:20] = 0.4
    found = noise_of(History(noisy(own)), SETTINGS).arrivals
    assert 0.25 < found[:20].mean() < 0.4
    assert 0.1 < found[20:].mean() < 0.16


def test_how_far_a_level_is_off_falls_with_the_months_that_tell_it():
    long, short = (noise_of(History(noisy(0.2, months=months)), SETTINGS) for months in (18, 6))
    assert (long.arrivals_level < long.arrivals).all()
    ratios = [np.mean(each.arrivals_level / each.arrivals) for each in (long, short)]
    assert ratios[0] < ratios[1] < 1


def test_months_that_were_not_sent_tell_no_noise():
    made = noisy(0.1)
    cut = made
    for month in (5, 9):
        cut = unsent(cut, month, "P03")
    mine = made.cells.provider == "P03"
    before, after = (noise_of(History(each), SETTINGS).arrivals for each in (made, cut))
    assert after[mine] == pytest.approx(before[mine], rel=0.3)


@pytest.mark.parametrize("size", [0.0, 1.0])
def test_a_list_of_nobody_has_a_deviation_that_is_a_number(size):
    made = cube(count=4, size=size)
    found = noise_of(History(made), SETTINGS)
    for name in ("arrivals", "capacity", "arrivals_level", "capacity_level"):
        values = getattr(found, name)
        assert np.isfinite(values).all()
        assert (values > 0).all()
    assert found.shared_arrivals > 0
