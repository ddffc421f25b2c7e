"""How a file differs from the revision that it replaces."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clockstop.analytics.published.problems import Problem


def difference(folder: Path, tables: Mapping[str, pl.DataFrame], file: str) -> list[Problem]:
    """A warning for each table that has rows its predecessor in ``folder`` had not, or lacks some.

    A published figure seldom changes: whoever ingests a new version should see how much it does.
    """
    return [
        warning
        for name, table in tables.items()
        for warning in _changed(folder / f"{name}.parquet", table, name, file)
    ]


def _changed(old_file: Path, new: pl.DataFrame, name: str, file: str) -> list[Problem]:
    old = pl.read_parquet(old_file)
    before, after = _hashes(old), _hashes(new)
    gone, fresh = len(np.setdiff1d(before, after)), len(np.setdiff1d(after, before))
    if not gone and not fresh and old.height == new.height:
        return []
    news = f"{fresh:,} of them not there before; {gone:,} no longer there"
    found = f"{new.height:,} rows of {name}, {news}"
    expected = f"the {old.height:,} rows of the revision before, unless its publisher changed them"
    return [Problem(file, "revision", found, expected)]


def _hashes(table: pl.DataFrame) -> NDArray[np.uint64]:
    """A number for each row; codes hash as the text they stand for."""
    return table.with_columns(pl.col(pl.Categorical).cast(pl.String)).hash_rows().to_numpy()
