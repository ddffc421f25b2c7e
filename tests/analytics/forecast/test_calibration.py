"""Calibration: known rates are found again, as far as the counts of each list bear them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_by_rates import (
    ARRIVALS,
    PROPENSITY,
    REMOVAL,
    Known,
    alike,
    made_by,
)
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.estimation.calibration import calibrate, shape_of, shrunk
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.history import HIGHEST_PROPENSITY, History, month_ahead
from clockstop.analytics.forecast.estimation.levels import level_of
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.core.rtt.week_bands import BANDS

SETTINGS = Settings()
COUNTS = ("waiting", "admitted", "nonadmitted", "new_periods")
TREATS = np.array([0.7, 1.0, 1.0, 1.0, 1.0, 1.3])


def calibrated(made):
    return calibrate(History(made))


def times(made, factor):
    return replaced(made, **{name: factor * getattr(made, name) for name in COUNTS})


def test_the_rates_of_lists_that_are_alike_are_found_again():
    model = calibrated(made_by(alike(4, entry=0.95)))
    expected = np.broadcast_to(RATES.each_band(PROPENSITY), (4, BANDS))
    assert model.propensity == pytest.approx(expected, rel=0.01)
    stays = np.exp(-STRETCHES.each_band(REMOVAL))
    assert model.stays == pytest.approx(np.broadcast_to(stays, (4, BANDS)), abs=1e-3)
    assert model.arrivals == pytest.approx(np.full(4, ARRIVALS), rel=1e-3)
    assert model.trend == pytest.approx(np.zeros(BANDS), abs=1e-4)


def test_capacity_is_the_clock_stops_of_an_ordinary_week():
    made = made_by(alike(2))
    history = History(made)
    weeks = [step.treatment for step in history.steps]
    lately = history.treated[1:].sum(axis=2) / np.array(weeks)[:, None]
    found = calibrate(history).capacity
    assert (found >= lately.min(axis=0) * (1 - 1e-6)).all()
    assert (found <= lately.max(axis=0) * (1 + 1e-6)).all()


def test_lists_that_treat_more_or_less_are_told_apart():
    model = calibrated(made_by(Known(TREATS, np.ones(6))))
    true = RATES.each_band(PROPENSITY) * TREATS[:, None]
    off = np.log(model.propensity / true)[:, :78]
    assert np.abs(off).max() < 0.08  # the prior keeps a twentieth of how lists differ
    assert np.abs(off).mean() < 0.03


def test_the_more_pathways_the_nearer_the_truth():
    off = []
    for size in (0.003, 0.03, 0.3):
        chance = np.random.default_rng(8)
        known = Known(np.tile(TREATS, 4), np.full(24, size))
        model = calibrated(made_by(known, chance=chance))
        true = RATES.each_band(PROPENSITY) * known.treats[:, None]
        off.append(np.abs(np.log(model.propensity / true))[:, :52].mean())
    assert off[0] > 1.3 * off[1] > 1.6 * off[2]
    assert off[2] < 0.06


def test_a_handful_of_pathways_tells_next_to_nothing():
    sizes = np.ones(6)
    sizes[0] = 1e-4
    model = calibrated(made_by(Known(np.where(sizes < 1, 1.5, 1.0), sizes)))
    england = RATES.each_band(PROPENSITY)
    assert np.abs(np.log(model.propensity[0] / england)).max() < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_the_lists_together_come_to_what_englands_rates_make_of_them(seed):
    chance = np.random.default_rng(seed)
    known = Known(chance.lognormal(0, 0.5, 40), chance.lognormal(-3, 1.5, 40))
    history = History(made_by(known, chance=chance))
    model = replace(calibrate(history), elasticity=0.0, trend=np.zeros(BANDS))
    weeks = weeks_after(model.origin, 1)
    england = level_of(history, SETTINGS).rates
    arrivals = model.arrivals.sum(keepdims=True) / england.entry
    goal, treated = month_ahead(history.waiting.sum(axis=0)[None], arrivals, england, weeks)
    found = expected_paths(model, weeks, lists=True)
    lists = STRETCHES.sums(found.waiting[:, 0].sum(axis=0))[1:]
    np.testing.assert_allclose(lists, STRETCHES.sums(goal[0])[1:], rtol=0.01, atol=1)
    assert found.values[:, 0, -1].sum() == pytest.approx(treated.sum(), rel=0.005)


@given(
    st.floats(0, 1e5, allow_subnormal=False),
    st.floats(0, 1e5, allow_subnormal=False),
    st.floats(0.01, 1),
)
def test_a_shrunk_ratio_lies_between_none_and_the_raw_one(observed, expected, variance):
    raw = np.log((observed + 0.5) / (expected + 0.5))
    found = float(shrunk(np.array([observed]), np.array([expected]), variance)[0])
    assert min(0, raw) <= found <= max(0, raw)


@given(st.floats(1, 1e4), st.floats(1.5, 4), st.sampled_from([0.5, 2.0]))
def test_more_counts_and_a_larger_variance_are_believed_more(expected, more, ratio):
    def believed(expected, variance):
        observed = ratio * expected
        raw = np.log((observed + 0.5) / (expected + 0.5))
        return float(shrunk(np.array([observed]), np.array([expected]), variance)[0]) / raw

    assert believed(more * expected, 0.1) > believed(expected, 0.1)
    assert believed(expected, more * 0.1) > believed(expected, 0.1)


def test_nothing_observed_of_nothing_expected_differs_in_nothing():
    assert shrunk(np.zeros(2), np.zeros(2), 0.3) == pytest.approx([0, 0])


def test_the_shape_of_a_stretch_adds_up_to_one_or_to_nobody():
    waiting = np.zeros(BANDS)
    waiting[[0, 1, 60]] = 1, 3, 5
    shape = shape_of(waiting)
    assert shape[:2] == pytest.approx([0.25, 0.75])
    assert list(STRETCHES.sums(shape)) == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]


def test_twice_the_counts_are_twice_the_lists_at_the_same_rates():
    made = made_by(Known(TREATS, np.ones(6)), chance=np.random.default_rng(1))
    one, two = calibrated(made), calibrated(times(made, 2))
    for name in ("waiting", "arrivals", "capacity"):
        assert getattr(two, name) == pytest.approx(2 * getattr(one, name), rel=0.01)
    # Twice the pathways are believed a little more, where there are few.
    assert two.propensity[:, :52] == pytest.approx(one.propensity[:, :52], rel=0.05)


def test_a_list_that_more_people_join_than_leave_is_given_them():
    joining = np.zeros((3, BANDS))
    joining[0, 26:40] = 150.0  # a week, into each band
    whole = made_by(alike(3, joining=joining), months=13)
    model = calibrated(whole.until(whole.months[11]))
    assert model.transfers_in[0, 26:40].sum() > 1000
    assert model.transfers_in[1:, 26:40].sum(axis=1).max() < 100
    assert (model.stays <= 1).all()
    said = expected_paths(model, weeks_after(model.origin, 1), lists=True).waiting[0, 0]
    assert said[26:40].sum() == pytest.approx(whole.waiting[12, 0, 26:40].sum(), rel=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_a_model_is_of_numbers_that_can_be_run(seed):
    model = calibrated(unsent(cube(seed=seed, size=3.0), 9, "P01"))
    for name in ("waiting", "arrivals", "capacity", "propensity", "stays", "transfers_in"):
        values = getattr(model, name)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert model.propensity.max() <= np.float32(HIGHEST_PROPENSITY)
    assert 0 < model.damping < 1
    assert (model.stays[:, :5] == 1).all()  # who left in the month they came is in the arrivals


def test_an_empty_list_stays_empty():
    made = cube()
    gone = {name: getattr(made, name).copy() for name in COUNTS}
    for values in gone.values():
        values[:, 2] = 0
    model = calibrated(replaced(made, **gone))
    assert model.waiting[2].sum() == model.arrivals[2] == model.capacity[2] == 0
    assert not model.transfers_in[2].any()


def test_a_list_that_is_no_longer_there_has_no_rates_of_its_own():
    made = cube(count=6)  # the third provider is independent: its contract has ended
    model = calibrated(unsent(made, 17, "P02"))
    assert not model.waiting[4:].any()
    assert not model.arrivals[4:].any()
    assert not model.capacity[4:].any()
    assert not model.transfers_in[4:].any()
