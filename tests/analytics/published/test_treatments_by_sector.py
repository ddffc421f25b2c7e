"""Treatments by sector: the counts kept, the shares held against them, and the published totals."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet, sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.treatments_by_sector import (
    LAYOUT,
    TREATMENTS_BY_SECTOR,
)
from clockstop.analytics.published.lake import Lake

FILE = sheet(
    "timeline.csv",
    ",".join(LAYOUT.columns),
    (
        "2019-05-01,Volume of treatments,,30,70",
        "2019-04-01,Volume of treatments,,25,75",
        "2019-04-01,Share of treatments (%),25,,",
        "2019-05-01,Share of treatments (%),30.0000000001,,",
    ),
)
SHARE = LAYOUT.columns[2]


def test_a_months_counts_are_kept_in_order() -> None:
    assert recognise(FILE.bytes()) is TREATMENTS_BY_SECTOR
    reading = read(TREATMENTS_BY_SECTOR, FILE.bytes())
    rows = reading.tables["treatments"].rows()
    assert (reading.key, rows) == ("england", [("2019-04", 25, 75), ("2019-05", 30, 70)])


FAULTS: list[tuple[Callable[[Sheet], Sheet], str, int]] = [
    (lambda s: s.put(2, "NHS", 71), "share", 5),
    (lambda s: s.put(4, SHARE, 26), "share", 4),
    (lambda s: s.put(2, "NHS", ""), "blank", 2),
    (lambda s: s.put(4, SHARE, ""), "blank", 4),
    (lambda s: s.put(2, "Date", "2019-05-02"), "value", 2),
    (lambda s: s.put(2, "Date", "2019-04-01"), "duplicate", 3),
    (lambda s: s.put(2, "Grid", "Cost"), "value", 2),
    (lambda s: s.drop([2]), "alone", 4),
    (lambda s: s.drop([5]), "alone", 2),
]


@pytest.mark.parametrize(("spoil", "kind", "row"), FAULTS)
def test_a_fault_is_refused(spoil: Callable[[Sheet], Sheet], kind: str, row: int) -> None:
    problems = refusals(TREATMENTS_BY_SECTOR, spoil(FILE.copy()).bytes())
    assert [(problem.kind, problem.row) for problem in problems] == [(kind, row)]


@pytest.mark.real_data
def test_the_years_before_the_pandemic_are_as_published(lake: Lake, real_data: Path) -> None:
    """The Health Foundation; treatments are the completed pathways of the RTT overview."""
    overview = real_data / "rtt" / "rtt_overview_timeseries_to_2025-09.csv"
    take(lake, real_data / "independent-sector" / "timeline_all.csv.gz", overview)
    current = {name: lake.catalogue().current(name)["england"] for name in lake.catalogue().entries}
    treatments = lake.scan(current["treatments_by_sector"], "treatments").collect()
    assert treatments.height == 56
    sums = {year: year_of(treatments, year) for year in (2018, 2019)}
    assert sums[2018] == {"independent": 1_243_765, "nhs": 16_450_248 - 1_243_765}
    assert sums[2019] == {"independent": 1_287_104, "nhs": 15_086_177}
    series = lake.scan(current["rtt_overview"], "series").collect()
    completed = year_of(series.select("month", "admitted_stops", "nonadmitted_stops"), 2019)
    assert sum(completed.values()) == sum(sums[2019].values()) == 16_373_281


def year_of(table: pl.DataFrame, year: int) -> dict[str, int]:
    """The sums of a financial year."""
    mine = table.filter(pl.col("month") >= f"{year}-04", pl.col("month") <= f"{year + 1}-03")
    assert mine.height == 12
    (found,) = mine.drop("month").sum().rows(named=True)
    return found
