"""Workbooks: read as text, recognised by their sheets, refused when broken, locked or too large."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.analytics.published.books import Book, ods_bytes
from tests.analytics.published.extracts import zip_of
from tests.analytics.published.helpers import said

from clockstop.analytics.published import containers, ingest, workbook_guard
from clockstop.analytics.published.containers import find_sources, is_workbook
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.workbook import Workbook, sheets_like

BOOK = Book({"Counts": [[None, "Week", " n "], [None, date(2026, 1, 25), 12.0]], "Notes": [["."]]})
ROW = '<table:table-row{}><table:table-cell{} office:value-type="float" office:value="{}"/></table:table-row>'


def refusal(content: bytes) -> Problem:
    with pytest.raises(FileRefusedError) as caught:
        Workbook(content, "book.xlsx")
    (problem,) = caught.value.problems
    return problem


def repacked(content: bytes, members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, members.get(name, old.read(name)))
    return out.getvalue()


def test_cells_come_as_text_from_the_first_row_and_column_on() -> None:
    book = Workbook(BOOK.bytes(), "book.xlsx")
    sheet = book.sheet("Counts")
    assert (book.names, sheet.file) == (["Counts", "Notes"], "book.xlsx » Counts")
    assert sheet.rows == [[None, "Week", "n"], [None, "2026-01-25", "12"]]
    assert (sheet.rows_with("n"), sheet.beside("Week"), sheet.beside("Month")) == ([1], "n", None)
    assert sheet.table(("week", "n"), 1, [2]).rows() == [(2, "2026-01-25", "12")]


@pytest.mark.parametrize(("value", "text"), [(0.5, "0.5"), (1e-07, "1e-07"), (True, "True")])
def test_other_values_are_written_plainly(value: object, text: str) -> None:
    assert Workbook(Book({"A": [[value]]}).bytes(), "b").sheet("A").rows == [[text]]


def test_an_open_document_is_read_the_same() -> None:
    content = ods_bytes({"Counts": ROW.format("", "", 12) + ROW.format("", "", 7)})
    assert is_workbook(content)
    assert Workbook(content, "b.ods").sheet("Counts").rows == [["12"], ["7"]]


def test_every_missing_sheet_is_named() -> None:
    with pytest.raises(FileRefusedError) as caught:
        Workbook(BOOK.bytes(), "book.xlsx").sheets(["Counts", "Age", "Sex"])
    assert [p.file for p in caught.value.problems] == ["book.xlsx » Age", "book.xlsx » Sex"]


def test_most_of_the_sheets_tell_a_workbook() -> None:
    judge = sheets_like(["A", "B", "C", "D"])
    assert judge(["Notes", "D", "C", "A"])
    assert not judge(["A", "B"])


def test_a_cut_workbook_is_refused_as_broken() -> None:
    content = BOOK.bytes()
    assert {refusal(content[:size]).kind for size in (60, 400, len(content) - 30)} == {
        "broken workbook"
    }


def test_a_changed_byte_is_found_by_its_checksum() -> None:
    content = bytearray(BOOK.bytes())
    content[len(content) // 3] ^= 0xFF
    assert refusal(bytes(content)).kind == "broken workbook"


def test_a_sheet_that_is_no_xml_is_refused_as_broken() -> None:
    content = repacked(BOOK.bytes(), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})
    with pytest.raises(FileRefusedError) as caught:
        Workbook(content, "book.xlsx").sheet("Counts")
    assert caught.value.problems[0].kind == "broken workbook"


def test_a_locked_workbook_is_refused_as_locked() -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert is_workbook(compound)
    assert refusal(compound + "EncryptedPackage".encode("utf-16-le")).kind == "locked"


def test_what_only_looks_like_a_workbook_has_no_sheets() -> None:
    document = repacked(BOOK.bytes(), {}).replace(b"xl/workbook.xml", b"xl/document.xml")
    assert Workbook(document, "letter.docx").names == []
    assert Workbook(b"\xd0\xcf\x11\xe0" + bytes(600), "Thumbs.db").names == []


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_RATIO", 2)
    content = repacked(BOOK.bytes(), {"docProps/app.xml": bytes(1 << 20)})
    assert refusal(content) == Problem(
        "book.xlsx", "too large", "more than 131,072 bytes once unpacked", "at most 131,072 bytes"
    )


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    content = repacked(BOOK.bytes(), {"docProps/app.xml": b"\0" * 70_000})
    lying = content.replace((70_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(lying).kind == "broken workbook"


@pytest.mark.parametrize(
    "content",
    [
        Book({"A": [[1]]}).bytes(),
        ods_bytes({"A": ROW.format(' table:number-rows-repeated="9"', "", 1)}),
        ods_bytes({"A": ROW.format("", ' table:number-columns-repeated="9"', 1)}),
    ],
    ids=["xlsx", "ods rows", "ods columns"],
)
def test_a_sheet_as_wide_as_the_world_is_refused(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content.startswith(b"PK") and b"mimetype" not in content[:60]:
        corner = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        sheet = b"<worksheet>" + corner + b"</worksheet>"
        content = repacked(content, {"xl/worksheets/sheet1.xml": sheet})
    else:
        monkeypatch.setattr(workbook_guard, "MAX_CELLS", 8)
    assert refusal(content).kind == "too large"


def _counts(content: bytes, file: str, _stem: str) -> Reading:
    sheet = Workbook(content, file).sheet("Counts")
    return Reading("one", 1, {"counts": sheet.table(("week", "n"), 1, [2]).drop("row")})


COUNTS = DataSet("counts", "Counts", "ours", _counts, recognises_sheets=sheets_like(["Counts"]))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clockstop.analytics.published.datasets.DATA_SETS", (COUNTS,))


@pytest.mark.usefixtures("known")
def test_a_workbook_is_known_by_its_sheets_wherever_it_lies(inbox: Path, lake: Lake) -> None:
    (inbox / "no-ending").write_bytes(BOOK.bytes())
    zip_of(inbox / "books.zip", {"a/anything.bin": BOOK.copy().put("Counts", "C2", 13).bytes()})
    (inbox / "other.xlsx").write_bytes(Book({"A": [[1]]}).bytes())
    report = ingest.ingest([inbox], lake)
    assert report.committed, said(report.files)
    assert {f.file: f.data_set for f in report.files} == {
        "inbox/books.zip > a/anything.bin": "counts",
        "inbox/no-ending": "counts",
        "inbox/other.xlsx": None,
    }


@pytest.mark.usefixtures("known")
def test_an_unknown_or_broken_workbook_that_was_named_is_refused(inbox: Path, lake: Lake) -> None:
    (inbox / "other.xlsx").write_bytes(Book({"A": [[1]]}).bytes())
    (inbox / "cut.xlsx").write_bytes(BOOK.bytes()[:900])
    report = ingest.ingest([inbox / "other.xlsx", inbox / "cut.xlsx"], lake)
    kinds = [problem.kind for file in report.files for problem in file.problems]
    assert (report.committed, kinds) == (False, ["unknown", "broken workbook"])


def test_a_workbook_is_one_source_whatever_its_name(inbox: Path) -> None:
    (inbox / "book.zip").write_bytes(BOOK.bytes())
    zip_of(inbox / "data.xlsx", {"list.csv": b"a,b\n1,2\n"})
    names = [source.name for source in find_sources([inbox])]
    assert names == ["inbox/book.zip", "inbox/data.xlsx > list.csv"]
