"""``clockstop clock derive``: a whole list, from Parquet to Parquet."""

import json
from datetime import date

import polars as pl
import pytest

from clockstop.analytics.clocks import events_table
from clockstop.core.rtt.events import Attendance, ReferralReceived

DAY = date(2025, 1, 6)


@pytest.fixture
def events(tmp_path):
    file = tmp_path / "events.parquet"
    events_table.table(
        (key, (ReferralReceived(id="e1", day=DAY), Attendance(id="e2", day=DAY, status="99")))
        for key in (5, 7)
    ).write_parquet(file)
    return file


def test_periods_and_findings_of_a_list(clockstop, home, events, tmp_path):
    out, findings = tmp_path / "periods.parquet", tmp_path / "findings.parquet"
    result = clockstop(
        "clock", "derive", events, "--out", out, "--findings", findings, "--as-of", "2025-03-31"
    )
    assert result.exit_code == 0, result.output
    assert "Done, as of 2025-03-31: 4 events, 2 pathways, 2 periods" in result.output
    assert pl.read_parquet(out)["start"].to_list() == [DAY, DAY]
    assert pl.read_parquet(findings)["problem"].to_list() == ["status_missing"] * 2


def test_entries_after_the_day_asked_about_are_left_out(clockstop, home, events, tmp_path):
    out = tmp_path / "periods.parquet"
    result = clockstop("clock", "derive", events, "--out", out, "--as-of", "2025-01-01", "--json")
    assert json.loads(result.stdout) == {
        "events": 4,
        "pathways": 2,
        "periods": 0,
        "findings": 0,
        "by_hand": 0,
        "as_of": "2025-01-01",
    }


def test_all_that_is_wrong_is_said_and_nothing_written(clockstop, home, events, tmp_path):
    broken, out = tmp_path / "broken.parquet", tmp_path / "periods.parquet"
    pl.read_parquet(events).drop("status").with_columns(nhs=pl.lit(1)).write_parquet(broken)
    result = clockstop("clock", "derive", broken, "--out", out)
    assert result.exit_code == 1
    assert f"{broken}: column status: missing, expected text" in result.output
    assert f"{broken}: column nhs: unknown to a table of events" in result.output
    assert not out.exists()


def test_a_file_that_is_not_there(clockstop, home, tmp_path):
    result = clockstop("clock", "derive", tmp_path / "none", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "No such file" in result.output
