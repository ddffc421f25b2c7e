"""Lists that more people join than leave: found where they last, and nowhere else."""

import numpy as np
import pytest
from tests.analytics.forecast.made_cubes import cells, cube, replaced, unsent

from clockstop.analytics.forecast.months.cube import KEYS
from clockstop.analytics.forecast.months.flows import aged, arrived_at_census, stopped_at_census
from clockstop.analytics.forecast.months.net_transfers import FEWEST_MONTHS, net_transfers
from clockstop.core.rtt.week_bands import BANDS

LISTS = 24


def moved_by(other, months=18, seed=3):
    """A cube whose lists follow from their flows: ``other`` (months, bands) leaves list 0.

    Of the other lists as many leave as join, but for chance.
    """
    rng = np.random.default_rng(seed)
    start = cube(months, LISTS, seed)
    waiting, stops = start.waiting.copy(), np.minimum(start.admitted, 2)
    waiting[0] += 1000
    for at, month in enumerate(start.months[1:], 1):
        left = rng.normal(0, 3, (LISTS, BANDS))
        left[0] = other[at]
        came = start.new_periods[at][:, None] * arrived_at_census(month.days)
        gone = stops[at] @ stopped_at_census(month.days)
        waiting[at] = waiting[at - 1] @ aged(month.days) + came - gone - left
    nothing = np.zeros_like(stops)
    return replaced(start, cells=cells(LISTS), waiting=waiting, admitted=stops, nonadmitted=nothing)


def lasting(months=18):
    """40 a month at 20 weeks, 10 at 60 weeks, give or take."""
    other = np.zeros((months, BANDS))
    other[:, 20] = -np.random.default_rng(5).normal(40, 6, months)
    other[:, 60] = -np.random.default_rng(6).normal(10, 2, months)
    return other


def test_lasting_transfers_in_are_found_with_their_stretches():
    other = lasting()
    (row,) = net_transfers(moved_by(other)).lists.rows(named=True)
    assert (row["provider"], row["function"], row["months"]) == ("P00", "C_100", 17)
    assert row["stretches"] == "18-26, 52-65"
    by_month = -other[1:].sum(axis=1)
    assert row["transfers_in"] == pytest.approx(by_month.mean())
    poisson = np.sqrt(by_month.mean())
    assert row["standard_error"] == pytest.approx(max(by_month.std(ddof=1), poisson) / 17**0.5)


def test_england_stands_beside_them():
    made = moved_by(lasting())
    found = net_transfers(made)
    england = found.england.row(0, named=True)
    assert england["lists"] == 1
    assert england["transfers_in"] == pytest.approx(found.lists["transfers_in"].sum())
    assert england["standard_error"] == pytest.approx(found.lists["standard_error"].item())
    steps = np.diff(made.waiting.sum(axis=(1, 2)))
    told = made.new_periods[1:].sum(axis=1) - made.admitted[1:].sum(axis=(1, 2))
    assert england["other"] == pytest.approx((told - steps).mean())


@pytest.mark.parametrize("sign", [0, -1])
def test_chance_and_removals_are_no_transfers_in(sign):
    assert net_transfers(moved_by(sign * lasting())).lists.is_empty()


def test_one_month_of_transfers_does_not_last():
    other = np.zeros((18, BANDS))
    other[7, 20] = -900
    assert net_transfers(moved_by(other)).lists.is_empty()


def test_few_people_who_come_one_by_one_are_chance():
    other = np.zeros((18, BANDS))
    other[:, 20] = -0.4
    assert net_transfers(moved_by(other)).lists.is_empty()


@pytest.mark.parametrize(("known", "found"), [(FEWEST_MONTHS - 1, 0), (FEWEST_MONTHS, 1)])
def test_a_few_months_do_not_tell(known, found):
    made = moved_by(lasting())
    for month in range(17 - known):
        made = unsent(made, month, "P00")
    assert net_transfers(made).lists.height == found


def test_the_columns_are_the_same_with_nothing_to_tell():
    empty = net_transfers(moved_by(0 * lasting())).lists
    full = net_transfers(moved_by(lasting())).lists
    assert empty.schema == full.schema
    assert empty.columns == [*KEYS, "months", "transfers_in", "standard_error", "stretches"]


def test_one_month_is_refused():
    with pytest.raises(ValueError, match="one month tells nothing"):
        net_transfers(cube(months=1))
