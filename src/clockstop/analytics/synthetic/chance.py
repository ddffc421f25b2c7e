"""Whole people, or what is expected: the two ways in which the simulation is run."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.cells import Cells, Floats, Ints

Wide = npt.NDArray[np.float64]
NOISE = 0.03  # standard deviation of a provider's month around its trend


class Chance(Protocol):
    """What turns expectations into counts, and unsettles the providers' months."""

    def count(self, expected: Floats) -> Floats:
        """Counts for expectations, right on average."""

    def scatter(self, expected: Floats, group: Ints) -> Floats:
        """Counts of cells, or cells x bands, right in sum for each group but not for each cell."""

    def noise(self, cells: Cells) -> Floats:
        """What multiplies the month of each cell, around 1."""


class Expected:
    """Nothing by chance, and no whole numbers: what many runs would come to on average."""

    def count(self, expected: Floats) -> Floats:
        """The expectations themselves."""
        return expected

    def scatter(self, expected: Floats, group: Ints) -> Floats:  # noqa: ARG002 - as in the protocol
        """The expectations themselves."""
        return expected

    def noise(self, cells: Cells) -> Floats:
        """None: 1 for each cell."""
        return np.ones(len(cells), dtype=np.float32)


class Whole:
    """Whole people, and good and bad months of each provider."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def count(self, expected: Floats) -> Floats:
        """Whole numbers next to the expected ones, right on average, and in any run of them.

        Systematic rounding: the running sum is rounded, not each number, from a chance start. So
        the sum of neighbours is off by less than one, however many they are.
        """
        running = np.cumsum(expected.ravel(), dtype=np.float64)
        start = self.rng.random()
        running += start
        np.floor(running, out=running)
        rounded = np.diff(running, prepend=0.0).astype(np.float32)
        counts: Floats = rounded.reshape(expected.shape)
        return counts

    def scatter(self, expected: Floats, group: Ints) -> Floats:
        """Rounded from cell to cell in an order of chance, band after band.

        ``count`` gives a cell that expects 1.2 always 1 or 2; here it may come out empty. Each
        group's sum is as exact, and those of its bands, but not that of a cell.
        """
        counts = np.empty_like(expected)
        order = np.lexsort((self.rng.random(len(group)), group))
        begins = np.flatnonzero(np.diff(group[order], prepend=-1))
        for cells in np.split(order, begins[1:]):
            counts[cells] = self.count(expected[cells].T).T
        return counts

    def noise(self, cells: Cells) -> Floats:
        """The provider's month, levelled so that no function's total moves, nor its admissions."""
        months = self.rng.lognormal(0, NOISE, int(cells.provider.max()) + 1)[cells.provider]
        admitted = _centred(cells.admitted, cells)
        off = _centred(months - 1, cells)
        slope = _by_function(off * admitted, cells) / np.maximum(
            _by_function(admitted**2, cells), 1e-12
        )
        return (1 + off - (slope[cells.function] * admitted)).astype(np.float32)


def _centred(values: npt.NDArray[Any], cells: Cells) -> Wide:
    """The values less the mean of their function, cells weighted by demand."""
    mean = _by_function(values, cells) / np.maximum(_by_function(np.ones(len(cells)), cells), 1e-12)
    centred: Wide = values - mean[cells.function]
    return centred


def _by_function(values: npt.NDArray[Any], cells: Cells) -> Wide:
    return np.bincount(cells.function, cells.demand * values).astype(np.float64)
