"""Open a user's table as a lazy Narwhals frame; hand the answer back as the same kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw

Lazy = nw.LazyFrame[Any]


def opened(table: Any, columns: Iterable[str]) -> Lazy:
    """A lazy frame over a Polars, DuckDB, pandas or PySpark table that has these columns.

    Raises TypeError if it is no such table, ValueError naming the columns that it lacks.
    """
    frame: Lazy = nw.from_native(table).lazy()
    present = frame.collect_schema().names()
    missing = [column for column in columns if column not in present]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}; it has {', '.join(present)}")
    return frame


def closed(frame: Lazy, like: Any) -> Any:
    """The frame as the kind of table that ``like`` is: computed if that is eager, else a plan."""
    eager = isinstance(nw.from_native(like), nw.DataFrame)
    return frame.collect().to_native() if eager else frame.to_native()
