"""The cells of the simulation: who treats whose patients for what, and how they behave."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
NO_AREA = -1
WEIGHTED = ("growth", "pace", "admitted", "removed")
PACE_CLASSES, ADMITTED_CLASSES = 12, 3


@dataclass(frozen=True)
class Cells:
    """One entry for each provider, commissioner and function: who they are and how they behave.

    ``provider``, ``commissioner`` and ``function`` are indices; ``demand`` is new periods a week in
    the reference month; ``growth`` its rate a year; ``pace`` the exponent on survival; ``admitted``
    the share of stops that are admissions; ``removed`` multiplies the share of exits that nobody
    reports; ``opens`` is the month (from 0) before which nothing comes; ``area`` the growth area
    that the cell lies in, or -1; ``extra`` whether it is the independent growth there.
    """

    provider: Ints
    commissioner: Ints
    function: Ints
    demand: Floats
    growth: Floats
    pace: Floats
    admitted: Floats
    removed: Floats
    opens: Ints
    area: Ints
    extra: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.demand)

    def take(self, at: Ints) -> Self:
        """The cells at these indices, in their order."""
        return type(self)(**{each.name: getattr(self, each.name)[at] for each in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Several sets of cells as one."""
        return cls(
            **{
                each.name: np.concatenate([getattr(part, each.name) for part in parts])
                for each in fields(cls)
            }
        )


def in_classes(cells: Cells, mark: Ints) -> tuple[Cells, Ints]:
    """A few cells that stand for many: alike in function, area and ``mark``.

    Near in pace and share admitted. Demand is summed, the rest its weighted mean. Returns them
    and the mark of each.
    """
    kind = np.stack([cells.function, mark, cells.opens, cells.area, cells.extra])
    # The slowest have most of the long waits, and the share admitted has a ceiling: finer there.
    pace = np.sqrt(_rank(cells, cells.pace)) * PACE_CLASSES
    admitted = _rank(cells, cells.admitted) ** 2 * ADMITTED_CLASSES
    _, first, group = np.unique(
        np.vstack([kind, pace.astype(np.int64), admitted.astype(np.int64)]),
        axis=1,
        return_index=True,
        return_inverse=True,
    )
    group = group.ravel()
    demand = np.bincount(group, cells.demand)
    means = {
        name: (np.bincount(group, cells.demand * getattr(cells, name)) / demand).astype(np.float32)
        for name in WEIGHTED
    }
    few = cells.take(first)
    kept = {each.name: getattr(few, each.name) for each in fields(few)}
    return Cells(**(kept | means | {"demand": demand.astype(np.float32)})), mark[first]


def _rank(cells: Cells, values: Floats) -> npt.NDArray[np.float64]:
    """The share of the demand of each cell's function that has lower values; below 1."""
    order = np.lexsort((values, cells.function))
    function, demand = cells.function[order], cells.demand[order].astype(np.float64)
    whole = np.bincount(function, demand)
    before = np.cumsum(demand) - demand - (np.cumsum(whole) - whole)[function]
    rank = np.empty(len(cells))
    rank[order] = (before / whole[function]).clip(0, 1 - 1e-9)
    return rank
