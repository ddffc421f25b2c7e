"""What may come: the weekly engine run many times, each with its own draw of what is not known."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.draws import Shocks
from clockstop.analytics.forecast.engine.model import Lanes, Model, Weeks
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED, Policy
from clockstop.analytics.forecast.quantiles import LONG_WAITS, SIZE
from clockstop.core.rtt.week_bands import BANDS

if TYPE_CHECKING:
    from clockstop.analytics.forecast.engine.prepared import Prepared

MEASURES = (SIZE, *(f"over_{weeks}_weeks" for weeks in LONG_WAITS), "clock_stops")
_CELLS = 16  # of a chunk: 14 MB of outcomes of a thousand replicates in three years
_WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Outcomes:
    """What may come for some cells of a model.

    ``values`` has the shape (cells, months, ``MEASURES``, replicates): pathways at each census,
    and clock stops since the one before. A replicate is the same course of England in every chunk.
    """

    cells: slice
    values: Lanes


@dataclass(frozen=True)
class Expected:
    """The course without chance: ``values`` (cells, months, ``MEASURES``).

    ``waiting`` (cells, months, bands) are the lists at each census, ``treated`` the share of those
    in a band that a week treats, on the month's average. Both have no months unless asked for.
    """

    values: Lanes
    waiting: Lanes
    treated: Lanes


def simulate(
    model: Model,
    weeks: Weeks,
    *,
    replicates: int = 1024,
    seed: int = 0,
    policy: Policy = AS_CALIBRATED,
    chunk: int = _CELLS,
) -> Iterator[Outcomes]:
    """The outcomes of all cells in order, some cells at a time, all replicates of each.

    The same seed gives the same numbers for a cell, whatever other cells there are and however
    many a chunk holds. Raises ValueError for a model or weeks that cannot be run.
    """
    if replicates < 1 or chunk < 1:
        raise ValueError(f"{replicates} replicates in chunks of {chunk} cells; expected 1 or more")
    prepared = _prepared(model, weeks, policy)
    shocks = Shocks(model.noise, seed, len(weeks.months), replicates)

    def outcomes(cells: slice) -> Outcomes:
        return Outcomes(cells, prepared.run(cells, shocks.factors(model.cells, cells)).values)

    return _a_little_ahead(outcomes, _chunks(len(model.cells), chunk))


def by_capacity(
    model: Model, weeks: Weeks, multipliers: npt.ArrayLike, policy: Policy = AS_CALIBRATED
) -> Iterator[Outcomes]:
    """The engine without noise, once for each multiplier of all capacity: (multipliers,).

    They take the place of replicates in the outcomes. Raises ValueError as ``simulate`` does, and
    for multipliers that are none.
    """
    prepared = _prepared(model, weeks, policy)
    times = Policy(capacity=multipliers).multipliers(1, np.size(multipliers))[0].T

    def outcomes(cells: slice) -> Outcomes:
        shape = (cells.stop - cells.start, len(weeks.months), *times.shape)
        factors = np.broadcast_to(times.astype(np.float32), shape)
        return Outcomes(cells, prepared.run(cells, factors).values)

    return _a_little_ahead(outcomes, _chunks(len(model.cells), _CELLS))


def expected_paths(
    model: Model, weeks: Weeks, policy: Policy = AS_CALIBRATED, *, lists: bool = False
) -> Expected:
    """The same engine once, without noise; with ``lists``, also the lists by week band.

    Raises ValueError as ``simulate`` does.
    """
    prepared = _prepared(model, weeks, policy)
    cells, months = len(model.cells), len(weeks.months)
    unmoved = np.ones((cells, months, 2, 1), dtype=np.float32)
    found = prepared.run(slice(0, cells), unmoved, lists=lists)
    return Expected(found.values[..., 0], found.waiting, found.shares)


def _prepared(model: Model, weeks: Weeks, policy: Policy) -> Prepared:
    from clockstop.analytics.forecast.engine.prepared import Prepared  # the compiler takes its time

    _check_model(model)
    _check_weeks(weeks)
    return Prepared(model, weeks, policy)


def _chunks(count: int, size: int) -> list[slice]:
    return [slice(at, min(at + size, count)) for at in range(0, count, size)]


def _a_little_ahead(
    outcomes: Callable[[slice], Outcomes], chunks: Iterable[slice]
) -> Iterator[Outcomes]:
    """In order, made on every core while the caller is busy, but few kept waiting for it."""
    with ThreadPoolExecutor(_WORKERS) as workers:
        coming: deque[Future[Outcomes]] = deque()
        for cells in chunks:
            coming.append(workers.submit(outcomes, cells))
            if len(coming) > _WORKERS:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _check_model(model: Model) -> None:
    cells = len(model.cells)
    shapes = {"arrivals": (cells,), "capacity": (cells,), "trend": (BANDS,)}
    for name in ("waiting", "propensity", "stays", "transfers_in", *shapes):
        values, shape = getattr(model, name), shapes.get(name, (cells, BANDS))
        if values.shape != shape:
            raise ValueError(f"{name} of shape {values.shape}, expected {shape}")
        if not np.isfinite(values).all() or (name != "trend" and (values < 0).any()):
            raise ValueError(f"{name} holds what is negative, or no number")
    for name in ("arrivals", "capacity", "arrivals_level", "capacity_level"):
        if getattr(model.noise, name).shape != (cells,):
            raise ValueError(f"noise of {name} for other cells than the {cells}")
    if not 0 <= model.elasticity <= 1:
        raise ValueError(f"an elasticity of {model.elasticity}; expected 0 to 1")


def _check_weeks(weeks: Weeks) -> None:
    count, months = len(weeks.month), len(weeks.months)
    last = float(weeks.census[-1]) if months else 0
    if len(weeks.census) != months or not 0 < last <= count:
        raise ValueError(f"censuses of {months} months up to week {last}, and {count} weeks")
    if len(weeks.arrivals) != count or len(weeks.treatment) != count:
        raise ValueError(f"weights of other weeks than the {count}")
    if weeks.month.min() < 0 or weeks.month.max() >= months:
        raise ValueError(f"weeks of other months than the {months}")
