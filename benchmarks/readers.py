"""What peers need just to read the zipped extracts: one peer for each process."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory


def read_with_pandas(zips: list[Path]) -> int:
    import pandas as pd

    return sum(len(pd.read_csv(path)) for path in zips)


def read_with_polars(zips: list[Path]) -> int:
    import polars as pl

    rows = 0
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            rows += pl.read_csv(
                archive.read(archive.namelist()[0]), infer_schema_length=10_000
            ).height
    return rows


def read_with_duckdb(zips: list[Path]) -> int:
    """DuckDB reads no zips: each file is unpacked to a temporary folder first."""
    import duckdb

    rows = 0
    for path in zips:
        with TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
            file = archive.extract(archive.namelist()[0], folder)
            table = duckdb.connect().execute(
                "create table extract as select * from read_csv(?, all_varchar=false)", [file]
            )
            rows += table.fetchone()[0]
    return rows


if __name__ == "__main__":
    peer, folder = sys.argv[1:]
    print(globals()[f"read_with_{peer}"](sorted(Path(folder).glob("*.zip"))))
