"""The figures that NHS England published, straight out of its files: integers equal, waits 1e-9."""

import csv
import gzip
import zipfile

import polars as pl
import pytest

from clockstop.analytics.lists.statistics import list_statistics

pytestmark = pytest.mark.real_data

WAITING = "Incomplete RTT pathways"
ADMITTED = "Completed admitted (unadjusted) RTT pathways"
NONADMITTED = "Completed non-admitted RTT pathways"
PUBLISHED = {
    "incomplete_pathways": f"{WAITING} | Total waiting (mil)",
    "within_18_weeks": f"{WAITING} | No. within 18 weeks",
    "pct_within_18_weeks": f"{WAITING} | % within 18 weeks",
    "over_18_weeks": f"{WAITING} | No. > 18 weeks",
    "over_52_weeks": f"{WAITING} | No. > 52 weeks",
    "over_65_weeks": f"{WAITING} | No. > 65 weeks",
    "over_78_weeks": f"{WAITING} | No. > 78 weeks",
    "over_104_weeks": f"{WAITING} | No. > 104 weeks",
    "median_weeks": f"{WAITING} | Median wait (weeks)",
    "p92_weeks": f"{WAITING} | 92nd percentile (weeks)",
    "admitted_stops": f"{ADMITTED} | No. of pathways (all)",
    "admitted_median_weeks": f"{ADMITTED} | Median wait (weeks)",
    "admitted_p95_weeks": f"{ADMITTED} | 95th percentile (weeks)",
    "nonadmitted_stops": f"{NONADMITTED} | No. of pathways (all)",
    "nonadmitted_median_weeks": f"{NONADMITTED} | Median wait (weeks)",
    "nonadmitted_p95_weeks": f"{NONADMITTED} | 95th percentile (weeks)",
    "new_periods": "New RTT periods | No. of new RTT periods",
    "unreported_removals": "Derived unreported removals | Total unreported removals",
}
BY_ICB = {
    "incomplete_pathways": "Incomplete_Pathways",
    "within_18_weeks": "Within_18wks",
    "pct_within_18_weeks": "Pct_Within_18wks",
    "median_weeks": "Median_Wait_Wks",
    "p92_weeks": "P92_Wait_Wks",
    "over_52_weeks": "Waiters_52plus",
    "over_65_weeks": "Waiters_65plus",
    "over_78_weeks": "Waiters_78plus",
}
COLUMNS = {
    "RTT Part Type": "part",
    "Commissioner Parent Org Code": "commissioner_icb",
    "Commissioner Org Code": "commissioner",
    "Treatment Function Code": "function",
}
UNKNOWN = "Patients with unknown clock start date"


def read_extract(folder, month):
    """The full extract of a month as the long table: a second reader, apart from the lake's."""
    with zipfile.ZipFile(folder / "rtt" / "full-extracts" / f"{month}.zip") as archive:
        wide = pl.read_csv(archive.read(archive.namelist()[0]), infer_schema=False)
    bands = [name for name in wide.columns if name.startswith("Gt ")]
    counts = [*bands, UNKNOWN, "Total All"]
    wide = wide.filter(pl.col("Treatment Function Code") != "C_999").with_columns(
        pl.col(counts).cast(pl.Int64).fill_null(0)
    )
    cells = wide.rename(COLUMNS).group_by(COLUMNS.values()).agg(pl.col(counts).sum())
    no_band = pl.when(pl.col("part") == "Part_3").then("Total All").otherwise(UNKNOWN)
    long = cells.select(*COLUMNS.values(), *bands, no_band.alias("unknown")).unpivot(
        [*bands, "unknown"], index=list(COLUMNS.values()), variable_name="filed", value_name="n"
    )
    return long.filter(pl.col("n") > 0).select(
        pl.lit(month).alias("month"),
        *COLUMNS.values(),
        band=pl.col("filed").str.extract(r"^Gt (\d+)").cast(pl.Int16),
        n="n",
    )


@pytest.fixture(scope="module")
def september(real_data):
    return pl.concat([read_extract(real_data, month) for month in ("2025-08", "2025-09")])


def equals(found, published):
    return found == (pytest.approx(published, abs=1e-9) if published % 1 else published)


def test_every_published_england_figure_of_september_2025(september, real_data):
    with (real_data / "rtt" / "rtt_overview_timeseries_to_2025-09.csv").open() as file:
        (published,) = (row for row in csv.DictReader(file) if row["month"] == "2025-09")
    statistics = list_statistics(september).filter(pl.col("month") == "2025-09")
    found = statistics.row(0, named=True)
    for key, column in PUBLISHED.items():
        assert equals(found[key], float(published[column])), key


def test_the_figures_that_everybody_quotes(september):
    """September 2025, as NHS England's overview series gives them."""
    found = list_statistics(september).filter(pl.col("month") == "2025-09").row(0, named=True)
    assert found["incomplete_pathways"] == 7_296_893
    assert found["over_52_weeks"] == 178_532
    assert found["median_weeks"] == pytest.approx(13.3579782006391, abs=1e-9)
    assert found["unreported_removals"] == 237_806


def test_every_published_icb_and_function_of_september_2025(september, real_data):
    """Within the ICBs' own functions; a blank wait is one of fewer than 20 pathways."""
    path = real_data / "rtt" / "icb_by_treatment_function_2022-10_2025-09.csv.gz"
    with gzip.open(path, "rt") as file:
        published = [row for row in csv.DictReader(file) if row["Period"] == "2025-09"]
    statistics = list_statistics(
        september.filter(pl.col("month") == "2025-09"), ["commissioner_icb", "function"]
    )
    found = {(row["commissioner_icb"], row["function"]): row for row in statistics.to_dicts()}
    assert len(published) == 966
    for row in published:
        cell = found.get((row["ICB_Code"], row["TF_Code"]))
        for key, column in BY_ICB.items():
            number = float(row[column]) if row[column] else None
            if cell is None:
                assert not number, (row["ICB_Code"], row["TF_Code"], key)
            elif number is None:
                assert cell[key] is None, (row["ICB_Code"], row["TF_Code"], key)
            else:
                assert equals(cell[key], number), (row["ICB_Code"], row["TF_Code"], key)
