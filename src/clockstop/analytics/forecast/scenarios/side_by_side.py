"""A scenario beside what is to come without it, from the same draws."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.scenarios.effects import policy_of
from clockstop.analytics.forecast.scenarios.scenario import Scenario
from clockstop.analytics.forecast.spread import Run

AS_NOW, CHANGED = "as_now", "scenario"


def side_by_side(forecasts: Forecasts, scenario: Scenario, by: Sequence[str]) -> pl.DataFrame:
    """Rows of ``Quantiles.table`` with ``run``: ``as_now`` or ``scenario``.

    Both runs share every random draw, so that their difference is the scenario's doing. Raises
    ScenarioRefusedError for a scenario that does not fit the lists, and what ``Forecasts`` raises.
    """
    origin, months = scenario.base_month, scenario.horizon_months
    policy = policy_of(scenario, forecasts.model(origin))
    runs = {
        AS_NOW: Run(scenario.replicates, scenario.seed),
        CHANGED: Run(scenario.replicates, scenario.seed, policy),
    }
    listed = forecasts.listed(origin, by)
    tables = [
        forecasts.forecast(origin, months, by, run)
        .of(listed)
        .table()
        .select(pl.lit(name).alias("run"), pl.all())
        for name, run in runs.items()
    ]
    return pl.concat(tables)
