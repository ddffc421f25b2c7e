"""The same kernel on Spark: each partition holds whole pathways, and is derived where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.clocks.deriving import derive_periods
from clockstop.analytics.clocks.tables import PERIODS
from clockstop.core.rtt.policy import DEFAULT, Policy

# Spark has no unsigned numbers and no lists of words.
_TYPES: dict[Any, tuple[str, Any]] = {
    pl.UInt64: ("bigint", pl.Int64),
    pl.UInt16: ("int", pl.Int32),
    pl.Int32: ("int", pl.Int32),
    pl.Date: ("date", pl.Date),
    pl.Boolean: ("boolean", pl.Boolean),
    pl.Enum: ("string", pl.String),
    pl.String: ("string", pl.String),
}


def derive_on_spark(events: Any, *, policy: Policy = DEFAULT, as_of: date | None = None) -> Any:
    """The RTT periods of every pathway of a PySpark table of events, as a PySpark table.

    The columns are those of ``deriving.derive_periods``. What that raises, the job fails with.
    """

    def derived(batches: Iterator[Any]) -> Iterator[Any]:
        held = list(batches)
        if held:
            table: Any = pl.from_arrow(held)
            periods = derive_periods(table.sort("pathway", "number"), policy=policy, as_of=as_of)
            yield from _for_spark(periods).to_batches()

    names = ", ".join(f"`{name}` {_TYPES[_base(kind)][0]}" for name, kind in PERIODS.items())
    return events.repartition("pathway").mapInArrow(derived, names)


def _for_spark(periods: pl.DataFrame) -> Any:
    plain = periods.select(
        pl.col(name).cast(_TYPES[_base(kind)][1]) for name, kind in PERIODS.items()
    )
    return plain.to_arrow(compat_level=pl.CompatLevel.oldest())


def _base(kind: Any) -> Any:
    return kind.base_type()
