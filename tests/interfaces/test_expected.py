"""``clockstop waits expect``: how much longer, as JSON and in words."""

import json

import pytest
from tests.analytics.forecast.made_cubes import cube
from tests.analytics.forecast.waits_ahead import table_of
from tests.analytics.story import LEEDS

from clockstop.analytics.forecast.expected import table as expected_table
from clockstop.analytics.forecast.expected.waits import (
    Accuracy,
    ExpectedWaits,
    Facts,
    expected_file,
    keep,
)
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month
from clockstop.interfaces.cli import expected

AT_LEEDS = ("waits", "expect", "--provider", LEEDS, "--function", "C_110")


@pytest.fixture
def on_table(on_story, monkeypatch, tmp_path):
    """Run the command on a table of one list, so changed."""

    def run(*arguments, **changed):
        facts = Facts(Month(2025, 9), 157, (Accuracy(3, 13.0, 6, 2.5, 4, 4, 2),), (0, 65), (65,))
        keep(tmp_path / "table.parquet", table_of(provider=LEEDS, **changed), facts)
        monkeypatch.setattr(expected, "_waits", lambda: ExpectedWaits(tmp_path / "table.parquet"))
        return on_story(*AT_LEEDS, *arguments)

    return run


def test_json(on_table):
    result = on_table("--waited", 12, "--json", all_p92=None, admitted_stops=3)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "provider": LEEDS,
        "function": "C_110",
        "origin": "2025-09",
        "waited_weeks": 12,
        "incomplete_pathways": 100,
        "all": {"p50_weeks": 10.0, "p80_weeks": 10.0, "p92_weeks": None},
        "admitted": {"p50_weeks": None, "p80_weeks": None, "p92_weeks": None},
        "nonadmitted": {"p50_weeks": 10.0, "p80_weeks": 10.0, "p92_weeks": 20.2},
        "ends_without_treatment": 0.1,
        "range_weeks": None,
        "reasons": {"admitted": "Fewer than 20 people in 12 months were admitted here."},
        "borrowed": 0.25,
        "weeks_followed": 157,
        "mean_errors_points": {"3_months": 2.5},
    }


def test_for_people(on_table):
    lines = on_table(all_p92=None, admitted_stops=3).stdout.splitlines()
    assert lines[0] == "An estimate, from the lists at 2025-09-30."
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if "│" in line]
    assert cells == [
        ["All", "10.0", "10.0", "over 157"],
        ["Not admitted", "10.0", "10.0", "20.2"],
    ]
    assert "Fewer than 20 people in 12 months were admitted here." in lines
    assert lines[-1] == "Past estimates 13 weeks ahead were out by 2.5 in 100 people on average."


def test_few_people_get_a_range(on_table):
    lines = on_table(waiting=7).stdout.splitlines()
    assert lines[1:3] == ["Most likely 0 to 21 more weeks.", "Fewer than 20 people wait here."]
    assert "Most likely 0 to over 157 more weeks." in on_table(waiting=7, all_p92=None).stdout


def test_a_wait_that_nothing_can_be_said_of(on_table):
    lines = on_table("--waited", 65).stdout.splitlines()
    assert lines[1].startswith("Past estimates for people who had waited so long were out by more")
    assert not any("│" in line for line in lines)


def test_it_is_worked_out_once(home, clockstop, monkeypatch):
    read = []
    monkeypatch.setattr(expected_table, "read_cube", lambda lake: read.append(lake) or cube())
    result = clockstop("waits", "expect", "--provider", "P01", "--function", "C_100", "--json")
    assert result.exit_code == 0, result.stderr
    again = clockstop("waits", "expect", "--provider", "P01", "--function", "C_100", "--json")
    assert (again.stdout, len(read)) == (result.stdout, 1)
    found = ExpectedWaits(expected_file(Lake(home))).expected("P01", "C_100")
    assert json.loads(result.stdout)["all"]["p50_weeks"] == found.within["all"].p50


def test_nobody_waits_there(on_table):
    result = on_table(function="C_130")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: nobody waits at RR8 in C_110 at the latest census\n"


def test_no_wait_is_below_nothing(on_story):
    result = on_story(*AT_LEEDS, "--waited", "-1")
    assert (result.exit_code, result.stdout) == (2, "")


def test_too_short_a_past(on_story):
    result = on_story(*AT_LEEDS)
    said = "Error: expected waits need 5 consecutive months; there are 2\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_an_empty_lake(home, clockstop):
    result = clockstop(*AT_LEEDS)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the lake holds no RTT month yet" in result.stderr
