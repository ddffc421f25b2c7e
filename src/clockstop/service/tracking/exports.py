"""The rows of the list as a file: CSV or Excel, of any length, written row by row.

The file is written aside first, so that the audit has its fingerprint before it leaves, and no
file that broke off is ever taken for a whole one. It holds patients' identifiers: the staff of
their own provider work from it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BufferedIOBase, TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any, cast

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from clockstop.core.rtt.waiting import is_over
from clockstop.service.tracking.cohorts import WEEKS
from clockstop.service.tracking.models import State

MARK = "Confidential: patients' identifiers. For the care of these patients alone."
CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out instead of show
_READ = (
    ("NHS number", "pathway__patient__nhs_number"),
    ("Family name", "pathway__patient__family_name"),
    ("Given name", "pathway__patient__given_name"),
    ("Date of birth", "birth_date"),
    ("Sex", "sex"),
    ("Pathway identifier", "pathway__identifier"),
    ("Pathway issuer", "pathway__issuer"),
    ("State", "state"),
    ("Specialty", "treatment_function"),
    ("Site", "site"),
    ("Consultant", "consultant"),
    ("Priority type", "priority"),
    ("P-code", "procedure_priority"),
    ("D-code", "diagnostic_priority"),
    ("Priority reviewed", "priority_reviewed"),
    ("Cancer list", "on_cancer_list"),
    ("Clock start", "clock_start"),
    ("In the monthly return", "in_returns"),
    ("Decision to admit", "decided_to_admit"),
    ("Next appointment", "next_appointment"),
    ("Admission date", "tci_date"),
    ("Follow-up due", "follow_up_due"),
    ("Last seen", "last_seen"),
    ("Validated", "validated_on"),
    ("Outcome missing since", "outcome_missing_since"),
    ("Findings", "findings"),
)
COLUMNS = tuple(column for _, column in _READ)
HEADINGS = (*(heading for heading, _ in _READ), "Days waited", "Over weeks")
_PLACE = {column: place for place, column in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is written, at its beginning, with its number of rows and its fingerprint."""

    file: IO[bytes]
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: whose list, of which day, what was asked for, who asked."""

    organisation: str
    day: date
    asked: str
    by: str


def write(kind: str, read: Iterable[tuple[Any, ...]], about: About) -> Export:
    """Write rows of ``COLUMNS`` as a file of a kind of ``TYPES``."""
    # Whoever asked for it closes it: the answer that sends it does.
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115
    counted = _Counted(_cells(row, about.day) for row in read)
    if kind == CSV:
        _write_csv(file, counted)
    else:
        _write_excel(file, counted, about)
    file.seek(0)
    digest = hashlib.file_digest(cast(BufferedIOBase, file), "sha256").hexdigest()
    file.seek(0)
    return Export(file, counted.number, digest)


class _Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[list[Any]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def _cells(row: tuple[Any, ...], today: date) -> list[Any]:
    start, waits = row[_PLACE["clock_start"]], row[_PLACE["state"]] in (State.WAITING, State.TEST)
    days = (today - start).days if start and waits else None
    over = None if days is None else max((n for n in WEEKS if is_over(days, n)), default=None)
    return [*(_said(value) for value in row), days, over]


def _said(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _write_csv(file: IO[bytes], rows: Iterable[Sequence[Any]]) -> None:
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([harmless(value) for value in row] for row in rows)
    text.detach()


def harmless(value: Any) -> Any:
    """No spreadsheet that opens the file works anything out that came with a name."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_excel(file: IO[bytes], rows: Iterable[Sequence[Any]], about: About) -> None:
    """A sheet that says what it is, then one for the rows; days are days, not texts."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        _write_about(book.add_worksheet("About this file"), about, head)
        sheet = book.add_worksheet("Tracking list")
        sheet.set_header(f"&L{MARK}")
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(HEADINGS) - 1, 14)
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, head)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(line, column, value)
                elif value:
                    sheet.write_string(line, column, value)


def _write_about(sheet: Any, about: About, head: Any) -> None:
    sheet.set_column(0, 0, 90)
    sheet.write_string(0, 0, MARK, head)
    lines = (about.organisation, f"As of {about.day:%d/%m/%Y}", about.asked, about.by)
    for line, words in enumerate(lines, start=1):
        sheet.write_string(line, 0, words)
