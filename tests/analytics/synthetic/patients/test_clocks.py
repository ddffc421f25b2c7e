"""Clocks are drawn fairly, and balanced without leaving their bands."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.analytics import story
from tests.analytics.story import LEEDS, Filed
from tests.analytics.synthetic.patients.conftest import MONTH

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.patients import clocks
from clockstop.analytics.synthetic.patients.balance import balanced
from clockstop.analytics.synthetic.patients.source import (
    ADMITTED,
    DECIDED,
    NONADMITTED,
    PAST,
    UNKNOWN,
    WAITING,
    areas,
    day_number,
)
from clockstop.core.rtt.waiting import week_band
from clockstop.core.rtt.week_bands import OPEN_BAND


@pytest.fixture(scope="module")
def area(synthetic_lake):
    (found,) = areas(synthetic_lake, MONTH, seed=1, scale=1, icbs=("QWO",))
    return found


@pytest.fixture(scope="module")
def drawn(area):
    return clocks.draw(area, np.random.default_rng(1))


@pytest.fixture(scope="module")
def even(area, drawn):
    return balanced(area, drawn, np.random.default_rng(2))


@pytest.mark.parametrize("band", [0, 1, 17, 18, 52, 103])
def test_days_of_a_band_are_all_as_likely(band):
    days = clocks.days_of(np.full(70_000, band), np.random.default_rng(band))
    found, counts = np.unique(days, return_counts=True)
    assert {week_band(int(day)) for day in found} == {band}
    assert len(found) == (8 if band == 0 else 7)
    assert counts.min() > 0.9 * counts.max()


def test_weekends():
    monday = date(2025, 9, 1)
    days = np.array([day_number(monday + timedelta(days=n)) for n in range(14)])
    assert clocks.is_weekend(days).tolist() == [*[False] * 5, True, True] * 2


def test_as_many_clocks_as_counts(area, drawn):
    of_role = np.bincount(drawn.role, minlength=5)
    for role in (WAITING, DECIDED, ADMITTED, NONADMITTED):
        assert of_role[role] == area.counts.filter(role=role)["n"].sum()
    assert of_role[PAST] == int(0.12 * of_role[[WAITING, DECIDED]].sum())


def test_who_is_chosen_is_of_the_cell_and_first_by_priority():
    cell = np.array([0, 0, 0, 1, 1, 2])
    priority = np.array([0.3, 0.1, 0.2, 0.5, 0.4, 0.6])
    may = np.array([True, True, True, True, False, True])
    wanted = np.array([2, 5, 0])
    assert clocks.chosen(may, cell, wanted, priority).tolist() == [1, 2, 3]
    assert clocks.chosen(may, cell, -wanted, priority).tolist() == []


def test_balancing_moves_no_clock_out_of_its_band(even):
    found = even.clocks
    known = found.band != UNKNOWN
    waited = (found.last - found.start)[known].tolist()
    assert [week_band(days) for days in waited] == found.band[known].tolist()


def test_stops_lie_in_the_month_and_history_before_it(area, even):
    found = even.clocks
    in_month = (found.role == ADMITTED) | (found.role == NONADMITTED)
    assert (found.last[in_month] >= area.first_day).all()
    assert (found.last <= area.census).all()
    assert (found.last[found.role == PAST] < area.first_day).all()
    assert (found.last[found.role <= DECIDED] == area.census).all()
    assert (found.opened >= found.start).all()
    assert (found.opened <= found.last).all()


def test_fewer_are_treated_at_weekends(even):
    found = even.clocks
    stops = found.last[(found.role == ADMITTED) | (found.role == NONADMITTED)]
    assert clocks.is_weekend(stops).mean() < 0.12


def test_the_open_band_has_no_end(tmp_path):
    lake = Lake(tmp_path)
    story.publish(lake, str(MONTH), [Filed(LEEDS, "C_110", {OPEN_BAND: 500})])
    (area,) = areas(lake, MONTH, seed=1, scale=1)
    found = clocks.draw(area, np.random.default_rng(1))
    waited = (found.last - found.start)[found.role == WAITING]
    assert waited.min() > 104 * 7
    assert 115 * 7 < waited.mean() < 150 * 7


def test_only_few_new_periods_of_a_list_that_holds_together_are_left_over(area, even):
    assert 0 <= even.left_over.sum() < 0.002 * area.new_periods.sum()
