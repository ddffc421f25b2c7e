"""How likely each target is to be met, as things are and with each scenario."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import Quantiles
from clockstop.analytics.forecast.targets.aims import Aim
from clockstop.analytics.forecast.targets.odds import probability_within
from clockstop.analytics.forecast.targets.prospects import LIKELY, UNLIKELY
from clockstop.core.rulebook.targets import targets
from clockstop.core.types import Month
from clockstop.service.dashboards.chances import Chance, chance, unit_of
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.scenarios.asked import Run
from clockstop.service.dashboards.scenarios.panels import AS_NOW
from clockstop.service.ui import figures

_WORDS = (
    "The chance that each national target is met, by the ranges of the forecast and of each "
    "scenario. A target that is judged after a scenario ends is not known: let it look further."
)


def of_targets(rows: Sequence[Chance], runs: Sequence[Run]) -> Panel:
    """A row for each target of a list, a column for each run."""
    named = {"as_now": AS_NOW} | {run.asked.key: run.asked.name for run in runs}
    columns = (
        Column("target", "Target"),
        Column("due", "Judged in"),
        Column("asked", "Asked"),
        *(Column(key, name) for key, name in named.items()),
        *(Column(f"{key}_probability", key, is_shown=False) for key in named),
    )
    table = Table(
        "Targets, and how likely it is to meet them",
        columns,
        tuple(_row(row, runs) for row in rows),
        is_stacked=True,
    )
    return Panel("targets", "Would it make its targets?", (_WORDS,), table=table)


def _row(row: Chance, runs: Sequence[Run]) -> Row:
    found = {"as_now": row["probability"]} | {run.asked.key: probability(row, run) for run in runs}
    asked = row["threshold"]
    values: dict[str, Any] = {
        "id": row["id"],
        "target": row["name"],
        "due": Month.parse(row["month"]).label,
        "asked": "not known" if asked is None else figures.figure(asked, unit_of(row)),
        **{key: chance(each) for key, each in found.items()},
        **{f"{key}_probability": each for key, each in found.items()},
    }
    return Row(values, tags=_tags(found))


def probability(row: Chance, run: Run) -> float | None:
    """The chance that a target is met with a scenario; None where that cannot be told."""
    month = Month.parse(row["month"])
    if row["probability"] is None or month not in run.compared.months:
        return None
    aim = Aim(targets()[row["id"]], month)
    said = Quantiles(run.compared.months, {}, _in_order(run.said)[None])
    missing = np.sort(aim.missing(aim.told(said), np.array([row["threshold"]])), axis=1)
    return float(probability_within(missing, aim.slack)[0])


def _in_order(values: Floats) -> Floats:
    """The quantiles as they are; what rounding has put out of order is put back."""
    ordered: Floats = np.maximum.accumulate(values, axis=-1)
    return ordered


def _tags(found: Mapping[str, float | None]) -> dict[str, str]:
    return {key: _tag(each) for key, each in found.items()}


def _tag(probability: float | None) -> str:
    if probability is None:
        return "grey"
    if probability >= LIKELY:
        return "green"
    return "yellow" if probability > UNLIKELY else "red"
