"""Writes the figures that the synthetic England is calibrated to, from the published files.

    CLOCKSTOP_REAL_DATA=<folder> .venv/bin/python scripts/make_synthetic_targets.py

England in September 2025 by treatment function, as shares alone: no count, no row of the extract.
Of 1,000 of England's to four significant digits, of a function's list to three.
"""

import csv
import io
import os
import zipfile
from pathlib import Path

import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.core.types import Part

MONTH = "2025-09"
DIGITS, SHARE_DIGITS = 4, 3
OUT = Path("src/clockstop/analytics/synthetic/targets.csv")
COLUMNS = {
    "new": Part.NEW_PERIODS,
    "admitted": Part.ADMITTED,
    "nonadmitted": Part.NONADMITTED,
    "waiting": Part.INCOMPLETE,
}


def main() -> None:
    table = england(Path(os.environ["CLOCKSTOP_REAL_DATA"]))
    whole = sizes_of(table.filter(pl.col(layout.FUNCTION) == layout.TOTAL_FUNCTION))
    functions = table.filter(pl.col(layout.FUNCTION) != layout.TOTAL_FUNCTION)
    rows = [target(code, rows, whole) for (code,), rows in functions.group_by(layout.FUNCTION)]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["function"]))


def england(folder: Path) -> pl.DataFrame:
    """The month's counts for English commissioners, by function and part."""
    with zipfile.ZipFile(folder / "rtt" / "full-extracts" / f"{MONTH}.zip") as archive:
        content = archive.read(archive.namelist()[0])
    schema = dict.fromkeys(layout.KEYS, pl.String) | dict.fromkeys(layout.COUNTS, pl.Int64)
    rows = pl.read_csv(io.BytesIO(content), schema=schema).fill_null(0)
    own = rows.filter(pl.col(layout.COMMISSIONER) != layout.NONC)
    return own.group_by(layout.FUNCTION, layout.PART).agg(pl.col(layout.COUNTS).sum())


def sizes_of(rows: pl.DataFrame) -> dict[str, int]:
    return {name: of(rows, part)[layout.TOTAL_ALL].item() for name, part in COLUMNS.items()}


def target(code: str, rows: pl.DataFrame, whole: dict[str, int]) -> dict[str, str]:
    sizes = sizes_of(rows)
    waiting = of(rows, Part.INCOMPLETE).select(layout.BANDS).row(0)
    spans = {"within_18": waiting[:18], "over_52": waiting[52:], "over_65": waiting[65:]}
    return {
        "function": code,
        **{name: f"{1000 * sizes[name] / whole[name]:.{DIGITS}g}" for name in COLUMNS},
        **{name: f"{sum(span) / sum(waiting):.{SHARE_DIGITS}g}" for name, span in spans.items()},
    }


def of(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    return rows.filter(pl.col(layout.PART) == str(part))


if __name__ == "__main__":
    main()
