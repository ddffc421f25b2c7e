"""What a forecast is run with: every number that the weekly engine needs, and nothing else.

A week of the engine, for one cell. ``x[k]`` waits in band ``k`` at its start; ``w`` is the week's
working time (1 is five working days of an average season).

1. Wanted: ``D = Σ propensity[k]·x[k]`` clock stops, were everybody treated at the usual rate.
2. Capacity: ``C = (capacity·w)^θ · (D·w)^(1-θ)``. θ = 1 is a fixed number of clock stops a week,
   θ = 0 a fixed chance of one for each person.
3. Treated: ``s[k] = min(1, C/D·propensity[k])·x[k]``; a policy may spend part of ``C`` first, on
   the longest waits.
4. Other removals: ``(x[k]-s[k])·stays[k]`` stay. Where more come in than leave, and not in step
   with the list, ``transfers_in[k]`` more join the band.
5. Everybody is a week older, the open last band keeps its own, and ``arrivals·a`` join band 0,
   where ``a`` is the week's share of referrals as ``w`` is that of treatments.

Censuses fall within weeks: counts are taken in proportion from the weeks on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.months.cube import Cells
from clockstop.core.types import Month

Lanes = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weeks:
    """The weeks after an origin.

    ``arrivals`` and ``treatment`` (weeks,) are their weights around 1, ``month`` (weeks,) numbers
    the month, from 0, in which each begins; ``census`` (months,) is how many weeks after the
    origin each month's census falls.
    """

    months: tuple[Month, ...]
    arrivals: Floats
    treatment: Floats
    month: npt.NDArray[np.int64]
    census: Floats


@dataclass(frozen=True)
class Noise:
    """What is not known, as standard deviations of logarithms.

    Shocks last a month and fade by ``fading`` from each month to the next. ``shared_…`` are one
    number for all of England; the others (cells,) are each cell's own. ``…_level`` are not known
    at the origin and stay: how far the calibrated level itself may be off.
    """

    fading: float
    shared_arrivals: float
    shared_capacity: float
    arrivals: Lanes
    capacity: Lanes
    arrivals_level: Lanes
    capacity_level: Lanes


@dataclass(frozen=True)
class Model:
    """A calibrated model of some cells at the census of ``origin``.

    ``waiting``, ``propensity``, ``stays`` and ``transfers_in`` have the shape (cells, bands);
    ``arrivals`` and ``capacity`` (cells,) are pathways in an ordinary week. ``trend`` (bands,) is
    the change of the logarithm of the propensity in the first week; each later week's is
    ``damping`` times the one before. ``elasticity`` is the θ above, 0 to 1.
    """

    origin: Month
    cells: Cells
    waiting: Lanes
    arrivals: Lanes
    capacity: Lanes
    propensity: Lanes
    stays: Lanes
    transfers_in: Lanes
    trend: Floats
    damping: float
    elasticity: float
    noise: Noise
