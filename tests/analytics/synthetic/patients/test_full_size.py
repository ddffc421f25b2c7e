"""All patients of a larger list, by the rules over tables; in the soak, of all England."""

import os

import polars as pl
import pytest
from tests.analytics.synthetic.patients.conftest import MONTH, made
from tests.analytics.synthetic.patients.kernel import CELL, counts_of

from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england

SOAK = os.environ.get("CLOCKSTOP_SOAK")


def check(found) -> None:
    """Count again file by file, and hold the sum against what was to be made."""
    counts, findings = [], []
    for file in sorted((found.folder / "events").iterdir()):
        lines, problems = counts_of(pl.read_parquet(file), MONTH.census)
        counts.append(lines)
        findings.append(problems)
    wanted = found.cells.filter(pl.col("made") > 0)
    got = pl.concat(counts).group_by(CELL).agg(pl.col("n").sum())
    both = wanted.join(got, on=CELL, how="full", nulls_equal=True)
    wrong = both.filter(pl.col("made").cast(pl.Int64).ne_missing(pl.col("n").cast(pl.Int64)))
    assert wrong.is_empty(), wrong.head(20)
    problems = pl.concat(findings)
    seeded = problems.filter(pl.col("problem") != "form_missing")
    told = seeded.select("pathway", pl.col("problem").cast(pl.String)).unique()
    assert dict(told.rows()) == found.faults
    assert len(told) == len(found.faults)


def test_an_icb(synthetic_lake, tmp_path):
    check(made(tmp_path / "made", synthetic_lake, icbs=("QWO",), faults=0.02))


def test_an_icb_of_the_published_month(real_lake, tmp_path):
    """Which contradicts itself here and there: what is left out is little, and said."""
    found = made(tmp_path / "made", real_lake, icbs=("QOC",))
    check(found)
    counts = found.manifest["counts"]
    new = found.cells.filter(part="Part_3")["returned"].sum()
    assert 0 < counts["new_periods_left_out"] < 0.05 * new


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for the patients of all England")
def test_all_england(tmp_path):
    lake = Lake(tmp_path / "home")
    make_england(tmp_path / "england", months=1, last_month=MONTH, scale=1)
    assert ingest([tmp_path / "england"], lake).committed
    found = made(tmp_path / "made", lake, faults=0.001)
    assert found.manifest["counts"]["events"] > 50_000_000
    check(found)
