"""A workbook in memory that a test can spoil cell by cell."""

from __future__ import annotations

import zipfile
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook as Writer
from xlsxwriter.utility import xl_cell_to_rowcol


@dataclass
class Book:
    """Sheets by name, each a list of rows from A1 on; None is a blank."""

    sheets: dict[str, list[list[object]]] = field(default_factory=dict)
    name: str = "book.xlsx"

    def copy(self) -> Book:
        return deepcopy(self)

    def cell(self, sheet: str, place: str) -> object:
        row, column = xl_cell_to_rowcol(place)
        return self.sheets[sheet][row][column]

    def put(self, sheet: str, place: str, value: object) -> Book:
        """Change the cell that a spreadsheet calls so, as in ``put("Notes", "B7", 5)``."""
        row, column = xl_cell_to_rowcol(place)
        self.sheets[sheet][row][column] = value
        return self

    def bytes(self) -> bytes:
        out = BytesIO()
        with Writer(out, {"in_memory": True}) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for column, value in enumerate(row):
                        if isinstance(value, date):
                            sheet.write_datetime(number, column, value, day)
                        elif value is not None:
                            sheet.write(number, column, value)
        return out.getvalue()


def ods_bytes(sheets: dict[str, str]) -> bytes:
    """An OpenDocument spreadsheet whose sheets hold the given rows of XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    tables = "".join(f'<table:table table:name="{n}">{x}</table:table>' for n, x in sheets.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()
