"""A question to the table of figures: which rows, in the table's own order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.core.types import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which rows of the figures are asked for; what is left out does not narrow them.

    ``codes`` are those of areas, ``sectors`` may name ``ALL_SECTORS`` and ``functions`` the total;
    ``first`` and ``last`` are months, both included.
    """

    kind: AreaKind | None = None
    codes: Collection[str] = ()
    basis: Basis | None = None
    sectors: Collection[str] = ()
    functions: Collection[str] = ()
    first: Month | None = None
    last: Month | None = None

    def chosen_from(self, table: pl.DataFrame) -> pl.DataFrame:
        """The rows asked for, in the order of the table."""
        conditions = [*self._conditions()]
        return table.filter(conditions) if conditions else table

    def _conditions(self) -> Iterator[pl.Expr]:
        for column, value in (("kind", self.kind), ("basis", self.basis)):
            if value is not None:
                yield pl.col(column) == str(value)
        for column, values in (
            ("code", self.codes),
            ("sector", self.sectors),
            ("function", self.functions),
        ):
            if values:
                yield pl.col(column).is_in([str(value) for value in values])
        if self.first is not None:
            yield pl.col("month") >= str(self.first)
        if self.last is not None:
            yield pl.col("month") <= str(self.last)


def spans(table: pl.DataFrame, *columns: str) -> dict[tuple[str, ...], tuple[int, int]]:
    """Where each group of rows begins and how many it has, in a table sorted by the columns."""
    sizes = table.group_by(columns, maintain_order=True).len().rows()
    starts = accumulate((row[-1] for row in sizes), initial=0)
    return {tuple(key): (at, size) for at, (*key, size) in zip(starts, sizes, strict=False)}
