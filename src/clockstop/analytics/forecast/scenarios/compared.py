"""A scenario beside what is to come without it, for the lists of one area: while a reader waits.

The area's lists alone are run, twice, with the same draws, so that the spread of the difference is
that of the scenario's doing. Ranges of what comes with the scenario are those of the forecast,
carried over: in proportion, and as much wider as intervals heed that the simulation is.
``side_by_side`` works them out anew, and all of England with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats, Lanes, Model
from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.intervals import MIDDLE, honest, stretched
from clockstop.analytics.forecast.months.cube import groups_of
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE, possible
from clockstop.analytics.forecast.scenarios.bench import Bench
from clockstop.analytics.forecast.scenarios.effects import policy_of
from clockstop.analytics.forecast.scenarios.scenario import Scenario, ScenarioRefusedError
from clockstop.analytics.forecast.spread import Run, figures_of, moved, under
from clockstop.core.codes import ALL_FUNCTIONS
from clockstop.core.types import Month

MOST, LEAST = 1024, 64  # replicates
_EFFORT = 5_000_000  # cells, months and replicates of a run: a second or so
_FEW = 5.0  # pathways: as the intervals of forecasts count few
_HEEDED = 0.25  # the power of a list's own spread that intervals heed
_SHARE, _HIGH = MEASURES.index(SHARE), QUANTILES.index(0.9)


@dataclass(frozen=True)
class Compared:
    """What a scenario makes of an area: of all its lists together, then of each function's.

    ``as_now`` and ``changed`` (groups, months, ``MEASURES``) are the middles; ``difference``
    (groups, months, ``MEASURES``, ``QUANTILES``) is what the scenario adds, below 0 what it takes
    away, over ``replicates`` simulated courses. ``wider`` (groups, months, ``MEASURES``) is how
    many times as far ranges reach.
    """

    months: tuple[Month, ...]
    functions: tuple[str, ...]
    as_now: Floats
    changed: Floats
    difference: Floats
    wider: Floats
    replicates: int

    def carried(self, function: str, values: Floats) -> Floats:
        """What a forecast (months, ``MEASURES``, ``QUANTILES``) becomes with the scenario.

        ``values`` is the function's forecast as things are, for at least as many months.
        """
        at = self.functions.index(function)
        now, then, wider = (each[at][..., None] for each in (self.as_now, self.changed, self.wider))
        values = values[: len(self.months)]
        middle = values[..., MIDDLE : MIDDLE + 1]
        moved_to = (middle + _FEW) * (then + _FEW) / (now + _FEW)
        found = moved_to * ((values + _FEW) / (middle + _FEW)) ** wider - _FEW
        off = wider * (values - middle)
        found[:, _SHARE] = (middle + then - now + off)[:, _SHARE]
        return possible(found)


def compare(bench: Bench, scenario: Scenario, which: npt.NDArray[np.bool_]) -> Compared:
    """What a scenario makes of the cells ``which`` (cells,) of a bench.

    Clock stops that it adds are shared out among all the lists that it means, in the area or not.
    Raises ScenarioRefusedError for one that does not fit the lists or looks further than the bench.
    """
    held = bench.middle.shape[1]
    if scenario.horizon_months > held:
        expected = f"{held} or fewer, as far as forecasts are kept"
        raise ScenarioRefusedError(
            (f"horizon_months: found {scenario.horizon_months}, expected {expected}",)
        )
    policy, area = _within(policy_of(scenario, bench.model), which), bench.of(which)
    middle = area.middle[:, : scenario.horizon_months].astype(np.float64)
    changed = under(area.model, middle, policy)
    run = Run(replicates_of(scenario, int(which.sum())), scenario.seed)
    groups, members = groups_of(area.model.cells, ("function",))
    sums = np.stack(
        [
            _summed(area.model, lists, members, each)
            for lists, each in ((middle, run), (changed, replace(run, policy=policy)))
        ]
    )
    now, then = (_middles(each, members, len(groups)) for each in (middle, changed))
    parts = [_spread(sums.sum(axis=1)), *map(_spread, np.moveaxis(sums, 1, 0))]
    simulated, difference = (np.stack(each) for each in zip(*parts, strict=True))
    return Compared(
        scenario.months,
        (ALL_FUNCTIONS.code, *groups.function),
        now,
        then,
        difference,
        _wider((now, then), simulated),
        run.replicates,
    )


def replicates_of(scenario: Scenario, cells: int) -> int:
    """How many courses of so many lists are simulated: a power of 2, no more than was asked."""
    room = _EFFORT // max(1, cells * scenario.horizon_months)
    within = 1 << max(0, room.bit_length() - 1)
    return min(scenario.replicates, max(LEAST, min(MOST, within)))


def _within(policy: Policy, which: npt.NDArray[np.bool_]) -> Policy:
    """The policy of the cells of an area."""
    demand, capacity = (np.asarray(each)[which] for each in (policy.demand, policy.capacity))
    return replace(policy, demand=demand, capacity=capacity)


def _summed(model: Model, middle: Floats, members: npt.NDArray[np.int64], run: Run) -> Lanes:
    """The simulated counts of each group: (groups, months, ``COUNTED``, replicates)."""
    shape = (members.max(initial=-1) + 1, *middle.shape[1:], run.replicates)
    sums = np.zeros(shape, dtype=np.float32)
    for cells, counts in moved(model, middle, run):
        for group, own in zip(members[cells], counts, strict=True):  # faster than np.add.at
            sums[group] += own
    return sums


def _middles(counts: Floats, members: npt.NDArray[np.int64], groups: int) -> Floats:
    """The figures of all cells together, then of each group."""
    sums = np.zeros((groups + 1, *counts.shape[1:]))
    sums[0] = counts.sum(axis=0)
    np.add.at(sums, members + 1, counts)
    return figures_of(sums)


def _spread(both: Lanes) -> tuple[Floats, Floats]:
    """The quantiles of two runs (2, months, ``COUNTED``, replicates), and of their difference.

    (2, months, ``MEASURES``, ``QUANTILES``), and the same without the first axis.
    """
    runs = figures_of(np.moveaxis(both, 2, -1))
    found = np.quantile(np.stack([*runs, runs[1] - runs[0]]), QUANTILES, axis=2)
    quantiles = np.moveaxis(found, 0, -1)
    return quantiles[:2], quantiles[2]


def _wider(middles: Sequence[Floats], simulated: Floats) -> Floats:
    """How many times as far ranges reach with the scenario: (groups, months, ``MEASURES``).

    Without a past to learn from, ``honest`` tells a list's own deviation, the chance of single
    pathways in it.
    """
    alone = np.arange(len(simulated))
    reaches = []
    for run, middle in enumerate(middles):
        told = honest(middle, simulated[:, run], (), alone)[..., _HIGH]
        reaches.append(stretched(told) - stretched(middle))
    now, then = reaches
    times: Floats = np.divide(then, now, out=np.ones_like(now), where=(now > 0) & (then > 0))
    return times**_HEEDED
