"""Writes who the synthetic patients are, from the published weekly waiting list.

    .venv/bin/python scripts/make_synthetic_people.py <WLMDS demographics summary, .xlsx>

Ages and sexes by treatment function and England's ethnic categories, as rounded shares alone: no
count, no row of the workbook. Which national codes stand for a line of the return is our choice.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from clockstop.analytics.published.datasets.wlmds_demographics import read
from clockstop.core.codes import treatment_functions

OUT = Path("src/clockstop/analytics/synthetic/patients")
AGES = ("0 to 18 years", "19 to 64 years", "Over 65 years")
CODES = {
    "C_110": "110 108 111 115",
    "C_140": "140 144 145",
    "C_170": "170 172 173",
    "X02": "302 303 307 361 370 311 328",
    "X03": "710 711 713",
    "X04": "420 171 214 215 216 257 321",
    "X05": "103 104 105 106 107 191 143",
    "X06": "650 653 654 658 503 655",
}


def main(workbook: Path) -> None:
    found = read(workbook.read_bytes(), workbook.name, workbook.stem)
    table = found.tables["demographics"]
    latest = table.filter(pl.col("week_ending") == pl.col("week_ending").max())
    people = ("function", "to_18", "to_64", "over_65", "female", "codes")
    _write("people.csv", people, _functions(latest.filter(level="function")))
    _write("ethnicity.csv", ("code", "name", "share"), _categories(latest.filter(level="england")))


def _functions(rows: pl.DataFrame) -> Iterable[Sequence[object]]:
    for function in treatment_functions():
        code = function.code
        of = dict(rows.filter(code=code).select("group", pl.col("total").fill_null(0)).rows())
        whole = sum(of[age] for age in AGES)
        ages = [round(of[age] / whole, 3) for age in AGES]
        female = round(of["Female"] / (of["Female"] + of["Male"]), 3)
        yield code, *ages, female, CODES.get(code, code.removeprefix("C_"))


def _categories(rows: pl.DataFrame) -> Iterable[Sequence[object]]:
    """England's categories: the largest row of each is that of all providers together."""
    of = rows.filter(dimension="ethnicity").group_by("group").agg(pl.col("total").max())
    for group, total in of.sort("group").rows():
        code, _, name = group.partition(": ")
        yield code, name, round(total / of["total"].sum(), 4)


def _write(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
