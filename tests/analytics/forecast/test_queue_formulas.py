"""The formulas of queues: published check cases, and what must hold of any queue."""

from inspect import getmembers, isfunction
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.forecast.queues import formulas
from clockstop.analytics.forecast.queues.formulas import (
    clearance_weeks,
    list_within,
    load,
    percentile_pressure,
    pressure,
    relief_capacity,
    sustainable_list,
    tail_factor,
    target_capacity_fong,
    target_capacity_kingman,
    target_capacity_package_help,
    target_mean_wait,
    target_queue,
)
from clockstop.analytics.forecast.queues.profiles import percentile_time

# Formula, what goes in, what comes out.
SPEC = [
    (load, (30, 27), 1.1111111),
    (load, ([35, 30, 52], [27, 25, 42]), [1.2962963, 1.2, 1.2380952]),
    (target_mean_wait, ([35, 30, 52], [4, 4, 6]), [8.75, 7.5, 8.6666667]),
    (target_queue, ([30, 30, 30], [52, 50, 50], [4, 4, 6]), [390, 375, 250]),
    (relief_capacity, (30, 1200, 390, 26), 61.153846),
    (relief_capacity, ([33, 35], [800, 250], [200, 100], [30, 15]), [53, 45]),
    (target_capacity_kingman, (30, 52, 3, 1.1, 1.2), 30.076442),
    (target_capacity_kingman, (42, 65, 2, 1.2, 1.5), 42.0567692),
    (target_capacity_package_help, (30, 52, 3, 1.1, 1.2), 30.1528846),
    (target_capacity_fong, (30, 30, 30, 52), 30.1923077),
    (target_capacity_fong, (30, 40, 20, 50), 30.085),
    (pressure, ([63, 42, 55], [52, 24, 50]), [2.4230769, 3.5, 2.2]),
    (percentile_pressure, (45, 18), 2.5),
    (list_within, (100, 0.5, 18), 2596.851),
    (list_within, (100, 0.6, 18), 1964.442),
    (list_within, (100, 0.7, 18), 1495.050),
    (list_within, (100, 0.8, 18), 1118.403),
    (list_within, (100, 0.92, 18), 712.666),
    (tail_factor, (0.92,), 2.5257286),
    (sustainable_list, (1000, 45, 18), 400),
    (clearance_weeks, (1000, 40), 25),
]
RATE, WEEKS, SHARE = st.floats(0.1, 1e5), st.floats(1, 104), st.floats(0.01, 0.999)


@pytest.mark.parametrize(("formula", "given", "expected"), SPEC)
def test_the_check_cases(formula, given, expected):
    taken = [np.array(value, float) if isinstance(value, list) else value for value in given]
    assert formula(*taken) == pytest.approx(expected, rel=1e-6)


def test_every_formula_has_a_check_case():
    public = {name for name, _ in getmembers(formulas, isfunction) if not name.startswith("_")}
    assert public == {formula.__name__ for formula, *_ in SPEC}


def test_pressure_takes_both_waits_in_weeks():
    """A mean wait of 6 days against a target of 4 weeks is no pressure; in days it would seem 3."""
    assert pressure(6 / 7, 4) == pytest.approx(3 / 7)


@given(RATE, WEEKS, SHARE)
def test_the_target_list_of_a_share_meets_it(demand, weeks, share):
    mean = list_within(demand, share, weeks) / demand  # Little's law
    assert 1 - exp(-weeks / mean) == pytest.approx(share)


@given(RATE, RATE, RATE, WEEKS)
def test_relief_brings_the_queue_to_its_size_in_time(demand, queue, wanted, weeks):
    capacity = relief_capacity(demand, queue, wanted, weeks)
    assert queue + (demand - capacity) * weeks == pytest.approx(wanted, abs=1e-5)


@given(st.lists(st.integers(1, 50), min_size=4, max_size=20), SHARE, st.integers(2, 6))
def test_waits_of_the_same_shape_are_as_long_as_the_list(sizes, share, times):
    """As many join a week, and everybody waits so many times as long: the list is as much longer."""
    longer = np.repeat(sizes, times)
    today, target = float(percentile_time(longer, share)), float(percentile_time(sizes, share))
    assert sustainable_list(longer.sum(), today, target) == pytest.approx(sum(sizes))


def test_what_is_not_known_stays_so():
    found = load(np.array([30, np.nan, 30]), np.array([30, 30, np.nan]))
    assert found == pytest.approx([1, np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: load(30, 0), "capacity: found 0, expected more than 0"),
        (lambda: load(np.array([1.0, -2.0, np.nan]), 3), "demand: found -2.0, expected 0 or more"),
        (lambda: target_queue(30, 18, 0), "factor: found 0"),
        (lambda: relief_capacity(30, -1, 0, 26), "queue: found -1"),
        (lambda: relief_capacity(30, 1, 0, 0), "weeks: found 0"),
        (lambda: list_within(30, 92, 18), "found a share of 92; expected a fraction"),
        (lambda: list_within(30, 1, 18), "found a share of 1; expected a fraction"),
        (lambda: pressure(-1, 18), "mean_wait_weeks: found -1"),
    ],
)
def test_what_is_no_queue(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
