"""The rows of a CSV text as columns of text, each row where it stands in the file."""

from __future__ import annotations

import csv
from io import StringIO

import polars as pl

_LONGEST_CELL = 131_072  # of the csv module


class UnreadableError(Exception):
    """A text that is no CSV; ``row`` is where, None for the whole file."""

    def __init__(self, found: str, row: int | None = None) -> None:
        super().__init__(found)
        self.row = row


def text_rows(text: str, twice: str) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """The table of a text with a header, cells stripped, blanks null; and its ragged rows.

    Row 2 of the file is the first of the table, as a spreadsheet numbers rows: blank lines count,
    and a cell may hold several lines. Those at the end do not. A name that came before is followed
    by ``twice`` and its place. Of a ragged row nothing is to be relied on. Raises UnreadableError.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    header = _header(text)
    table = _table(text, len(header))
    ragged = _ragged(text, len(header))
    names = [
        name if name not in header[:at] else f"{name}{twice}{at}" for at, name in enumerate(header)
    ]
    table.columns = names
    held = [name for name in names if table[name].null_count() < len(table)]
    bare = {name: pl.col(name).str.strip_chars() for name in held}
    return table.with_columns(**{n: pl.when(c != "").then(c) for n, c in bare.items()}), ragged


def _header(text: str) -> list[str]:
    try:
        found = next(csv.reader(StringIO(text, newline="")), [])
    except csv.Error as error:
        raise UnreadableError(str(error), 1) from error
    if not found:
        raise UnreadableError("no header", 1)
    return [name.strip().lower() for name in found]


def _table(text: str, width: int) -> pl.DataFrame:
    """All rows after the header; short ones are filled up, long ones cut."""
    schema = {f"c{at}": pl.String for at in range(width)}
    if "\n" not in text:
        return pl.DataFrame(schema=schema)
    try:
        every = pl.read_csv(
            text.encode(), has_header=False, schema=schema, truncate_ragged_lines=True
        )
    except pl.exceptions.PolarsError:
        return _slowly(text, schema)
    return every.slice(1)


def _slowly(text: str, schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    """Odd quotation marks: the patient reader takes what the quick one refuses."""
    width = len(schema)
    reader = csv.reader(StringIO(text, newline=""))
    try:
        rows = [(fields + [""] * width)[:width] for fields in reader]
    except csv.Error as error:
        raise UnreadableError(str(error), reader.line_num) from error
    return pl.DataFrame(rows[1:], schema=schema, orient="row")


def _ragged(text: str, width: int) -> list[tuple[int, str]]:
    """The rows that have more or fewer fields than the header, and how many; blank ones have none.

    Without quotation marks a row is a line, and separators can be counted at once.
    """
    if '"' in text:
        return _ragged_quoted(text, width)
    lines = pl.Series("line", text.split("\n")).to_frame().with_row_index("row", offset=1)
    fields = pl.col("line").str.count_matches(",", literal=True) + 1
    odd = lines.select("row", fields=pl.when(pl.col("line") == "").then(0).otherwise(fields))
    return [_told(row, count) for row, count in odd.filter(pl.col("fields") != width).rows()]


def _ragged_quoted(text: str, width: int) -> list[tuple[int, str]]:
    reader = csv.reader(StringIO(text, newline=""))
    counts = (len(fields) for fields in reader)
    return [_told(row, count) for row, count in enumerate(counts, start=1) if count != width]


def _told(row: int, count: int) -> tuple[int, str]:
    return row, f"{count} values" if count else "a blank row"
