"""Exponential smoothing and Theta: held against a library's, and what is left to no change."""

import warnings
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent

from clockstop.analytics.forecast.proof.baselines import smoothing
from clockstop.analytics.forecast.proof.baselines.linear_smoothers import (
    ALPHAS,
    BETAS,
    DAMPINGS,
    FINE_ALPHAS,
    damped_trends,
    levels,
    thetas,
)
from clockstop.analytics.forecast.proof.baselines.naive import no_change
from clockstop.analytics.forecast.proof.baselines.past_errors import with_past_errors
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES

MEDIAN = QUANTILES.index(0.5)
BOTH = [smoothing.ets, smoothing.theta]
SEEDS = range(6)


def one(months, size=9000.0, seed=3):
    return cube(months=months, count=1, size=size, seed=seed)


def said_by(forecaster, made, months):
    return forecaster(made, months).values  # noqa: PD011  # quantiles, no table of pandas


def walk(months, seed):
    """A list that drifts, with noise of its own in each month."""
    rng = np.random.default_rng(seed)
    return 9000 + np.cumsum(rng.normal(-20, 100, months)) + rng.normal(0, 60, months)


def grid_of(months):
    return damped_trends if months >= smoothing.SHORT else levels


def best_of(series, grid):
    """The least of the grid's sums of squared errors, and its smoother."""
    scored = [(((each.errors @ series) ** 2).sum(), each) for each in grid]
    return min(scored, key=lambda pair: pair[0])


# Exponential smoothing.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("months", [6, 14, 17])
def test_ets_errs_no_more_than_the_librarys(months, seed):
    """The library's search may stop at a worse setting: ours looks at all of them."""
    series = walk(months, seed)
    least, _ = best_of(series, grid_of(months)(months, 1))
    trend = {"trend": "add", "damped_trend": True} if months >= smoothing.SHORT else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ETSModel(series, **trend).fit(disp=False)
    assert least <= fitted.sse * 1.002


@pytest.mark.parametrize("index", [0, 200, 555, 900, -1])
def test_ets_of_one_setting_is_the_librarys(index):
    """Errors, forecast and width, with the setting and the first state given to the library."""
    months, ahead = 14, 6
    series = walk(months, 2)
    alpha, part, damping = list(product(ALPHAS, BETAS, DAMPINGS))[index]
    setting = (alpha, alpha * part, damping)
    smoother = damped_trends(months, ahead)[index]
    errors = smoother.errors @ series
    start = first_state(series, setting, errors)
    model = ETSModel(pd.Series(series), trend="add", damped_trend=True)
    found = model.smooth([*setting, *start])
    np.testing.assert_allclose(errors, found.resid, atol=1e-4)
    np.testing.assert_allclose(smoother.ahead @ series, found.forecast(ahead), rtol=1e-9)
    told = found.get_prediction(months, months + ahead - 1)
    width = smoother.growth * smoother.scale(errors)
    np.testing.assert_allclose(width, np.sqrt(told.forecast_variance), rtol=1e-6)


def first_state(series, setting, errors):
    """The level and trend before the series, from its first two errors."""
    alpha, beta, damping = setting
    said = series - errors  # said[0] = l + φb; said[1] = l' + φb'
    # l' = said[0] + alpha e[0], b' = φb + beta e[0]
    later = (said[1] - said[0] - alpha * errors[0]) / damping
    trend = (later - beta * errors[0]) / damping
    return said[0] - damping * trend, trend


@given(seed=st.integers(0, 1000), months=st.integers(4, 20), start=st.floats(8000, 10000))
@settings(deadline=None, max_examples=50)
def test_no_other_start_errs_less(seed, months, start):
    series = walk(months, seed)
    smoothers = levels(months, 1)
    for at, alpha in ((0, 1e-4), (20, 0.2), (60, 0.6), (-1, 0.9999)):
        least = ((smoothers[at].errors @ series) ** 2).sum()
        level, squares = start, 0.0
        for value in series:
            error = value - level
            level, squares = level + alpha * error, squares + error**2
        assert least <= squares * (1 + 1e-9)


# Theta.


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("months", [6, 14, 17])
def test_theta_is_the_librarys(months, seed):
    series = walk(months, seed)
    mean, deviation = smoothing.fitted(series[:, None], thetas(months, 4))
    fitted = ThetaModel(series, deseasonalize=False).fit()
    assert mean[:, 0] == pytest.approx(fitted.forecast(4).to_numpy(), rel=2e-3)
    assert (np.diff(deviation[:, 0]) >= 0).all()


def test_thetas_width_one_month_ahead_is_the_librarys_on_a_long_series():
    """There the library's estimate, by another way, comes to the same.

    Further ahead the library adds ``1 + (1 - alpha)²`` a month; the variance of an exponentially
    smoothed level grows by ``alpha²`` (Hyndman and others 2008, table 6.1).
    """
    series = walk(200, 5)
    _, deviation = smoothing.fitted(series[:, None], thetas(200, 1))
    told = ThetaModel(series, deseasonalize=False).fit().prediction_intervals(1, alpha=0.05)
    expected = (told["upper"] - told["lower"]) / (2 * 1.959964)
    assert deviation[:, 0] == pytest.approx(expected.to_numpy(), rel=0.02)


@pytest.mark.parametrize("at", [1, 40, 100])
def test_theta_grows_less_sure_by_the_square_of_alpha(at):
    growth = thetas(12, 4)[at].growth
    assert growth**2 == pytest.approx(1 + np.arange(4) * FINE_ALPHAS[at] ** 2)


# Both, as forecasters.


@pytest.mark.parametrize("forecaster", BOTH)
def test_each_series_is_smoothed_by_itself(forecaster):
    """Lists fitted together say what each says alone, gaps and all."""
    made = unsent(cube(months=12, size=9000.0), 5, "P01")
    together = said_by(forecaster, made, 3)
    for group in np.flatnonzero(made.waiting[-1].sum(axis=1) > smoothing.SMALL):
        (alone,) = said_by(forecaster, made.of(np.array([group])), 3)
        np.testing.assert_allclose(together[group], alone, rtol=1e-9)


@pytest.mark.parametrize("forecaster", BOTH)
def test_the_quantiles_of_a_count_are_normal(forecaster):
    values = said_by(forecaster, one(14), 3)[0, :, 0]
    upper, lower = values[:, -1] - values[:, MEDIAN], values[:, MEDIAN] - values[:, 0]
    assert upper == pytest.approx(lower)
    inner = values[:, QUANTILES.index(0.9)] - values[:, MEDIAN]
    assert inner / upper == pytest.approx(1.2815516 / 1.959964)


@pytest.mark.parametrize("forecaster", BOTH)
def test_small_lists_and_steady_ones_are_left_to_no_change(forecaster):
    still = with_past_errors(no_change)
    for made in (one(9, size=300.0), steady([8000, 900], months=9)):
        np.testing.assert_array_equal(said_by(forecaster, made, 2), said_by(still, made, 2))


@pytest.mark.parametrize("forecaster", BOTH)
@pytest.mark.parametrize("months", [1, 2, 3, 4, 18])
def test_no_history_is_too_short(forecaster, months):
    said = said_by(forecaster, one(months), 2)
    assert (said >= 0).all()
    assert (said[..., MEASURES.index("pct_within_18_weeks"), :] <= 1).all()


@pytest.mark.parametrize("forecaster", BOTH)
def test_a_month_that_was_not_sent_is_passed_over(forecaster):
    made = one(10)
    gap = unsent(made, 4, "P00")
    without = np.arange(10) != 4
    kept = {
        key: getattr(made, key)[without]
        for key in ("waiting", "admitted", "nonadmitted", "new_periods", "sent")
    }
    shorter = replaced(made, months=made.months[1:], **kept)
    medians = [said_by(forecaster, each, 2)[..., MEDIAN] for each in (gap, shorter)]
    np.testing.assert_array_equal(*medians)
