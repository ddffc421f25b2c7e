"""The monthly return of a list: over tables, and by the rules for one patient at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks import clocks
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.oracle import return_by_hand
from clockstop.core.types import Month

MONTH = Month(2025, 9)
_LATE = 20  # of so many entries, one is made ten days after it happened


def make(folder: Path, pathways: int) -> int:
    """Events as for the clock, with functions, and some entered late; returns how many."""
    clocks.make(folder, pathways)
    table = pl.read_parquet(folder / "*.parquet")
    late = (pl.col("pathway") + pl.col("number")) % _LATE == 0
    dressed = table.with_columns(
        treatment_function=pl.lit("110"),
        recorded=pl.when(late).then(pl.col("day").dt.offset_by("10d")),
    )
    for file in folder.glob("*.parquet"):
        file.unlink()
    dressed.write_parquet(folder / "events.parquet")
    return len(dressed)


def both_ways(folder: Path) -> dict[str, Callable[[], object]]:
    """The same return of the same table, in memory."""
    events = pl.read_parquet(folder / "events.parquet")
    pathways = events.select("pathway").unique()
    return {
        "Clockstop, all at once": partial(monthly_return, pathways, events, MONTH),
        "Clockstop, one pathway at a time": partial(return_by_hand, pathways, events, MONTH),
    }
