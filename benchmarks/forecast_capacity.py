"""The capacity that targets need: of all lists at once, and list by list.

python -m benchmarks.forecast_capacity CELLS
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks import simulation
from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Model
from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.spread import COUNTED, figures_of
from clockstop.analytics.forecast.targets.aims import Aim
from clockstop.analytics.forecast.targets.capacity import MOST, least
from clockstop.analytics.forecast.targets.courses import engine_courses, multipliers_to
from clockstop.core.rulebook.targets import targets

FEW = 20
MONTHS = 42  # from September 2025 to the last target, of March 2029
AHEAD = {"rtt-18w-29": 42, "rtt-18w-26": 6, "rtt-52b": 6, "rtt-65b": 12, "rtt-78": 12}
WEEKS = weeks_after(simulation.ORIGIN, MONTHS)
AIMS = [Aim(targets()[key], simulation.ORIGIN.plus(ahead)) for key, ahead in AHEAD.items()]
_NEAR = 1e-3  # of the multiplier's logarithm: where the bisection ends


def solve(cells: int) -> list[Any]:
    """The multipliers of every list, for each of the targets."""
    months = sorted({aim.month for aim in AIMS})
    found = engine_courses(simulation.model(cells), WEEKS, months, multipliers_to(MOST))
    return [_needed(aim, found) for aim in AIMS]


def _needed(aim: Aim, found: Any) -> Any:
    lists = figures_of(np.moveaxis(found.counts[:, found.months.index(aim.month)], 1, -1))
    asked = np.full(len(lists), aim.target.threshold)
    missing = aim.missing(aim.figure(lists), asked)
    return least(found.multipliers, missing, np.full(len(lists), aim.slack))


def both_ways() -> dict[str, Callable[[], object]]:
    """The multipliers of a few lists at once, and of each by itself."""
    return {
        "Clockstop, all lists and targets at once": partial(solve, FEW),
        "bisection, one list and target at a time": partial(by_bisection, FEW),
    }


def by_bisection(cells: int) -> list[list[float]]:
    """The same by the same engine, with as many runs as each takes."""
    model = simulation.model(cells)
    return [[_bisected(_alone(model, cell), aim) for cell in range(cells)] for aim in AIMS]


def _bisected(alone: Model, aim: Aim) -> float:
    low, high = 1 / MOST, MOST
    if not _is_met(alone, aim, high):
        return np.inf
    if _is_met(alone, aim, low):
        return low
    while high / low > 1 + _NEAR:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if _is_met(alone, aim, middle) else (middle, high)
    return high


def _is_met(alone: Model, aim: Aim, times: float) -> bool:
    counts = expected_paths(alone, WEEKS, Policy(capacity=times)).values[..., :COUNTED]
    figure = aim.figure(figures_of(counts[:, WEEKS.months.index(aim.month)]))
    asked = np.array([aim.target.threshold])
    return bool(aim.missing(figure[:, None], asked)[0, 0] <= aim.slack)


def _alone(model: Model, cell: int) -> Model:
    """One of the lists as a model."""
    only = slice(cell, cell + 1)
    by_cell = ("waiting", "arrivals", "capacity", "propensity", "stays", "transfers_in")
    own = {name: getattr(model, name)[only] for name in by_cell}
    noise = {field.name: getattr(model.noise, field.name) for field in fields(model.noise)}
    own_noise = {name: each[only] for name, each in noise.items() if isinstance(each, np.ndarray)}
    return replace(
        model,
        cells=model.cells.at(np.array([cell])),
        noise=replace(model.noise, **own_noise),
        **own,
    )


if __name__ == "__main__":
    solve(int(sys.argv[1]))
