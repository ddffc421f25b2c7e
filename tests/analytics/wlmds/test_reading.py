"""Files of a submission are read as they stand, and all that is wrong with them is said at once."""

import csv
import io
import random
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.wlmds.rows import SUNDAY, submission

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission, table_of
from clockstop.analytics.wlmds.report import faults_csv, report_on
from clockstop.analytics.wlmds.rules import rules
from clockstop.analytics.wlmds.tables import TABLES, columns, schema
from clockstop.analytics.wlmds.writing import file_of, write_submission

NAMES = [each.name for each in columns("pifu")]
PLACES = {"row", "unread"}


def pifu(*lines: str, header: str = "week_ending_date,provider_code,pifu_expiry_date") -> bytes:
    return "\n".join([header, *lines]).encode()


def faults(content: bytes, *rules: str) -> list[tuple]:
    found = read_submission({"pifu": content}).faults
    kept = found.filter(pl.col("rule").is_in(rules)) if rules else found
    return kept.select("row", "column", "rule", "found", "expected").rows()


def table(content: bytes) -> pl.DataFrame:
    return read_submission({"pifu": content}).tables["pifu"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_was_written_is_read(tmp_path, kind):
    tables = submission(40)
    files = write_submission(tmp_path / "out", tables, kind=kind)
    assert [each.name for each in files] == [f"{name}.{kind}" for name in TABLES]
    read = read_submission({each.name: each for each in files})
    assert read.faults.is_empty()
    assert list(read.tables) == list(TABLES)
    for name in TABLES:
        found = read.tables[name]
        assert found.drop(PLACES).equals(tables[name])
        assert found["row"].to_list() == list(range(2, len(found) + 2))
        assert found["unread"].null_count() == len(found)
    assert check(read.tables).is_empty()


def test_a_table_that_is_not_given_is_written_without_rows(tmp_path):
    files = write_submission(tmp_path, {})
    assert (tmp_path / "pifu.csv").read_text() == ",".join(NAMES) + "\n"
    read = read_submission({each.stem: each for each in files})
    assert {len(each) for each in read.tables.values()} == {0}
    with pytest.raises(ValueError, match="xlsx"):
        write_submission(tmp_path, {}, kind="xlsx")


def test_nothing_is_left_half_written(tmp_path, monkeypatch):
    write_submission(tmp_path, submission(20))
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        write_submission(tmp_path, submission(30))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("open", "open"),
        ("stops.csv", "stops"),
        ("RR8-2026-11-15-OPEN.CSV", "open"),
        ("rr8_week46_asi.parquet", "asi"),
        ("folder/log.csv", "log"),
        ("reopen.csv", None),
        ("open pathways.csv", None),
        ("", None),
    ],
)
def test_the_name_of_a_file_tells_its_table(name, expected):
    assert table_of(name) == expected


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PK\x03\x04rest", "an Excel workbook, or another zipped file"),
        ("week_ending_date\n".encode("utf-16"), "a NUL byte (UTF-16 text, or no text at all)"),
        (b"week_ending_date\n\xa3", "byte 0xA3, which is not UTF-8"),
        (b"PAR1 no such thing", "a broken Parquet file"),
        (b"", "no header"),
    ],
)
def test_a_file_that_is_none_is_refused_alone(content, found):
    read = read_submission({"pifu": content, "asi": file_of("asi", None)})
    assert list(read.tables) == ["asi"]
    (fault,) = read.faults.iter_rows(named=True)
    assert (fault["table"], fault["rule"]) == ("pifu", "file-unreadable")
    assert fault["found"].startswith(found)


def test_every_fault_of_a_file_is_told_at_once_with_its_place():
    content = pifu(
        "2026-11-15,RR8,2026-02-30",
        "15/11/2026,RR8,",
        "2026-11-15,RR8",
        "",
        "2026-11-15,RR8,,more",
        header="week_ending_date,Provider_Code,pifu_expiry_dat",
    )
    day = "the Sunday that ends the week, as 2026-11-15"
    width = "as many values as the header has names"
    near = "a column of the data set (near: pifu_expiry_date)"
    assert faults(content, "value-unreadable", "row-ragged", "column-unknown") == [
        (1, "pifu_expiry_dat", "column-unknown", "pifu_expiry_dat", near),
        (3, "week_ending_date", "value-unreadable", "15/11/2026", day),
        (4, None, "row-ragged", "2 values", width),
        (5, None, "row-ragged", "a blank row", width),
        (6, None, "row-ragged", "4 values", width),
    ]
    lacking = {each[1] for each in faults(content, "column-missing")}
    assert lacking == {
        "commissioner_code",
        "patient_pathway_identifier",
        "organisation_code_patient_pathway_identifier_issuer",
        "treatment_function_code",
        "pifu_initiation_date",
    }


def test_columns_may_stand_in_any_order_and_case():
    lines = ["2027-01-01,RR8,2026-11-15"]
    (row,) = table(pifu(*lines, header="PIFU_Expiry_Date, provider_code ,week_ending_date")).rows(
        named=True
    )
    assert (row["pifu_expiry_date"], row["week_ending_date"]) == (date(2027, 1, 1), SUNDAY)


def test_no_rule_speaks_of_what_could_not_be_read():
    content = pifu("15/11/2026,RR8,", "2026-11-15,RR8", "2026-11-15,NONC1,2026-11-16")
    read = read_submission({"pifu": content})
    found = check(read.tables, provider="RR8", week_ending=SUNDAY).filter(
        table="pifu", rule="blank"
    )
    assert found.is_empty()
    unread = read.tables["pifu"]["unread"].to_list()
    assert unread[0].endswith(" week_ending_date")
    assert unread[1] == "*"
    assert "week_ending_date" not in unread[2].split()


def test_the_first_of_two_columns_of_a_name_counts():
    content = pifu("2026-11-15,RR8,RHQ", header="week_ending_date,provider_code,provider_code")
    assert table(content)["provider_code"].to_list() == ["RR8"]
    assert faults(content, "column-twice")[0][3] == "2 times"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-15", SUNDAY),
        (" 2026-11-15 ", SUNDAY),
        ("2026-11-15T00:00:00", SUNDAY),
        ("2026-11-15 00:00:00.000", SUNDAY),
        ("2026-11-15 10:30:00", None),
        ("2026-1-5", None),
        ("20261115", None),
        ("15/11/2026", None),
        ("2026-11-31", None),
        ("46341", None),
    ],
)
def test_days(written, expected):
    content = pifu(f"{written},RR8,")
    assert table(content)["week_ending_date"].to_list() == [expected]
    assert bool(faults(content, "value-unreadable")) == (expected is None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-15T18:30:00", datetime(2026, 11, 15, 18, 30)),  # noqa: DTZ001
        ("2026-11-15 18:30", datetime(2026, 11, 15, 18, 30)),  # noqa: DTZ001
        ("2026-11-15T18:30:00.25Z", datetime(2026, 11, 15, 18, 30, 0, 250_000)),  # noqa: DTZ001
        ("2026-11-15", None),
        ("18:30", None),
    ],
)
def test_times(written, expected):
    content = pifu(f"RR8,{written}", header="provider_code,date_and_time_data_set_created")
    assert table(content)["date_and_time_data_set_created"].to_list() == [expected]
    assert bool(faults(content, "value-unreadable")) == (expected is None)


def test_parquet_of_other_types_is_read_where_they_fit():
    given = pl.DataFrame(
        {
            "week_ending_date": [datetime(2026, 11, 15), datetime(2026, 11, 15, 9)],  # noqa: DTZ001
            "provider_code": pl.Series(["RR8", "RR8"], dtype=pl.Categorical),
            "referral_identifier": [12, None],
            "pifu_expiry_date": [None, None],
        }
    )
    file = io.BytesIO()
    given.write_parquet(file)
    found = table(file.getvalue())
    assert found["week_ending_date"].to_list() == [SUNDAY, None]
    assert found["provider_code"].to_list() == ["RR8", "RR8"]
    assert found["referral_identifier"].to_list() == ["12", None]
    assert faults(file.getvalue(), "value-unreadable")[0][:2] == (3, "week_ending_date")


def test_parquet_of_strange_types_is_told_cell_by_cell():
    given = pl.DataFrame(
        {
            "provider_code": [["RR8"], None],
            "commissioner_code": [{"code": "15F"}, None],
            "referral_identifier": [b"R1", None],
            "pifu_expiry_date": [20261115, None],
            "somebody_else": [[1], [2]],
        }
    )
    file = io.BytesIO()
    given.write_parquet(file)
    found = faults(file.getvalue(), "value-unreadable")
    assert [each[:2] + each[3:4] for each in found] == [
        (2, "commissioner_code", "{'code': '15F'}"),
        (2, "pifu_expiry_date", "20261115"),
        (2, "provider_code", "['RR8']"),
        (2, "referral_identifier", "b'R1'"),
    ]
    assert faults(file.getvalue(), "column-unknown")[0][1] == "somebody_else"


def test_parquet_of_more_rows_than_there_can_be_is_not_read(monkeypatch):
    monkeypatch.setattr("clockstop.analytics.wlmds.reading.MOST_ROWS", 10)
    (fault,) = faults(file_of("pifu", submission(600)["pifu"], "parquet"))
    assert fault[3] == "12 rows, more than 10"


def mutated(content: bytes, seed: int) -> bytes:
    """The content with bytes changed, lost, put in or doubled."""
    drawn = random.Random(seed)
    whole = bytearray(content)
    for _ in range(drawn.choice([1, 3, 20])):
        place, end = drawn.randrange(len(whole)), drawn.randrange(1, 300)
        odd = drawn.choice([b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b'"\n"', b",,"])
        changes = [
            (slice(place, place + 1), bytes([drawn.randrange(256)])),
            (slice(place, place + end), b""),
            (slice(place, place), odd),
            (slice(place, place), bytes(whole[:end])),
        ]
        where, what = drawn.choice(changes)
        whole[where] = what
        whole = whole or bytearray(b"x")
    return bytes(whole)


def hold_up(seeds: range) -> None:
    """Whatever is in a file, reading and checking it ends with a report."""
    for kind in ("csv", "parquet"):
        content = file_of("open", submission(40)["open"], kind)
        for seed in seeds:
            report = report_on({"open": mutated(content, seed)})
            assert faults_csv(report.faults)
            assert set(report.faults["rule"]) <= set(rules())


def test_damaged_files_are_read_as_far_as_can_be():
    hold_up(range(40))


@pytest.mark.soak
def test_a_thousand_damaged_files():
    hold_up(range(1_000))


cells = st.text(alphabet="abc 1\",\né'", max_size=6)


@given(
    rows=st.lists(st.tuples(cells, cells, cells), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_in_quotation_marks_stays_in_its_cell_and_row(rows, quoting, ending):
    names = ["local_patient_identifier", "referral_identifier", "provider_code"]
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=quoting, lineterminator=ending)
    writer.writerows([names, *rows])
    found = table(file.getvalue().encode())
    expected = [tuple(cell.strip() or None for cell in row) for row in rows]
    read = found.select(names).rows()
    assert read[: len(expected)] == expected[: len(read)]
    assert all(set(row) == {None} for row in expected[len(read) :])  # blank lines at the end
    assert found["row"].to_list() == list(range(2, len(read) + 2))
    assert faults(file.getvalue().encode(), "row-ragged") == []


def test_every_column_of_the_data_set_is_known_and_says_where_it_is_from():
    for name in (*TABLES, "log"):
        for each in columns(name):
            assert each.status in ("fact", "to verify", "design"), each
            assert each.source
            assert each.meaning
            assert bool(each.expected)
            assert schema(name)[each.name] == each.polars
    assert len(columns("open")) == 58
    with pytest.raises(KeyError):
        columns("closed")
