"""The whole back-test of a lake: our forecast and every other, at every origin its months allow."""

from __future__ import annotations

from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.months.cube import read_cube
from clockstop.analytics.forecast.proof.backtest import BackTest, Progress, backtest
from clockstop.analytics.forecast.proof.baselines import BASELINES
from clockstop.analytics.forecast.proof.truth import published_england
from clockstop.analytics.forecast.quantiles import Forecaster
from clockstop.analytics.forecast.spread import Run
from clockstop.analytics.published.lake import Lake

OURS = "clockstop"
REPLICATES = 128  # enough for widths, which past errors set


def prove(
    lake: Lake, progress: Progress | None = None, *, replicates: int = REPLICATES
) -> BackTest:
    """Forecast from every month of the lake but the first few, and hold it against what came.

    Raises NoDataError for a lake without returns and ValueError for one with too few months.
    """
    cube = read_cube(lake)
    forecasters: dict[str, Forecaster] = {OURS: Forecasts(cube, run=Run(replicates)), **BASELINES}
    return backtest(cube, forecasters, england=published_england(lake), progress=progress)
