"""The rules that need no model, and the intervals of rules by their past errors."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent

from clockstop.analytics.forecast.proof.baselines.history import history, latest
from clockstop.analytics.forecast.proof.baselines.naive import no_change, seasonal_naive
from clockstop.analytics.forecast.proof.baselines.past_errors import OWN, with_past_errors
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, Quantiles, figures, name
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

SIZE, SHARE, OVER_18 = (
    MEASURES.index(key) for key in ("incomplete_pathways", "pct_within_18_weeks", "over_18_weeks")
)
MEDIAN = QUANTILES.index(0.5)


# What a forecast is.


def test_figures_of_a_list():
    waiting = np.zeros(BANDS)
    waiting[[0, 17, 18, 52, 65, 78, 104]] = (4, 3, 6, 5, 4, 3, 2)
    assert figures(waiting).tolist() == [27, 1 - 20 / 27, 20, 14, 9, 5]
    assert figures(np.zeros(BANDS)).tolist() == [0, 1, 0, 0, 0, 0]


def quantiles(values, **keys):
    months = tuple(Month(2025, 1).plus(at) for at in range(values.shape[1]))
    return Quantiles(
        months, {key: np.array(codes, dtype=object) for key, codes in keys.items()}, values
    )


def ladder(groups=2, months=3):
    shape = (groups, months, len(MEASURES), len(QUANTILES))
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


def test_a_forecast_as_a_table():
    table = quantiles(ladder(), icb=["QA", "QB"], function=["C_100", "C_110"]).table()
    assert table.columns[:6] == [
        "month",
        "icb",
        "function",
        "incomplete_pathways_p2_5",
        "incomplete_pathways_p10",
        "incomplete_pathways_p25",
    ]
    assert table.columns[-1] == "over_78_weeks_p97_5"
    assert table.height == 6
    row = table.row(4, named=True)
    assert (row["month"], row["icb"], row["function"]) == ("2025-02", "QB", "C_110")
    assert row["over_52_weeks_p50"] == ladder()[1, 1, 3, 3]


def test_a_forecast_of_england_has_no_codes():
    assert quantiles(ladder(1, 1)).table().columns[:2] == ["month", "incomplete_pathways_p2_5"]


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (lambda values: values[:, :, :, 1:], "of shape"),
        (lambda values: values[:1], "of shape"),
        (lambda values: values[..., ::-1], "below a lower one"),
        (lambda values: np.where(values == 5, np.nan, values), "not a number"),
        (lambda values: np.where(values == 5, np.inf, values), "not a number"),
    ],
)
def test_what_is_no_forecast_is_refused(spoilt, message):
    with pytest.raises(ValueError, match=message):
        quantiles(spoilt(ladder()), icb=["QA", "QB"])


def test_quantiles_are_named_by_their_percentage():
    assert [name(quantile) for quantile in QUANTILES] == [
        "p2_5",
        "p10",
        "p25",
        "p50",
        "p75",
        "p90",
        "p97_5",
    ]


# History.


def test_a_month_that_was_not_sent_is_not_known_and_the_one_before_it_is_the_latest():
    made = unsent(cube(months=5), 4, "P01")
    known = history(made)
    assert np.isnan(known[4, [2, 3]]).all()
    assert np.isfinite(np.delete(known, [2, 3], axis=1)).all()
    np.testing.assert_array_equal(latest(made)[[2, 3]], known[3, [2, 3]])
    np.testing.assert_array_equal(latest(made)[0], known[4, 0])


def test_one_that_never_sent_counts_as_nobody():
    made = unsent(cube(months=1), 0, "P00")
    assert latest(made)[0].tolist() == [0, 1, 0, 0, 0, 0]


# The rules.


def test_no_change_is_the_last_month_for_ever():
    made = cube()
    said = no_change(made, 3)
    assert said.shape == (8, 3, 6)
    for month in range(3):
        np.testing.assert_array_equal(said[:, month], figures(made.waiting[-1]))


def scaled(factors):
    """A cube whose lists are so many times one of 100."""
    lists = np.zeros((len(factors), 1, BANDS))
    lists[:, 0, 3] = 100 * np.array(factors)
    return replaced(cube(len(factors), 1), waiting=lists)


def test_the_season_of_a_year_ago_comes_again_at_this_years_level():
    season = [1, 1.2, 0.9, 1, 1.1, 0.8, 1, 1.3, 1, 0.7, 1, 1.5]
    made = scaled([*season, *(2 * factor for factor in season[:4])])
    said = seasonal_naive(made, 14)[0, :, SIZE]
    # The growth of the year before comes again too.
    assert said == pytest.approx([*(200 * f for f in season[4:]), *(400 * f for f in season[:6])])


def test_without_a_year_or_a_figure_there_is_no_change():
    assert seasonal_naive(scaled([1, 2, 3]), 2)[0, :, SIZE].tolist() == [300, 300]
    twelve = scaled([1.0] * 11 + [3.0])
    assert seasonal_naive(twelve, 1)[0, 0, SIZE] == 300
    empty = scaled([0.0] + [1.0] * 11 + [3.0])
    assert seasonal_naive(empty, 1)[0, 0, SIZE] == 300


def test_a_month_of_last_year_that_was_not_sent_brings_no_season():
    made = scaled([1.0, 9.0] + [1.0] * 11)
    assert seasonal_naive(made, 1)[0, 0, SIZE] == 900
    assert seasonal_naive(unsent(made, 1, "P00"), 1)[0, 0, SIZE] == 100


def test_no_share_goes_beyond_everybody():
    lists = np.zeros((13, 1, BANDS))
    lists[:, 0, [3, 30]] = 50
    lists[1, 0, [3, 30]] = (99, 1)
    lists[12, 0, [3, 30]] = (80, 20)
    said = seasonal_naive(replaced(cube(13, 1), waiting=lists), 1)
    assert said[0, 0, SHARE] == 1


# Intervals.


def test_the_middle_is_what_the_rule_says():
    made = cube()
    for rule in (no_change, seasonal_naive):
        said = with_past_errors(rule)(made, 4)
        np.testing.assert_array_equal(said.values[..., MEDIAN], rule(made, 4))
        assert said.months == tuple(made.months[-1].plus(ahead) for ahead in (1, 2, 3, 4))
        assert list(said.keys) == ["provider", "function", "icb", "region", "sector"]


def test_the_width_is_that_of_a_groups_own_changes_once_it_has_enough():
    factors = [1 + (0.01 if at % 2 else 0) for at in range(OWN + 3)]
    said = with_past_errors(no_change)(scaled(factors), 2).values[0, :, SIZE]
    last = 100 * factors[-1]
    change = 1 / 101  # of 100 to 101; back again it is 1 of 102
    for quantile, value in zip(QUANTILES, said[0], strict=True):
        side = (quantile > 0.5) - (quantile < 0.5)
        assert value == pytest.approx(last + side * change * (last + 1), rel=1e-3)
    assert said[1] == pytest.approx([last] * 7)  # after two months it was always the same


def test_one_quantile_of_past_errors_by_hand():
    sizes = [100, 103, 101, 108, 107]
    said = with_past_errors(no_change)(scaled([size / 100 for size in sizes]), 1)
    errors = [abs(b - a) / (a + 1) for a, b in pairwise(sizes[1:])]
    width = np.quantile(errors, 0.8) * (sizes[-1] + 1)
    assert said.values[0, 0, SIZE, QUANTILES.index(0.9)] == pytest.approx(sizes[-1] + width)
    assert said.values[0, 0, SIZE, QUANTILES.index(0.1)] == pytest.approx(sizes[-1] - width)


def test_small_lists_do_not_borrow_the_errors_of_large_ones():
    rng = np.random.default_rng(5)
    small = 30 * np.exp(rng.normal(0, 0.5, (8, 30)))
    large = 5000 * np.exp(rng.normal(0, 0.01, (8, 30)))
    made = cube(8, 60)
    lists = np.zeros((8, 60, BANDS))
    lists[:, :, 3] = np.concatenate([small, large], axis=1)
    said = with_past_errors(no_change)(replaced(made, waiting=lists), 1).values[:, 0, SIZE]
    width = (said[:, -1] - said[:, 0]) / (said[:, MEDIAN] + 1)
    assert width[:30].min() > 5 * width[30:].max()


def test_a_horizon_not_reached_yet_widens_as_a_random_walk():
    said = with_past_errors(no_change)(cube(months=4, size=50_000), 8)
    width = said.values[..., SIZE, -1] - said.values[..., SIZE, MEDIAN]
    assert width[:, 7] / width[:, 1] == pytest.approx(np.full(8, 2.0))  # 8 months from 2


def test_without_any_past_there_is_no_width():
    said = with_past_errors(no_change)(cube(months=2), 2)
    assert (said.values == said.values[..., :1]).all()


def test_a_steady_list_is_sure():
    said = with_past_errors(no_change)(steady([70, 30]), 3).values
    assert (said[..., SIZE, :] == np.array([70.0, 30.0])[:, None, None]).all()


@settings(deadline=None, max_examples=20)
@given(
    st.integers(2, 18), st.integers(1, 12), st.integers(1, 9), st.sampled_from([2.0, 50.0, 900.0])
)
def test_any_forecast_is_in_order_and_possible(months, ahead, seed, size):
    made = unsent(cube(months=months, seed=seed, size=size), seed % months, "P02")
    for rule in (no_change, seasonal_naive):
        said = with_past_errors(rule)(made, ahead)
        assert (said.values >= 0).all()
        assert (said.values[..., SHARE, :] <= 1).all()


def test_no_months_are_no_forecast():
    with pytest.raises(ValueError, match="cannot forecast 0 months"):
        with_past_errors(no_change)(cube(), 0)
