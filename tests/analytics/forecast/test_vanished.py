"""Lists that end where another grows: found, and left to a person."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import FIRST, cube, replaced, steady, unsent

from clockstop.analytics.forecast.months.vanished import SMALLEST, vanished

LISTS = [3000, 0, 1000, 0]  # of P00 and P01, by function, in one ICB


def gone(made, provider, since):
    for month in range(since, len(made.months)):
        made = unsent(made, month, provider)
    return made


def risen(made, by, since, cell=0):
    waiting = made.waiting.copy()
    waiting[since:, cell, 3] += by
    return replaced(made, waiting=waiting)


def merged(by=1000, since=6, grows=6):
    return risen(gone(steady(LISTS, months=12), "P01", since), by, grows)


def test_who_grew_by_what_another_lost_is_named():
    (row,) = vanished(merged()).rows(named=True)
    assert row == {
        "provider": "P01",
        "icb": "Q0",
        "last_sent": str(FIRST.plus(5)),
        "waiting": 1000,
        "other": "P00",
        "month": str(FIRST.plus(6)),
        "rose_by": 1000,
    }


def test_it_may_come_after_some_months_of_silence():
    assert vanished(merged(grows=8))["other"].to_list() == ["P00"]
    assert vanished(merged(grows=9))["other"].to_list() == [None]


def test_who_grew_by_much_more_or_less_is_not_named():
    assert vanished(merged(by=500))["other"].to_list() == [None]
    assert vanished(merged(by=1600))["other"].to_list() == [None]


def test_who_grows_so_in_any_month_is_not_named():
    made = merged()
    waiting = made.waiting.copy()
    waiting[::2, 0, 3] += 900
    assert vanished(replaced(made, waiting=waiting))["other"].to_list() == [None]


def test_who_was_not_there_before_is_named():
    made = steady([1000, 0, 800, 0], months=12)
    made = gone(made, "P00", 6)
    for month in range(6):
        made = unsent(made, month, "P01")
    assert vanished(made)["other"].to_list() == ["P01"]


def test_who_is_of_another_icb_is_not_named():
    made = risen(gone(cube(months=12, size=400.0), "P00", 6), 600, 6, cell=4)
    assert made.cells.icb[0] != made.cells.icb[4]
    assert "P02" not in vanished(made)["other"].to_list()


def test_a_list_that_is_sent_again_or_of_hardly_anybody_did_not_vanish():
    back = unsent(steady(LISTS, months=12), 6, "P01")
    assert vanished(back).is_empty()
    few = steady([3000, 0, SMALLEST - 1, 0], months=12)
    assert vanished(gone(few, "P01", 6)).is_empty()


@given(st.integers(1, 500), st.integers(2, 9), st.sampled_from(["P00", "P02"]))
@settings(deadline=None, max_examples=25)
def test_every_large_list_that_ends_is_a_row(seed, since, provider):
    made = gone(cube(months=10, seed=seed), provider, since)
    own = made.cells.provider == provider
    last = made.waiting[since - 1, own].sum()
    found = vanished(made)
    assert found["provider"].unique().to_list() == ([provider] if last >= SMALLEST else [])
    assert (found["waiting"].to_numpy() == np.full(len(found), last)).all()
