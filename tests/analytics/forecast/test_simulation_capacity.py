"""One course for each multiplier of capacity: the engine's own, and never worse with more of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.simulated import WEEKS, cliffs, model_of, models

from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.engine.simulation import MEASURES, by_capacity, expected_paths

TIMES = [0.0, 0.5, 1.0, 1.3, 3.0]


def courses(model, policy):
    return np.concatenate([each.values for each in by_capacity(model, WEEKS, TIMES, policy)])


@settings(max_examples=10)
@given(models, st.none() | cliffs)
def test_each_is_the_expected_path_under_that_much_capacity(model, cliff):
    found = courses(model, Policy(cliff=cliff))
    for at, times in enumerate(TIMES):
        alone = expected_paths(model, WEEKS, Policy(cliff=cliff, capacity=times)).values
        assert np.array_equal(found[..., at], alone)


@settings(max_examples=10)
@given(models)
def test_more_capacity_never_leaves_more_people_waiting(model):
    lists = courses(model, Policy())[:, :, : MEASURES.index("clock_stops")]
    slack = 1e-5 * lists.max(axis=-1, initial=1)
    assert (np.diff(lists, axis=-1) <= slack[..., None]).all()


@pytest.mark.parametrize("times", [[-1.0], [np.nan], [1.0, np.inf]])
def test_multipliers_that_are_none_are_refused(times):
    with pytest.raises(ValueError, match="negative, or no number"):
        next(iter(by_capacity(model_of(1), WEEKS, times)))
