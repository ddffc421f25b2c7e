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
_NAMES = {
    "part": layout.PART,
    "icb": layout.PROVIDER_ICB,
    "provider": layout.PROVIDER,
    "commissioner_icb": layout.COMMISSIONER_ICB,
    "commissioner": layout.COMMISSIONER,
    "function": layout.FUNCTION,
}
_TOTALS = (layout.TOTAL, layout.UNKNOWN_START, layout.TOTAL_ALL)


@dataclass(frozen=True)
class Counts:
    """Counts beside their keys: ``matrix`` is rows × 106.

    Its columns are the 105 bands, then pathways without a band (unknown clock starts, and all new
    periods). Most cells are 0: what is summed or kept is their list, ``cells``.
    """

    keys: pl.DataFrame
    matrix: Array

    @cached_property
    def cells(self) -> tuple[Array, Array, Array]:
        """Row, column and count of every cell above zero, row by row."""
        flat = np.flatnonzero(self.matrix)
        row, column = np.divmod(flat, self.matrix.shape[1])
        return row, column, self.matrix.ravel()[flat]

    def long(self) -> pl.DataFrame:
        """A row for each count above zero: the keys, ``band`` (null without one) and ``n``."""
        row, column, count = self.cells
        band = pl.Series(column, dtype=pl.Int16)
        return self.keys[row].with_columns(
            band=band.set(band == NO_BAND, None), n=pl.Series(count, dtype=pl.Int64)
        )

    def sums(self, groups: Array, size: int, weights: Array) -> Array:
        """Counts × row weights, summed by the group of each row: size × 106."""
        row, column, count = self.cells
        width = self.matrix.shape[1]
        flat = np.bincount(
            groups[row] * width + column, weights=count * weights[row], minlength=size * width
        )
        return flat.astype(np.int64).reshape(size, width)

    def rolled_up(self, by: list[str], kept: Array) -> Counts:
        """The kept rows summed over runs of rows alike in ``by``: rows must be sorted so."""
        if self.keys.is_empty():
            return Counts(self.keys.select(by), self.matrix)
        is_first = np.append(True, np.diff(codes_of(self.keys, by)) != 0)
        groups = np.cumsum(is_first) - 1
        sums = self.sums(groups, int(groups[-1]) + 1, kept)
        return Counts(self.keys.select(by)[np.flatnonzero(is_first)], sums)


@dataclass(frozen=True)
class Extract:
    """The rows of an extract, sorted by part, function, provider and commissioner.

    ``rows`` holds keys, totals and ``row``, the line in the file; ``matrix`` their counts, as in
    ``Counts``.
    """

    file: str
    rows: pl.DataFrame
    matrix: Array

    @cached_property
    def lines(self) -> Array:
        """The line in the file of every row."""
        return self.rows["row"].to_numpy()

    @cached_property
    def is_total(self) -> Array:
        """Which rows are C_999 rows."""
        return (self.rows[layout.FUNCTION] == layout.TOTAL_FUNCTION).to_numpy()

    @cached_property
    def functions(self) -> Counts:
        """The rows of the functions, without their totals, under the lake's names."""
        named = self.rows.select(**{name: pl.col(column) for name, column in _NAMES.items()})
        return Counts(named.filter(~self.is_total), self.matrix[~self.is_total])

    def is_part(self, part: Part) -> Array:
        """Which rows are of the part."""
        return (self.rows[layout.PART] == part.value).to_numpy()


def extract_of(rows: pl.DataFrame, file: str) -> Extract:
    """Sort parsed rows and lay their counts out."""
    order = np.argsort(codes_of(rows, _ORDER), kind="stable")
    unbanded = (
        pl.when(pl.col(layout.PART) == Part.NEW_PERIODS)
        .then(pl.col(layout.TOTAL_ALL))
        .otherwise(pl.col(layout.UNKNOWN_START))
    )
    counts = rows.select(*layout.BANDS, unbanded.alias("unbanded")).fill_null(0)
    keys = rows.select("row", *layout.KEYS, *_TOTALS)
    return Extract(file, keys[order], counts.to_numpy(order="c")[order])


def codes_of(rows: pl.DataFrame, columns: Iterable[str]) -> Array:
    """One number for each row that orders and tells apart the combinations of categories."""
    codes = np.zeros(rows.height, dtype=np.int64)
    for column in columns:
        physical = rows[column].to_physical().to_numpy()
        present = rows[column].unique()
        in_order = present[present.cast(pl.String).arg_sort()].to_physical().to_numpy()
        rank = np.zeros(int(physical.max()) + 1, dtype=np.int64)
        rank[in_order] = np.arange(len(in_order))
        codes = codes * len(in_order) + rank[physical]
    return codes
