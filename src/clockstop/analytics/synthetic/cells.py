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
PACE_CLASSES = 16


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
    """A few cells that stand for many: alike in function, opening, area and ``mark``, near in pace.

    Demand is summed, the rest its weighted mean. Returns them and the mark of each.
    """
    kind = np.stack([cells.function, mark, cells.opens, cells.area, cells.extra])
    pace = np.digitize(cells.pace, _edges(cells))
    _, first, group = np.unique(
        np.vstack([kind, pace]), axis=1, return_index=True, return_inverse=True
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


def _edges(cells: Cells) -> npt.NDArray[np.float64]:
    """Paces that part the whole demand into equal classes."""
    order = np.argsort(cells.pace)
    upto = np.cumsum(cells.demand[order], dtype=np.float64)
    cuts = np.searchsorted(upto, upto[-1] * np.arange(1, PACE_CLASSES) / PACE_CLASSES)
    edges: npt.NDArray[np.float64] = cells.pace[order][cuts].astype(np.float64)
    return edges
