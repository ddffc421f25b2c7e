"""The health of queues: by hand, against a slow oracle, and what has no meaning is said."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clockstop.analytics.forecast.months.cube import KEYS, Cells, Cube
from clockstop.analytics.forecast.queues.health import FIGURES, flows, health
from clockstop.core.rtt.week_bands import BANDS, percentile
from clockstop.core.types import Month

FIRST = Month(2025, 1)


def cube_of(waiting, new_periods, stops, sent=None):
    """Lists (months, cells, bands); half of the clock stops are admitted, all in the first band."""
    waiting, stops = np.array(waiting, float), np.array(stops, float)
    months, count, _ = waiting.shape
    half = np.zeros_like(waiting)
    half[..., 0] = stops / 2
    codes = np.array([f"R{cell:02d}" for cell in range(count)], dtype=object)
    return Cube(
        months=tuple(FIRST.plus(at) for at in range(months)),
        cells=Cells(*(codes for _ in KEYS)),
        waiting=waiting,
        admitted=half,
        nonadmitted=half,
        new_periods=np.array(new_periods, float),
        sent=np.ones((months, count), bool) if sent is None else np.array(sent),
    )


def one_cell(sizes, new_periods, stops, sent=None, band=0):
    """One cell whose pathways all wait in one band."""
    waiting = np.zeros((len(sizes), 1, BANDS))
    waiting[:, 0, band] = sizes
    flags = None if sent is None else [[each] for each in sent]
    return cube_of(waiting, [[each] for each in new_periods], [[each] for each in stops], flags)


def row(cube, **asked):
    return health(cube, **asked).row(0, named=True)


def test_a_list_by_hand():
    """28 + 31 + 30 + 31 days of the months after the first are 120 days."""
    cube = one_cell(
        [1000, 1040, 1080, 1120, 1160], [0, 450, 450, 450, 450], [0, 350, 350, 350, 350]
    )
    found = row(cube, relief_weeks=26)
    week = 7 / 120
    assert found["months_used"] == 4
    assert found["month"] == "2025-05"
    assert found["queue"] == 1160
    assert found["clock_starts_a_week"] == found["demand_a_week"] == pytest.approx(1800 * week)
    assert found["clock_stops_a_week"] == pytest.approx(1400 * week)
    assert found["other_removals_a_week"] == pytest.approx(240 * week)
    assert found["load"] == pytest.approx(1800 / 1640)
    assert found["target_queue"] == pytest.approx(105 * 18 / 2.5257286)
    assert found["relief_capacity_a_week"] == pytest.approx(105 - 14 + (1160 - 748.2989) / 26)
    assert found["percentile_weeks"] == pytest.approx(0.92)
    assert found["pressure"] == pytest.approx(0.92 / 18)
    assert found["sustainable_list"] == pytest.approx(1160 * 18 / 0.92)
    assert found["clearance_weeks"] == pytest.approx(1160 / (1400 * week))
    assert found["reason"] is None
    assert found["percentile_is_open"] is False


def test_who_joins_without_a_clock_start_is_demand():
    cube = one_cell([100, 200, 300, 400], [0, 100, 100, 100], [0, 50, 50, 50])
    found = row(cube)
    week = 7 / 89
    assert found["other_removals_a_week"] == pytest.approx(-150 * week)
    assert found["demand_a_week"] == pytest.approx(450 * week)
    assert found["load"] == pytest.approx(3)


def test_only_the_last_months_count():
    steady = one_cell([100] * 6, [50] * 6, [40] * 6)
    busy = one_cell([100] * 6, [900, 900, 900, 50, 50, 50], [40] * 6)
    assert health(busy, history_months=3).equals(health(steady, history_months=3))
    assert not health(busy).equals(health(steady))


def test_a_month_is_used_where_both_its_censuses_were_sent():
    sent = [True, True, False, True, True, True, True]
    gap = row(one_cell([100, 100, 0, 100, 100, 100, 100], [50] * 7, [40] * 7, sent))
    assert gap["months_used"] == 4
    assert gap["other_removals_a_week"] == pytest.approx(40 * 7 / (28 + 31 + 30 + 31))


def test_a_list_within_its_target_needs_no_relief():
    found = row(one_cell([10] * 5, [100] * 5, [90] * 5))
    assert found["queue"] < found["target_queue"]
    assert found["relief_capacity_a_week"] == pytest.approx(found["clock_stops_a_week"])


def test_the_open_band_counts_as_the_least_it_can_be():
    found = row(one_cell([100] * 5, [50] * 5, [40] * 5, band=104))
    assert (found["percentile_weeks"], found["percentile_is_open"]) == (104, True)
    assert found["pressure"] == pytest.approx(104 / 18)


FLOWS = {"clock_starts_a_week", "clock_stops_a_week", "other_removals_a_week", "demand_a_week"}
WAITS = {"percentile_weeks", "pressure", "sustainable_list"}


@pytest.mark.parametrize(
    ("given", "reason", "missing"),
    [
        (
            ([9] * 5, [5] * 5, [4] * 5, [True] * 4 + [False]),
            "no return for the month",
            WAITS | {"queue", "relief_capacity_a_week", "clearance_weeks"},
        ),
        (
            ([9] * 3, [5] * 3, [4] * 3),
            "fewer than 3 months to go by",
            FLOWS | {"load", "target_queue", "relief_capacity_a_week", "clearance_weeks"},
        ),
        (([9], [5], [4]), "fewer than 3 months to go by", set(FIGURES) - WAITS - {"queue"}),
        (([0] * 5, [5] * 5, [4] * 5), "nobody waits", WAITS),
        (
            ([20, 16, 12, 8, 4], [0] * 5, [4] * 5),
            "no demand",
            {"load", "target_queue", "relief_capacity_a_week"},
        ),
        (([9] * 5, [5] * 5, [0] * 5), "no clock stops", {"load", "clearance_weeks"}),
        (
            ([0] * 5, [0] * 5, [0] * 5),
            "nobody waits; no demand; no clock stops",
            WAITS | {"load", "target_queue", "relief_capacity_a_week", "clearance_weeks"},
        ),
    ],
)
def test_a_figure_without_meaning_is_missing_with_a_reason(given, reason, missing):
    found = row(one_cell(*given))
    assert found["reason"] == reason
    assert {name for name in FIGURES if found[name] is None} == missing


@st.composite
def cubes(draw):
    months, count = draw(st.integers(1, 16)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    waiting = rng.poisson(draw(st.sampled_from([0.0, 0.05, 3])), (months, count, BANDS))
    starts = rng.poisson(draw(st.sampled_from([0, 2, 200])), (months, count))
    stops = rng.poisson(draw(st.sampled_from([0, 2, 200])), (months, count))
    sent = rng.random((months, count)) < draw(st.sampled_from([0.6, 1]))
    return cube_of(waiting * sent[..., None], starts * sent, stops * sent, sent)


def by_hand(cube, cell, history=12):
    """Load, target queue, relief capacity and pressure of a cell, in plain Python."""
    used = [at for at in range(1, len(cube.months)) if cube.sent[at - 1 : at + 1, cell].all()]
    used = [at for at in used if at >= len(cube.months) - history]
    if len(used) < 3:
        return {}
    weeks = sum(cube.months[at].days for at in used) / 7
    size = [sum(each) for each in cube.waiting[:, cell]]
    starts = sum(cube.new_periods[at, cell] for at in used) / weeks
    stops = sum((cube.admitted + cube.nonadmitted)[at, cell].sum() for at in used) / weeks
    left = starts - stops - sum(size[at] - size[at - 1] for at in used) / weeks
    demand, removals = (starts, left) if left > 0 else (starts - left, 0)
    found = {}
    if demand > 1e-9:
        found["target_queue"] = demand * 18 / -math.log(0.08)
    if demand > 1e-9 and stops:
        found["load"] = demand / (stops + removals)
    if demand > 1e-9 and cube.sent[-1, cell]:
        too_many = max(size[-1] - found["target_queue"], 0)
        found["relief_capacity_a_week"] = max(demand - removals + too_many / 52, 0)
    return found


@settings(max_examples=60, deadline=None)
@given(cubes())
def test_it_is_what_a_hand_would_reckon(cube):
    for cell, found in enumerate(health(cube).iter_rows(named=True)):
        expected = by_hand(cube, cell)
        for name in ("load", "target_queue", "relief_capacity_a_week"):
            assert found[name] == pytest.approx(expected.get(name), abs=1e-9), name
        wait = percentile([int(n) for n in cube.waiting[-1, cell]], 92)
        if wait.weeks is not None:
            assert found["pressure"] == pytest.approx(wait.weeks / 18)


@settings(max_examples=60, deadline=None)
@given(cubes())
def test_no_figure_is_nan_and_none_is_missing_without_a_reason(cube):
    table = health(cube)
    assert table.height == len(cube.cells)
    for found in table.iter_rows(named=True):
        figures = [found[name] for name in FIGURES]
        assert not any(value is not None and not math.isfinite(value) for value in figures)
        assert (None in figures) == (found["reason"] is not None)


@settings(max_examples=30, deadline=None)
@given(cubes())
def test_load_is_over_one_exactly_where_the_list_grew(cube):
    found, seen = health(cube), flows(cube)
    for load, came, went in zip(found["load"], seen.demand, seen.departures, strict=True):
        assert load is None or (load > 1) == (came > went)


def test_the_columns():
    table = health(one_cell([10] * 5, [5] * 5, [4] * 5))
    assert table.columns == [
        "month",
        *KEYS,
        *FIGURES,
        "months_used",
        "percentile_is_open",
        "reason",
    ]
    assert table.schema["provider"] == table.schema["reason"] == pl.String


def test_groups_are_told_by_their_own_codes():
    cube = cube_of([[[0] * 3 + [5] + [0] * 101] * 2] * 5, [[6, 4]] * 5, [[3, 3]] * 5)
    england = health(cube.rolled_up(()))
    assert england.columns[:2] == ["month", "queue"]
    assert england.row(0, named=True)["queue"] == 10
    assert england["load"][0] == pytest.approx(1)
    assert health(cube.rolled_up(("icb",))).columns[:3] == ["month", "icb", "queue"]
    assert health(cube.rolled_up(("icb",)))["target_queue"].sum() == pytest.approx(
        england["target_queue"][0]
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"share": 92}, "fraction"),
        ({"share": 1}, "fraction between 0 and 1"),
        ({"target_weeks": 0}, "target_weeks: found 0"),
        ({"relief_weeks": 0}, "weeks: found 0"),
        ({"history_months": 2}, "found 2 months; expected 3 or more"),
    ],
)
def test_what_cannot_be_asked(asked, message):
    with pytest.raises(ValueError, match=message):
        health(one_cell([10] * 5, [5] * 5, [4] * 5), **asked)
