"""Writes a return in the layout of the published full extract, so that ingest reads it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.rtt_writing import (
    KEYS,
    as_csv,
    as_filed,
    block,
    file_name,
)
from clockstop.analytics.returns.names import Names, commissioner_rows, provider_rows
from clockstop.analytics.returns.tables import Return
from clockstop.core.codes import treatment_functions
from clockstop.core.rtt.week_bands import FINER_SINCE
from clockstop.core.types import Month, Part

Ints = npt.NDArray[np.int64]


def write_extract(ret: Return, names: Names, folder: Path, *, provider: str | None = None) -> Path:
    """Write the return, or one provider's, into a folder, made if need be; returns the file.

    ``20250930-RTT-September-2025-full-extract.csv``, or ``RR8-20250930-RTT-…``. What the layout has
    no room for (``Return.unfiled``) is not in it. The file takes its place when it is whole. Raises
    ValueError for a month before April 2021, whose layout was another, for a provider whose ICB is
    not known, and where there is nothing to file; OSError.
    """
    text = as_csv(filed(ret, names, provider=provider)).getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    name = file_name(ret.month)
    path = folder / (name if provider is None else f"{provider}-{name}")
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def filed(ret: Return, names: Names, *, provider: str | None = None) -> pl.DataFrame:
    """The rows of the extract, under the columns of its header. Raises ValueError."""
    check_month(ret.month)
    counts = fileable(ret.counts if provider is None else ret.of(provider))
    if counts.is_empty():
        of = "" if provider is None else f" of {provider}"
        raise ValueError(f"there is nothing{of} to file for {ret.month}")
    kept = {
        "provider": provider_rows(names, counts["provider"].unique()),
        "commissioner": commissioner_rows(names, counts["commissioner"].unique()),
    }
    places = {function.code: place for place, function in enumerate(treatment_functions())}
    keyed = counts.with_columns(function=pl.col("function").replace_strict(places))
    return as_filed((_block(keyed, part) for part in Part), kept, ret.month)


def check_month(month: Month) -> None:
    """Raise ValueError for a month whose returns had another layout."""
    if str(month) < FINER_SINCE:
        expected = f"a month from {FINER_SINCE}, when returns got these columns"
        raise ValueError(f"{month}: expected {expected}")


def fileable(counts: pl.DataFrame) -> pl.DataFrame:
    """The counts that the layout has a row and a column for."""
    waits = pl.col("part").is_in([str(part) for part in layout.WAITING])
    return counts.drop_nulls(KEYS).filter(~waits | pl.col("band").is_not_null())


def _block(counts: pl.DataFrame, part: Part) -> pl.DataFrame:
    of_part = counts.filter(pl.col("part") == str(part))
    if of_part.is_empty():  # all five parts are there, if only to say that there was nobody
        of_part = counts.head(1).with_columns(n=pl.lit(0, pl.Int64), band=pl.lit(0, pl.Int16))
    keys = of_part.select(KEYS).unique().sort(KEYS)
    rows = of_part.join(keys.with_row_index("at"), on=KEYS)
    if part is Part.NEW_PERIODS:
        return block(part, keys, _summed(rows, len(keys), 1)[:, 0], None)
    known, unknown = rows.drop_nulls("band"), rows.filter(pl.col("band").is_null())
    banded = _summed(known, len(keys), len(layout.BANDS))
    if part in layout.COMPLETED:
        return block(part, keys, banded, _summed(unknown, len(keys), 1)[:, 0])
    return block(part, keys, banded, None)


def _summed(rows: pl.DataFrame, size: int, width: int) -> Ints:
    """Rows × bands; all in one column where there are no bands."""
    found = np.zeros((size, width), np.int64)
    band: Any = rows["band"].fill_null(0).to_numpy() if width > 1 else 0
    np.add.at(found, (rows["at"].to_numpy(), band), rows["n"].to_numpy())
    return found
