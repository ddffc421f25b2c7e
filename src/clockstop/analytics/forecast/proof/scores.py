"""How good forecasts were, as expressions over a table of what was said and what happened.

Each row is one figure of one group, forecast once: its quantiles ``p2_5`` … ``p97_5`` and the
``truth``. The error is the median less the truth.
"""

from __future__ import annotations

import polars as pl

from clockstop.analytics.forecast.quantiles import QUANTILES, name

TRUTH, MEDIAN = pl.col("truth"), pl.col(name(0.5))
ERROR = (MEDIAN - TRUTH).cast(pl.Float64)
INTERVALS = {round(100 * (1 - 2 * low)): low for low in QUANTILES if low < 1 / 2}
_NORMAL_95 = 1.959964


def mape() -> pl.Expr:
    """Mean absolute percentage error, as a fraction: the mean of ``|error| / truth``.

    Over the rows whose truth is not 0. Source: Hyndman and Koehler, International Journal of
    Forecasting 22 (2006), §2.2.
    """
    return (ERROR.abs() / TRUTH).filter(TRUTH > 0).mean()


def wape() -> pl.Expr:
    """Weighted absolute percentage error, as a fraction: ``Σ |error| / Σ truth``.

    Null where there is nothing to weigh by. Source: Kolassa and Schütz, Foresight 6 (2007).
    """
    total = TRUTH.cast(pl.Float64).sum()
    return pl.when(total > 0).then(ERROR.abs().sum() / total)


def points() -> pl.Expr:
    """The mean absolute error of a share, in percentage points."""
    return 100 * ERROR.abs().mean()


def coverage(percent: int) -> pl.Expr:
    """The share of rows whose truth lies in the central interval: 50, 80 or 95 %, ends included.

    Source: Gneiting and Raftery, Journal of the American Statistical Association 102 (2007), §6.
    """
    low = INTERVALS[percent]
    return TRUTH.is_between(pl.col(name(low)), pl.col(name(1 - low))).mean()


def crps() -> pl.Expr:
    """The continuous ranked probability score that the quantiles tell: in units of the figure.

    The mean over the quantiles ``q`` at level ``τ`` of twice the pinball loss,
    ``2 · max(τ·(truth - q), (τ - 1)·(truth - q))``, which for central intervals and the median is
    the weighted interval score. Source: Bracher, Ray, Gneiting and Reich, PLOS Computational
    Biology 17 (2021), e1008618.
    """
    losses = [_pinball(quantile) for quantile in QUANTILES]
    return (2 * pl.mean_horizontal(losses)).mean()


def _pinball(quantile: float) -> pl.Expr:
    above = (TRUTH - pl.col(name(quantile))).cast(pl.Float64)
    return pl.max_horizontal(quantile * above, (quantile - 1) * above)


def half_width_of_mean(values: pl.Expr) -> pl.Expr:
    """Half the 95 % confidence interval of a mean of independent values: ``1.96 · s / √n``."""
    return _NORMAL_95 * values.std() / values.count().sqrt()
