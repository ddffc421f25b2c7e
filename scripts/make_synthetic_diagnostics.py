"""Writes the figures that the synthetic diagnostics are made to, from the published series.

    CLOCKSTOP_REAL_DATA=<folder> .venv/bin/python scripts/make_synthetic_diagnostics.py

England in September 2025 by test, as shares alone: no count, no row of the series. Of 1,000 of
England's to four significant digits, of a test's list to three.
"""

import csv
import gzip
import os
from collections import Counter, defaultdict
from pathlib import Path

from clockstop.core.codes import diagnostic_tests

SERIES, DAY = "dm01_provider_test_month_2023-04_2025-09.csv.gz", "2025-09-30"
OUT = Path("src/clockstop/analytics/synthetic/diagnostics.csv")
COLUMNS = {
    "waiting": "Total Waiting List",
    "over_6": "Number waiting 6+ Weeks",
    "over_13": "Number waiting 13+ Weeks",
    "waiting_list": "Waiting list tests / procedures (excluding planned)",
    "planned": "Planned tests / procedures",
    "unscheduled": "Unscheduled tests / procedures",
}


def main() -> None:
    sums: defaultdict[int, Counter[str]] = defaultdict(Counter)
    path = Path(os.environ["CLOCKSTOP_REAL_DATA"]) / "diagnostics" / SERIES
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Reporting Period"] == DAY:
                of = sums[int(row["Diagnostic ID"])]
                of.update({name: int(float(row[c] or 0)) for name, c in COLUMNS.items()})
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("test", *COLUMNS))
        whole = sum(sums.values(), Counter())
        for test in diagnostic_tests():
            writer.writerow((test.code, *shares(sums[test.number], whole)))


def shares(of: Counter[str], whole: Counter[str]) -> list[str]:
    late = [f"{of[name] / of['waiting']:.3g}" for name in ("over_6", "over_13")]
    parts = [f"{1000 * of[name] / whole[name]:.4g}" for name in COLUMNS]
    return [parts[0], *late, *parts[3:]]


if __name__ == "__main__":
    main()
