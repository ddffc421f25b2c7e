"""Exponential smoothing and Theta: the library's figures, and what is left to no change."""

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent

from clockstop.analytics.forecast.proof.baselines import smoothing as library
from clockstop.analytics.forecast.proof.baselines.history import history
from clockstop.analytics.forecast.proof.baselines.naive import no_change
from clockstop.analytics.forecast.proof.baselines.past_errors import with_past_errors
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES

MEDIAN = QUANTILES.index(0.5)
BOTH = [library.ets, library.theta]


def one(months, size=9000.0, seed=3):
    return cube(months=months, count=1, size=size, seed=seed)


@pytest.mark.parametrize("months", [6, 14])
def test_ets_is_the_librarys(months):
    made = one(months)
    said = library.ets(made, 3).values[0, :, 0]
    trend = {"trend": "add", "damped_trend": True} if months >= library.SHORT else {}
    fitted = ETSModel(history(made)[:, 0, 0], **trend).fit(disp=False)
    assert said[:, MEDIAN] == pytest.approx(fitted.forecast(3), rel=1e-6)
    simulated = fitted.simulate(3, anchor="end", repetitions=4000, rng=np.random.default_rng(1))
    for quantile in (0.1, 0.9):
        expected = np.quantile(np.asarray(simulated), quantile, axis=1)
        width = said[:, -1] - said[:, 0]
        off = abs(said[:, QUANTILES.index(quantile)] - expected)
        assert (off < 0.03 * width).all()


def test_theta_is_the_librarys():
    made = one(14)
    said = library.theta(made, 3).values[0, :, 0]
    fitted = ThetaModel(history(made)[:, 0, 0], deseasonalize=False).fit()
    assert said[:, MEDIAN] == pytest.approx(fitted.forecast(3).to_numpy())
    for low, alpha in ((0, 0.05), (1, 0.2), (2, 0.5)):
        expected = fitted.prediction_intervals(3, alpha=alpha)
        assert said[:, low] == pytest.approx(expected["lower"].to_numpy())
        assert said[:, -1 - low] == pytest.approx(expected["upper"].to_numpy())


@pytest.mark.parametrize("forecaster", BOTH)
def test_small_lists_and_steady_ones_are_left_to_no_change(forecaster):
    still = with_past_errors(no_change)
    for made in (one(9, size=300.0), steady([8000, 900], months=9)):
        np.testing.assert_array_equal(forecaster(made, 2).values, still(made, 2).values)


@pytest.mark.parametrize("forecaster", BOTH)
def test_what_the_library_warns_of_is_left_to_no_change(forecaster, monkeypatch):
    def warning(series, months):
        np.log(np.zeros(1))
        return series[:months], series[:months]

    for smoother in ("_damped_trend", "_theta"):
        monkeypatch.setattr(library, smoother, warning)
    made = one(9)
    still = with_past_errors(no_change)(made, 2)
    np.testing.assert_array_equal(forecaster(made, 2).values, still.values)


@pytest.mark.parametrize("forecaster", BOTH)
@pytest.mark.parametrize("months", [1, 2, 3, 4, 18])
def test_no_history_is_too_short(forecaster, months):
    said = forecaster(one(months), 2).values
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
    medians = [forecaster(each, 2).values[..., MEDIAN] for each in (gap, shorter)]
    np.testing.assert_array_equal(*medians)
