"""The rules an RTT extract must keep; each was found to hold in every official file of 2024-25.

``check_rows`` looks at keys and codes, ``check_counts`` at the figures. Both gather every fault
before they refuse. What official files are known to break is returned as a warning instead.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets.rtt_extract import Extract, group_ids
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.codes import ALL_FUNCTIONS, icbs, provider_sectors, treatment_functions
from clockstop.core.types import Part

_CODE = re.compile(r"[A-Z0-9]{3,6}")
_KEY = [layout.PROVIDER, layout.COMMISSIONER, layout.PART, layout.FUNCTION]
_BAND_COUNT = len(layout.BANDS)
# England's counts change smoothly from week to week, save for a cliff at a target (65 weeks in
# March 2025). A band three times over, or under, both neighbours has been moved from elsewhere.
SHAPE_MIN, SHAPE_TIMES = 2_000, 3


def explain_unparsed(content: bytes, columns: Layout, file: str, error: Exception) -> FileRefusedError:
    """Why the fast reader gave up: every row of wrong length and every cell that is no number."""
    try:
        text = columns.decode(content, file)
    except FileRefusedError as refusal:
        return refusal
    problems = list(columns.ragged_rows(text, file)) or list(_not_numbers(text, file))
    return FileRefusedError(
        problems or [Problem(file, "unreadable", str(error).splitlines()[0], "a CSV file")]
    )


def _not_numbers(text: str, file: str) -> Iterator[Problem]:
    counts = range(len(layout.KEYS), len(layout.COLUMNS))
    reader = csv.reader(io.StringIO(text, newline=""))
    next(reader)
    for fields in reader:
        for place in counts:
            cell = fields[place]
            if cell and not (cell.isascii() and cell.isdigit() and int(cell) < 2**31):
                found, column = repr(cell), layout.COLUMNS[place]
                yield Problem(
                    file, "number", found, "a whole number, 0 or more", reader.line_num, column
                )


def check_rows(rows: pl.DataFrame, file: str) -> str:
    """Check keys and codes; the month of the file (``2025-09``). Raises FileRefusedError."""
    problems = [
        *_period(rows, file),
        *_blanks(rows, file),
        *_codes(rows, file),
        *_names(rows, file),
        *_duplicates(rows, file),
        *_negatives(rows, file),
    ]
    month = layout.month_of(str(rows[layout.PERIOD][0]))
    if problems or month is None:
        raise FileRefusedError(problems)
    return month


def _period(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    periods = rows.group_by(layout.PERIOD).agg(pl.col("row").min()).sort("row")
    for period, row in periods.rows():
        if layout.month_of(period or "") is None:
            yield _cell(file, "period", row, layout.PERIOD, period, "a month as 'RTT-May-2025'")
        elif period != rows[layout.PERIOD][0]:
            expected = f"{rows[layout.PERIOD][0]!r} as in row 2"
            yield _cell(file, "period", row, layout.PERIOD, period, expected)


def _blanks(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Commissioning hubs and NONC come without a parent, and some without a name."""
    optional = {layout.COMMISSIONER_ICB, layout.COMMISSIONER_ICB_NAME, layout.COMMISSIONER_NAME}
    for column in (*layout.KEYS, layout.TOTAL_ALL):
        if column not in optional:
            for row in rows.filter(pl.col(column).is_null())["row"]:
                yield Problem(file, "blank", "a blank", "a value", row, column)


def _codes(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    known = {
        layout.FUNCTION: {f.code for f in treatment_functions()} | {ALL_FUNCTIONS.code},
        layout.PART: {str(part) for part in Part},
    }
    for column in layout.CODES:
        firsts = rows.group_by(column).agg(pl.col("row").min()).drop_nulls(column).sort("row")
        for code, row in firsts.rows():
            if column in known and code not in known[column]:
                expected = f"one of {', '.join(sorted(known[column]))}"
                yield _cell(file, "code", row, column, code, expected)
            elif column not in known and not _CODE.fullmatch(code):
                expected = "an organisation code of 3 to 6 capitals and digits"
                yield _cell(file, "code", row, column, code, expected)
    parts = set(rows[layout.PART].cast(pl.String).unique())
    for part in Part:
        if part not in parts:
            yield Problem(file, "part", f"no row of {part}", "all five parts", None, layout.PART)
    providers = set(rows[layout.PROVIDER].unique())
    firsts = rows.group_by(layout.COMMISSIONER).agg(pl.col("row").min()).drop_nulls()
    for code, row in firsts.rows():
        if code in providers:
            expected = "a commissioner, not a provider"
            yield _cell(file, "code", row, layout.COMMISSIONER, code, expected)


def _names(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    """A code stands for one organisation: one name beside it, and one parent."""
    pairs = [*layout.NAMED.items(), (layout.PROVIDER, layout.PROVIDER_ICB)]
    pairs.append((layout.COMMISSIONER, layout.COMMISSIONER_ICB))
    for code, name in pairs:
        held = rows.group_by(code, name).agg(pl.col("row").min()).drop_nulls(code).sort("row")
        first: dict[str, str] = {}
        for value, called, row in held.rows():
            if first.setdefault(value, called) != called:
                expected = f"{first[value]!r}, as elsewhere beside {value}"
                yield _cell(file, "name", row, name, called, expected)
    described = rows.group_by(layout.PART, layout.PART_NAME).agg(pl.col("row").min())
    for part, name, row in described.drop_nulls().rows():
        if part in set(Part) and name != layout.PART_NAMES[Part(part)]:
            expected = repr(layout.PART_NAMES[Part(part)])
            yield _cell(file, "name", row, layout.PART_NAME, name, expected)


def _duplicates(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    if any(rows[column].null_count() for column in _KEY):
        return  # a blank key is reported as such
    if group_ids(rows, _KEY).max() + 1 == rows.height:
        return
    repeated = rows.select("row", *_KEY).with_columns(first=pl.col("row").first().over(_KEY))
    for row, *key, first in repeated.filter(pl.col("row") != pl.col("first")).rows():
        found = f"{' × '.join(map(str, key))} again (first in row {first:,})"
        yield Problem(file, "duplicate", found, "each key once", row)


def _negatives(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    lowest = rows.select(pl.col(layout.COUNTS).min()).row(0)
    for column, low in zip(layout.COUNTS, lowest, strict=True):
        if low is not None and low < 0:
            for row, value in rows.filter(pl.col(column) < 0).select("row", column).rows():
                yield _cell(file, "negative", row, column, value, "0 or more")


def check_counts(extract: Extract) -> list[Problem]:
    """Check bands against totals and functions against C_999; the warnings.

    Raises FileRefusedError.
    """
    problems = [*_band_sums(extract), *_function_sums(extract), *_shape(extract)]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda p: p.row or 0))
    return list(_more_with_decision_than_waiting(extract))


@dataclass(frozen=True)
class _Sum:
    """In rows of these parts, ``found`` must equal ``expected``; the fault is in ``column``."""

    parts: tuple[Part, ...]
    found: pl.Expr
    expected: pl.Expr
    column: str
    words: str


_BANDED = pl.col("banded")
_TOTAL, _UNKNOWN = (pl.col(c).fill_null(0) for c in (layout.TOTAL, layout.UNKNOWN_START))
_NEW = (Part.NEW_PERIODS,)
_SUMS = (
    _Sum(layout.COMPLETED, _TOTAL, _BANDED, layout.TOTAL, "the sum of the bands"),
    _Sum(
        layout.COMPLETED,
        pl.col(layout.TOTAL_ALL),
        _BANDED + _UNKNOWN,
        layout.TOTAL_ALL,
        "the bands and the unknown clock starts together",
    ),
    _Sum(
        layout.WAITING,
        pl.col(layout.TOTAL_ALL),
        _BANDED,
        layout.TOTAL_ALL,
        "the sum of the bands",
    ),
    _Sum(layout.WAITING, _TOTAL, pl.lit(0), layout.TOTAL, "blank for incomplete pathways"),
    _Sum(
        (*layout.WAITING, *_NEW),
        _UNKNOWN,
        pl.lit(0),
        layout.UNKNOWN_START,
        "blank outside completed pathways",
    ),
    _Sum(_NEW, _BANDED + _TOTAL, pl.lit(0), layout.TOTAL, "no bands, no total for new periods"),
)


def _band_sums(extract: Extract) -> Iterator[Problem]:
    banded = extract.counts[:, :_BAND_COUNT].sum(axis=1, dtype=np.int64)
    table = extract.rows.with_columns(
        pl.Series("banded", banded), pl.col(layout.PART).cast(pl.String)
    )
    for rule in _SUMS:
        wrong = pl.col(layout.PART).is_in(rule.parts) & (rule.found != rule.expected)
        broken = table.filter(wrong).select("row", found=rule.found, expected=rule.expected)
        for row, found, expected in broken.rows():
            words = f"{expected:,} ({rule.words})"
            yield _cell(extract.file, "total", row, rule.column, found, words)


def _function_sums(extract: Extract) -> Iterator[Problem]:
    """C_999 is the sum of the functions, band by band, in every provider × commissioner × part."""
    groups = group_ids(extract.rows, (layout.PROVIDER, layout.COMMISSIONER, layout.PART))
    totals = np.bincount(groups[extract.is_total], minlength=int(groups.max()) + 1)
    _, some_row = np.unique(groups, return_index=True)
    for group in np.flatnonzero(totals != 1):
        found = f"{totals[group]} {layout.TOTAL_FUNCTION} rows for this provider and commissioner"
        row = int(extract.lines[some_row[group]])
        yield Problem(extract.file, "total row", found, "one in each part", row, layout.FUNCTION)
    off = extract.sums(groups, np.where(extract.is_total, -1, 1))
    off[totals != 1] = 0
    at = np.zeros(len(totals), dtype=np.int64)
    at[groups[extract.is_total]] = np.flatnonzero(extract.is_total)
    names = (*layout.BANDS, layout.TOTAL_ALL)
    for group, column in zip(*np.nonzero(off), strict=True):
        found_count = int(extract.counts[at[group], column])
        expected = f"{found_count + off[group, column]:,} (the sum of the functions)"
        row = int(extract.lines[at[group]])
        yield _cell(extract.file, "function sum", row, names[column], found_count, expected)


def _shape(extract: Extract) -> Iterator[Problem]:
    """Refuse week bands in the wrong order, which no sum can show."""
    for part in (Part.INCOMPLETE, *layout.COMPLETED):
        of_part = extract.counts[extract.is_total & extract.is_part(part), : _BAND_COUNT - 1]
        england = of_part.sum(axis=0, dtype=np.int64)
        band, left, right = england[1:-1], england[:-2], england[2:]
        low, high = np.minimum(left, right), np.maximum(left, right)
        odd = (band > SHAPE_TIMES * np.maximum(high, SHAPE_MIN)) | (
            (low >= SHAPE_MIN) & (band * SHAPE_TIMES < low)
        )
        for week in np.flatnonzero(odd) + 1:
            found = f"{england[week]:,} in all of {part}"
            expected = f"near its neighbours, {england[week - 1]:,} and {england[week + 1]:,}"
            yield Problem(extract.file, "shape", found, expected, None, layout.BANDS[week])


def _more_with_decision_than_waiting(extract: Extract) -> Iterator[Problem]:
    """Part 2A is meant to be a subset of part 2; official files break that in every month."""
    groups = group_ids(extract.rows, (layout.PROVIDER, layout.COMMISSIONER, layout.FUNCTION))
    decided = extract.is_part(Part.INCOMPLETE_DTA)
    waiting = extract.sums(groups, extract.is_part(Part.INCOMPLETE).astype(np.int64))
    over = extract.sums(groups, decided.astype(np.int64)) > waiting
    at = np.zeros(len(over), dtype=np.int64)
    at[groups[decided]] = np.flatnonzero(decided)
    for group, band in zip(*np.nonzero(over[:, :_BAND_COUNT]), strict=True):
        found = int(extract.counts[at[group], band])
        expected = f"at most {waiting[group, band]:,}, as waiting in {Part.INCOMPLETE}"
        row = int(extract.lines[at[group]])
        yield _cell(extract.file, "2A over 2", row, layout.BANDS[band], found, expected)


def unknown_organisations(rows: pl.DataFrame, file: str) -> list[Problem]:
    """Warnings for providers and ICBs that our lists do not hold (yet)."""
    known = {
        layout.PROVIDER: (set(provider_sectors()), "a provider in our sector list"),
        layout.PROVIDER_ICB: ({icb.code for icb in icbs()}, "one of the ICBs"),
        layout.COMMISSIONER_ICB: ({icb.code for icb in icbs()}, "one of the ICBs"),
    }
    return [
        _cell(file, "unknown organisation", row, column, code, expected)
        for column, (codes, expected) in known.items()
        for code, row in rows.group_by(column).agg(pl.col("row").first()).sort("row").rows()
        if code is not None and code not in codes
    ]


def _cell(
    file: str, kind: str, row: int, column: str, found: object, expected: str
) -> Problem:
    shown = f"{found:,}" if isinstance(found, int) else repr(found)
    return Problem(file, kind, shown, expected, row, column)
