"""A run of ingest: what becomes of each file, and of the lake."""

from pathlib import Path

import pytest
from tests.analytics.published import extracts, small
from tests.analytics.published.helpers import current_tables, take, tree
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.ingest import FileResult, Outcome, ingest, restore
from clockstop.analytics.published.lake import Lake, LakeBrokenError, LakeBusyError
from clockstop.analytics.published.pathways import months_held
from clockstop.analytics.published.status import lake_status
from clockstop.core.types import Month


def revised(sheet: Sheet) -> Sheet:
    """The same month with one pathway more, properly added up."""
    other = sheet.copy()
    of = {"Provider_Org_Code": "RHQ", "Commissioner_Org_Code": "03N", "RTT_Part_Type": "Part_2"}
    for function in ("C_130", "C_999"):
        line = other.line(**of, Treatment_Function_Code=function)
        for column in ("Gt 07 To 08 Weeks SUM 1", "Total All"):
            other.put(line, column, int(other.cell(line, column)) + 1)
    return other


def fictional(sheet: Sheet) -> Sheet:
    other = sheet.copy()
    for row in other.rows:
        row[other.place("Provider Org Name")] += " (fictional)"
    return other


MAY, JUNE = extracts.rtt("2025-05"), extracts.rtt("2025-06")


@pytest.fixture
def may(inbox: Path) -> Path:
    return MAY.save(inbox, "may.csv")


@pytest.fixture
def may_again(inbox: Path) -> Path:
    return revised(MAY).save(inbox, "may-revised.csv")


def outcomes(lake: Lake, *paths: Path) -> list[str]:
    return [str(file.outcome) for file in take(lake, *paths).files]


def test_a_new_file_is_added_with_its_rows_and_revision(lake: Lake, may: Path) -> None:
    (file,) = take(lake, may).files
    revision = lake.catalogue().current("rtt")["2025-05"]
    assert (file.outcome, file.data_set, file.key) == (Outcome.ADDED, "rtt", "2025-05")
    assert (
        (file.revision, file.rows) == (revision.id, len(MAY.rows)) == (revision.id, revision.rows)
    )
    assert (revision.source, revision.bytes) == ("may.csv", may.stat().st_size)
    assert file.problems == []


def test_the_same_file_again_does_nothing(lake: Lake, may: Path) -> None:
    take(lake, may)
    before, version = tree(lake), lake.version()
    assert outcomes(lake, may) == ["unchanged"]
    assert (tree(lake), lake.version()) == (before, version)


def test_the_same_content_under_another_name_does_nothing(
    lake: Lake, may: Path, inbox: Path
) -> None:
    take(lake, may)
    assert outcomes(lake, MAY.save(inbox, "copy.csv")) == ["unchanged"]


def test_a_different_file_of_the_month_becomes_current_and_says_what_changed(
    lake: Lake, may: Path, may_again: Path
) -> None:
    take(lake, may)
    (file,) = take(lake, may_again).files
    assert file.outcome is Outcome.REVISED
    assert {problem.kind for problem in file.problems} == {"revision"}
    assert "1 of them not there before; 1 no longer there" in file.problems[0].found
    assert lake.catalogue().current("rtt")["2025-05"].id == file.revision


def test_the_previous_revision_is_kept_and_listed(lake: Lake, may: Path, may_again: Path) -> None:
    take(lake, may)
    before = tree(lake)
    take(lake, may_again)
    after = tree(lake)
    assert {name: after[name] for name in before if name != "catalogue.json"} == {
        name: digest for name, digest in before.items() if name != "catalogue.json"
    }
    (data_set,) = [d for d in lake_status(lake).data_sets if d.name == "rtt"]
    (entry,) = data_set.keys.values()
    assert [revision.source for revision in entry.revisions] == ["may.csv", "may-revised.csv"]
    assert entry.current.source == "may-revised.csv"


def test_a_kept_revision_can_be_restored(lake: Lake, may: Path, may_again: Path) -> None:
    take(lake, may)
    as_first, first = current_tables(lake), lake.catalogue().current("rtt")["2025-05"]
    take(lake, may_again)
    assert current_tables(lake) != as_first
    assert restore(lake, "rtt", "2025-05", first.id[:8]) == first
    assert current_tables(lake) == as_first


def test_ingesting_the_older_file_again_makes_it_current(
    lake: Lake, may: Path, may_again: Path
) -> None:
    take(lake, may)
    as_first = current_tables(lake)
    take(lake, may_again)
    assert outcomes(lake, may) == ["restored"]
    assert current_tables(lake) == as_first
    entry = lake.catalogue().entry("rtt", "2025-05")
    assert entry is not None
    assert len(entry.revisions) == 2


@pytest.mark.parametrize(
    ("data_set", "key", "prefix", "message"),
    [
        ("rtt", "2025-04", "", "holds no rtt for 2025-04"),
        ("cancer", "2025-05", "", "holds no cancer"),
        ("rtt", "2025-05", "zz", "no single revision 'zz'"),
        ("rtt", "2025-05", "", "no single revision ''"),
    ],
)
def test_a_revision_that_is_not_one_cannot_be_restored(
    lake: Lake, may: Path, may_again: Path, data_set: str, key: str, prefix: str, message: str
) -> None:
    take(lake, may, may_again)
    before = tree(lake)
    with pytest.raises(ValueError, match=message):
        restore(lake, data_set, key, prefix)
    assert tree(lake) == before


def test_of_one_month_twice_in_a_run_the_last_is_current(
    lake: Lake, may: Path, may_again: Path
) -> None:
    report = take(lake, may, may_again)
    assert [file.outcome for file in report.files] == [Outcome.ADDED, Outcome.REVISED]
    assert lake.catalogue().current("rtt")["2025-05"].source == "may-revised.csv"
    assert report.files[1].problems[0].kind == "revision"


def test_one_file_twice_in_a_run_counts_once(lake: Lake, may: Path) -> None:
    assert outcomes(lake, may, may) == ["added", "unchanged"]


def test_months_come_in_any_order(lake: Lake, may: Path, inbox: Path) -> None:
    take(lake, JUNE.save(inbox), may)
    assert months_held(lake) == (Month(2025, 5), Month(2025, 6))


def test_one_bad_file_among_good_ones_changes_nothing_at_all(
    lake: Lake, may: Path, may_again: Path, inbox: Path
) -> None:
    take(lake, may)
    before = tree(lake)
    bad = JUNE.copy().put(9, "Total All", "x").save(inbox, "june.csv")
    report = ingest([may_again, small.successors().save(inbox), bad], lake)
    assert [file.outcome for file in report.files] == ["revised", "added", "refused"]
    assert not report.committed
    assert [file.file for file in report.refused] == ["june.csv"]
    assert tree(lake) == before


def test_every_bad_file_of_a_run_is_listed(lake: Lake, inbox: Path) -> None:
    for number in (1, 2, 3):
        MAY.copy().put(number + 1, "Total All", "x").save(inbox, f"{number}.csv")
    report = ingest([inbox], lake)
    assert [(f.file, p.row) for f in report.refused for p in f.problems] == [
        (f"inbox/{number}.csv", number + 1) for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("synthetic_first", [True, False])
def test_synthetic_and_published_returns_do_not_mix(
    lake: Lake, inbox: Path, synthetic_first: bool
) -> None:
    files = [fictional(MAY).save(inbox, "made-up.csv"), JUNE.save(inbox, "real.csv")]
    first, second = files if synthetic_first else reversed(files)
    take(lake, first)
    before = tree(lake)
    report = ingest([second], lake)
    (problem,) = report.files[0].problems
    assert (report.committed, problem.kind) == (False, "mixed")
    assert "another CLOCKSTOP_HOME" in problem.expected
    assert tree(lake) == before
    assert not ingest(files, Lake(lake.home.with_name("other"))).committed


def test_a_second_writer_is_told_and_does_nothing(lake: Lake, may: Path) -> None:
    take(lake, may)
    before = tree(lake)
    revision = lake.catalogue().current("rtt")["2025-05"]
    with Lake(lake.home).writing():
        with pytest.raises(LakeBusyError, match="another process is writing"):
            ingest([may], lake)
        with pytest.raises(LakeBusyError):
            restore(lake, "rtt", "2025-05", revision.id)
    assert tree(lake) == before


def test_a_reader_is_never_kept_waiting(lake: Lake, may: Path) -> None:
    take(lake, may)
    with Lake(lake.home).writing():
        assert months_held(lake) == (Month(2025, 5),)


def test_progress_is_told_of_every_file_in_order(lake: Lake, may: Path, inbox: Path) -> None:
    (inbox / "other").mkdir()
    (inbox / "other" / "notes.txt").write_text("Notes.")
    small.trusts().save(inbox / "other")
    told: list[tuple[FileResult, int]] = []
    report = ingest([may, may, inbox / "other"], lake, lambda file, of: told.append((file, of)))
    assert told == [(file, 4) for file in report.files]
    assert [str(file.outcome) for file, _ in told] == ["added", "unchanged", "added", "skipped"]


def test_a_run_without_files_makes_no_lake_of_them(lake: Lake, inbox: Path) -> None:
    report = ingest([inbox], lake)
    assert (report.files, report.committed) == ([], True)
    assert not lake.catalogue().entries


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "data_sets": {"rtt": 3}}'],
)
def test_a_catalogue_that_cannot_be_read_is_said_so_and_left_alone(
    lake: Lake, may: Path, text: str
) -> None:
    take(lake, may)
    lake.catalogue_file.write_text(text)
    before = tree(lake)
    with pytest.raises(LakeBrokenError, match=r"catalogue\.json"):
        ingest([may], lake)
    assert tree(lake) == before


def test_the_warnings_of_a_file_are_kept_with_its_revision(lake: Lake, inbox: Path) -> None:
    (file,) = take(lake, small.directory().save(inbox)).files
    revision = lake.catalogue().current("hospitals")["hospital_2018"]
    assert revision.warnings == len(file.problems) == 1
    assert lake.warnings(revision) == file.problems


def test_so_is_what_it_changed(lake: Lake, may: Path, may_again: Path) -> None:
    _, file = take(lake, may, may_again).files
    first, second = lake.catalogue().entries["rtt"]["2025-05"].revisions
    assert {problem.kind for problem in file.problems} == {"revision"}
    assert (first.warnings, second.warnings) == (0, len(file.problems))
    assert lake.warnings(second) == file.problems


def test_every_data_set_has_its_place(lake: Lake, inbox: Path) -> None:
    for name, sheet in small.every().items():
        sheet.save(inbox, f"{name}.csv")
    found = {
        f.file.split("/")[1].removesuffix(".csv"): (f.data_set, f.key)
        for f in take(lake, inbox).files
    }
    assert found == {
        "overview": ("rtt_overview", "england"),
        "trusts": ("trusts", "ods"),
        "practices": ("practices", "ods"),
        "provider_icbs": ("provider_icbs", "england"),
        "successors": ("successors", "ods"),
        "sector_centroids": ("postcode_centroids", "sector"),
        "district_centroids": ("postcode_centroids", "district"),
        "directory": ("hospitals", "directory"),
        "trust_points": ("hospitals", "trust_points"),
        "hospital_points": ("hospitals", "hospital_points"),
        "provider_sectors": ("provider_sectors", "own"),
    }


def test_a_folder_that_is_not_the_lakes_is_left_alone(lake: Lake, inbox: Path) -> None:
    mine = lake.folder / "raw" / "2024" / "01" / "mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("not yours")
    assert ingest([small.successors().save(inbox)], lake).committed
    assert mine.read_text() == "not yours"


def test_a_lost_catalogue_loses_no_table(lake: Lake, inbox: Path) -> None:
    file = small.successors().save(inbox)
    ingest([file], lake)
    tables = sorted(lake.folder.glob("*/*/*/*.parquet"))
    lake.catalogue_file.unlink()
    with pytest.raises(LakeBrokenError, match="is gone, but its tables are there"):
        ingest([file], lake)
    assert sorted(lake.folder.glob("*/*/*/*.parquet")) == tables


def test_two_versions_of_a_month_again_change_nothing(lake: Lake, inbox: Path) -> None:
    one, other = small.successors(), small.successors()
    other.rows[0][-1] = "2020-01-01"
    files = [one.save(inbox, "a.csv"), other.save(inbox, "b.csv")]
    ingest(files, lake)
    before = lake.catalogue_file.read_bytes()
    ingest(files, lake)
    assert lake.catalogue_file.read_bytes() == before
