"""Writes a month as the RTT full extract: rows of keys and counts, and the zip that holds them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.core.codes import ALL_FUNCTIONS, Icb, treatment_functions
from clockstop.core.types import Month, Part

Counts = npt.NDArray[np.int32]
TOTAL_AT = len(treatment_functions())  # where C_999 stands among the functions: last
ZIP_LEVEL = 2
KEYS = ("provider", "commissioner", "function")


def icb_name(board: Icb) -> str:
    """The name of an ICB as the returns write it."""
    return f"NHS {board.name.upper()} INTEGRATED CARE BOARD"


def block(
    part: Part, keys: pl.DataFrame, counted: npt.NDArray[Any], unknown: npt.NDArray[Any] | None
) -> pl.DataFrame:
    """One part's rows, with the C_999 row of each provider and commissioner after the functions.

    ``keys`` has provider, commissioner (as the names have them) and function (its place in the
    return), in that order; ``counted`` is rows × bands, or plain counts; ``unknown`` the unknown
    clock starts, of completed parts alone.
    """
    starts = _starts(keys)
    totals = keys[starts].with_columns(function=pl.lit(TOTAL_AT, keys["function"].dtype))
    rows = pl.concat([keys, totals]).with_columns(
        pl.lit(str(part)).alias(layout.PART),
        pl.lit(layout.PART_NAMES[part]).alias(layout.PART_NAME),
    )
    found = None if unknown is None else _with_totals(unknown, starts)
    return rows.hstack(_counts(_with_totals(counted, starts), found))


def _starts(keys: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Where each provider and commissioner begins."""
    pairs = keys.select("provider", "commissioner")
    is_new = (pairs != pairs.shift(1)).with_columns(pl.all().fill_null(value=True))
    found: npt.NDArray[np.int64] = np.flatnonzero(is_new.max_horizontal().to_numpy())
    return found


def _with_totals(values: npt.NDArray[Any], starts: npt.NDArray[np.int64]) -> Counts:
    sums = np.add.reduceat(values, starts, axis=0) if len(values) else values
    return np.concatenate([values, sums]).astype(np.int32)


def _counts(counted: Counts, unknown: Counts | None) -> pl.DataFrame:
    """The count columns, blank where the part has none."""
    size, schema = len(counted), dict.fromkeys(layout.BANDS, pl.Int32)
    has_bands = counted.ndim > 1
    bands = pl.DataFrame(counted, schema) if has_bands else pl.DataFrame([{}] * size, schema)
    known = counted.sum(axis=1) if has_bands else counted
    blank = [None] * size
    totals = (blank, blank, known) if unknown is None else (known, unknown, known + unknown)
    columns = (layout.TOTAL, layout.UNKNOWN_START, layout.TOTAL_ALL)
    return bands.with_columns(
        pl.Series(column, values, dtype=pl.Int32)
        for column, values in zip(columns, totals, strict=True)
    )


def as_filed(
    blocks: Iterable[pl.DataFrame], names: Mapping[str, pl.DataFrame], month: Month
) -> pl.DataFrame:
    """The rows of all parts with the columns of the official header, in its order.

    Rows that count nobody go, unless nobody is counted in the whole part. ``names`` has for
    ``provider`` and ``commissioner`` the columns of the header that go with each key; with
    ``leaves_blanks``, whether a provider writes no zero into a band.
    """
    rows = pl.concat(
        each.with_columns(pl.lit(rank).alias("rank")) for rank, each in enumerate(blocks)
    )
    counts = pl.col(layout.TOTAL_ALL)
    rows = rows.filter((counts > 0) | (counts.sum().over(layout.PART) == 0))
    for key, of in {**names, "function": _functions()}.items():
        rows = rows.join(of, on=key, maintain_order="left")
    rows = rows.with_columns(_period(month)).sort(
        layout.PROVIDER_ICB, layout.PROVIDER, layout.COMMISSIONER, "rank", "function"
    )
    is_blank = pl.col("leaves_blanks")
    blanks = [pl.when(~is_blank | (pl.col(band) != 0)).then(band) for band in layout.BANDS]
    return rows.with_columns(blanks).select(layout.COLUMNS)


def _period(month: Month) -> pl.Expr:
    return pl.lit(f"RTT-{month.census:%B-%Y}").alias(layout.PERIOD)


def _functions() -> pl.DataFrame:
    functions = (*treatment_functions(), ALL_FUNCTIONS)
    return pl.DataFrame(
        {
            "function": range(len(functions)),
            layout.FUNCTION: [one.code for one in functions],
            layout.FUNCTION_NAME: [one.official_name for one in functions],
        }
    )


def file_name(month: Month, revised: str = "") -> str:
    """The name of the file, as officially: ``20250930-RTT-September-2025-full-extract.csv``."""
    return f"{month.census:%Y%m%d}-RTT-{month.census:%B-%Y}-full-extract{revised}.csv"


def as_csv(table: pl.DataFrame) -> io.BytesIO:
    """The rows as the official text."""
    text = io.BytesIO()
    table.write_csv(text, line_terminator="\r\n")
    return text


def write_zip(path: Path, inside: str, table: pl.DataFrame, month: Month) -> None:
    """Write the rows as a zip of one file.

    The time stamps are the census, so the same figures give the same bytes.
    """
    entry = ZipInfo(inside, (month.year, month.number, month.days, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    with ZipFile(path, "w") as archive:
        archive.writestr(entry, as_csv(table).getbuffer(), compresslevel=ZIP_LEVEL)
