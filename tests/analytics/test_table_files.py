"""Tables as files: what is written is what is read back, in each kind of file."""

import csv
from datetime import date
from io import BytesIO, StringIO

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from clockstop.analytics.engine.files import TABLE_TYPES, table_file

COLUMNS = {
    "area": ["West Yorkshire", 'a "quoted", one', "=1+1", None],
    "people": [246_530, 0, None, 7],
    "share": [0.681, None, 1.0, 1 / 3],
    "weeks": [11.2, "104+", None, 9.5],
    "day": [date(2025, 9, 30), None, None, None],
    "unknown": [None, None, None, None],
}


def test_csv_has_every_digit_and_blanks_for_what_is_not_known():
    rows = list(csv.DictReader(StringIO(table_file(COLUMNS, "csv").decode())))
    assert [row["area"] for row in rows] == ["West Yorkshire", 'a "quoted", one', "=1+1", ""]
    assert [row["people"] for row in rows] == ["246530", "0", "", "7"]
    assert float(rows[3]["share"]) == 1 / 3
    assert [row["weeks"] for row in rows] == ["11.2", "104+", "", "9.5"]
    assert rows[0]["day"] == "2025-09-30"
    assert {row["unknown"] for row in rows} == {""}


def test_excel_opens_it_with_numbers_as_numbers():
    book = CalamineWorkbook.from_filelike(BytesIO(table_file(COLUMNS, "xlsx")))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header == list(COLUMNS)
    found = dict(zip(header, zip(*rows, strict=True), strict=True))
    assert found["area"] == ("West Yorkshire", 'a "quoted", one', "=1+1", "")  # no formula
    assert found["people"] == (246_530, 0, "", 7)
    assert found["share"] == (0.681, "", 1.0, pytest.approx(1 / 3))
    assert found["weeks"] == ("11.2", "104+", "", "9.5")
    assert found["day"][0] == date(2025, 9, 30)


def test_parquet_keeps_types():
    table = pl.read_parquet(BytesIO(table_file(COLUMNS, "parquet")))
    assert dict(table.schema) == {
        "area": pl.String,
        "people": pl.Int64,
        "share": pl.Float64,
        "weeks": pl.String,
        "day": pl.Date,
        "unknown": pl.Null,
    }
    assert table["share"].to_list() == COLUMNS["share"]
    assert table["weeks"].to_list() == ["11.2", "104+", None, "9.5"]


@pytest.mark.parametrize("kind", TABLE_TYPES)
def test_a_table_without_rows_has_its_columns(kind):
    content = table_file({"name": [], "people": []}, kind)
    read = {
        "csv": lambda file: pl.read_csv(file).columns,
        "parquet": lambda file: pl.read_parquet(file).columns,
        "xlsx": lambda f: CalamineWorkbook.from_filelike(f).get_sheet_by_index(0).to_python()[0],
    }
    assert read[kind](BytesIO(content)) == ["name", "people"]


def test_whole_numbers_and_fractions_share_a_column():
    table = pl.read_parquet(BytesIO(table_file({"n": [1, 2.5, None]}, "parquet")))
    assert table["n"].to_list() == [1.0, 2.5, None]


def test_another_kind_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"no kind of file 'ods'; there are csv, xlsx, parquet"):
        table_file(COLUMNS, "ods")
