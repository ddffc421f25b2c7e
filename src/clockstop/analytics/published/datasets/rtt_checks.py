"""The rules an RTT extract must keep; each was found to hold in every official file of 2024-25.

``check_rows`` looks at keys and codes, ``check_counts`` at the figures; both return every fault.
What official files are known to break is a warning instead: ``check_warnings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.analytics.published.datasets import rtt_older
from clockstop.analytics.published.datasets.rtt_extract import Array, Extract, codes_of
from clockstop.analytics.published.problems import Problem
from clockstop.core.codes import icbs, provider_sectors
from clockstop.core.types import Part

_CODE = re.compile(r"[A-Z0-9]{3,6}")
_KEY = [layout.PROVIDER, layout.COMMISSIONER, layout.PART, layout.FUNCTION]
_ORGANISATIONS = layout.KEYS[1:9]
_KINDS = (layout.PERIOD, *layout.KEYS[9:])
_BAND_COUNT = len(layout.BANDS)
# England's counts change smoothly from week to week. In every month and part of 2024-25 no band of
# 1,000 pathways stands over 1.2 times its larger neighbour, none under half its smaller one or over
# twice the week before, and the open band holds 2% at most (0.8% in 2022, when it was fullest).
# There may be cliffs downward at a target (65 weeks in March 2025). A band beyond these limits
# has been moved from elsewhere.
SHAPE_MIN, SHAPE_OVER, SHAPE_UNDER, SHAPE_RISE, SHAPE_OPEN = 1_000, 1.75, 3, 4, 0.05


def heads_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The distinct providers and commissioners, with names and the first row of each pair."""
    return _firsts(rows, _ORGANISATIONS)


def _firsts(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    return rows.group_by(columns).agg(pl.col("row").min()).sort("row")


def check_rows(rows: pl.DataFrame, heads: pl.DataFrame, file: str) -> list[Problem]:
    """Check keys and codes: every fault found. ``heads`` is what ``heads_of`` the rows gives."""
    kinds = _firsts(rows, _KINDS)
    return [
        *_period(kinds, file),
        *_blanks(rows, file),
        *_codes(heads, kinds, file),
        *_names(heads, kinds, file),
        *_duplicates(rows, file),
        *_negatives(rows, file),
    ]


def _period(kinds: pl.DataFrame, file: str) -> Iterator[Problem]:
    periods = _firsts(kinds, [layout.PERIOD]).rows()
    for period, row in periods:
        if layout.month_of(period or "") is None:
            yield _cell(file, "period", row, layout.PERIOD, period, "a month as 'RTT-May-2025'")
        elif period != periods[0][0]:
            expected = f"{periods[0][0]!r} as in row 2"
            yield _cell(file, "period", row, layout.PERIOD, period, expected)


def _blanks(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Commissioning hubs and NONC come without a parent, and some without a name."""
    optional = {layout.COMMISSIONER_ICB, layout.COMMISSIONER_ICB_NAME, layout.COMMISSIONER_NAME}
    for column in (*layout.KEYS, layout.TOTAL_ALL):
        if column not in optional and rows[column].null_count():
            for row in rows.filter(pl.col(column).is_null())["row"]:
                yield Problem(file, "blank", "a blank", "a value", row, column)


def _codes(heads: pl.DataFrame, kinds: pl.DataFrame, file: str) -> Iterator[Problem]:
    known = {
        layout.FUNCTION: rtt_older.function_codes(layout.month_of(kinds[layout.PERIOD][0] or "")),
        layout.PART: {str(part) for part in Part},
    }
    for column, codes in known.items():
        for code, row in _firsts(kinds, [column]).drop_nulls(column).rows():
            if code not in codes:
                expected = f"one of {', '.join(sorted(codes))}"
                yield _cell(file, "code", row, column, code, expected)
    for column in (c for c in layout.CODES if c not in known):
        for code, row in _firsts(heads, [column]).drop_nulls(column).rows():
            if not _CODE.fullmatch(code):
                expected = "an organisation code of 3 to 6 capitals and digits"
                yield _cell(file, "code", row, column, code, expected)
    for part in sorted(set(Part) - set(kinds[layout.PART])):
        yield Problem(file, "part", f"no row of {part}", "all five parts", None, layout.PART)
    providers = set(heads[layout.PROVIDER])
    for code, row in _firsts(heads, [layout.COMMISSIONER]).drop_nulls().rows():
        if code in providers:
            expected = "a commissioner, not a provider"
            yield _cell(file, "code", row, layout.COMMISSIONER, code, expected)


def _names(heads: pl.DataFrame, kinds: pl.DataFrame, file: str) -> Iterator[Problem]:
    """A code stands for one organisation: one name beside it, and one parent."""
    pairs = [*layout.NAMED.items(), (layout.PROVIDER, layout.PROVIDER_ICB)]
    pairs.append((layout.COMMISSIONER, layout.COMMISSIONER_ICB))
    for code, name in pairs:
        table = kinds if code in _KINDS else heads
        first: dict[str, str] = {}
        for value, called, row in _firsts(table, [code, name]).drop_nulls(code).rows():
            if first.setdefault(value, called) != called:
                expected = f"{first[value]!r}, as elsewhere beside {value}"
                yield _cell(file, "name", row, name, called, expected)
    for part, name, row in _firsts(kinds, [layout.PART, layout.PART_NAME]).drop_nulls().rows():
        if part in set(Part) and name != layout.PART_NAMES[Part(part)]:
            expected = repr(layout.PART_NAMES[Part(part)])
            yield _cell(file, "name", row, layout.PART_NAME, name, expected)


def _duplicates(rows: pl.DataFrame, file: str) -> Iterator[Problem]:
    if any(rows[column].null_count() for column in _KEY):
        return  # a blank key is reported as such
    if rows.select(_KEY).n_unique() == rows.height:
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
    """Check bands against totals, functions against C_999 and the bands' shape: every fault."""
    return [*_band_sums(extract), *_function_sums(extract), *_shape(extract)]


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
    banded = extract.matrix[:, :_BAND_COUNT].sum(axis=1, dtype=np.int64)
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
    codes = codes_of(extract.rows, (layout.PROVIDER, layout.COMMISSIONER, layout.PART))
    groups = np.unique(codes, return_inverse=True)[1]
    totals = np.bincount(groups[extract.is_total], minlength=int(groups.max()) + 1)
    _, some_row = np.unique(groups, return_index=True)
    for group in np.flatnonzero(totals != 1):
        found = f"{totals[group]} {layout.TOTAL_FUNCTION} rows for this provider and commissioner"
        row = int(extract.lines[some_row[group]])
        yield Problem(extract.file, "total row", found, "one in each part", row, layout.FUNCTION)
    at = np.zeros(len(totals), dtype=np.int64)
    at[groups[extract.is_total]] = np.flatnonzero(extract.is_total)
    functions = groups[~extract.is_total]
    summed = extract.functions.sums(functions, len(totals), np.ones(len(functions)))
    off = summed - extract.matrix[at]
    off[totals != 1] = 0
    names = (*layout.BANDS, layout.TOTAL_ALL)
    for group, column in zip(*np.nonzero(off), strict=True):
        found_count = int(extract.matrix[at[group], column])
        expected = f"{found_count + off[group, column]:,} (the sum of the functions)"
        row = int(extract.lines[at[group]])
        yield _cell(extract.file, "function sum", row, names[column], found_count, expected)


def _shape(extract: Extract) -> Iterator[Problem]:
    """Refuse week bands in the wrong order, which no sum can show.

    Not until March 2021: no official file of those years showed the limits, and the spring of 2020
    left England's counts anything but smooth.
    """
    if rtt_older.is_older(layout.month_of(extract.rows[layout.PERIOD][0])):
        return
    for part in (Part.INCOMPLETE, *layout.COMPLETED):
        of_part = extract.matrix[extract.is_total & extract.is_part(part), :_BAND_COUNT]
        england = of_part.sum(axis=0, dtype=np.int64)
        for week in np.flatnonzero(_out_of_place(england)):
            beside = (*england[max(week - 1, 0) : week], *england[week + 1 : week + 2])
            found = f"{england[week]:,} in all of {part}"
            expected = f"near its neighbours, {' and '.join(f'{n:,}' for n in beside)}"
            yield Problem(extract.file, "shape", found, expected, None, layout.BANDS[week])


def _out_of_place(england: Array) -> Array:
    """Which bands of a part cannot stand where they stand."""
    weekly = england[:-1]
    before, after = np.append(weekly[1], weekly[:-1]), np.append(weekly[1:], weekly[-2])
    low, high = np.minimum(before, after), np.maximum(before, after)
    odd = weekly > SHAPE_OVER * np.maximum(high, SHAPE_MIN)
    odd |= (low >= 2 * SHAPE_MIN) & (weekly * SHAPE_UNDER < low)
    odd |= weekly > SHAPE_RISE * np.maximum(before, SHAPE_MIN)
    odd[0] = weekly[0] * SHAPE_RISE < weekly[1] and weekly[1] >= 2 * SHAPE_MIN
    open_limit = max(SHAPE_OPEN * england.sum(), SHAPE_MIN)
    return np.append(odd, england[-1] > open_limit)


def check_warnings(extract: Extract) -> list[Problem]:
    """What official files are known to break: more with a decision to treat than waiting."""
    return list(_more_with_decision_than_waiting(extract))


def _more_with_decision_than_waiting(extract: Extract) -> Iterator[Problem]:
    """Part 2A is meant to be a subset of part 2; official files break that in every month."""
    codes = codes_of(extract.rows, (layout.FUNCTION, layout.PROVIDER, layout.COMMISSIONER))
    waiting = np.flatnonzero(extract.is_part(Part.INCOMPLETE))
    decided = np.flatnonzero(extract.is_part(Part.INCOMPLETE_DTA))
    nearest = np.searchsorted(codes[waiting], codes[decided]).clip(max=len(waiting) - 1)
    is_same = codes[waiting][nearest] == codes[decided]
    limits = extract.matrix[waiting[nearest]] * is_same[:, np.newaxis]
    over = extract.matrix[decided] > limits
    for number, band in zip(*np.nonzero(over[:, :_BAND_COUNT]), strict=True):
        found = int(extract.matrix[decided[number], band])
        expected = f"at most {limits[number, band]:,}, as waiting in {Part.INCOMPLETE}"
        row = int(extract.lines[decided[number]])
        yield _cell(extract.file, "2A over 2", row, layout.BANDS[band], found, expected)


def unknown_organisations(heads: pl.DataFrame, file: str) -> list[Problem]:
    """Warnings for providers and ICBs that our lists do not hold (yet)."""
    known = {
        layout.PROVIDER: (set(provider_sectors()), "a provider in our sector list"),
        layout.PROVIDER_ICB: ({icb.code for icb in icbs()}, "one of the ICBs"),
        layout.COMMISSIONER_ICB: ({icb.code for icb in icbs()}, "one of the ICBs"),
    }
    return [
        _cell(file, "unknown organisation", row, column, code, expected)
        for column, (codes, expected) in known.items()
        for code, row in _firsts(heads, [column]).rows()
        if code is not None and code not in codes
    ]


def _cell(file: str, kind: str, row: int, column: str, found: object, expected: str) -> Problem:
    shown = f"{found:,}" if isinstance(found, int) else repr(found)
    return Problem(file, kind, shown, expected, row, column)
