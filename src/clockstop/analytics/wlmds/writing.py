"""Write a submission: one file for each table, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl

from clockstop.analytics.wlmds.tables import TABLES, schema


def write_submission(
    folder: Path, tables: Mapping[str, pl.DataFrame], *, kind: str = "csv"
) -> tuple[Path, ...]:
    """Write the six tables to ``<table>.csv`` (or ``parquet``) in a folder, made if need be.

    Columns stand in the order of the data set, days as 2026-11-15, blank for what is not known; a
    table that is not given is written without rows. Each file takes its place once all are written.
    Raises ValueError for another kind of file, OSError.
    """
    contents = {f"{name}.{kind}": file_of(name, tables.get(name), kind) for name in TABLES}
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / name: folder / f".{name}.part" for name in contents}
    try:
        for file, part in parts.items():
            part.write_bytes(contents[file.name])
        for file, part in parts.items():
            part.replace(file)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return tuple(parts)


def file_of(name: str, table: pl.DataFrame | None, kind: str = "csv") -> bytes:
    """One table as the content of a file. Raises ValueError for another kind, KeyError."""
    if kind not in ("csv", "parquet"):
        raise ValueError(f"no kind of file {kind!r}; there are csv, parquet")
    given = in_columns(name, table)
    file = BytesIO()
    if kind == "csv":
        given.write_csv(file, datetime_format="%Y-%m-%dT%H:%M:%S")
    else:
        given.write_parquet(file)
    return file.getvalue()


def in_columns(name: str, table: pl.DataFrame | None) -> pl.DataFrame:
    """The table with the columns of the data set alone, in their order and types."""
    kinds = schema(name)
    if table is None:
        return pl.DataFrame(schema=kinds)
    has = [pl.col(each).cast(kind) for each, kind in kinds.items() if each in table.columns]
    lacks = [pl.lit(None, kind).alias(each) for each, kind in kinds.items() if each not in table]
    return table.select(has).with_columns(lacks).select(list(kinds))
