"""How to read the synthetic England's files, and the columns they have."""

import csv
import zipfile
from pathlib import Path

import polars as pl

from clockstop.core.types import Month

LAST = Month(2025, 3)
MONTHS = 4
BANDS = [f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)] + [
    "Gt 104 Weeks SUM 1"
]
TOTALS = ["Total", "Patients with unknown clock start date", "Total All"]
PROVIDER, NAME, COMMISSIONER = "Provider Org Code", "Provider Org Name", "Commissioner Org Code"
PART, FUNCTION = "RTT Part Type", "Treatment Function Code"
KEY = [PROVIDER, COMMISSIONER, PART, FUNCTION]
DESCRIPTIONS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_1B": "Completed Pathways For Non-Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_2A": "Incomplete Pathways with DTA",
    "Part_3": "New RTT Periods - All Patients",
}


def extract(path: Path) -> pl.DataFrame:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        table = pl.read_csv(archive.read(name), infer_schema=False)
    return table.with_columns(pl.col(BANDS + TOTALS).cast(pl.Int64))


def english(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    """One part of England's own pathways, from the total rows."""
    return rows.filter(
        pl.col(PART) == part, pl.col(FUNCTION) == "C_999", pl.col(COMMISSIONER) != "NONC"
    )


def size(rows: pl.DataFrame, part: str) -> int:
    return english(rows, part)["Total All"].sum()


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trust_rows(folder: Path) -> list[list[str]]:
    with (folder / "etr.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def practice_rows(folder: Path) -> list[list[str]]:
    with (folder / "epraccur.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def directory_lines(folder: Path) -> list[str]:
    return (folder / "Hospital.csv").read_text(encoding="cp1252").splitlines()[1:]
