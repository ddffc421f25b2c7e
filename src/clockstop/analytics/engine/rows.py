"""Rows of a store as tables, and tables as rows of a store: everything goes as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import polars as pl


def table_of(rows: Iterable[Sequence[object]], types: Mapping[str, Any]) -> pl.DataFrame:
    """Rows whose days and keys are text, in columns of some types."""
    text = {name: pl.String() if kind == pl.Date() else kind for name, kind in types.items()}
    read = pl.DataFrame(list(rows), schema=text, orient="row", strict=False)
    return read.with_columns(
        pl.col(name).str.to_date("%Y-%m-%d") for name, kind in types.items() if kind == pl.Date()
    )


def plain(table: pl.DataFrame) -> pl.DataFrame:
    """The table with its days and words as text: what any store takes."""
    return table.with_columns(
        pl.col(name).cast(pl.String)
        for name, kind in table.schema.items()
        if kind == pl.Date() or isinstance(kind, pl.Enum)
    )


def csv_bytes(table: pl.DataFrame) -> bytes:
    """The table as CSV without a header; text is quoted and nothing is not, as COPY tells them."""
    file = BytesIO()
    plain(table).write_csv(file, include_header=False, quote_style="non_numeric")
    return file.getvalue()


def with_constants(table: pl.DataFrame, values: Mapping[str, str]) -> pl.DataFrame:
    """The table with columns that say the same in every row."""
    return table.with_columns(**{name: pl.lit(value) for name, value in values.items()})
