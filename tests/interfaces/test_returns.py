"""``clockstop returns rtt``: from a folder of records to a folder with the return."""

import csv
import json
import shutil

import polars as pl
import pytest
from tests.analytics.published.helpers import take
from tests.analytics.story import LEEDS
from tests.analytics.synthetic.patients.conftest import small, small_lake
from tests.core.rtt.spec import Spec

from clockstop.analytics.clocks import events_table
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import scan_pathways
from clockstop.core.types import Month

__all__ = ["small", "small_lake"]
EXTRACT = "20250930-RTT-September-2025-full-extract.csv"
PAGES = ["findings.csv", "left-out.csv", "return.html", "to-revise.csv"]


@pytest.fixture
def on_lake(small_lake, monkeypatch, home, clockstop):
    """Run the command on the lake that the patients were made from."""
    monkeypatch.setenv("CLOCKSTOP_HOME", str(small_lake.home))
    return clockstop


def names_in(folder):
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_the_return_and_all_that_goes_with_it(on_lake, small, tmp_path):
    out = tmp_path / "out"
    result = on_lake("returns", "rtt", small.folder, "--month", "2025-09", "--out", out)
    assert result.exit_code == 0, result.output
    for text in (
        "RTT return, September 2025",
        "2, waiting at the end of the month",
        "Nullified: it counts neither as completed nor as waiting",
        "To look into: A0C5S: Patients were treated but nobody waits: completed 3, waiting 0.",
        "Not asked, for want of something to compare with: missing_return",
    ):
        assert text in result.output
    providers = [f"providers/{code}-{EXTRACT}" for code in small.pathways["provider"].unique()]
    assert names_in(out) == sorted([EXTRACT, *PAGES, *providers])
    taken = Lake(tmp_path / "taken")
    take(taken, out / EXTRACT)
    waiting = scan_pathways(taken, [Month(2025, 9)], {"provider"}).filter(
        pl.col("part").cast(pl.String) == "Part_2"
    )
    counted = small.cells.filter(part="Part_2").filter(pl.col("commissioner") != "NONC")
    assert waiting.collect()["n"].sum() == counted["made"].sum()


def test_the_page_and_the_tables_say_what_was_left_out(on_lake, small, tmp_path):
    on_lake("returns", "rtt", small.folder, "--month", "2025-09", "--out", tmp_path)
    page = (tmp_path / "return.html").read_text(encoding="utf-8")
    assert '<html lang="en-GB">' in page
    assert "Earlier months to revise" in page
    with (tmp_path / "left-out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["reason"] for row in rows} == {"report-nullified"}
    assert page.count("Nullified: it counts") == 1
    assert f">{len(rows)}</td>" in page
    revised = pl.read_csv(tmp_path / "to-revise.csv")
    assert (revised["counted"] != revised["should"]).all()
    assert (revised["month"] < "2025-09").all()


def test_one_provider_compared_with_its_own_return_sent_again(on_lake, small, tmp_path):
    mine = ("returns", "rtt", small.folder, "--month", "2025-09", "--provider", LEEDS)
    on_lake(*mine, "--out", tmp_path / "first")
    (file,) = (tmp_path / "first").glob("RR8-*.csv")
    text = file.read_text(encoding="utf-8").replace("RTT-September-2025", "RTT-August-2025")
    before = tmp_path / "before.csv"
    before.write_text(text, encoding="utf-8", newline="")
    result = on_lake(*mine, "--out", tmp_path / "again", "--previous", before, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["not_asked"] == []
    same = {each["part"] for each in found["findings"] if each["check"] == "no_change"}
    assert same == {"Part_1A", "Part_1B", "Part_2", "Part_3"}
    assert {each["provider"] for each in found["findings"]} == {LEEDS}
    of_leeds = small.cells.filter(part="Part_2", provider=LEEDS)
    assert found["parts"]["Part_2"] == of_leeds["made"].sum()
    assert found["unknown_starts"] == {"Part_1A": 5, "Part_1B": 3, "Part_2": 0, "Part_2A": 0}
    assert sum(found["of_other_providers"].values()) > 0
    assert [each.rpartition("/")[2] for each in found["files"]] == [file.name, *PAGES]


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--month", "September"], 2, "'September' is not a month"),
        (["--month", "2025-09", "--provider", "RZZ"], 2, "no provider 'RZZ' in the return"),
        (["--month", "2025-09", "--previous", "2020-01"], 1, "no RTT return for 2020-01"),
        (["--month", "2025-09", "--previous", "2025-02"], 2, "the month before 2025-09 is 2025-08"),
        (["--month", "2025-09", "--previous", "no.csv"], 2, "'no.csv' is not a month"),
        (["--month", "2019-09"], 2, "2019-09: expected a month from 2021-04"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(on_lake, small, tmp_path, more, code, said):
    result = on_lake("returns", "rtt", small.folder, "--out", tmp_path / "out", *more)
    assert result.exit_code == code
    assert said in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture
def records(tmp_path):
    """Write records of one pathway from events as the worked situations have them."""

    def write(text, **pathway):
        folder = tmp_path / "records"
        folder.mkdir()
        spec = Spec(paragraph="", title="", events=text)
        events_table.table([(1, spec.pathway.events)]).write_parquet(folder / "events.parquet")
        row = {"pathway": 1, "provider": "RAA", "icb": "QWO"} | pathway
        pl.DataFrame([row]).write_parquet(folder / "pathways.parquet")
        return folder

    return write


def test_without_anything_to_file_the_page_says_why(clockstop, home, records, tmp_path):
    folder = records("2025-09-01 referral_received provider=RAA treatment_function=110")
    out = tmp_path / "out"
    result = clockstop("returns", "rtt", folder, "--month", "2025-09", "--out", out)
    assert result.exit_code == 0, result.output
    assert "No entry says who commissions" in result.output
    assert names_in(out) == PAGES


def test_a_provider_without_a_known_icb_leaves_nothing_behind(clockstop, home, records, tmp_path):
    text = """
        2025-09-01 referral_received provider=RAA treatment_function=110
        2025-09-01 commissioner_recorded practice=15F
        """
    out = tmp_path / "out"
    folder = records(text, icb=None)
    result = clockstop("returns", "rtt", folder, "--month", "2025-09", "--out", out)
    assert result.exit_code == 2
    assert "no ICB is known for provider RAA" in result.stderr
    assert not out.exists()


def test_a_folder_of_something_else_is_refused_with_all_that_it_lacks(clockstop, home, tmp_path):
    (tmp_path / "pathways.parquet").write_text("no")
    result = clockstop("returns", "rtt", tmp_path, "--month", "2025-09", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "pathways.parquet: found" in result.stderr
    assert "events: found no *.parquet; expected events" in result.stderr


def test_events_that_are_none_are_refused_with_their_place(on_lake, small, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    shutil.copy(small.folder / "pathways.parquet", folder)
    broken = small.events.head(9).with_columns(day=pl.lit(None, pl.Date))
    broken.write_parquet(folder / "events.parquet")
    result = on_lake("returns", "rtt", folder, "--month", "2025-09", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "events: column day: pathway" in result.stderr
    assert not (tmp_path / "out").exists()
