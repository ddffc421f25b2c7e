"""The figures of a return as filed, from wherever they come: our own, a lake's, or any file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import require_month, scan_pathways
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.returns.extract import fileable
from clockstop.analytics.returns.tables import CELL, Return
from clockstop.core.types import Month

LAYOUT = Layout(layout.COLUMNS)
CELLS: Mapping[str, Any] = {
    **dict.fromkeys((*CELL, "part"), pl.String()),
    "band": pl.Int16(),
    "n": pl.Float64(),
}
STATED: Mapping[str, Any] = {
    **dict.fromkeys((*CELL, "part"), pl.String()),
    "stated": pl.Float64(),
    "added": pl.Float64(),
}
_NAMES = {
    "provider": layout.PROVIDER,
    "commissioner": layout.COMMISSIONER,
    "function": layout.FUNCTION,
    "part": layout.PART,
}


@dataclass(frozen=True)
class Figures:
    """What a month's return says: ``cells`` as counted, and the totals as ``stated`` beside them.

    ``cells`` has provider, commissioner, function, part, band and ``n``, any number, as filed;
    ``stated`` has each total of a file, of a row over its bands or (C_999) over the functions, and
    what the cells add up to. Figures that come without totals have none to be wrong.
    """

    month: Month
    cells: pl.DataFrame
    stated: pl.DataFrame

    def only(self, providers: Collection[str]) -> Figures:
        """The figures of some providers."""
        mine = pl.col("provider").is_in(list(providers))
        return Figures(self.month, self.cells.filter(mine), self.stated.filter(mine))


def figures_of(ret: Return) -> Figures:
    """The figures of a return from patients' records, as far as they can be filed."""
    return _without_totals(ret.month, fileable(ret.counts))


def figures_in(lake: Lake, month: Month) -> Figures:
    """The figures of a month in the lake. Raises NoDataError where it is not held."""
    require_month(lake, month)
    return _without_totals(month, scan_pathways(lake, [month], set(CELL)).collect())


def _without_totals(month: Month, counts: pl.DataFrame) -> Figures:
    cells = counts.select(pl.col(name).cast(kind) for name, kind in CELLS.items())
    return Figures(month, cells, pl.DataFrame(schema=dict(STATED)))


def read_figures(path: Path) -> Figures:
    """The figures of an extract file, however wrong its numbers are.

    Raises FileRefusedError for what is no such file: another header, text where a number goes, a
    month that cannot be read; and OSError.
    """
    rows = LAYOUT.read(path.read_bytes(), path.name)
    month = _month(rows, path.name)
    _refuse_words(rows, path.name)
    keys = [pl.col(column).alias(name) for name, column in _NAMES.items()]
    counts = rows.select(*keys, pl.col(layout.COUNTS).cast(pl.Float64)).with_columns(
        pl.col(layout.COUNTS).fill_null(0)
    )
    is_total = pl.col("function") == layout.TOTAL_FUNCTION
    functions = counts.filter(~is_total)
    stated = [_over_bands(counts), _over_functions(functions, counts.filter(is_total))]
    return Figures(month, _long(functions), pl.concat(stated))


def _month(rows: pl.DataFrame, file: str) -> Month:
    found = rows[layout.PERIOD].unique().to_list()
    month = layout.month_of(found[0] or "") if len(found) == 1 else None
    if month is None:
        shown = ", ".join(sorted(map(repr, found))[:3])
        expected = "one month, as 'RTT-May-2025'"
        raise FileRefusedError([Problem(file, "period", shown, expected, None, layout.PERIOD)])
    return Month.parse(month)


def _refuse_words(rows: pl.DataFrame, file: str) -> None:
    problems = []
    for column in layout.COUNTS:
        number = pl.col(column).cast(pl.Float64, strict=False)
        wrong = rows.filter(
            pl.col(column).is_not_null() & ~number.is_finite().fill_null(value=False)
        )
        problems += [
            Problem(file, "number", repr(found), "a number", row, column)
            for row, found in wrong.select("row", column).rows()
        ]
    if problems:
        raise FileRefusedError(problems)


def _long(functions: pl.DataFrame) -> pl.DataFrame:
    """A row for each count that is not 0: the bands, and what has none."""
    without = {
        True: layout.TOTAL_ALL,  # new periods
        False: layout.UNKNOWN_START,
    }
    new = pl.col("part") == "Part_3"
    unbanded = pl.concat(
        functions.filter(new == is_new).select(*_NAMES, band=pl.lit(None, pl.Int16), n=column)
        for is_new, column in without.items()
    )
    bands = {column: place for place, column in enumerate(layout.BANDS)}
    banded = functions.unpivot(
        list(layout.BANDS), index=list(_NAMES), variable_name="band", value_name="n"
    ).filter(pl.col("n") != 0)
    placed = banded.with_columns(pl.col("band").replace_strict(bands, return_dtype=pl.Int16))
    both = pl.concat([placed.select(list(CELLS)), unbanded.select(list(CELLS))])
    return both.filter(pl.col("n") != 0)


def _over_bands(counts: pl.DataFrame) -> pl.DataFrame:
    """Of each row the total, and what its bands and unknown starts add up to."""
    banded = pl.sum_horizontal(layout.BANDS) + pl.col(layout.UNKNOWN_START)
    of_new = pl.col("part") == "Part_3"
    return counts.filter(~of_new).select(*_NAMES, stated=layout.TOTAL_ALL, added=banded)


def _over_functions(functions: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Of each provider, commissioner and part the total of all functions, and their sum."""
    keys = ["provider", "commissioner", "part"]
    sums = functions.group_by(keys).agg(added=pl.col(layout.TOTAL_ALL).sum())
    found = totals.group_by(keys).agg(stated=pl.col(layout.TOTAL_ALL).sum())
    both = sums.join(found, on=keys, how="full", coalesce=True)
    return both.with_columns(
        pl.col("stated", "added").fill_null(0), function=pl.lit(layout.TOTAL_FUNCTION)
    ).select(list(STATED))
