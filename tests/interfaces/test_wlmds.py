"""``clockstop wlmds``: a data manager checks what she sends, mends it and checks it again."""

import csv
import json
from datetime import date

import polars as pl
import pytest
from tests.analytics.wlmds.rows import SUNDAY, changed, day, submission

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records.columns import schema
from clockstop.analytics.wlmds.writing import write_submission
from clockstop.core.pseudonyms import pseudonym
from clockstop.core.rtt.events import Attendance, ReferralReceived

KEY = "a key that is long enough for it"


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    return file


@pytest.fixture
def sent(tmp_path, home):
    """The folder of a submission with three faults in it."""
    tables = submission(30)
    tables["open"] = changed(tables["open"], 3, {"commissioner_code": "NONC"})
    tables["open"] = changed(tables["open"], 5, {"tci_date": day(1)})
    tables["pifu"] = changed(tables["pifu"], 0, {"provider_site_code": "=1+1"})
    folder = tmp_path / "RR8"
    write_submission(folder, tables)
    return folder


@pytest.fixture
def records(tmp_path, home):
    """One patient who waits, and one whose record is blank."""
    folder = tmp_path / "records"
    (folder / "events").mkdir(parents=True)
    pathways = [
        {
            "pathway": at,
            "person": at,
            "identifier": f"{at:020}",
            "issuer": "RR8",
            "provider": "RR8",
            "icb": "QWO",
            "commissioner": "15F",
            "treatment_function": "110",
            "priority": "1",
        }
        for at in (1, 2)
    ]
    people = [
        {"person": 1, "nhs_number": "9990000018", "birth_date": date(1950, 1, 2)},
        {"person": 2, "birth_date": date(1960, 3, 4)},
    ]
    events = events_table.table(
        (at, [ReferralReceived(id="e1", day=day(20)), Attendance(id="e2", day=day(10))])
        for at in (1, 2)
    )
    pl.DataFrame(pathways, schema=schema("pathways")).write_parquet(folder / "pathways.parquet")
    pl.DataFrame(people, schema=schema("people")).write_parquet(folder / "people.parquet")
    events.write_parquet(folder / "events" / "RR8-0.parquet")
    return folder


def making(records, to, key_file, *more):
    """The words of the command that makes the submission."""
    words = ["wlmds", "build", records, "--provider", "RR8", "--week", SUNDAY, "--out", to]
    return [*words, "--key-file", key_file, *more]


def test_a_submission_without_fault(clockstop, tmp_path, home):
    write_submission(tmp_path / "sent", submission(30))
    done = clockstop("wlmds", "check", tmp_path / "sent")
    assert done.exit_code == 0
    assert "Open pathways: 30 rows" in done.output
    assert "No faults found." in done.output


def test_every_fault_is_told_with_its_place_and_how_to_mend_it(clockstop, sent):
    done = clockstop("wlmds", "check", sent)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert (
        "error 1 × NONC stands for all commissioners outside England in the monthly return, not "
        "here. (commissioner-nonc)"
    ) in lines
    assert (
        "  open, row 5, commissioner_code: found NONC; expected the code of the commissioner itself"
    ) in lines
    assert any("Put the code of the commissioner itself" in line for line in lines)
    assert (
        "warning 1 × The date to come in has passed, and the patient still waits. (tci-past)"
        in (lines)
    )
    assert lines[-1] == "2 errors, 1 warning."


def test_what_is_mended_is_no_fault_any_more(clockstop, sent):
    tables = submission(30)
    tables["open"] = changed(tables["open"], 5, {"tci_date": day(1)})
    write_submission(sent, tables)
    done = clockstop("wlmds", "check", sent)
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "0 errors, 1 warning."


def test_the_report_is_a_file_that_a_spreadsheet_opens(clockstop, sent, tmp_path):
    report = tmp_path / "faults.csv"
    done = clockstop("wlmds", "check", sent, "--report", report)
    assert done.output.splitlines()[-1] == (
        f"2 errors, 1 warning. All of them, row by row: {report}"
    )
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["table"], row["row"], row["rule"], row["found"]) for row in rows] == [
        ("open", "5", "commissioner-nonc", "NONC"),
        ("open", "7", "tci-past", "2026-11-14"),
        ("pifu", "2", "shape", "'=1+1"),
    ]
    assert list(rows[0]) == [
        "table",
        "row",
        "column",
        "rule",
        "found",
        "expected",
        "severity",
        "wrong",
        "mend",
    ]


def test_json(clockstop, sent):
    found = json.loads(clockstop("wlmds", "check", sent, "--json").stdout)
    assert found["rows"]["open"] == 30
    assert (found["errors"], found["warnings"]) == (2, 1)
    assert found["faults"][0]["rule"] == "commissioner-nonc"
    assert found["faults"][0]["mend"]


def test_who_sends_and_for_which_week(clockstop, sent):
    done = clockstop("wlmds", "check", sent, "--provider", "RHQ", "--week", SUNDAY)
    assert "The row is of another provider than the submission." in done.output
    assert "  and 36 more" in done.output


def test_single_files_may_be_named(clockstop, sent):
    done = clockstop("wlmds", "check", sent / "open.csv", sent / "pifu.csv")
    assert done.output.count("no file") == 3
    assert "found no file; expected a file for the table" in done.output


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nowhere"], 1, "nowhere: no such file or folder"),
        (["{sent}", "--week", "2026-11-16"], 2, "2026-11-16 is a Monday; a week ends on a Sunday"),
        (["{sent}", "--week", "15/11/2026"], 2, "'15/11/2026' is not a day"),
    ],
)
def test_what_cannot_be_done(clockstop, sent, arguments, status, words):
    done = clockstop("wlmds", "check", *(each.format(sent=sent) for each in arguments))
    assert done.exit_code == status
    assert words in done.output


def test_a_submission_is_made_from_records_and_checked(clockstop, records, tmp_path, key_file):
    to = tmp_path / "out"
    done = clockstop(*making(records, to, key_file))
    assert done.exit_code == 0, done.output
    names = ["asi", "diagnostics", "faults", "open", "pifu", "record-faults", "starts", "stops"]
    assert sorted(file.stem for file in to.iterdir()) == names
    rows = list(csv.DictReader((to / "open.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["referral_to_treatment_period_start_date"] for row in rows] == [str(day(20))] * 2
    assert rows[0]["pseudo_nhs_number"] == pseudonym("9990000018", KEY.encode())
    assert rows[0]["date_and_time_data_set_created"]
    assert "Nobody can tell whose row this is" in done.output
    again = clockstop("wlmds", "check", to)
    assert again.exit_code == 0
    assert "0 errors, 1 warning." in again.output


def test_errors_in_what_was_made_fail_the_command_but_not_the_files(
    clockstop, records, tmp_path, key_file
):
    pathways = pl.read_parquet(records / "pathways.parquet")
    pathways.with_columns(commissioner=pl.lit("NONC")).write_parquet(records / "pathways.parquet")
    to = tmp_path / "out"
    done = clockstop(*making(records, to, key_file, "--format", "parquet", "--json"))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["errors"] == 2
    assert len(pl.read_parquet(to / "open.parquet")) == 2
    assert "commissioner-nonc" in (to / "faults.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ({"--provider": "RHQ"}, 2, "no pathways of 'RHQ'; there are those of RR8"),
        ({"--format": "xlsx"}, 2, "no format 'xlsx'; there are csv, parquet"),
        ({"--week": "2026-11-14"}, 2, "2026-11-14 is a Saturday"),
    ],
)
def test_what_cannot_be_made(clockstop, records, tmp_path, key_file, options, status, words):
    given = {"--provider": "RR8", "--week": SUNDAY, "--out": tmp_path / "out"} | {
        "--key-file": key_file
    }
    words_of = [word for pair in (given | options).items() for word in pair]
    done = clockstop("wlmds", "build", records, *words_of)
    assert done.exit_code == status
    assert words in done.output
    assert not (tmp_path / "out").exists()


def test_records_that_are_none_are_refused_whole(clockstop, records, tmp_path, key_file):
    (records / "people.parquet").write_text("no such thing")
    pathways = pl.read_parquet(records / "pathways.parquet")
    pathways.drop("issuer").write_parquet(records / "pathways.parquet")
    done = clockstop(*making(records, tmp_path / "out", key_file))
    assert done.exit_code == 1
    for words in ("people.parquet", "column issuer"):
        assert words in done.output
    assert not (tmp_path / "out").exists()


def test_a_pathway_with_a_wrong_record_is_left_out_and_said_to_be(
    clockstop, records, tmp_path, key_file
):
    people = pl.read_parquet(records / "people.parquet")
    people.with_columns(sex=pl.Series([None, "7"])).write_parquet(records / "people.parquet")
    done = clockstop(*making(records, tmp_path / "out", key_file))
    assert done.exit_code == 1
    assert "Open pathways: 1 row\n" in done.output
    assert "1 pathway left out, as their records are wrong: record-faults.csv" in done.output
    (row,) = csv.DictReader((tmp_path / "out" / "record-faults.csv").read_text().splitlines())
    assert (row["column"], row["found"]) == ("sex", "'7'")
    people.with_columns(sex=pl.lit("7")).write_parquet(records / "people.parquet")
    done = clockstop(*making(records, tmp_path / "none", key_file))
    assert done.exit_code == 1
    assert "column sex: found '7'" in done.output
    assert not (tmp_path / "none").exists()


def test_without_a_key_nobody_is_named(clockstop, records, tmp_path):
    done = clockstop(
        "wlmds",
        "build",
        records,
        "--provider",
        "RR8",
        "--week",
        SUNDAY,
        "--out",
        tmp_path / "out",
    )
    assert done.exit_code == 2
    assert "no key: name a file by --key-file" in done.output


def test_submissions_are_kept_and_the_latest_is_given(clockstop, tmp_path, home):
    kept, sent = tmp_path / "kept", tmp_path / "sent"
    write_submission(sent, submission(30))
    done = clockstop("wlmds", "receive", sent, "--into", kept)
    assert done.exit_code == 0, done.output
    assert "RR8, week to 2026-11-15: file 1" in done.output
    write_submission(sent, submission(40))
    assert "file 2, a correction" in clockstop("wlmds", "receive", sent, "--into", kept).output
    done = clockstop("wlmds", "latest", kept, "--out", tmp_path / "out", "--format", "parquet")
    assert done.exit_code == 0
    assert len(pl.read_parquet(tmp_path / "out" / "open.parquet")) == 40


def test_a_submission_with_errors_is_not_kept(clockstop, sent, tmp_path):
    done = clockstop("wlmds", "receive", sent, "--into", tmp_path / "kept")
    assert done.exit_code == 1
    assert "commissioner-nonc" in done.output
    assert "Nothing was kept." in done.output
    assert not (tmp_path / "kept").exists()
    done = clockstop("wlmds", "receive", sent, "--into", tmp_path / "kept", "--with-errors")
    assert done.exit_code == 0
    assert "It counts from now on." in done.output
