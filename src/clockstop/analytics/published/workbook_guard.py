"""Refuse a workbook that is cut, locked or would unpack to too much, before anything opens it.

A workbook is a zip of XML, so a small file can hold a huge one; and a sheet with one cell in its
first corner and one in its last is laid out whole in memory. Both are measured here first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from clockstop.analytics.published.containers import BROKEN, unpacked_limit
from clockstop.analytics.published.problems import FileRefusedError, Problem

# The largest official sheet known, RTT by provider, has about a million.
MAX_CELLS = 5_000_000

_SPREADSHEETS = ("xl/workbook.xml", "content.xml")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{0,7})["']""")
_OPEN_DOCUMENT = re.compile(rb"<table:(table-row|(?:covered-)?table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")
_LETTERS = 26


def check_workbook(content: bytes, file: str) -> bool:
    """Whether the content is a workbook that is safe to open; False if it is no workbook.

    Raises FileRefusedError for one that is broken, behind a password or too large.
    """
    if not content.startswith(b"PK"):
        if _ENCRYPTED in content:
            raise _refusal(file, "locked", "a workbook behind a password", "one without a password")
        return True
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            kind = next((n for n in _SPREADSHEETS if n in archive.namelist()), None)
            if kind is not None:
                _check_size(archive, len(content), file)
            return kind is not None
    except BROKEN as error:
        found = str(error) or "a cut file"
        raise _refusal(file, "broken workbook", found, "a whole workbook") from error
    except RuntimeError as error:  # zipfile: an encrypted member
        raise _refusal(file, "locked", str(error), "one without a password") from error


def _check_size(archive: zipfile.ZipFile, packed: int, file: str) -> None:
    """Unpack every member, which also proves its checksum, within the limits."""
    left = limit = unpacked_limit(packed)
    for member in archive.infolist():
        with archive.open(member) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            found = f"more than {limit:,} bytes once unpacked"
            raise _refusal(file, "too large", found, f"at most {limit:,} bytes")
        cells = _cells(member.filename)(content)
        if cells > MAX_CELLS:
            found = f"a sheet of {cells:,} cells in {member.filename}"
            raise _refusal(file, "too large", found, f"at most {MAX_CELLS:,} cells")


def _cells(member: str) -> Callable[[bytes], int]:
    return _open_document_cells if member == "content.xml" else _office_cells


def _office_cells(content: bytes) -> int:
    """Rows times columns up to the last cell or row that the XML refers to."""
    found = _REFERENCE.findall(content)
    columns = {letters for letters, _ in found}
    return max((int(row or 0) for _, row in found), default=0) * max(
        map(_column, columns), default=0
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _open_document_cells(content: bytes) -> int:
    """Rows times columns up to the last cell with a value, repeats counted."""
    return max((row * column for row, column in _valued(content)), default=0)


def _valued(content: bytes) -> Iterator[tuple[int, int]]:
    row, column, last = 0, 0, 0
    for kind, attributes in _OPEN_DOCUMENT.findall(content):
        match = _REPEATED.search(attributes)
        repeats = int(match[1]) if match else 1
        if kind == b"table":
            row, last = 0, 0
        elif kind == b"table-row":
            row, column = row + repeats, 0
        else:
            column += repeats
            if b"value-type" in attributes:
                last = max(last, column)
                yield row, last


def _refusal(file: str, kind: str, found: str, expected: str) -> FileRefusedError:
    return FileRefusedError([Problem(file, kind, found, expected)])
