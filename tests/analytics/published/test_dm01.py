"""DM01: what its two forms become, what they are refused for, and that they give one answer."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.analytics.published import dm01_files
from tests.analytics.published.helpers import read, refusals, take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.datasets import recognise
from clockstop.analytics.published.datasets.dm01 import DM01
from clockstop.analytics.published.diagnostics import (
    diagnostic_months,
    disagreements,
    scan_activity,
    scan_diagnostics,
)
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.analytics.published.status import lake_status
from clockstop.core.types import Month

FILES = {
    "extract": dm01_files.extract(),
    "provider": dm01_files.series("provider"),
    "commissioner": dm01_files.series("commissioner"),
}
KEYS = {
    "extract": "2025-01",
    "provider": "provider_series",
    "commissioner": "commissioner_series",
}


@pytest.mark.parametrize("name", FILES)
def test_each_form_is_known_for_what_it_is(name: str) -> None:
    sheet = FILES[name]
    assert recognise(sheet.bytes()) is DM01
    reading = read(DM01, sheet.bytes())
    assert (reading.key, reading.rows, reading.warnings) == (KEYS[name], len(sheet.rows), [])
    assert reading.tables["diagnostics"].columns == [
        *("month", "basis", "organisation", "region", "test", "band", "n")
    ]
    assert reading.tables["activity"].columns == [
        *("month", "basis", "organisation", "region", "test"),
        *("waiting_list", "planned", "unscheduled", "total"),
    ]


def test_an_extract_adds_up_over_commissioners_and_over_providers() -> None:
    reading = read(DM01, FILES["extract"].bytes())
    waiting = reading.tables["diagnostics"].group_by("basis").agg(pl.col("n").sum())
    done = reading.tables["activity"].group_by("basis").agg(pl.col("total").sum())
    assert set(waiting["n"]) == {reading.facts["waiting"]}
    assert set(done["total"]) == {reading.facts["tests_done"]}
    assert set(waiting["basis"]) == {"provider", "commissioner"}


def test_a_commissioner_of_no_icb_stands_for_itself_and_has_no_region() -> None:
    tables = read(DM01, FILES["extract"].bytes()).tables
    mine = tables["activity"].filter(basis="commissioner").select("organisation", "region").unique()
    assert sorted(mine.rows()) == [("13Q", None), ("QWO", "Y63")]
    assert tables["organisations"].filter(basis="commissioner")["name"].to_list() == [
        "NATIONAL COMMISSIONING HUB 1",
        "WEST YORKSHIRE ICB",
    ]


def test_each_band_is_kept_under_its_week() -> None:
    sheet = FILES["provider"]
    cell = sheet.cell(2, "13+ weeks"), sheet.cell(2, "06 <07 weeks")
    kept = read(DM01, sheet.bytes()).tables["diagnostics"]
    mine = kept.filter(month="2025-01", organisation="RR8", test="MRI")
    found = dict(mine.select("band", "n").rows())
    assert (found.get(13, 0), found.get(6, 0)) == tuple(map(int, cell))


EXTRACT_FAULTS: list[tuple[Callable[[Sheet], Sheet], str, str]] = [
    (lambda s: s.put(2, "03 < 04 Weeks", 99), "sum", "Total WL"),
    (lambda s: s.put(2, "Total WL", 9_999), "sum", "Total WL"),
    (lambda s: s.put(2, "Planned Activity", 99), "sum", "Total Activity"),
    (lambda s: s.put(2, "Total WL", ""), "blank", "Total WL"),
    (lambda s: s.put(2, "Total WL", "12.5"), "value", "Total WL"),
    (lambda s: s.put(2, "13+ Weeks", "-1"), "value", "13+ Weeks"),
    (lambda s: s.put(3, "Period", "DM01-FEBRUARY-2025"), "period", "Period"),
    (lambda s: s.put(3, "Period", "RTT-January-2025"), "value", "Period"),
    (lambda s: s.put(2, "Diagnostic Tests", "XRAY"), "value", "Diagnostic Tests"),
    (lambda s: s.put(2, "Diagnostic Tests Sort Order", 2), "number", "Diagnostic Tests Sort Order"),
    (lambda s: s.put(2, "Provider Org Code", "rr8"), "value", "Provider Org Code"),
    (lambda s: s.drop([2]), "sum", "Total WL"),
    (lambda s: s.drop(s.lines(Diagnostic_Tests="TOTAL")[:1]), "no total", "Diagnostic Tests"),
]


@pytest.mark.parametrize(("spoil", "kind", "column"), EXTRACT_FAULTS)
def test_an_extract_is_refused(spoil: Callable[[Sheet], Sheet], kind: str, column: str) -> None:
    problems = refusals(DM01, spoil(FILES["extract"].copy()).bytes())
    assert (kind, column) in {(problem.kind, problem.column) for problem in problems}
    assert all(problem.row for problem in problems)


def test_a_row_twice_is_named_with_its_first() -> None:
    sheet = FILES["extract"].copy()
    sheet.rows.append(list(sheet.rows[0]))
    (problem,) = refusals(DM01, sheet.bytes())
    assert (problem.kind, problem.row) == ("duplicate", len(sheet.rows) + 1)
    assert "RR8 × 15F × MRI again (first in row 2)" in problem.found


SERIES_FAULTS: list[tuple[Callable[[Sheet], Sheet], str, str]] = [
    (lambda s: s.put(2, "13+ weeks", 99), "sum", "Number waiting 13+ Weeks"),
    (lambda s: s.put(2, "05 <06 weeks", 99), "sum", "Total Waiting List"),
    (lambda s: s.put(2, "Number waiting 6+ Weeks", 1), "sum", "Number waiting 6+ Weeks"),
    (lambda s: s.put(2, "Reporting Period", "2025-01-30"), "value", "Reporting Period"),
    (lambda s: s.put(2, "Reporting Period", "January"), "value", "Reporting Period"),
    (lambda s: s.put(2, "Regional Team Code", "Y99"), "value", "Regional Team Code"),
    (lambda s: s.put(2, "Diagnostic ID", "16"), "value", "Diagnostic ID"),
    (lambda s: s.put(2, "Diagnostic Test Name", "Colonoscopy"), "name", "Diagnostic Test Name"),
    (lambda s: s.put(2, "Provider Code", ""), "blank", "Provider Code"),
    (lambda s: s.put(3, "Diagnostic ID", "1"), "duplicate", ""),
]


@pytest.mark.parametrize(("spoil", "kind", "column"), SERIES_FAULTS)
def test_a_series_is_refused(spoil: Callable[[Sheet], Sheet], kind: str, column: str) -> None:
    problems = refusals(DM01, spoil(FILES["provider"].copy()).bytes())
    assert (kind, column) in {(problem.kind, problem.column or "") for problem in problems}


def test_a_header_nearly_right_is_explained() -> None:
    sheet = FILES["commissioner"].copy()
    sheet.columns[2] = "ICB code"
    assert recognise(sheet.bytes()) is DM01
    assert "'ICB Code' as column 3" in str(refusals(DM01, sheet.bytes())[0])


def test_a_share_that_is_misprinted_is_a_warning() -> None:
    sheet = FILES["provider"].copy().put(2, "Percentage waiting 6+ weeks", "0.999")
    (warning,) = read(DM01, sheet.bytes()).warnings
    assert (warning.kind, warning.row) == ("share", 2)


def test_a_month_known_to_be_broken_is_left_out_and_said() -> None:
    sheet = dm01_files.series("commissioner", ("2023-05", "2023-06"))
    assert read(DM01, sheet.bytes()).warnings == []
    line = sheet.line(Reporting_Period="2023-06-30")
    reading = read(DM01, sheet.put(line, "13+ weeks", 999).bytes())
    assert [warning.kind for warning in reading.warnings] == ["month left out"]
    assert set(reading.tables["activity"]["month"]) == {"2023-05"}
    assert refusals(DM01, dm01_files.series().put(2, "13+ weeks", 999).bytes())


def test_a_months_own_extract_wins_over_a_series(lake: Lake, inbox: Path) -> None:
    take(lake, FILES["provider"].save(inbox))
    before = scan_activity(lake, "provider", [Month(2025, 1)]).collect()
    take(lake, FILES["extract"].save(inbox))
    after = scan_activity(lake, "provider", [Month(2025, 1)]).collect()
    assert before["total"].sum() != after["total"].sum()
    assert after.select("organisation", "test").is_duplicated().sum() == 0
    assert diagnostic_months(lake, "provider") == (Month(2025, 1), Month(2025, 2))
    assert diagnostic_months(lake, "commissioner") == (Month(2025, 1),)
    waiting = scan_diagnostics(lake, "provider").select("month").unique().collect()
    assert sorted(waiting["month"]) == ["2025-01", "2025-02"]


def test_without_a_return_there_is_no_answer(lake: Lake, inbox: Path) -> None:
    take(lake, FILES["provider"].save(inbox))
    with pytest.raises(NoDataError, match="by commissioner"):
        scan_diagnostics(lake, "commissioner")
    assert diagnostic_months(lake, "commissioner") == ()
    assert list(disagreements(lake)) == []


def test_status_says_where_providers_and_commissioners_part(lake: Lake, inbox: Path) -> None:
    take(lake, FILES["provider"].save(inbox), FILES["commissioner"].save(inbox))
    assert lake_status(lake).notes == ()
    fewer = FILES["commissioner"].copy().drop([2])
    take(lake, fewer.save(inbox))
    notes = lake_status(lake).notes
    assert notes
    assert all(note.startswith("diagnostics 2025-01: ") for note in notes)
    assert any("waiting" in note and "by commissioner" in note for note in notes)


@pytest.mark.real_data
def test_the_published_series_give_the_published_figures(lake: Lake, real_data: Path) -> None:
    """NHS England, Diagnostics Waiting Times and Activity: 2,528,287 tests in January 2025."""
    report = take(lake, real_data / "diagnostics")
    kinds = {file.key: {problem.kind for problem in file.problems} for file in report.files}
    assert kinds == {
        "provider_series": set(),
        "commissioner_series": {"share", "month left out"},
    }
    january = [Month(2025, 1)]
    for basis in ("provider", "commissioner"):
        assert scan_activity(lake, basis, january).collect()["total"].sum() == 2_528_287
    assert len(diagnostic_months(lake, "provider")) == 30
    missing = set(diagnostic_months(lake, "provider")) - set(
        diagnostic_months(lake, "commissioner")
    )
    assert missing == {Month(2023, 6)}
    assert lake_status(lake).notes == ()
