"""Independent growth: additional to what the NHS does, or in its place.

A growth area is an ICB's providers and a function. From a date its independent sites treat
patients beyond what they did (``Cells.extra``). In some areas all of that is additional; in others
a known share of it is activity that the NHS trusts of the area would have done: they are sent that
many fewer patients, and stop that many fewer clocks.
"""

import numpy as np

from clockstop.analytics.synthetic.cells import NO_AREA, Cells, Floats

RAMP_MONTHS = 6
MOST_DISPLACED = 0.8  # of what the trusts of an area do


class Displacement:
    """What the growth areas take from the trusts in them."""

    def __init__(self, cells: Cells, shares: Floats) -> None:
        self.shares, self.cells = shares, cells
        self.extra = np.flatnonzero(cells.extra)
        self.nhs = np.flatnonzero((cells.area != NO_AREA) & ~cells.extra)

    def of_demand(self, mean: Floats, number: int) -> Floats:
        """New periods expected by cell: the growth sets in by and by, and takes from the trusts."""
        months = number - self.cells.opens[self.extra] + 1
        mean[self.extra] *= np.clip(months / RAMP_MONTHS, 0, 1).astype(np.float32)
        mean[self.nhs] *= 1 - self._share(mean[self.extra], mean[self.nhs])
        return mean

    def of_stops(self, leaving: list[Floats], removed: Floats) -> Floats:
        """Hold back those who would have left the trusts' lists; how many clock stops by cell."""
        displaced = np.zeros(len(self.cells), dtype=np.float32)
        if len(self.extra):
            stops = sum(part[self.extra].sum(axis=1) for part in leaving)
            nhs = sum(part[self.nhs].sum(axis=1) for part in leaving)
            nhs_stops = nhs * (1 - removed[self.nhs])
            share = self._share(stops * (1 - removed[self.extra]), nhs_stops)
            displaced[self.nhs] = nhs_stops * share
            for part in leaving:
                part[self.nhs] *= 1 - share[:, None]
        return displaced

    def _share(self, extra: Floats, nhs: Floats) -> Floats:
        """How much of each trust cell's own goes to the independent sector."""
        areas = len(self.shares)
        taken = np.bincount(self.cells.area[self.extra], extra, areas) * self.shares
        there = np.bincount(self.cells.area[self.nhs], nhs, areas)
        share = np.minimum(taken / np.maximum(there, 1e-9), MOST_DISPLACED)
        found: Floats = share.astype(np.float32)[self.cells.area[self.nhs]]
        return found
