"""A small table as a file that people open: CSV, Excel, Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import polars as pl

TABLE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def table_file(columns: Mapping[str, Sequence[object]], kind: str) -> bytes:
    """The columns, by name and of one length, as a file of a kind of ``TABLE_TYPES``.

    Blank is not known. A column of numbers with a word in it, as ``104+``, is written as text: a
    column holds one type. Raises ValueError for another kind.
    """
    if kind not in TABLE_TYPES:
        raise ValueError(f"no kind of file {kind!r}; there are {', '.join(TABLE_TYPES)}")
    table = pl.DataFrame([_series(name, list(values)) for name, values in columns.items()])
    file = BytesIO()
    if kind == "csv":
        table.write_csv(file)
    elif kind == "parquet":
        table.write_parquet(file)
    else:
        table.write_excel(file, autofit=True)
    return file.getvalue()


def _series(name: str, values: list[object]) -> pl.Series:
    if any(isinstance(value, str) for value in values):
        values = [None if value is None else str(value) for value in values]
    return pl.Series(name, values, strict=False)


def packed_table(table: pl.DataFrame) -> bytes:
    """A table as it is kept between two readings of it; ``unpacked_table`` opens it again."""
    file = BytesIO()
    table.write_parquet(file)
    return file.getvalue()


def unpacked_table(content: bytes) -> pl.DataFrame:
    """A table that ``packed_table`` made."""
    return pl.read_parquet(BytesIO(content))
