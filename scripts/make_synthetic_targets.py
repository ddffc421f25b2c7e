"""Writes the figures that the synthetic England is calibrated to, from the published files.

    CLOCKSTOP_REAL_DATA=<folder> .venv/bin/python scripts/make_synthetic_targets.py

England in September 2025 by treatment function: no provider, no row of the extract. Counts are
rounded to four significant digits and shares to three.
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
    rows = [target(code, rows) for (code,), rows in table.group_by(layout.FUNCTION)]
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


def target(code: str, rows: pl.DataFrame) -> dict[str, str]:
    sizes = {name: of(rows, part)[layout.TOTAL_ALL].item() for name, part in COLUMNS.items()}
    waiting = of(rows, Part.INCOMPLETE).select(layout.BANDS).row(0)
    within = sum(waiting[:18]) / sum(waiting)
    return {
        "function": code,
        **{name: rounded(size, DIGITS) for name, size in sizes.items()},
        "within_18": rounded(within, SHARE_DIGITS),
        "over_52": rounded(sum(waiting[52:]), SHARE_DIGITS),
        "over_65": rounded(sum(waiting[65:]), SHARE_DIGITS),
    }


def of(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    return rows.filter(pl.col(layout.PART) == str(part))


def rounded(figure: float, digits: int) -> str:
    whole = float(f"{figure:.{digits - 1}e}")
    return f"{whole:g}" if whole < 1 else f"{whole:.0f}"


if __name__ == "__main__":
    main()
