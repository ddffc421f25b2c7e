"""Made-up patients, their return, ingest, statistics: the same as counted from the patients."""

import os

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.analytics.published.helpers import take
from tests.analytics.synthetic.patients.conftest import MONTH, made
from tests.analytics.synthetic.patients.engine import counts_of, expected

from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import scan_pathways
from clockstop.analytics.returns.extract import write_extract
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.names import known_names
from clockstop.analytics.synthetic import make_england

SOAK = os.environ.get("CLOCKSTOP_SOAK")
CELL = ["provider", "commissioner", "function"]


@pytest.fixture(scope="module")
def returned(small):
    return monthly_return(small.pathways, small.events, MONTH, rows=2_000)


@pytest.fixture(scope="module")
def back(returned, small, small_lake, tmp_path_factory):
    """The pathways of a new lake that took the written extract in."""
    lake = Lake(tmp_path_factory.mktemp("back"))
    names = known_names(small.pathways, small_lake)
    take(lake, write_extract(returned, names, tmp_path_factory.mktemp("written")))
    columns = [*CELL, "icb"]
    text = pl.col("month", "part", *columns).cast(pl.String)
    return scan_pathways(lake, [MONTH], {"commissioner", *columns}).with_columns(text).collect()


def test_what_was_made_is_what_is_returned(returned, small):
    rows = returned.counts.with_columns(pl.col("part").cast(pl.String)).rows()
    assert {row[:-1]: row[-1] for row in rows} == expected(small.cells)


def test_every_cell_comes_back(returned, back):
    keys = [*CELL, "part", "band"]
    ours = returned.counts.with_columns(pl.col("part").cast(pl.String)).sort(keys)
    theirs = back.select(*keys, "n").sort(keys)
    assert_frame_equal(theirs, ours.select(*keys, "n"))


@pytest.mark.parametrize("by", [CELL, ["provider"], ["commissioner"], ["function"], []], ids=str)
def test_every_statistic_is_that_of_the_patients(back, small, by):
    lines, _ = counts_of(small.events, MONTH.census)
    direct = pl.DataFrame(
        [(str(MONTH), *line, n) for line, n in lines.items()],
        schema={**back.select("month", *CELL, "part", "band").schema, "n": pl.Int64},
        orient="row",
    )
    keys = ["month", *by]
    asked = {"by": by, "min_count": 1, "include_nonc": True}
    ours, theirs = (list_statistics(each, **asked).sort(keys) for each in (direct, back))
    assert_frame_equal(theirs, ours, rel_tol=1e-12)


def check(source, folder, **options):
    """Patients of a month of a lake: their return, taken into another, is what was made."""
    found = made(folder / "made", source, **options)
    events = pl.scan_parquet(sorted((found.folder / "events").iterdir()))
    ret = monthly_return(found.pathways, events, MONTH)
    lake = Lake(folder / "back")
    take(lake, write_extract(ret, known_names(found.pathways, source), folder / "written"))
    wanted = _statistics(found.cells.filter(pl.col("made") > 0).rename({"made": "n"}))
    columns = {"commissioner", *CELL}
    assert_frame_equal(_statistics(scan_pathways(lake, [MONTH], columns).collect()), wanted)
    return ret


def _statistics(table):
    """Every measure of every cell."""
    text = pl.col("part", *CELL).cast(pl.String)
    keyed = table.with_columns(text, month=pl.lit(str(MONTH)))
    counted = keyed.select("month", *CELL, "part", pl.col("band").cast(pl.Int16), pl.col("n"))
    return list_statistics(
        counted.cast({"n": pl.Int64}), CELL, min_count=1, include_nonc=True
    ).sort(CELL)


def test_an_icb(synthetic_lake, tmp_path):
    check(synthetic_lake, tmp_path, icbs=("QWO",))


@pytest.mark.real_data
def test_an_icb_of_the_published_month(real_lake, tmp_path):
    ret = check(real_lake, tmp_path, icbs=("QOC",), scale=0.2)
    assert ret.unfiled.is_empty()


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for the patients of all England")
def test_all_england(tmp_path):
    lake = Lake(tmp_path / "home")
    make_england(tmp_path / "england", months=1, last_month=MONTH, scale=1)
    take(lake, tmp_path / "england")
    check(lake, tmp_path)
