"""The weekly engine over whole arrays, without chance: what calibration runs again and again.

It does what ``model`` says of a week, for all cells at once, and keeps who was treated in which
band. Shapes: lists and rates (cells, bands), arrivals and capacity (cells,); pathways and weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats, Weeks

_NOTHING = 1e-12


@dataclass(frozen=True)
class Rates:
    """What moves the lists: as in ``Model``, in an ordinary week."""

    arrivals: Floats
    capacity: Floats
    propensity: Floats
    stays: Floats
    transfers_in: Floats | float = 0.0
    elasticity: float = 1.0


@dataclass(frozen=True)
class Moved:
    """The lists a week later, and what happened in it, by band: (cells, bands)."""

    waiting: Floats
    treated: Floats
    removed: Floats


def week(waiting: Floats, rates: Rates, arrivals: float, treatment: float) -> Moved:
    """One week, with so much of an ordinary week's arrivals and treatment in it."""
    wanted = rates.propensity * waiting
    demand = wanted.sum(axis=-1)
    capacity = (rates.capacity * treatment) ** rates.elasticity * (demand * treatment) ** (
        1 - rates.elasticity
    )
    scale = capacity / np.maximum(demand, _NOTHING)
    treated = np.minimum(wanted * scale[..., None], waiting)
    left = waiting - treated
    stayed = left * rates.stays
    older = aged(stayed + rates.transfers_in)
    older[..., 0] += rates.arrivals * arrivals
    return Moved(older, treated, left - stayed)


def aged(waiting: Floats) -> Floats:
    """Everybody a week older; the open last band keeps its own."""
    older = np.zeros_like(waiting)
    older[..., 1:] = waiting[..., :-1]
    older[..., -1] += waiting[..., -1]
    return older


def course(
    waiting: Floats, rates: Rates, weeks: Weeks, trend: Callable[[int], Floats] | None = None
) -> Iterator[tuple[Floats, Floats]]:
    """For each census of ``weeks``: the lists at it, and who was treated in its month, by band.

    ``trend`` gives, by week from 0, what is added to the logarithm of the propensity of each band.
    What falls within a week is taken in proportion from its two ends.
    """
    treated = np.zeros_like(waiting)
    done = 0
    for census in weeks.census:
        while done < census:
            moving = _moved_on(rates, trend(done)) if trend else rates
            moved = week(waiting, moving, weeks.arrivals[done], weeks.treatment[done])
            done += 1
            treated += min(1.0, census - done + 1) * moved.treated
            before, waiting = waiting, moved.waiting
        late = done - census
        yield late * before + (1 - late) * waiting, treated
        treated = late * moved.treated


def _moved_on(rates: Rates, trend: Floats) -> Rates:
    return replace(rates, propensity=rates.propensity * np.exp(trend))
