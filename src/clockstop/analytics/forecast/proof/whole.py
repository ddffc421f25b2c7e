"""The whole back-test of a lake: our forecast and every other, at every origin its months allow."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.months.cube import read_cube
from clockstop.analytics.forecast.proof.backtest import (
    ENGLAND,
    LEVELS,
    MINIMUM_HISTORY,
    BackTest,
    Progress,
    backtest,
)
from clockstop.analytics.forecast.proof.baselines import BASELINES, LIBRARY
from clockstop.analytics.forecast.proof.truth import published_england
from clockstop.analytics.forecast.quantiles import Forecaster
from clockstop.analytics.forecast.spread import Run
from clockstop.analytics.published.lake import Lake

OURS = "clockstop"
REPLICATES = 128  # enough for widths, which past errors set


def prove(
    lake: Lake,
    progress: Progress | None = None,
    *,
    replicates: int = REPLICATES,
    library: Callable[[str], bool] = lambda level: level == ENGLAND,
) -> BackTest:
    """Forecast from every month of the lake but the first few, and hold it against what came.

    ``library`` tells for which levels the models of the library are fitted too: each list by
    itself, which takes most of an hour for all of them. Raises NoDataError for a lake without
    returns and ValueError for one with too few months.
    """
    cube = read_cube(lake)
    own: dict[str, Forecaster] = {OURS: Forecasts(cube, run=Run(replicates)), **BASELINES}
    truth = published_england(lake)
    asked = [(level, own | (dict(LIBRARY) if library(level) else {})) for level in LEVELS]
    origins = len(cube.months) - MINIMUM_HISTORY
    total = sum(len(forecasters) * origins for _, forecasters in asked)
    tables, done = [], 0
    for level, forecasters in asked:
        before = done

        def said(here: int, _: int, before: int = before) -> None:
            if progress:
                progress(before + here, total)

        levels = {level: LEVELS[level]}
        tables.append(
            backtest(cube, forecasters, levels=levels, england=truth, progress=said).table
        )
        done += len(forecasters) * origins
    return BackTest(pl.concat(tables))
