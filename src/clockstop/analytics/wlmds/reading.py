"""Read the files of a submission, and say at once of everything in them that cannot be read.

What can be read is read, so that whoever sent the files learns of all their faults in one go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.problems import FileRefusedError
from clockstop.analytics.wlmds.checks import ALL_UNREAD
from clockstop.analytics.wlmds.csv_rows import UnreadableError, text_rows
from clockstop.analytics.wlmds.rules import FAULTS, no_faults, ordered, rules
from clockstop.analytics.wlmds.tables import LOG, TABLES, Column, columns
from clockstop.analytics.wlmds.values import parsed

_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"
_NEAR = 0.8
_LONGEST = 200  # of the words of another's error
_KNOWN = frozenset(each.name for name in (*TABLES, LOG) for each in columns(name))
MOST_ROWS = 10_000_000  # of a Parquet file, which may say in few bytes that it has any number


@dataclass(frozen=True)
class Submission:
    """What was read: the tables by name, and the faults of reading (columns of ``rules.FAULTS``).

    A table has the columns of the data set, with ``row``, where the row stands in the file (the
    header is row 1), and ``unread``, the columns whose cell could not be read, if any; see
    ``checks.check``. A file that could not be read at all has no table.
    """

    tables: Mapping[str, pl.DataFrame]
    faults: pl.DataFrame


def read_submission(files: Mapping[str, Path | bytes]) -> Submission:
    """Read CSV or Parquet files, each by the name of its table or of its file.

    ``open``, ``open.csv`` and ``RR8-2026-11-15-open.csv`` are all of the table ``open``. Columns
    may stand in any order. Never raises for what is in a file; OSError for one that is not there.
    """
    tables: dict[str, pl.DataFrame] = {}
    faults: list[pl.DataFrame] = [no_faults()]
    for name, given in files.items():
        table = table_of(name)
        if table is None:
            faults.append(fault(name, "file-unknown", found=name))
        elif table in tables:
            faults.append(fault(table, "file-twice", found=name))
        else:
            content = given if isinstance(given, bytes) else given.read_bytes()
            read, found = read_table(table, content)
            faults.append(found)
            if read is not None:
                tables[table] = read
    ordered_tables = {name: tables[name] for name in (*TABLES, LOG) if name in tables}
    return Submission(ordered_tables, ordered(pl.concat(faults)))


def table_of(name: str) -> str | None:
    """The table that a name, or the name of a file, ends in; None where it is of none."""
    stem = Path(name).name.lower().removesuffix(".csv").removesuffix(".parquet")
    last = re.split(r"[^a-z]+", stem)[-1]
    return last if last in (*TABLES, LOG) else None


def read_table(table: str, content: bytes) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """One table from the content of a file, and the faults of reading it.

    The table is None where the file is none, or has not one column of it.
    """
    try:
        given, ragged = _parquet(content) if content.startswith(_PARQUET) else _csv(content)
    except UnreadableError as error:
        return None, fault(table, "file-unreadable", row=error.row, found=str(error))
    header = list(given.columns)
    faults = [
        *_header_faults(table, header),
        *(fault(table, "row-ragged", row=row, found=found) for row, found in ragged),
    ]
    if not {each.name for each in columns(table)} & set(header):
        return None, pl.concat(faults)
    lost = pl.Series([row for row, _ in ragged], dtype=pl.Int64)
    numbered = given.with_row_index("row", offset=2).with_columns(pl.col("row").cast(pl.Int64))
    return _typed(table, numbered, lost, faults)


def _typed(
    table: str, given: pl.DataFrame, lost: pl.Series, faults: list[pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table in the types of its columns; cells that are none are blank and named."""
    is_lost = given["row"].is_in(lost.implode())
    series, unread = [given["row"]], _Unread(len(given))
    for column in columns(table):
        if column.name not in given.columns:
            series.append(pl.Series(column.name, [None] * len(given), dtype=column.polars))
            unread.everywhere.append(column.name)
            continue
        values, wrong = parsed(given[column.name], column)
        if len(lost):
            values, wrong = values.set(is_lost, None), wrong & ~is_lost
        series.append(values)
        if wrong.any():
            faults.append(_unreadable(column, given.filter(wrong)))
            unread.add(column.name, wrong)
    read = pl.DataFrame(series).with_columns(unread=unread.named(is_lost))
    return read, pl.concat([no_faults(), *faults])


class _Unread:
    """Which cells could not be read, few as they are: the names of their columns by row."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.everywhere: list[str] = []
        self.cells: dict[int, list[str]] = {}

    def add(self, column: str, rows: pl.Series) -> None:
        for at in rows.arg_true():
            self.cells.setdefault(at, []).append(column)

    def named(self, lost: pl.Series) -> pl.Series:
        """For each row the names, apart by a space; null where all was read."""
        names: list[str | None] = [" ".join(self.everywhere) or None] * self.height
        for at, more in self.cells.items():
            names[at] = " ".join([*self.everywhere, *more])
        for at in lost.arg_true():
            names[at] = ALL_UNREAD
        return pl.Series("unread", names, dtype=pl.String)


def _unreadable(column: Column, rows: pl.DataFrame) -> pl.DataFrame:
    rule = rules()["value-unreadable"]
    made = rows.select(
        "row",
        table=pl.lit(column.table),
        column=pl.lit(column.name),
        rule=pl.lit(rule.id),
        found=_shown(rows[column.name]),
        expected=pl.lit(column.expected),
        severity=pl.lit(rule.severity),
    )
    return made.select(pl.col(name).cast(kind) for name, kind in FAULTS.items())


def _shown(cells: pl.Series) -> pl.Series:
    """What stands in cells, however strange; the beginning of it where it is long."""
    if cells.dtype != pl.String():
        cells = pl.Series(cells.name, map(str, cells.to_list()), dtype=pl.String)
    return cells.str.slice(0, _LONGEST)


def fault(
    table: str,
    rule: str,
    *,
    found: str,
    row: int | None = None,
    column: str | None = None,
    expected: str | None = None,
) -> pl.DataFrame:
    """One fault as a table."""
    known = rules()[rule]
    values = (table, row, column, rule, found, expected or known.expected, known.severity)
    return pl.DataFrame([values], schema=dict(FAULTS), orient="row")


def _header_faults(table: str, header: list[str]) -> Iterator[pl.DataFrame]:
    known = {each.name: each for each in columns(table)}
    names = [name.partition(_TWICE)[0] for name in header]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    for name in unknown:
        near = get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)
        hint = f"a column of the data set (near: {near[0]})" if near else None
        shown = name or "no name"
        yield fault(table, "column-unknown", row=1, column=shown, found=shown, expected=hint)
    for name, column in known.items():
        if name not in names:
            rule = "column-missing" if column.required else "column-left-out"
            yield fault(table, rule, column=name, row=1, found="no such column")
    for name, count in Counter(names).items():
        if count > 1:
            yield fault(table, "column-twice", row=1, column=name, found=f"{count} times")


_TWICE = "\x00"  # before the number of a column whose name came before


def _csv(content: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    if content.startswith(_ZIP):
        raise UnreadableError("an Excel workbook, or another zipped file")
    try:
        text = Layout(()).decode(content.removeprefix(b"\xef\xbb\xbf"), "")
    except FileRefusedError as error:
        problem = error.problems[0]
        raise UnreadableError(problem.found, problem.row) from error
    return text_rows(text, _TWICE)


def _parquet(content: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """The columns of the data set in types, of others the names alone."""
    file = BytesIO(content)
    try:
        names = list(pl.read_parquet_schema(file))
        height = int(pl.scan_parquet(file).select(pl.len()).collect().item())
        if height > MOST_ROWS:
            raise UnreadableError(f"{height:,} rows, more than {MOST_ROWS:,}")
        wanted = [name for name in names if name in _KNOWN]
        held = pl.read_parquet(file, columns=wanted).rechunk()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise UnreadableError(f"a broken Parquet file: {error}"[:_LONGEST]) from error
    others = {name: pl.lit(None) for name in names if name not in _KNOWN}
    return held.with_columns(**others).select(names), []
