"""Read workbooks (.xlsx, .ods, .xls) as text, so that their sheets are checked like other tables.

In messages a sheet is named after its file, ``book.xlsx » Provider-Age``; rows are numbered as the
spreadsheet numbers them, and columns are named by their headings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from clockstop.analytics.published.csv_text import LIKE_ENOUGH
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.workbook_guard import check_workbook

_OF = " » "  # between a workbook and a sheet in it
Row = Sequence[str | None]


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is its row 1, from column A on, cells as text and blanks as None."""

    file: str
    rows: Sequence[Row]

    def problem(
        self,
        kind: str,
        found: str,
        expected: str,
        row: int | None = None,
        column: str | None = None,
    ) -> Problem:
        """A fault of this sheet."""
        return Problem(self.file, kind, found, expected, row, column)

    def rows_with(self, cell: str) -> list[int]:
        """The numbers of the rows that hold this very cell."""
        return [number for number, row in enumerate(self.rows, start=1) if cell in row]

    def beside(self, label: str) -> str | None:
        """The cell to the right of the first one that holds the label, as in ``Period:``."""
        for row in self.rows:
            if label in row[:-1]:
                return row[list(row).index(label) + 1]
        return None

    def table(self, columns: Sequence[str], first: int, rows: Iterable[int]) -> pl.DataFrame:
        """Some rows as text columns after ``row``; ``first`` counts the columns left out."""
        last = first + len(columns)
        cells = [[number, *self.rows[number - 1][first:last]] for number in rows]
        schema = {"row": pl.Int64, **dict.fromkeys(columns, pl.String)}
        return pl.DataFrame(cells, schema=schema, orient="row")


class Workbook:
    """A workbook opened safely. Raises FileRefusedError if it is broken, locked or too large."""

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self._book = _opened(content, file)
        self.names: list[str] = self._book.sheet_names if self._book else []

    def sheet(self, name: str) -> Sheet:
        """A sheet by its name. Raises FileRefusedError if there is none or it cannot be read."""
        file = f"{self.file}{_OF}{name}"
        if self._book is None or name not in self.names:
            raise FileRefusedError([Problem(file, "sheet", "no such sheet", "this sheet")])
        try:
            rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except CalamineError as error:
            problem = Problem(file, "broken workbook", str(error), "a sheet that can be read")
            raise FileRefusedError([problem]) from error
        return Sheet(file, [[_text(cell) for cell in row] for row in rows])

    def sheets(self, names: Iterable[str]) -> dict[str, Sheet]:
        """The sheets of these names. Raises FileRefusedError naming every one that is missing."""
        wanted = list(names)
        missing = [name for name in wanted if name not in self.names]
        if missing:
            raise FileRefusedError(
                Problem(f"{self.file}{_OF}{name}", "sheet", "no such sheet", "this sheet")
                for name in missing
            )
        return {name: self.sheet(name) for name in wanted}


def sheets_like(expected: Iterable[str]) -> Callable[[Sequence[str]], bool]:
    """A judge of sheet names: most of those expected are there; others may be there too."""
    wanted = frozenset(expected)
    return lambda names: len(wanted.intersection(names)) >= LIKE_ENOUGH * len(wanted)


def _opened(content: bytes, file: str) -> CalamineWorkbook | None:
    if not check_workbook(content, file):
        return None
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except PasswordError as error:
        problem = Problem(file, "locked", str(error), "a workbook without a password")
        raise FileRefusedError([problem]) from error
    except CalamineError as error:
        if not content.startswith(b"PK"):
            return None  # a compound file of another kind
        problem = Problem(file, "broken workbook", str(error), "a whole workbook")
        raise FileRefusedError([problem]) from error


def _text(cell: object) -> str | None:
    """A cell as plain text: whole numbers without a point, midnight as a date, blanks as None."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip() or None
