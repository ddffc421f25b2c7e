"""The compiled engine says what the slow one says, whatever the chunks, lanes and threads."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.simulated import (
    MONTHS,
    WEEKS,
    doubled,
    model_of,
    models,
    noise_of,
    policies,
)

from clockstop.analytics.forecast.engine.calendar import census_weights, month_shares, weeks_after
from clockstop.analytics.forecast.engine.draws import Shocks
from clockstop.analytics.forecast.engine.policy import Cliff, Policy
from clockstop.analytics.forecast.engine.scalar import course, outcomes
from clockstop.analytics.forecast.engine.simulation import MEASURES, expected_paths, simulate
from clockstop.core.rtt.week_bands import BANDS


def simulated(model, *, replicates=5, chunk=16, weeks=WEEKS, **given):
    """All chunks in one: (cells, months, measures, replicates)."""
    chunks = list(simulate(model, weeks, replicates=replicates, chunk=chunk, **given))
    ends = [0, *(each.cells.stop for each in chunks)]
    assert [each.cells.start for each in chunks] == ends[:-1]
    assert ends[-1] == len(model.cells)
    return np.concatenate([each.values for each in chunks])


def assert_close(found, expected):
    """As near as float32 can be: to 1e-5 of the largest number of the cell."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1e-5 * max(1, np.abs(expected).max())


@settings(max_examples=20)
@given(models, policies, st.integers(0, (1 << 64) - 1))
def test_each_lane_is_the_course_that_the_slow_engine_says(model, policy, seed):
    values = simulated(model, replicates=2, policy=policy, seed=seed)
    shocks = Shocks(model.noise, seed, MONTHS, 2)
    factors = shocks.factors(model.cells, slice(0, len(model.cells)))
    for cell in range(len(model.cells)):
        for lane in range(2):
            chance = factors[cell, ..., lane]
            slow = course(model, cell, WEEKS, policy=policy, factors=chance)
            assert_close(values[cell, ..., lane], outcomes(slow, WEEKS))


@settings(max_examples=10)
@given(models, policies)
def test_the_expected_path_is_the_slow_one_and_so_are_its_lists(model, policy):
    found = expected_paths(model, WEEKS, policy, lists=True)
    for cell in range(len(model.cells)):
        slow = course(model, cell, WEEKS, policy=policy)
        assert_close(found.values[cell], outcomes(slow, WEEKS))
        assert_close(found.waiting[cell], census_weights(WEEKS).T @ slow.waiting)
        assert_close(found.values[cell, :, 0], found.waiting[cell].sum(axis=-1))


def test_the_share_of_a_band_that_is_treated_is_the_mean_of_the_weeks_of_the_month():
    model = model_of(5)
    policy = Policy(long_wait_share=0.3, cliff=Cliff(WEEKS.months[2], 65))
    found = expected_paths(model, WEEKS, policy, lists=True)
    slow = course(model, 1, WEEKS, policy=policy)
    somebody = (slow.waiting[:-1] > 0).all(axis=0)
    shares = (slow.treated / np.where(somebody, slow.waiting[:-1], 1))[:, somebody]
    within = month_shares(WEEKS)
    means = (within / within.sum(axis=0)).T @ shares
    assert somebody.sum() > 10
    assert found.treated[1][:, somebody] == pytest.approx(means, abs=1e-5)


def test_lists_by_band_are_left_out_unless_asked_for():
    found = expected_paths(model_of(1), WEEKS)
    assert found.waiting.shape == found.treated.shape == (3, 0, BANDS)
    assert found.values.shape == (3, MONTHS, len(MEASURES))


def test_chance_aside_every_replicate_is_the_expected_path():
    model = model_of(3, noise=0)
    expected = expected_paths(model, WEEKS).values
    assert np.array_equal(simulated(model), np.repeat(expected[..., None], 5, axis=-1))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    model = model_of(7, cells=4)
    first = simulated(model, seed=11).tobytes()
    assert simulated(model, seed=11).tobytes() == first
    assert simulated(model, seed=12).tobytes() != first


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_chunks_of_any_size_hold_the_same_numbers(chunk):
    model = model_of(7, cells=7)
    assert np.array_equal(simulated(model, chunk=chunk), simulated(model))


def test_a_cell_alone_is_the_same_as_among_others():
    model = model_of(8, cells=6)
    among = simulated(model, replicates=70)
    for cell in range(6):
        alone = simulated(_only(model, [cell]), replicates=70)
        assert np.array_equal(alone[0], among[cell])


def test_lanes_beyond_a_block_are_like_the_first():
    """More replicates than stand side by side: those of one block do not reach into another."""
    model, replicates = model_of(9, cells=2), 150
    values = simulated(model, replicates=replicates)
    factors = Shocks(model.noise, 0, MONTHS, replicates).factors(model.cells, slice(0, 2))
    for lane in (0, 63, 64, 149):
        slow = course(model, 1, WEEKS, factors=factors[1, ..., lane])
        assert_close(values[1, ..., lane], outcomes(slow, WEEKS))


@settings(max_examples=10)
@given(models, policies)
def test_twice_the_people_are_twice_the_outcomes(model, policy):
    once, twice = (simulated(each, policy=policy) for each in (model, doubled(model)))
    assert_close(twice, 2 * once)


def test_no_list_and_no_capacity_are_no_faults():
    model = replace(model_of(2), **{name: _nothing(2, name) for name in ("waiting", "capacity")})
    values = simulated(model)
    assert np.isfinite(values).all()
    assert values.min() >= 0


def test_three_years_stay_close_to_the_slow_engine():
    model, weeks = model_of(21, cells=2), weeks_after(WEEKS.months[0].plus(-1), 36)
    found = expected_paths(model, weeks).values
    for cell in range(2):
        assert_close(found[cell], outcomes(course(model, cell, weeks), weeks))


def test_a_consumer_may_stop_early():
    chunks = simulate(model_of(4, cells=30), WEEKS, replicates=3, chunk=1)
    assert next(iter(chunks)).cells == slice(0, 1)
    chunks.close()


def test_the_compiler_is_not_loaded_before_something_is_simulated():
    code = (
        "import sys, clockstop.analytics.forecast.engine.simulation; print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"waiting": np.zeros((3, 5))}, r"waiting of shape \(3, 5\), expected \(3, 105\)"),
        ({"arrivals": np.array([1, -1, 0])}, "arrivals holds what is negative, or no number"),
        ({"stays": np.full((3, BANDS), np.nan)}, "stays holds what is negative, or no number"),
        ({"trend": np.full(BANDS, np.inf)}, "trend holds"),
        ({"elasticity": 1.5}, "an elasticity of 1.5; expected 0 to 1"),
        ({"noise": noise_of(2)}, "noise of arrivals for other cells than the 3"),
        ({"noise": replace(noise_of(3), fading=1.1)}, "shocks that fade by 1.1; expected 0 to 1"),
    ],
)
def test_a_model_that_cannot_be_run_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        simulate(replace(model_of(1), **changes), WEEKS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"census": WEEKS.census + 9}, "censuses of 4 months up to week 26.4"),
        ({"arrivals": WEEKS.arrivals[1:]}, "weights of other weeks than the 18"),
        ({"month": WEEKS.month + 1}, "weeks of other months than the 4"),
    ],
)
def test_weeks_that_do_not_fit_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        simulate(model_of(1), replace(WEEKS, **changes))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"replicates": 0}, "0 replicates"),
        ({"chunk": 0}, "chunks of 0 cells"),
        ({"seed": -1}, "a seed of -1"),
        ({"policy": Policy(demand=np.ones(5))}, r"demand and capacity of shape \(5,\) and \(\)"),
        ({"policy": Policy(cliff=Cliff(WEEKS.months[0].plus(-1), 65))}, "a cliff in 2025-03"),
    ],
)
def test_what_cannot_be_simulated_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        simulate(model_of(1), WEEKS, **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"long_wait_share": 1.1}, "a long-wait share of 1.1; expected 0 to 1"),
        ({"long_wait_weeks": 105}, "long waits of over 105 weeks; expected 0 to 104"),
        ({"demand": [1, -0.5]}, "a multiplier of demand is negative, or no number"),
        ({"capacity": np.nan}, "a multiplier of capacity is negative, or no number"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        Policy(**given)


def test_a_cliff_beyond_the_week_bands_is_refused():
    with pytest.raises(ValueError, match="a cliff at 105 weeks; expected 1 to 104"):
        Cliff(WEEKS.months[0], 105)


def _nothing(seed, name):
    return np.zeros_like(getattr(model_of(seed), name))


def _only(model, which):
    """Some of a model's cells."""
    by_cell = ("waiting", "arrivals", "capacity", "propensity", "stays", "transfers_in")
    own = ("arrivals", "capacity", "arrivals_level", "capacity_level")
    noise = replace(model.noise, **{name: getattr(model.noise, name)[which] for name in own})
    lists = {name: getattr(model, name)[which] for name in by_cell}
    return replace(model, cells=model.cells.at(np.array(which)), noise=noise, **lists)
