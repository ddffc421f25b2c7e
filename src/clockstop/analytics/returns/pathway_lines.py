"""Which pathways stand behind the counts of a return: the list to look through for one cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.returns.entries import typed
from clockstop.analytics.returns.lines import lines_of
from clockstop.analytics.returns.monthly import ROWS, Asked, Table, by_parts
from clockstop.analytics.returns.tables import CELL, LINES
from clockstop.core.rtt.policy import DEFAULT, Policy
from clockstop.core.types import Month

_OWN = ("identifier", "issuer")
_NAMED = (*CELL, "part", "band")


def pathway_lines(
    pathways: Table,
    events: Table,
    month: Month,
    cell: Mapping[str, str | int | None],
    *,
    policy: Policy = DEFAULT,
    rows: int = ROWS,
) -> pl.DataFrame:
    """A row for each line of the return in a cell, by pathway and period.

    ``cell`` says what to look for, of provider, commissioner, function (``C_110``), part
    (``Part_2``) and band (whole weeks); None for what the events do not say, nothing for all. As
    many rows as the return counts there: pathway, its identifier and issuer where the table of
    pathways has them, period, part, provider, commissioner, function, band, start and end. Raises
    ValueError for a name that there is not, EventsRefusedError for a table that is none of events.
    """
    if unknown := sorted(set(cell) - set(_NAMED)):
        raise ValueError(f"no {', '.join(unknown)} in a return; there are {', '.join(_NAMED)}")

    def of(part: pl.DataFrame, asked: Asked) -> pl.DataFrame:
        return _lines(part, asked, cell)

    _, parts = by_parts(events, month, of, policy=policy, rows=rows)
    empty = pl.DataFrame(schema={**LINES, "start": pl.Date, "end": pl.Date})
    found = pl.concat([empty.drop("function_rule", "commissioner_rule"), *parts])
    own = [name for name in _OWN if name in pathways.lazy().collect_schema()]
    keys = pathways.lazy().select(pl.col("pathway").cast(pl.UInt64), *own).unique("pathway")
    named = found.lazy().join(keys, on="pathway", how="left").collect()
    first = ["pathway", *own]
    return named.select(*first, pl.exclude(first)).sort("pathway", "period", "part")


def _lines(part: pl.DataFrame, asked: Asked, cell: Mapping[str, Any]) -> pl.DataFrame:
    found = derive_tables(part, policy=asked.policy, as_of=asked.as_of)
    lines, _ = lines_of(
        found.periods, typed(part), asked.census, policy=asked.policy, as_of=asked.as_of
    )
    is_in_cell = [pl.col(name).eq_missing(pl.lit(value)) for name, value in cell.items()]
    wanted = lines.filter(*is_in_cell) if is_in_cell else lines
    periods = found.periods.select("pathway", "start", "end", period="number")
    return wanted.join(periods, on=["pathway", "period"], how="left").drop(
        "function_rule", "commissioner_rule"
    )
