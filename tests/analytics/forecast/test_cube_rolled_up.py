"""Sums of cells, and which of them are whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, steady, unsent

from clockstop.analytics.forecast.months.cube import KEYS

ARRAYS = ("waiting", "admitted", "nonadmitted", "new_periods", "sent")
GROUPINGS = [(), ("icb",), ("icb", "function"), ("sector",), ("provider", "function"), KEYS]


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_roll_up_is_the_sum_of_its_members(by):
    made = cube()
    rolled = made.rolled_up(by)
    assert rolled.by == by
    codes = [getattr(made.cells, key) for key in by]
    for group in range(len(rolled.cells)):
        inside = np.ones(len(made.cells), dtype=bool)
        for key, code in zip(by, codes, strict=True):
            inside &= code == getattr(rolled.cells, key)[group]
        assert inside.any()
        for name in ARRAYS[:-1]:
            expected = getattr(made, name)[:, inside].sum(axis=1)
            np.testing.assert_allclose(getattr(rolled, name)[:, group], expected)
    assert rolled.sent.all()


def test_the_codes_that_groups_are_not_told_apart_by_are_blank():
    rolled = cube().rolled_up(("icb", "function"))
    assert list(rolled.cells.icb[:2]) == ["Q0", "Q0"]
    assert list(rolled.cells.function[:2]) == ["C_100", "C_101"]
    assert set(rolled.cells.provider) | set(rolled.cells.region) | set(rolled.cells.sector) == {""}


def test_all_of_england_is_one_group_without_a_code():
    rolled = cube().rolled_up(())
    assert len(rolled.cells) == 1
    assert rolled.waiting.sum() == cube().waiting.sum()


def test_rolling_up_by_everything_changes_nothing():
    made = unsent(cube(), 3, "P01")
    rolled = made.rolled_up(KEYS)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(rolled, name), getattr(made, name))


@pytest.mark.parametrize(("small", "whole"), [(5, True), (6, False)])
def test_a_group_is_whole_while_no_more_than_half_a_percent_of_it_is_missing(small, whole):
    made = unsent(steady([997.5 - small, 0, small / 2, small / 2, 2.5, 0]), 4, "P01")
    rolled = made.rolled_up(())
    assert rolled.sent[4, 0] == whole
    assert rolled.sent[[3, 5], 0].all()


def test_a_group_of_which_nobody_sent_is_not_whole():
    made = unsent(steady([0, 0]), 4, "P00")
    assert not made.rolled_up(("icb",)).sent[4, 0]


def test_one_that_has_not_begun_yet_is_not_missing():
    made = steady([100, 0, 300, 0])
    for month in range(4):
        made = unsent(made, month, "P01")
    rolled = unsent(made, 6, "P01").rolled_up(())
    assert rolled.sent[:6, 0].all()
    assert not rolled.sent[6, 0]


def test_an_unknown_code_is_refused():
    with pytest.raises(ValueError, match="cells have no sector"):
        cube().rolled_up(("icb",)).rolled_up(("sector",))


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(GROUPINGS),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=5),
    st.integers(0, 9),
)
def test_what_was_whole_does_not_depend_on_what_came_later(by, gaps, last):
    made = cube(months=10)
    for month, provider in gaps:
        made = unsent(made, month, f"P{provider:02}")
    until = made.months[last]
    before, after = made.until(until).rolled_up(by), made.rolled_up(by).until(until)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
