"""A parsed extract as a matrix of counts beside its keys, in one settled order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.core.types import Part

Array = NDArray[Any]
NO_BAND = len(layout.BANDS)  # the matrix column of pathways without a band
_ORDER = (layout.PART, layout.FUNCTION, layout.PROVIDER, layout.COMMISSIONER)
_TOTALS = (layout.TOTAL, layout.UNKNOWN_START, layout.TOTAL_ALL)


@dataclass(frozen=True)
class Extract:
    """The rows of an extract, sorted by part, function, provider and commissioner.

    ``rows`` holds keys, totals and ``row``, the line in the file. ``counts`` is rows × 106: the
    105 bands, then pathways without a band (unknown clock starts; all new periods). The three
    ``cell_`` arrays list its non-zero cells, row by row.
    """

    file: str
    rows: pl.DataFrame
    counts: Array
    cell_rows: Array
    cell_bands: Array
    cell_counts: Array

    @cached_property
    def lines(self) -> Array:
        """The line in the file of every row."""
        return self.rows["row"].to_numpy()

    @cached_property
    def is_total(self) -> Array:
        """Which rows are C_999 rows."""
        return (self.rows[layout.FUNCTION] == layout.TOTAL_FUNCTION).to_numpy()

    def is_part(self, *parts: Part) -> Array:
        """Which rows are of the parts."""
        return self.rows[layout.PART].cast(pl.String).is_in(list(parts)).to_numpy()

    def sums(self, groups: Array, weights: Array) -> Array:
        """Counts × row weights, summed by group of rows: groups × 106."""
        width = self.counts.shape[1]
        size = int(groups.max()) + 1
        cells = groups[self.cell_rows] * width + self.cell_bands
        weighted = self.cell_counts * weights[self.cell_rows]
        flat = np.bincount(cells, weights=weighted, minlength=size * width)
        return flat.astype(np.int64).reshape(size, width)


def extract_of(rows: pl.DataFrame, file: str) -> Extract:
    """Sort parsed rows and lay their counts out."""
    keys = rows.select("row", *layout.KEYS, *_TOTALS)
    order = np.argsort(_combined(rows, _ORDER), kind="stable")
    unbanded = (
        pl.when(pl.col(layout.PART) == Part.NEW_PERIODS)
        .then(pl.col(layout.TOTAL_ALL))
        .otherwise(pl.col(layout.UNKNOWN_START))
    )
    matrix = rows.select(*layout.BANDS, unbanded.alias("unbanded")).fill_null(0).to_numpy()
    counts = np.ascontiguousarray(matrix[order])
    flat = np.flatnonzero(counts)
    cell_rows, cell_bands = np.divmod(flat, counts.shape[1])
    return Extract(file, keys[order], counts, cell_rows, cell_bands, counts.ravel()[flat])


def group_ids(rows: pl.DataFrame, columns: Iterable[str]) -> Array:
    """A number from 0 for each distinct combination of codes: that of every row."""
    return np.unique(_combined(rows, columns), return_inverse=True)[1]


def _combined(rows: pl.DataFrame, columns: Iterable[str]) -> Array:
    """One number for each row that orders and tells apart the combinations of codes."""
    ids = np.zeros(rows.height, dtype=np.int64)
    for column in columns:
        physical = rows[column].to_physical().to_numpy()
        present = rows[column].unique()
        in_order = present[present.cast(pl.String).arg_sort()].to_physical().to_numpy()
        rank = np.zeros(int(physical.max()) + 1, dtype=np.int64)
        rank[in_order] = np.arange(len(in_order))
        ids = ids * len(in_order) + rank[physical]
    return ids
