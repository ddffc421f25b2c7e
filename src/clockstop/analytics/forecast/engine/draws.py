"""The chance in a simulation: what a month's arrivals and capacity are multiplied by.

Every cell has a generator of its own, keyed by the seed and by the codes of the cell. So its draws
are the same alone and among others, in any order and on any number of threads. The generator is
Philox4x64, made for such keys (Salmon and others, *Parallel random numbers: as easy as 1, 2, 3*,
2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np

from clockstop.analytics.forecast.engine.model import Lanes, Noise
from clockstop.analytics.forecast.months.cube import KEYS, Cells

_ENGLAND = "England"
_SEEDS = 1 << 64


@dataclass(frozen=True)
class Shocks:
    """The draws of one simulation.

    Raises ValueError for a seed outside 0 to 2^64 - 1 and for shocks that fade by less than 0 or
    more than 1.
    """

    noise: Noise
    seed: int
    months: int
    replicates: int

    def __post_init__(self) -> None:
        """Refuse a seed that is no key, and shocks that grow."""
        if not 0 <= self.seed < _SEEDS:
            raise ValueError(f"a seed of {self.seed}; expected 0 to {_SEEDS - 1}")
        if not 0 <= self.noise.fading <= 1:
            raise ValueError(f"shocks that fade by {self.noise.fading}; expected 0 to 1")

    def factors(self, cells: Cells, which: slice) -> Lanes:
        """Of some of the cells: (cells, months, 2, replicates), arrivals first, then capacity.

        The product of three lognormal numbers, each of mean 1 in every month: one shared by all
        cells, one of the cell's month, one of the cell that stays.
        """
        numbers = range(len(cells))[which]
        return np.stack([self._factors_of(cells, cell) for cell in numbers])

    def _factors_of(self, cells: Cells, cell: int) -> Lanes:
        noise = self.noise
        normals = self._normals(" ".join(getattr(cells, key)[cell] for key in KEYS))
        monthly = _spread(noise.arrivals[cell], noise.capacity[cell])
        level = _spread(noise.arrivals_level[cell], noise.capacity_level[cell])
        logarithms = self._shared + (_centred(normals[1:], monthly) + _centred(normals[:1], level))
        return np.exp(logarithms, out=logarithms)

    @cached_property
    def _shared(self) -> Lanes:
        sizes = _spread(self.noise.shared_arrivals, self.noise.shared_capacity)
        return _centred(self._normals(_ENGLAND)[1:], sizes)

    def _normals(self, whose: str) -> Lanes:
        """Standard normal numbers (1 + months, 2, replicates): a level's, then the months'.

        Those of the months are a stationary autoregression: each is ``fading`` of the one before,
        and as much new as keeps its variance at 1.
        """
        key = int.from_bytes(blake2b(whose.encode(), digest_size=8).digest(), "big")
        philox = np.random.Philox(key=np.array([key, self.seed], dtype=np.uint64))
        shape = (1 + self.months, 2, self.replicates)
        normals = np.random.Generator(philox).standard_normal(shape, dtype=np.float32)
        kept = np.float32(self.noise.fading)
        normals[2:] *= np.sqrt(1 - kept * kept)
        for month in range(2, 1 + self.months):
            normals[month] += kept * normals[month - 1]
        return normals


def _spread(arrivals: float, capacity: float) -> Lanes:
    return np.array([[arrivals], [capacity]], dtype=np.float32)


def _centred(normals: Lanes, spread: Lanes) -> Lanes:
    """Logarithms of numbers of mean 1: less half their variance."""
    logarithms: Lanes = spread * normals - np.float32(0.5) * spread * spread
    return logarithms
