"""Exponential smoothing and Theta, as statsmodels has them, of each figure by itself.

Each series is the months that the group sent, with no season, since two whole years are needed to
tell one. The intervals are the library's own, normal around the forecast. A list too small to
smooth, of at most ``SMALL`` pathways, a series of fewer than ``LEAST`` months or one that never
changed, and whatever the library warns of or cannot fit are left to no change.

Sources: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), for
ETS(A,Ad,N) and, on fewer than ``SHORT`` months, ETS(A,N,N); Assimakopoulos and Nikolopoulos,
International Journal of Forecasting 16 (2000), for Theta.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.proof.baselines.history import history
from clockstop.analytics.forecast.proof.baselines.naive import no_change
from clockstop.analytics.forecast.proof.baselines.past_errors import with_past_errors
from clockstop.analytics.forecast.quantiles import (
    MEASURES,
    QUANTILES,
    Floats,
    Quantiles,
    keys_of,
    possible,
)

SMALL = 500
LEAST, SHORT = 4, 8
# From a series, the means and standard deviations of so many months after it.
Smoother: TypeAlias = Callable[[Floats, int], tuple[Floats, Floats]]
_DEVIATES = np.array([NormalDist().inv_cdf(quantile) for quantile in QUANTILES])
_no_change = with_past_errors(no_change)


def ets(cube: Cube, months: int) -> Quantiles:
    """The forecast of a damped additive trend; ImportError without the extra ``forecast``."""
    return _smoothed(cube, months, _damped_trend)


def theta(cube: Cube, months: int) -> Quantiles:
    """The forecast of the Theta method; ImportError without the extra ``forecast``."""
    return _smoothed(cube, months, _theta)


def _smoothed(cube: Cube, months: int, smoother: Smoother) -> Quantiles:
    known, said = history(cube), _no_change(cube, months)
    values = said.values.copy()
    for group in np.flatnonzero(cube.waiting[-1].sum(axis=1) > SMALL):
        series = known[cube.sent[:, group], group]
        for measure in range(len(MEASURES)):
            found = _fitted(series[:, measure], months, smoother)
            if found is not None:
                values[group, :, measure] = found
    return Quantiles(said.months, keys_of(cube), possible(values))


def _fitted(series: Floats, months: int, smoother: Smoother) -> Floats | None:
    """The quantiles (months, quantiles) of a series, unless the library has doubts."""
    if len(series) < LEAST or np.ptp(series) == 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            mean, deviation = smoother(series, months)
        except (Warning, ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None
    found: Floats = mean[:, None] + deviation[:, None] * _DEVIATES
    return found


def _damped_trend(series: Floats, months: int) -> tuple[Floats, Floats]:
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    trend = {"trend": "add", "damped_trend": True} if len(series) >= SHORT else {}
    fitted = ETSModel(pd.Series(series), **trend).fit(disp=False)
    ahead = fitted.get_prediction(len(series), len(series) + months - 1)
    return ahead.predicted_mean.to_numpy(), np.sqrt(ahead.forecast_variance)


def _theta(series: Floats, months: int) -> tuple[Floats, Floats]:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fitted = ThetaModel(series, deseasonalize=False).fit()
    mean = fitted.forecast(months).to_numpy()
    upper = fitted.prediction_intervals(months, alpha=0.05)["upper"].to_numpy()
    return mean, (upper - mean) / NormalDist().inv_cdf(0.975)
