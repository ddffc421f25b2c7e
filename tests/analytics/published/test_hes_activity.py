"""Hospital activity: what each of the four layouts becomes, and what it is refused for."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import hes_columns as columns
from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.hes_activity import HES_ACTIVITY, LAYOUTS
from clockstop.analytics.published.lake import Lake

HES = ["100", "60", "70", "30", "20", "90", "40", "500", "400", "50", "120", "250"]
MAR = ["10", "20", "30", "15", "40", "60", "100", "5", "200", "*"] * 2
EARLY = ["10", "20", "30", "1", "2", "3", "0", "15", "70", "60", "65", "55", "30", "90"]


def sheet(kind: str, *rows: str, figures: list[str]) -> Sheet:
    layout = LAYOUTS[kind].columns
    cells = [[*row.split(","), *figures] for row in rows]
    return Sheet(list(layout), [row + [""] * (len(layout) - len(row)) for row in cells])


FILES = {
    "functions": sheet(
        "functions",
        "202013,31MAR21,01APR20,31MAR21,100,General Surgery",
        "202013,31MAR21,01APR20,31MAR21,&,Not Known",
        figures=[*HES, "1"],
    ),
    "ages": sheet(
        "ages",
        "31MAR2021,01APR2020,31MAR2021,202013,01. 0 - 4",
        "31MAR2021,01APR2020,31MAR2021,202013,24. unknown",
        figures=HES,
    ),
    "organisations": sheet(
        "organisations",
        "2020-21,13,Apr 2020,National,All,-,-,-",
        "2020-21,13,Apr 2020,Provider,RR8,LEEDS TEACHING HOSPITALS,Y63,NORTH EAST",
        "2020-21,13,Apr 2020,Region of CCG,-,-,Y63,NORTH EAST",
        figures=MAR,
    ),
    "providers": sheet(
        "providers",
        "2012-04-01,RR8,LEEDS TEACHING HOSPITALS",
        "2012-05-01,RR8,LEEDS TEACHING HOSPITALS",
        figures=EARLY,
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_layout_is_known_and_kept_under_its_name(kind: str) -> None:
    content = FILES[kind].bytes()
    assert recognise(content) is HES_ACTIVITY
    reading = read(HES_ACTIVITY, content)
    assert (reading.key, list(reading.tables), reading.warnings) == (kind, [kind], [])
    assert reading.tables[kind]["month"].to_list()[0] in {"2021-03", "2020-04", "2012-04"}
    assert reading.tables[kind].height == len(FILES[kind].rows)


def test_what_is_suppressed_is_not_known_rather_than_nothing() -> None:
    table = read(HES_ACTIVITY, FILES["organisations"].bytes()).tables["organisations"]
    assert table["all_follow_up_not_attended"].to_list() == [None, None, None]
    assert table["all_electives"].to_list() == [30, 30, 30]
    assert table["organisation"].to_list() == ["All", "RR8", None]
    assert table["region"].to_list() == [None, "Y63", "Y63"]


FAULTS: list[tuple[str, Callable[[Sheet], Sheet], str]] = [
    ("functions", lambda s: s.put(2, "FCE", 101), "sum"),
    ("functions", lambda s: s.put(2, "EMERGENCY", 91), "limit"),
    ("functions", lambda s: s.put(2, "Month_Ending", "31FEB21"), "value"),
    ("functions", lambda s: s.put(3, "TRETSPEF", "100"), "duplicate"),
    ("ages", lambda s: s.put(2, "FAE", ""), "blank"),
    ("ages", lambda s: s.put(2, "Attended_Appointments", 501), "limit"),
    ("ages", lambda s: s.put(2, "Age_Band", "young"), "value"),
    ("organisations", lambda s: s.put(2, columns.MAR["all_electives"], 40), "sum"),
    ("organisations", lambda s: s.put(2, columns.MAR["all_electives"], "**"), "value"),
    ("organisations", lambda s: s.put(2, "Activity Month", "April"), "value"),
    ("providers", lambda s: s.put(2, "provider_org_code", ""), "blank"),
    ("providers", lambda s: s.put(3, "period_date", "2012-04-01"), "duplicate"),
]


@pytest.mark.parametrize(("kind", "spoil", "fault"), FAULTS)
def test_a_fault_is_refused(kind: str, spoil: Callable[[Sheet], Sheet], fault: str) -> None:
    problems = refusals(HES_ACTIVITY, spoil(FILES[kind].copy()).bytes())
    assert {problem.kind for problem in problems} == {fault}
    assert all(problem.row for problem in problems)


def test_figures_rounded_to_five_need_not_add_up_to_the_last() -> None:
    near = FILES["organisations"].copy().put(3, columns.MAR["all_electives"], 35)
    assert read(HES_ACTIVITY, near.bytes()).warnings == []


def test_the_early_return_is_known_for_a_few_sums_that_do_not_come_out() -> None:
    sheet = FILES["providers"].copy().put(2, columns.EARLY["electives"], 31)
    sheet.put(3, columns.EARLY["non_electives"], "6.1000000000000005")
    reading = read(HES_ACTIVITY, sheet.bytes())
    assert sorted(warning.kind for warning in reading.warnings) == ["sum", "value"]
    assert reading.tables["providers"]["non_electives"].to_list() == [15, None]
    row = FILES["providers"].rows[0]
    many = [[f"2013-{month:02d}-01", *row[1:]] for month in range(1, 13)]
    for each in many:
        each[5] = "999"
    whole = Sheet(sheet.columns, many)
    assert len(refusals(HES_ACTIVITY, whole.bytes())) == 12


@pytest.mark.real_data
def test_the_published_files_agree_with_each_other(lake: Lake, real_data: Path) -> None:
    """HES 2019-20 counts 20,912,276 finished consultant episodes, by function as by age."""
    report = take(lake, real_data / "activity")
    assert {file.key: len(file.problems) for file in report.files if file.key} == {
        "functions": 0,
        "ages": 0,
        "organisations": 0,
        "providers": 5,
    }
    current = lake.catalogue().current("hes_activity")
    sides = [
        lake.scan(current[kind], kind)
        .group_by("month")
        .agg(pl.col(columns.HES).sum())
        .sort("month")
        for kind in ("functions", "ages")
    ]
    functions, ages = pl.collect_all(sides)
    assert functions.equals(ages)
    year = functions.filter(pl.col("month").is_between(pl.lit("2019-04"), pl.lit("2020-03")))
    assert year["episodes"].sum() == 20_912_276
