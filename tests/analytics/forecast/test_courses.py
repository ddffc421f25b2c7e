"""What lists come to by their capacity: the forecast's own middle at today's, never worse with more."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analytics.forecast.made_cubes import cube

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.policy import Cliff, Policy
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.middles import Middles
from clockstop.analytics.forecast.spread import counted
from clockstop.analytics.forecast.targets.courses import (
    COUNT,
    TODAY,
    courses,
    engine_courses,
    multipliers_to,
)
from clockstop.core.types import Month

CUBE = cube()
MONTHS = (Month(2026, 3), Month(2026, 6))
CLIFF = Cliff(MONTHS[0], 52)


@pytest.fixture(scope="module")
def found():
    return courses(CUBE, MONTHS, 3.0, cliffs=[CLIFF])


def test_the_multipliers_rise_in_proportion_with_today_s_in_the_middle():
    multipliers = multipliers_to(3.0)
    assert (multipliers[0], multipliers[TODAY], multipliers[-1]) == (1 / 3, 1, 3)
    assert len(multipliers) == COUNT
    assert multipliers[1:] / multipliers[:-1] == pytest.approx(9 ** (1 / (COUNT - 1)))


def test_at_today_s_capacity_the_lists_are_the_middle_of_the_forecast(found):
    middle = counted(Middles(History(CUBE)).of(len(CUBE.months), 9))[:, [5, 8]]
    assert found[None].counts[..., TODAY] == pytest.approx(middle, rel=1e-5, abs=1e-5)


def test_more_capacity_leaves_no_more_people_waiting_and_stops_no_fewer_clocks(found):
    for each in found.values():
        slack = 1e-5 * each.counts.max()
        assert (np.diff(each.counts, axis=-1) <= slack).all()
        assert (np.diff(each.stops, axis=-1) >= -slack).all()
        assert (np.diff(each.counts, axis=2) <= 0).all()  # longer waits are part of shorter ones


def test_a_cliff_clears_the_longest_waits_without_more_capacity(found):
    over_52 = found[CLIFF].counts[:, 0, 2, TODAY]
    assert over_52.sum() < 0.2 * found[None].counts[:, 0, 2, TODAY].sum()


def test_groups_are_the_sums_of_their_lists(found):
    cells, groups = found[None], found[None].of_groups(("icb",))
    for at, icb in enumerate(groups.cells.icb):
        own = CUBE.cells.icb == icb
        assert groups.counts[at] == pytest.approx(cells.counts[own].sum(axis=0), rel=1e-5)
        assert groups.stops[at] == pytest.approx(cells.stops[own].sum(axis=0), rel=1e-5)


def test_the_engine_s_own_clock_stops_are_those_of_a_week_since_the_origin():
    model, weeks = calibrate(History(CUBE)), weeks_after(CUBE.months[-1], 9)
    own = engine_courses(model, weeks, MONTHS, multipliers_to(2.0))
    alone = expected_paths(model, weeks, Policy(capacity=2.0)).values
    assert np.array_equal(own.counts[..., -1], alone[:, [5, 8], :-1])
    of_a_week = alone[:, :6, -1].sum(axis=1) / weeks.census[5]
    assert own.stops[:, 0, -1] == pytest.approx(of_a_week, rel=1e-5)


def test_a_list_without_anybody_or_capacity_is_no_fault():
    still = CUBE.nonadmitted.copy(), CUBE.admitted.copy()
    waiting = CUBE.waiting.copy()
    waiting[:, 0] = 0
    for each in still:
        each[:, 1] = 0
    made = replace(CUBE, nonadmitted=still[0], admitted=still[1], waiting=waiting)
    for each in (
        courses(made, MONTHS, 3.0)[None].of_groups(("provider",)),
        courses(made, MONTHS, 3.0)[None],
    ):
        assert np.isfinite(each.counts).all()
        assert each.counts.min() >= 0


@pytest.mark.parametrize("most", [1, 0.5, 0, -3, np.nan, np.inf])
def test_capacity_that_does_not_grow_is_refused(most):
    with pytest.raises(ValueError, match="expected more than 1"):
        courses(CUBE, MONTHS, most)


@pytest.mark.parametrize("months", [[], [CUBE.months[-1]], [MONTHS[0], Month(2025, 1)]])
def test_months_that_are_not_later_are_refused(months):
    with pytest.raises(ValueError, match="expected 2025-10 or later"):
        courses(CUBE, months, 3.0)
