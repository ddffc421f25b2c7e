"""The reference model by its published check cases, a slow oracle, and what must always hold."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.proof.baselines.compartments import (
    Compartments,
    NegativeBands,
    arriving,
    calibrated,
    projected,
    reference_compartments,
    remaining,
)
from clockstop.analytics.forecast.proof.baselines.monthly_bands import (
    MONTHLY_BANDS,
    monthly_figures,
    weekly_to_monthly,
)
from clockstop.analytics.forecast.proof.baselines.starting_levels import starting_level
from clockstop.analytics.forecast.quantiles import figures
from clockstop.core.rtt.week_bands import BANDS, percentile
from clockstop.core.types import Month

NONE, EVENLY, LONGEST = NegativeBands


# The numbers of the check cases are those of the notes on modelling.


@pytest.mark.parametrize(
    ("service", "stock", "treated"),
    [((5, 3), (40, 29), (5, 3)), ((0, 0), (45, 36), (0, 0)), ((100, 100), (0, 0), (45, 0))],
)
def test_t18_stock_of_bands_from_their_removals(service, stock, treated):
    inflow, found, served = 50.0, [], []
    for share, treatments in zip((0.1, 0.2), service, strict=True):
        band = [np.array([value]) for value in (inflow, share * inflow, treatments)]
        left = remaining(*band, EVENLY)[0]
        served.append((1 - share) * inflow - left)
        inflow = left
        found.append(left)
    assert found == pytest.approx(stock)
    assert served == pytest.approx(treated)


@pytest.mark.parametrize(
    ("sizes", "percent", "bands"),
    [
        ((10, 10, 80), 50, 2.375),
        ((10, 20, 30, 20, 20), 50, 2.6666667),
        ((10, 20, 30, 20, 20), 100, 5),
    ],
)
def test_t19_the_time_of_a_percentile(sizes, percent, bands):
    counts = [*sizes, *[0] * (BANDS - len(sizes))]
    assert percentile(counts, percent).weeks == pytest.approx(bands)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (NONE, (-4, 4, 4, 1, 0)),
        (LONGEST, (0, 4, 1, 0, 0)),
        (EVENLY, (0, 2.5, 2.5, 0, 0)),  # 4/3 from each, then the third that is lacking again
    ],
)
def test_t21_treatments_beyond_what_a_band_holds(rule, left):
    inflow, reneging, treated = (
        np.array(counts, dtype=float)
        for counts in ((11, 20, 20, 12, 16), (6, 7, 7, 9, 9), (9, 9, 9, 2, 7))
    )
    assert remaining(inflow, reneging, treated, rule) == pytest.approx(left)


# Negative bands, held to a slow reading of the rules.


def by_hand(left, rule):
    left = list(left)
    while min(left) < -1e-12:
        lacking = -sum(min(count, 0) for count in left)
        left = [max(count, 0) for count in left]
        positive = [band for band, count in enumerate(left) if count > 0]
        if rule is EVENLY:
            for band in positive:
                left[band] -= lacking / len(positive)
        else:
            for band in reversed(positive):
                taken = min(left[band], lacking)
                left[band] -= taken
                lacking -= taken
    return [max(count, 0) for count in left]


counts = st.floats(-50, 50).map(lambda value: round(value, 3))


@given(arrays(float, 6, elements=counts), st.sampled_from([EVENLY, LONGEST]))
def test_overspent_treatments_are_taken_as_the_rule_says(left, rule):
    zeros = np.zeros_like(left)
    found = remaining(left, zeros, zeros, rule)
    assert found == pytest.approx(by_hand(left, rule), abs=1e-9)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(max(left.sum(), 0), abs=1e-9)


# Calendar months.


@pytest.mark.parametrize("month", [Month(2024, 2), Month(2025, 9), Month(2025, 12)])
def test_each_weekly_band_is_divided_without_loss(month):
    parts = weekly_to_monthly(month.census)
    assert parts.sum(axis=1) == pytest.approx(np.ones(BANDS))
    assert (parts >= 0).all()
    assert (np.diff(parts @ np.arange(MONTHLY_BANDS)) >= 0).all()


def test_a_weekly_band_goes_by_the_days_of_referral():
    parts = weekly_to_monthly(date(2025, 9, 30))
    for band in range(BANDS - 1):
        months = [0.0] * MONTHLY_BANDS
        for days in range(7 * band + 1, 7 * band + 8):
            referred = date.fromordinal(date(2025, 9, 30).toordinal() - days)
            months[min(12 * (2025 - referred.year) + 9 - referred.month, MONTHLY_BANDS - 1)] += (
                1 / 7
            )
        assert parts[band] == pytest.approx(months)


def test_long_waits_are_counted_with_the_days_of_a_month_that_are_over():
    size, share, *over = monthly_figures(np.ones(MONTHLY_BANDS), date(2025, 9, 30))
    assert size == 25
    # Waits of more than 18 weeks began by 26 May, those of more than 52 by 30 September 2024,
    # of more than 65 by 1 July 2024 and of more than 78 by 1 April 2024.
    assert over == pytest.approx([20 + 26 / 31, 12 + 1, 10 + 1 / 31, 7 + 1 / 30])
    assert share == pytest.approx(1 - over[0] / 25)


@pytest.mark.parametrize("month", [Month(2025, 6), Month(2025, 9)])
def test_reading_a_list_by_month_loses_little(month):
    """A list that fades evenly: the monthly bands tell its figures to within one per cent."""
    waiting = 1000 * np.exp(-np.arange(BANDS) / 18)
    found = monthly_figures(waiting @ weekly_to_monthly(month.census), month.census)
    assert found[:4] == pytest.approx(figures(waiting)[:4], rel=0.01)


def test_the_bands_reach_as_far_as_the_weekly_ones():
    assert MONTHLY_BANDS == 25  # the 24th month holds 104 weeks


# Starting levels.


def level(values, known=None):
    series = np.array(values, dtype=float)[:, None]
    flags = np.ones_like(series, dtype=bool) if known is None else np.array(known)[:, None]
    return starting_level(series, flags)[0]


def test_a_clear_slope_starts_from_its_end_and_any_other_from_the_mean():
    assert level([10, 20, 30, 40, 50, 60]) == pytest.approx(60)
    assert level([10, 30, 10, 30, 20, 25]) == pytest.approx(125 / 6)
    assert level([5, 5, 5]) == 5
    assert level([4, 8]) == 6  # two points say nothing of a slope


def test_only_the_last_twelve_months_and_those_known_count():
    assert level([900] * 6 + [5] * 12) == 5
    assert level([10, 0, 30, 40, 50, 0, 70], [1, 0, 1, 1, 1, 0, 1]) == pytest.approx(70)
    assert level([3, 4], [False, False]) == 0


def test_slopes_are_judged_as_a_table_of_students_t_has_it():
    wave = np.array([1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1.0])  # without a slope of its own
    time = np.arange(12.0)
    spread, freedom, t = ((time - time.mean()) ** 2).sum(), 10, 3.169
    slope = t * np.sqrt((wave**2).sum() / freedom / spread)
    for factor, end in ((1.001, True), (0.999, False)):
        found = level(100 + wave + factor * slope * time)
        expected = 100 + factor * slope * (11 if end else 5.5)
        assert found == pytest.approx(expected, abs=0.01)


# Calibration and projection.


def test_shares_are_means_over_the_months_of_what_came_into_each_band():
    made = cube(months=3, count=1, size=4000)
    model = calibrated(made)
    lists = [
        list_ @ weekly_to_monthly(m.census)
        for list_, m in zip(made.waiting[:, 0], made.months, strict=True)
    ]
    stops = (made.admitted + made.nonadmitted)[:, 0]
    treated = [
        count @ weekly_to_monthly(m.census) for count, m in zip(stops, made.months, strict=True)
    ]
    for band in (0, 1, 7, MONTHLY_BANDS - 1):
        reneging, treating = [], []
        for month in (1, 2):
            inflow = made.new_periods[month, 0] if band == 0 else lists[month - 1][band - 1]
            if band == MONTHLY_BANDS - 1:
                inflow += lists[month - 1][band]
            reneging.append((inflow - treated[month][band] - lists[month][band]) / inflow)
            treating.append(treated[month][band] / inflow)
        assert model.reneging[0, band] == pytest.approx(max(np.mean(reneging), 0))
        assert model.treating[0, band] == pytest.approx(np.mean(treating))
        if band == 0:
            uplift = 1 + max(-np.mean(reneging), 0)
            assert model.referrals[0] == pytest.approx(made.new_periods[:, 0].mean() * uplift)
    assert model.waiting[0] == pytest.approx(lists[2])
    assert model.capacity[0] == pytest.approx(stops.sum(axis=1).mean())


def test_referrals_recorded_late_raise_the_referrals():
    made = cube(months=6, count=2)
    late = replaced(made, new_periods=made.new_periods / 100)
    model = calibrated(late)
    assert (model.reneging >= 0).all()
    assert (model.referrals > late.new_periods.mean(axis=0)).all()


def test_a_month_that_was_not_sent_teaches_nothing():
    made = cube(months=8, count=2)
    other = unsent(made, 3, "P00")
    kept = [calibrated(other), calibrated(replaced(other, waiting=_changed(other.waiting, 3)))]
    np.testing.assert_array_equal(kept[0].reneging, kept[1].reneging)
    np.testing.assert_array_equal(kept[0].capacity, kept[1].capacity)
    assert not np.array_equal(kept[0].reneging, calibrated(made).reneging)


def _changed(values, month):
    values = values.copy()
    values[month] = 77
    return values


def test_a_projection_moves_everybody_a_month_on_and_loses_nobody():
    model = calibrated(cube(months=12, count=3, size=4000))
    lists = projected(model, 6, EVENLY)
    before = model.waiting
    for after in lists:
        inflow = arriving(before, model.referrals)
        assert inflow.sum() == pytest.approx(before.sum() + model.referrals.sum())
        reneged = model.reneging * inflow
        left = inflow.sum(axis=1) - reneged.sum(axis=1) - model.capacity
        assert after.sum(axis=1) == pytest.approx(np.maximum(left, 0))
        before = after


def test_treatments_go_to_the_bands_as_they_did():
    quarter = np.full((1, MONTHLY_BANDS), 0.25)
    none = np.zeros((1, MONTHLY_BANDS))
    waiting = np.full((1, MONTHLY_BANDS), 10.0)
    model = Compartments(waiting, np.array([10.0]), np.array([26.0]), none, quarter)
    after = projected(model, 1, NONE)[0, 0]
    assert after == pytest.approx([9.0] * (MONTHLY_BANDS - 1) + [18.0])


def test_an_empty_list_stays_empty():
    made = cube(months=5, count=2)
    empty = {
        name: np.zeros_like(getattr(made, name))
        for name in ("waiting", "admitted", "nonadmitted", "new_periods")
    }
    said = reference_compartments()(replaced(made, **empty), 3)
    assert said[0, 0].tolist() == [0, 1, 0, 0, 0, 0]


def test_one_month_is_not_enough():
    with pytest.raises(ValueError, match="two months or more"):
        calibrated(cube(months=1))


@settings(deadline=None, max_examples=15)
@given(st.integers(2, 16), st.integers(1, 5), st.sampled_from([EVENLY, LONGEST]))
def test_no_projection_is_negative(months, seed, rule):
    said = reference_compartments(rule)(cube(months=months, seed=seed, size=30), 6)
    assert (said >= 0).all()
    assert (said[..., 1] <= 1).all()
