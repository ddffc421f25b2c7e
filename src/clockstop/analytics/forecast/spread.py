"""The simulated spread of every group: each cell's replicates, moved to its middle and added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Floats, Lanes, Model
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED, Policy
from clockstop.analytics.forecast.engine.simulation import expected_paths, simulate
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.quantiles import LONG_WAITS, QUANTILES

_NOBODY = 1e-3  # of a pathway: less is none
COUNTED = 1 + len(LONG_WAITS)  # the list, and those over each threshold
_FROM = [0, *(STRETCHES.starts.index(weeks) for weeks in LONG_WAITS)]


@dataclass(frozen=True)
class Run:
    """How a simulation is run."""

    replicates: int = 1024
    seed: int = 0
    policy: Policy = AS_CALIBRATED


def counted(lists: Floats) -> Floats:
    """The list, and those over 18, 52, 65 and 78 weeks, of lists by stretch: (…, COUNTED)."""
    longer = lists[..., ::-1].cumsum(axis=-1)[..., ::-1]
    counts: Floats = longer[..., _FROM]
    return counts


def figures_of(counts: npt.NDArray[np.floating]) -> Floats:
    """The measures along the last axis, of counts (…, COUNTED); nobody waits on an empty list."""
    size, late = counts[..., 0], counts[..., 1]
    share = 1 - np.divide(late, size, out=np.zeros_like(size), where=size > 0)
    figures: Floats = np.concatenate(
        [size[..., None], share[..., None], counts[..., 1:]], axis=-1
    ).astype(np.float64)
    return figures


class Spread:
    """The simulated quantiles of the groups of a level, taken in some cells at a time."""

    def __init__(self, members: npt.NDArray[np.int64], groups: int) -> None:
        """``members`` (cells,) is the group of each cell."""
        self._members, self._groups = members, groups
        self._is_cells = groups == len(members) and bool((members == np.arange(groups)).all())
        self._sums: Lanes | None = None
        self._found: list[Floats] = []

    def take(self, cells: slice, counts: Lanes) -> None:
        """The counts of some cells, in their order: (cells, months, COUNTED, replicates)."""
        if self._is_cells:
            self._found.append(_quantiles(counts))
            return
        if self._sums is None:
            self._sums = np.zeros((self._groups, *counts.shape[1:]), dtype=np.float32)
        np.add.at(self._sums, self._members[cells], counts)

    def quantiles(self) -> Floats:
        """Of every group, once all cells are in: (groups, months, measures, ``QUANTILES``)."""
        if self._sums is not None:
            self._found = [_quantiles(self._sums[at : at + 1]) for at in range(self._groups)]
        return np.concatenate(self._found)


def _quantiles(counts: Lanes) -> Floats:
    replicates = figures_of(np.moveaxis(counts, 2, -1))
    found: Floats = np.moveaxis(np.quantile(replicates, QUANTILES, axis=2), 0, -1)
    return found


def under(model: Model, middle: Floats, policy: Policy) -> Floats:
    """What a policy makes of the middle: in proportion to what it makes of the model's course."""
    weeks = weeks_after(model.origin, middle.shape[1])
    usual, changed = (
        expected_paths(model, weeks, each).values[..., :COUNTED].astype(np.float64)
        for each in (AS_CALIBRATED, policy)
    )
    ratio = np.divide(changed, usual, out=np.ones_like(usual), where=usual > _NOBODY)
    return middle * ratio


def moved(model: Model, middle: Floats, run: Run) -> Iterator[tuple[slice, Lanes]]:
    """The simulated counts of cells, some at a time: (cells, months, COUNTED, replicates).

    ``middle`` (cells, months, COUNTED) is what each cell's replicates are moved to, in proportion.
    """
    weeks = weeks_after(model.origin, middle.shape[1])
    own = expected_paths(model, weeks, run.policy).values[..., :COUNTED]
    factor = np.divide(middle, own, out=np.zeros_like(middle), where=own > _NOBODY)
    for outcomes in simulate(
        model, weeks, replicates=run.replicates, seed=run.seed, policy=run.policy
    ):
        values = outcomes.values[:, :, :COUNTED] * factor[outcomes.cells, ..., None]
        # Longer waits are part of shorter ones, whatever each was moved by.
        yield outcomes.cells, np.minimum.accumulate(values.astype(np.float32), axis=2)
