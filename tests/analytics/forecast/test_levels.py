"""Where a rate stands and which way it goes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_by_rates import PROPENSITY, REMOVAL, alike, made_by

from clockstop.analytics.forecast.estimation.grouping import RATES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.levels import (
    Level,
    at_origin,
    level_of,
    recency,
    recent_mean,
    slope,
    weekly,
)
from clockstop.analytics.forecast.estimation.settings import Settings

SETTINGS = Settings()
FREE = replace(SETTINGS, trend_prior=0.0)
half_lives = st.floats(0.5, 20)


def test_each_half_life_halves_the_weight():
    assert recency(7, 3.0)[::-3] == pytest.approx([1, 0.5, 0.25])


@given(half_lives, st.lists(st.floats(-5, 5), min_size=1, max_size=18))
def test_the_recent_mean_is_the_weighted_one(half_life, values):
    weights = [0.5 ** ((len(values) - 1 - at) / half_life) for at in range(len(values))]
    slow = sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)
    assert recent_mean(np.array(values), half_life) == pytest.approx(slow, abs=1e-9)


@given(st.floats(-0.1, 0.1), st.floats(-3, 3), half_lives, st.integers(3, 18))
def test_a_straight_line_is_followed_to_its_end(change, start, half_life, months):
    line = start + change * np.arange(months)
    found = slope(line, replace(FREE, trend_half_life=half_life))
    assert found == pytest.approx(change, abs=1e-9)
    assert at_origin(line, found, half_life) == pytest.approx(line[-1], abs=1e-9)


@given(st.floats(-0.1, 0.1), st.integers(2, 18), st.floats(0, 50))
def test_a_trend_is_drawn_towards_none(change, months, prior):
    line = change * np.arange(months)
    found = float(slope(line, replace(SETTINGS, trend_prior=prior)))
    assert abs(found) <= abs(change) + 1e-12
    assert found * change >= 0


def test_a_trend_is_believed_the_more_the_longer_it_has_lasted():
    found = [float(slope(0.02 * np.arange(months), SETTINGS)) for months in (3, 6, 12)]
    assert 0 < found[0] < found[1] < found[2] < 0.02


def test_the_level_of_steady_months_is_their_rate_without_a_trend():
    level = level_of(History(made_by(alike(entry=1.05))), SETTINGS)
    assert level.rates.propensity == pytest.approx(PROPENSITY, rel=1e-3)
    assert level.rates.removal == pytest.approx(REMOVAL, abs=1e-4)
    assert level.rates.entry == pytest.approx(1.05, rel=1e-3)
    assert level.trend == pytest.approx(np.zeros(len(PROPENSITY)), abs=1e-4)


@pytest.mark.parametrize("trend", [-0.03, 0.02])
def test_a_rising_propensity_is_found_where_it_stands(trend):
    made = made_by(alike(trend=trend), months=13)
    level = level_of(History(made), replace(FREE, long_wait_trend=1.0))
    assert level.trend == pytest.approx(np.full(len(PROPENSITY), trend), abs=1e-3)
    assert level.rates.propensity == pytest.approx(PROPENSITY * np.exp(12 * trend), rel=0.01)


def test_of_the_longest_waits_less_of_a_trend_is_believed():
    history = History(made_by(alike(trend=0.02), months=13))
    level = level_of(history, FREE)
    of_60 = RATES.starts.index(60)
    assert level.trend[:of_60] == pytest.approx(np.full(of_60, 0.02), abs=1e-3)
    assert level.trend[of_60:] == pytest.approx(0.02 * FREE.long_wait_trend, abs=1e-3)


def test_a_trend_fades_week_by_week():
    level = Level(level_of(History(made_by(alike(), 3)), SETTINGS).rates, np.array([0.04]), 0.9)
    added = weekly(level, 0.25)
    steps = [0.04 * 0.25 * 0.9 ** (0.25 * week) for week in range(40)]
    assert [float(added(week)[0]) for week in range(40)] == pytest.approx(np.cumsum(steps))
