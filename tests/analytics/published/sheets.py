"""A delimited file in memory that a test can spoil cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

Cells = list[list[str]]


@dataclass
class Sheet:
    """Columns and rows of text. A row's line is the one an editor shows: the header is line 1."""

    columns: list[str]
    rows: Cells
    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    has_header: bool = True
    name: str = "file.csv"
    _first: int = field(init=False)

    def __post_init__(self) -> None:
        self._first = 2 if self.has_header else 1

    def copy(self) -> Sheet:
        return Sheet(
            list(self.columns),
            [list(row) for row in self.rows],
            self.separator,
            self.encoding,
            self.newline,
            self.has_header,
            self.name,
        )

    def place(self, column: str) -> int:
        return self.columns.index(column)

    def cell(self, line: int, column: str) -> str:
        return self.rows[line - self._first][self.place(column)]

    def put(self, line: int, column: str, value: object) -> Sheet:
        self.rows[line - self._first][self.place(column)] = str(value)
        return self

    def line(self, **cells: str) -> int:
        """The line of the first row with these cells (spaces in column names as underscores)."""
        return self.lines(**cells)[0]

    def lines(self, **cells: str) -> list[int]:
        wanted = {self.place(name.replace("_", " ")): value for name, value in cells.items()}
        return [
            number
            for number, row in enumerate(self.rows, start=self._first)
            if all(row[place] == value for place, value in wanted.items())
        ]

    def drop(self, lines: Iterable[int]) -> Sheet:
        gone = set(lines)
        kept = enumerate(self.rows, start=self._first)
        self.rows = [row for number, row in kept if number not in gone]
        return self

    def column(self, name: str) -> list[str]:
        place = self.place(name)
        return [row[place] for row in self.rows]

    def bytes(self) -> bytes:
        out = StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.newline)
        writer.writerows([*([self.columns] if self.has_header else []), *self.rows])
        return out.getvalue().encode(self.encoding)

    def save(self, folder: Path, name: str | None = None) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (name or self.name)
        path.write_bytes(self.bytes())
        return path


def sheet(name: str, header: str, rows: Sequence[str], **options: str) -> Sheet:
    """A small sheet from lines of comma-separated text."""
    cells = [row.split(",") for row in rows]
    return Sheet(header.split(","), cells, name=name, **options)
