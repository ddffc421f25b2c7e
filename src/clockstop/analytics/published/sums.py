"""Columns that other columns must add up to, checked on every row of a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from clockstop.analytics.published.problems import Problem


@dataclass(frozen=True)
class Sum:
    """``total`` is the sum of ``parts``; ``words`` say of what, ``column`` is the file's name."""

    total: str
    parts: tuple[str, ...]
    words: str
    column: str


def broken_sums(table: pl.DataFrame, file: str, sums: Iterable[Sum]) -> Iterator[Problem]:
    """A problem for each row (with its line as ``row``) and sum that does not come out."""
    for each in sums:
        compared = table.select("row", printed=each.total, added=pl.sum_horizontal(each.parts))
        for row, printed, added in compared.filter(pl.col("printed") != pl.col("added")).rows():
            expected = f"{added:,}, the sum of {each.words}"
            yield Problem(file, "sum", f"{printed:,}", expected, row, each.column)
