"""What a scenario does to the lists it meets: multipliers of demand and capacity, and a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine import policy
from clockstop.analytics.forecast.engine.model import Model
from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.months.cube import Cells, Floats
from clockstop.analytics.forecast.scenarios.scenario import (
    CapacityChange,
    ClockStops,
    Scenario,
    ScenarioRefusedError,
    Where,
)


@dataclass(frozen=True)
class Multipliers:
    """What demand and capacity are multiplied by: (cells, months), 1 for no change."""

    demand: Floats
    capacity: Floats


def multipliers(scenario: Scenario, cells: Cells, capacity: npt.ArrayLike) -> Multipliers:
    """The multipliers of a scenario's months, for all the cells that it may mean.

    ``capacity`` (cells,) is what they have at the base month, in clock stops of an ordinary week:
    clock stops that a change adds are spread by it. Raises ScenarioRefusedError with every change
    that means none of the cells, adds to lists that have no capacity, or takes more than there is.
    """
    today = np.asarray(capacity, dtype=np.float64)
    problems = [*_unmet(scenario, cells), *_without_capacity(scenario, cells, today)]
    if problems:
        raise ScenarioRefusedError(tuple(problems))
    found = Multipliers(
        _percentages(scenario, scenario.demand, cells),
        _percentages(scenario, scenario.capacity, cells) + _added(scenario, cells, today),
    )
    if (found.capacity < 0).any():
        raise ScenarioRefusedError(tuple(_overdrawn(scenario, cells, found.capacity)))
    return found


def policy_of(scenario: Scenario, model: Model) -> Policy:
    """What the engine is run with: the scenario's multipliers, and who is treated first.

    Raises ScenarioRefusedError as ``multipliers`` does, and if the model is of another month.
    """
    if model.origin != scenario.base_month:
        found = f"base_month: found {scenario.base_month}"
        raise ScenarioRefusedError((f"{found}, expected {model.origin}, that of the figures",))
    times = multipliers(scenario, model.cells, model.capacity)
    first, cliff = scenario.policy, scenario.policy.cliff
    return Policy(
        long_wait_share=first.long_wait_share,
        long_wait_weeks=first.long_wait_weeks,
        cliff=policy.Cliff(cliff.by_month, cliff.over_weeks) if cliff else None,
        demand=times.demand,
        capacity=times.capacity,
    )


def _percentages(scenario: Scenario, changes: tuple[CapacityChange, ...], cells: Cells) -> Floats:
    times = np.ones((len(cells), scenario.horizon_months))
    for change in changes:
        if not isinstance(change, ClockStops):
            times[change.where.among(cells)] *= change.factors(scenario.months)
    return times


def _added(scenario: Scenario, cells: Cells, capacity: Floats) -> Floats:
    """What clock stops add, in parts of the capacity of the base month."""
    added = np.zeros((len(cells), scenario.horizon_months))
    for change in scenario.capacity:
        if isinstance(change, ClockStops):
            chosen = change.where.among(cells)
            added[chosen] += change.added(scenario.months) / capacity[chosen].sum()
    return added


def _unmet(scenario: Scenario, cells: Cells) -> Iterator[str]:
    """The changes that mean no list, and the codes that have none."""
    for path, change in _changes(scenario):
        yield from _unknown(change.where, cells, f"{path}.where", scenario)


def _unknown(where: Where, cells: Cells, path: str, scenario: Scenario) -> Iterator[str]:
    held = f"with a list in {scenario.base_month}"
    strange = [
        f"{path}.{column}s: found {code}, expected one {held}"
        for column, codes in where.named()
        for code in codes
        if code not in getattr(cells, column)
    ]
    yield from strange
    if not strange and not where.among(cells).any():
        yield f"{path}: found no list in {scenario.base_month} of all of these, expected one"


def _without_capacity(scenario: Scenario, cells: Cells, capacity: Floats) -> Iterator[str]:
    for path, change in _changes(scenario):
        if not isinstance(change, ClockStops):
            continue
        chosen = change.where.among(cells)
        if chosen.any() and capacity[chosen].sum() <= 0:
            yield f"{path}.where: found no clock stops at present, expected some to add these to"


def _overdrawn(scenario: Scenario, cells: Cells, times: Floats) -> Iterator[str]:
    """The first month of each list in which more clock stops are taken away than there are."""
    for cell in np.flatnonzero((times < 0).any(axis=1)):
        month = scenario.months[int(np.argmax(times[cell] < 0))]
        who = f"{cells.provider[cell]} {cells.function[cell]}"
        yield f"capacity: found fewer than 0 clock stops for {who} in {month}, expected 0 or more"


def _changes(scenario: Scenario) -> Iterator[tuple[str, CapacityChange]]:
    yield from ((f"demand[{at}]", change) for at, change in enumerate(scenario.demand))
    yield from ((f"capacity[{at}]", change) for at, change in enumerate(scenario.capacity))
