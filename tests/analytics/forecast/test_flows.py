"""Who came and went between two censuses, band by band."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.months.cube import KEYS
from clockstop.analytics.forecast.months.flows import (
    FLOWS,
    STRETCH_NAMES,
    aged,
    arrived_at_census,
    band_flows,
    flows_table,
    stopped_at_census,
    unsent_returns,
)
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND
from clockstop.core.types import Month

FEBRUARY, MARCH = Month(2025, 2), Month(2025, 3)
DAYS = st.sampled_from([28, 29, 30, 31])
ENDS = ("incomplete", "admitted", "nonadmitted", "left")


def band_of(days):
    """The band of a wait of so many days, by the words of the return."""
    return next((band for band in range(OPEN_BAND) if days <= 7 * band + 7), OPEN_BAND)


@pytest.mark.parametrize(
    ("days", "band", "later"),
    [
        (28, 0, {4: 1}),
        (30, 10, {14: 5 / 7, 15: 2 / 7}),
        (31, 99, {103: 4 / 7, 104: 3 / 7}),
        (28, 103, {104: 1}),
        (30, 104, {104: 1}),
    ],
)
def test_a_band_grows_older_by_the_days_of_the_month(days, band, later):
    row = np.zeros(BANDS)
    row[list(later)] = list(later.values())
    assert aged(days)[band] == pytest.approx(row)


@given(DAYS, st.integers(0, OPEN_BAND - 1))
def test_ageing_against_every_day_of_the_band(days, band):
    waits = range(7 * band + 1, 7 * band + 8)
    slow = np.bincount([band_of(wait + days) for wait in waits], minlength=BANDS) / 7
    assert aged(days)[band] == pytest.approx(slow)


@given(DAYS, st.integers(0, OPEN_BAND - 1))
def test_clock_stops_against_every_day_of_the_month(days, band):
    waits = range(7 * band + 1, 7 * band + 8)
    slow = [band_of(wait + left) for wait in waits for left in range(days)]
    expected = np.bincount(slow, minlength=BANDS) / len(slow)
    assert stopped_at_census(days)[band] == pytest.approx(expected)


@pytest.mark.parametrize("month", [FEBRUARY, MARCH])
def test_new_periods_against_every_day_of_the_month(month):
    start = month.census - timedelta(days=month.days - 1)
    days = [start + timedelta(days=at) for at in range(month.days)]
    waits = [band_of((month.census - day).days) for day in days]
    expected = np.bincount(waits, minlength=BANDS) / month.days
    assert arrived_at_census(month.days) == pytest.approx(expected)


@given(DAYS)
def test_nobody_is_lost_on_the_way(days):
    assert aged(days).sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert stopped_at_census(days).sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert arrived_at_census(days).sum() == pytest.approx(1, abs=1e-12)


def followed(seed, people=4000):
    """February 2025 of one list, person by person: the cube, and who left untold, by band."""
    rng = np.random.default_rng(seed)
    made = cube(months=2, count=1)
    shape = made.waiting.shape
    waiting, admitted, nonadmitted, new = (*np.zeros((3, *shape)), np.zeros(shape[:2]))
    left = np.zeros(BANDS)
    stops = {"admitted": admitted, "nonadmitted": nonadmitted}
    for _ in range(people):
        started = rng.integers(-500, 28)  # the day, from the first of the month
        end = rng.choice(ENDS, p=[0.6, 0.1, 0.2, 0.1])
        day = rng.integers(max(started, 0), 28)
        if started < 0:
            waiting[0, 0, band_of(-1 - started)] += 1
        else:
            new[1, 0] += 1
        if end == "incomplete":
            waiting[1, 0, band_of(27 - started)] += 1
        elif end == "left":
            left[band_of(27 - started)] += 1
        else:
            stops[end][1, 0, band_of(day - started)] += 1
    arrays = {"waiting": waiting, "new_periods": new, **stops}
    return replaced(made, months=(FEBRUARY.plus(-1), FEBRUARY), **arrays), left


def test_who_left_untold_is_found_again_from_a_list_followed_day_by_day():
    many = [followed(seed) for seed in range(4)]
    found = np.sum([band_flows(made, FEBRUARY).other[0] for made, _ in many], axis=0)
    left = np.sum([left for _, left in many], axis=0)
    assert found.sum() == pytest.approx(left.sum())
    # In wide bands only the chance of which day a person's clock started and stopped is left.
    edges = [0, 10, 20, 40, 60]
    off = np.add.reduceat(found, edges) - np.add.reduceat(left, edges)
    assert np.abs(off).max() < 5 * np.sqrt(np.add.reduceat(left, edges).max())


@pytest.mark.parametrize("month", [1, 5, 17])
def test_the_flows_of_every_band_add_up(month):
    made = cube()
    flows = band_flows(made, made.months[month])
    sums = flows.before + flows.arrived - flows.admitted - flows.nonadmitted - flows.other
    assert np.abs(sums - flows.after).max() < 1e-9


def test_the_flows_add_up_to_the_counts_of_the_return():
    made = cube()
    month = 6
    flows = band_flows(made, made.months[month])
    for name in ("admitted", "nonadmitted"):
        counted = getattr(made, name)[month].sum(axis=1)
        np.testing.assert_allclose(getattr(flows, name).sum(axis=1), counted)
    np.testing.assert_allclose(flows.before.sum(axis=1), made.waiting[month - 1].sum(axis=1))
    np.testing.assert_allclose(flows.arrived.sum(axis=1), made.new_periods[month])
    np.testing.assert_array_equal(flows.after, made.waiting[month])


def test_transfers_in_are_other_removals_below_nought():
    made = cube(months=2)
    stands = np.zeros_like(made.waiting)
    stands[1, 3, 30] = 25
    nothing = np.zeros_like(stands)
    periods = np.zeros(stands.shape[:2])
    made = replaced(
        made, waiting=stands, admitted=nothing, nonadmitted=nothing, new_periods=periods
    )
    flows = band_flows(made, made.months[1])
    assert flows.other[3, 30] == -25
    assert np.count_nonzero(flows.other) == 1


@pytest.mark.parametrize("silent", [4, 5])
def test_a_list_without_both_censuses_has_no_flows(silent):
    made = cube()
    gone = made.cells.provider == "P01"
    cut = unsent(made, silent, "P01")
    month = made.months[5]
    flows, whole = band_flows(cut, month), band_flows(made, month)
    assert list(flows.known) == list(~gone)
    for name in FLOWS:
        assert not getattr(flows, name)[gone].any()
        np.testing.assert_array_equal(getattr(flows, name)[~gone], getattr(whole, name)[~gone])
    there = whole.before if silent == 5 else whole.after
    np.testing.assert_allclose(flows.unsent[gone], there[gone])
    assert not flows.unsent[~gone].any()


@pytest.mark.parametrize("by", [(), ("icb",), ("sector", "function"), KEYS])
def test_a_table_has_a_row_for_each_group_and_stretch(by):
    made = unsent(cube(), 5, "P02")
    month = made.months[5]
    table = flows_table(made, month, by)
    assert table.columns == [*by, "weeks", *FLOWS, "unsent"]
    groups = made.rolled_up(by).cells
    assert table.height == len(groups) * len(STRETCH_NAMES)
    assert table["weeks"].to_list() == list(STRETCH_NAMES) * len(groups)
    flows = band_flows(made, month)
    for name in (*FLOWS, "unsent"):
        assert table[name].sum() == pytest.approx(getattr(flows, name).sum())


def test_the_rows_of_a_group_are_those_of_its_lists():
    made = cube()
    table = flows_table(made, made.months[3], ("icb",)).filter(icb="Q1", weeks="18-26")
    inside = made.cells.icb == "Q1"
    flows = band_flows(made, made.months[3])
    for name in FLOWS:
        assert table[name].item() == pytest.approx(getattr(flows, name)[inside, 18:26].sum())


def test_a_group_of_lists_without_flows_has_nulls_and_is_counted_apart():
    made = unsent(cube(), 5, "P02")
    table = flows_table(made, made.months[5], ("provider",)).filter(provider="P02")
    assert table.select(pl.col(FLOWS).is_null().all()).row(0) == (True,) * len(FLOWS)
    mine = made.cells.provider == "P02"
    assert table["unsent"].sum() == pytest.approx(made.waiting[4, mine].sum())


def test_who_did_not_send_is_told_with_the_list_that_was_sent():
    made = unsent(unsent(unsent(cube(), 5, "P02"), 4, "P01"), 3, "P00")
    size = made.waiting.sum(axis=2)
    mine, theirs = (made.cells.provider == code for code in ("P02", "P01"))
    rows = unsent_returns(made, made.months[5]).sort("provider").rows()
    assert rows == [("P01", None, size[5, theirs].sum()), ("P02", size[4, mine].sum(), None)]
    assert unsent_returns(made, made.months[7]).is_empty()


@pytest.mark.parametrize("month", [Month(2024, 4), Month(2030, 1)])
def test_a_month_without_two_censuses_is_refused(month):
    made = cube(months=6)
    for ask in (band_flows, unsent_returns, lambda cube, month: flows_table(cube, month, ())):
        with pytest.raises(ValueError, match=f"no flows of {month}: .* 2024-05 to 2024-09"):
            ask(made, month)


def test_an_unknown_code_is_refused():
    with pytest.raises(ValueError, match="cells have no trust"):
        flows_table(cube(), Month(2024, 6), ("trust",))
