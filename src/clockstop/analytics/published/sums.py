"""What columns say of each other, checked on every row of a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from clockstop.analytics.published.problems import Problem


@dataclass(frozen=True)
class Sum:
    """``total`` is the sum of ``parts``; ``words`` say of what, ``column`` is the file's name.

    ``off_by`` is how far rounding may carry the two apart.
    """

    total: str
    parts: tuple[str, ...]
    words: str
    column: str
    off_by: int = 0


@dataclass(frozen=True)
class Limit:
    """``part`` is never more than ``whole``; ``column`` is the file's name of the part."""

    part: str
    whole: str
    column: str


def broken_sums(table: pl.DataFrame, file: str, sums: Iterable[Sum]) -> Iterator[Problem]:
    """A problem for each row (with its line as ``row``) and sum that does not come out.

    A row in which the total or a part is not known says nothing.
    """
    for each in sums:
        added = pl.sum_horizontal(each.parts, ignore_nulls=False)
        compared = table.select("row", printed=each.total, added=added)
        wrong = (pl.col("printed") - pl.col("added")).abs() > each.off_by
        for row, printed, sum_ in compared.filter(wrong).rows():
            expected = f"{sum_:,}, the sum of {each.words}"
            yield Problem(file, "sum", f"{printed:,}", expected, row, each.column)


def broken_limits(table: pl.DataFrame, file: str, limits: Iterable[Limit]) -> Iterator[Problem]:
    """A problem for each row in which a part is more than its whole."""
    for each in limits:
        over = table.filter(pl.col(each.part) > pl.col(each.whole))
        for row, part, whole in over.select("row", each.part, each.whole).rows():
            expected = f"at most {whole:,}, the {each.whole.replace('_', ' ')}"
            yield Problem(file, "limit", f"{part:,}", expected, row, each.column)
