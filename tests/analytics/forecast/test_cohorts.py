"""The weekly engine over whole arrays, against the slow one of a single list."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.simulated import ORIGIN, WEEKS, model_of, models

from clockstop.analytics.forecast.engine import scalar
from clockstop.analytics.forecast.engine.cohorts import Rates, aged, course, week
from clockstop.analytics.forecast.engine.model import Weeks
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND


def rates_of(model):
    """The rates of a model, its trend left out."""
    names = ("arrivals", "capacity", "propensity", "stays", "transfers_in")
    exact = {name: getattr(model, name).astype(np.float64) for name in names}
    return Rates(**exact, elasticity=model.elasticity)


def one_week(arrivals, treatment):
    return Weeks(
        (ORIGIN.plus(1),),
        np.array([arrivals]),
        np.array([treatment]),
        np.zeros(1, dtype=np.int64),
        np.ones(1),
    )


@given(models, st.floats(0.2, 1.5), st.floats(0.2, 1.5))
def test_a_week_is_what_the_slow_engine_says(model, arrivals, treatment):
    model = replace(model, trend=np.zeros(BANDS))
    found = week(model.waiting.astype(np.float64), rates_of(model), arrivals, treatment)
    for cell in range(len(model.cells)):
        slow = scalar.course(model, cell, one_week(arrivals, treatment))
        np.testing.assert_allclose(found.waiting[cell], slow.waiting[1], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.treated[cell], slow.treated[0], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(found.removed[cell], slow.removed[0], rtol=1e-9, atol=1e-9)


@given(models)
def test_the_censuses_are_those_of_the_slow_engine_and_so_is_its_trend(model):
    def trend(week):
        return model.trend * sum(model.damping**earlier for earlier in range(week + 1))

    months = list(course(model.waiting.astype(np.float64), rates_of(model), WEEKS, trend))
    for cell in range(len(model.cells)):
        slow = scalar.outcomes(scalar.course(model, cell, WEEKS), WEEKS)
        for (lists, treated), expected in zip(months, slow, strict=True):
            found = [lists[cell, start:].sum() for start in scalar.THRESHOLDS]
            largest = max(1, np.abs(expected).max())
            assert found == pytest.approx(expected[:-1], abs=1e-9 * largest)
            assert treated[cell].sum() == pytest.approx(expected[-1], abs=1e-9 * largest)


@given(models)
def test_nobody_is_lost(model):
    before = model.waiting.astype(np.float64)
    rates = rates_of(model)
    found = week(before, rates, 0.9, 1.1)
    came = 0.9 * rates.arrivals + rates.transfers_in.sum(axis=1)
    left = found.treated.sum(axis=1) + found.removed.sum(axis=1)
    np.testing.assert_allclose(found.waiting.sum(axis=1), before.sum(axis=1) + came - left)
    assert (found.waiting >= 0).all()
    assert (found.treated <= before).all()


def test_everybody_is_a_week_older_and_the_open_band_keeps_its_own():
    lists = np.arange(BANDS, dtype=float)[None]
    older = aged(lists)
    assert older[0, 0] == 0
    assert list(older[0, 1:OPEN_BAND]) == list(range(OPEN_BAND - 1))
    assert older[0, OPEN_BAND] == OPEN_BAND + OPEN_BAND - 1


def test_the_lists_given_are_left_as_they_were():
    model = model_of(5)
    before = model.waiting.astype(np.float64)
    kept = before.copy()
    list(course(before, rates_of(model), WEEKS))
    np.testing.assert_array_equal(before, kept)
