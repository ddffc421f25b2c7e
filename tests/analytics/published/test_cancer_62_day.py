"""The reshaped 62-day standard: providers and England apart, and both add up."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets.cancer_62_day import CANCER_62_DAY, LAYOUT
from clockstop.analytics.published.lake import Lake


def waits() -> Sheet:
    rows = (
        "62d_combined,2025-08,2025-08-01,RR8,LEEDS TEACHING HOSPITALS NHS TRUST,4.0,3.0,1.0,0.75",
        "62d_combined,2025-08,2025-08-01,RHQ,SHEFFIELD TEACHING HOSPITALS,2.5,2.0,0.5,0.8",
        "62d_combined,2025-09,2025-09-01,RR8,LEEDS TEACHING HOSPITALS NHS TRUST,0.5,0.5,0.0,1.0",
        "62d_combined,2025-09,2025-09-01,Total,Total,0.5,0.5,0.0,1.0",
        "62d_combined,2025-08,2025-08-01,Total,Total,6.5,5.0,1.5,0.7692307692307693",
    )
    return sheet("waits.csv", ",".join(LAYOUT.columns), rows)


def test_the_total_row_is_kept_apart() -> None:
    tables = read(CANCER_62_DAY, waits().bytes()).tables
    assert tables["england"].rows() == [("2025-09", 0.5, 0.5, 0.0), ("2025-08", 6.5, 5.0, 1.5)]
    assert set(tables["providers"]["provider"]) == {"RR8", "RHQ"}
    assert tables["providers"]["total"].sum() == tables["england"]["total"].sum()


@pytest.mark.parametrize(
    ("change", "kind", "row", "column"),
    [
        (lambda s: s.put(2, "metric", "31d"), "value", 2, "metric"),
        (lambda s: s.put(2, "org_code", "total"), "value", 2, "org_code"),
        (lambda s: s.put(2, "total_patients", "4.25"), "value", 2, "total_patients"),
        (lambda s: s.put(2, "total_patients", "-4"), "value", 2, "total_patients"),
        (lambda s: s.put(2, "total_patients", "5"), "sum", 2, "total_patients"),
        (lambda s: s.put(2, "within_62d", ""), "blank", 2, "within_62d"),
        (lambda s: s.put(2, "compliance_rate", "0.7"), "share", 2, "compliance_rate"),
        (lambda s: s.put(2, "period_date", "2025-09-01"), "month", 2, "period_date"),
        (lambda s: s.put(3, "org_code", "RR8"), "duplicate", 3, None),
        (lambda s: s.drop([5]), "england", None, "total_patients"),
        (lambda s: s.put(5, "within_62d", "0.0").put(5, "breached_62d", "0.5").put(5, "compliance_rate", "0"), "england", 5, "within_62d"),
    ],
)  # fmt: skip
def test_each_fault_is_refused_and_named(
    change: Callable[[Sheet], object], kind: str, row: int | None, column: str | None
) -> None:
    spoilt = waits()
    change(spoilt)
    problems = refusals(CANCER_62_DAY, spoilt.bytes())
    assert (kind, row, column) in [(p.kind, p.row, p.column) for p in problems]


@pytest.mark.real_data
def test_the_file_agrees_with_the_official_workbook(real_data: Path, lake: Lake) -> None:
    take(lake, real_data / "cancer")
    (reshaped,) = lake.catalogue().current("cancer_62_day").values()
    (official,) = lake.catalogue().current("cancer_waits").values()
    whole = (pl.col("breakdown") == "all") & (pl.col("route") == "all routes")
    kept = ("provider", "total", "within", "after")
    mine = lake.scan(reshaped, "providers").filter(month="2025-09").select(kept).collect()
    theirs = (
        lake.scan(official, "providers").filter(whole, standard="62_day").select(kept).collect()
    )
    assert sorted(mine.rows()) == sorted(theirs.rows())
    england = lake.scan(reshaped, "england").filter(month="2025-09").collect().row(0)
    assert england == ("2025-09", 30_483.0, 20_733.0, 9_750.0)  # source: the official workbook
