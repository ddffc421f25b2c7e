"""Which entries of a table of events count on a census day (``core.rtt.corrections``)."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.clocks.encoding import reference
from clockstop.analytics.clocks.events_table import columns

GROUNDS = ("nhs_england", "hub", "outside_england", "practice", "residence", "host")
_ASKED = ("pathway", "number", "kind", "day", "treatment_function", "admission", *GROUNDS)


def typed(events: pl.DataFrame) -> pl.DataFrame:
    """The table in the types of a table of events; what does not fit is null."""
    return events.select(
        pl.col(name).cast(kind, strict=False)
        if name != "kind"
        else pl.col("kind").cast(pl.String).cast(kind, strict=False)
        for name, kind in columns().items()
    )


def known_on() -> pl.Expr:
    """The day from which an entry was known: when it was made, never before it happened."""
    return pl.max_horizontal("day", "recorded")


def counting(events: pl.DataFrame, census: date) -> pl.DataFrame:
    """The entries up to the census that nothing supersedes, by their day, then as entered.

    With the columns that a line of the return asks for.
    """
    is_one = (pl.col("day") <= census) & (pl.col("kind") != "entry_withdrawn")
    by_then = events.lazy().filter(is_one).select(_ASKED).collect()
    superseding = events.filter(pl.col("supersedes").is_not_null())
    if not superseding.is_empty():
        wrong = superseding.select("pathway", number=_number("supersedes"))
        by_then = by_then.join(wrong, on=["pathway", "number"], how="anti", maintain_order="left")
    return by_then.sort("day", maintain_order=True)


def referring(events: pl.DataFrame, name: str) -> pl.DataFrame:
    """The entries that name another in a column, with its number as ``of``."""
    return events.filter(pl.col(name).is_not_null()).with_columns(of=_number(name))


def _number(name: str) -> pl.Expr:
    number: Any = columns()["number"]
    return reference(name).cast(number, strict=False)
