"""Estimate the season of each treatment function's list from a published series.

CLOCKSTOP_REAL_DATA=… .venv/bin/python scripts/make_function_season.py
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from clockstop.analytics.forecast.estimation import function_season
from clockstop.core.types import Month

SERIES = "rtt/icb_by_treatment_function_2022-10_2025-09.csv.gz"
FILE = Path(function_season.__file__).with_name("function_season.csv")
HEAD = """\
# What a calendar month adds to the logarithm of a treatment function's list, beside England's: a
# wave of one year. Made by scripts/make_function_season.py from NHS England's RTT lists by ICB and
# treatment function, October 2022 to March 2024. Contains public sector information licensed under
# the Open Government Licence v3.0.
function,cosine,sine
"""
ALL = "C_999"


def published(folder: Path) -> dict[str, dict[Month, float]]:
    """The list of every function in England, by month."""
    rows = pl.read_csv(folder / SERIES).filter(pl.col("TF_Code") != ALL)
    sums = rows.group_by("TF_Code", "Period").agg(pl.col("Incomplete_Pathways").sum())
    lists: dict[str, dict[Month, float]] = {}
    for code, month, size in sums.sort("TF_Code", "Period").rows():
        lists.setdefault(code, {})[Month.parse(month)] = size
    return lists


def main() -> None:
    waves = function_season.estimated(published(Path(os.environ["CLOCKSTOP_REAL_DATA"])))
    lines = (f"{code},{wave.cosine:.5f},{wave.sine:.5f}\n" for code, wave in waves.items())
    FILE.write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    main()
