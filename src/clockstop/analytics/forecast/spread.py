"""The simulated spread of every group: each cell's replicates, moved to its middle and added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.calendar import weeks_after
from clockstop.analytics.forecast.grouping import STRETCHES
from clockstop.analytics.forecast.model import Floats, Lanes, Model, Weeks
from clockstop.analytics.forecast.policy import AS_CALIBRATED, Policy
from clockstop.analytics.forecast.quantiles import LONG_WAITS
from clockstop.analytics.forecast.simulation import expected_paths, simulate

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


def spreads(
    model: Model, middle: Floats, members: npt.NDArray[np.int64], groups: int, run: Run
) -> Iterator[tuple[slice, Lanes]]:
    """The simulated counts of groups, some at a time: (groups, months, COUNTED, replicates).

    ``middle`` (cells, months, COUNTED) is what every cell's replicates are moved to, in proportion;
    ``members`` (cells,) is the group of each cell. Where each cell is a group of its own they come
    as they are made; else they are added up first.
    """
    weeks = weeks_after(model.origin, middle.shape[1])
    moved = _moved(model, weeks, middle, run)
    if groups == len(members) and (np.diff(members) == 1).all():
        yield from moved
        return
    sums = np.zeros((groups, *middle.shape[1:], run.replicates), dtype=np.float32)
    for cells, values in moved:
        np.add.at(sums, members[cells], values)
    yield slice(0, groups), sums


def _moved(model: Model, weeks: Weeks, middle: Floats, run: Run) -> Iterator[tuple[slice, Lanes]]:
    own = expected_paths(model, weeks, run.policy).values[..., :COUNTED]
    factor = np.divide(middle, own, out=np.zeros_like(middle), where=own > 0).astype(np.float32)
    for outcomes in simulate(
        model, weeks, replicates=run.replicates, seed=run.seed, policy=run.policy
    ):
        values = outcomes.values[:, :, :COUNTED] * factor[outcomes.cells][..., None]
        # Longer waits are part of shorter ones, whatever each was moved by.
        yield outcomes.cells, np.minimum.accumulate(values, axis=2)
