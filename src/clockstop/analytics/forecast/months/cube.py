"""The published months as arrays: what forecasts are made from.

A *cell* is one provider's list in one treatment function. Every array has the months first and the
cells second; the last axis of a list is the week band, ``WEEK_BANDS`` long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import (
    NoDataError,
    months_held,
    require_month,
    scan_pathways,
)
from clockstop.analytics.published.submitters import successors_by
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month, Part

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
KEYS = ("provider", "function", "icb", "region", "sector")
TOLERATED = 0.005  # of a group's list that may be missing
_UNKNOWN = BANDS  # where pathways without a known start are counted before they are spread


@dataclass(frozen=True, slots=True)
class Cells:
    """Who each cell is: arrays of codes, one entry a cell, sorted by provider and function."""

    provider: npt.NDArray[Any]
    function: npt.NDArray[Any]
    icb: npt.NDArray[Any]
    region: npt.NDArray[Any]
    sector: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.provider)

    def at(self, which: npt.NDArray[Any]) -> Cells:
        """Some of the cells, by index or by flag."""
        return Cells(*(getattr(self, key)[which] for key in KEYS))


@dataclass(frozen=True)
class Cube:
    """Months of the return, by cell and week band; counts of pathways.

    ``waiting``, ``admitted`` and ``nonadmitted`` have the shape (months, cells, bands),
    ``new_periods`` (months, cells). ``by`` is what the cells are told apart by. ``sent``
    (months, cells) tells whether the provider filed a return for the month: where it did not, its
    counts are 0 and mean nothing. Clock stops with an unknown start are spread over the bands as
    the known ones are.
    """

    months: tuple[Month, ...]
    cells: Cells
    waiting: Floats
    admitted: Floats
    nonadmitted: Floats
    new_periods: Floats
    sent: Flags
    by: tuple[str, ...] = KEYS

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """The days of each month: what a wait grows by from the census before."""
        return np.array([month.days for month in self.months])

    def until(self, month: Month) -> Cube:
        """What was known at the census of the month: nothing later.

        Raises ValueError if the month is none of the cube's.
        """
        if month not in self.months:
            raise ValueError(f"{month} is not among {self.months[0]} to {self.months[-1]}")
        end = self.months.index(month) + 1
        return replace(
            self,
            months=self.months[:end],
            **{name: getattr(self, name)[:end] for name in _ARRAYS},
        )

    def of(self, which: npt.NDArray[Any]) -> Cube:
        """Some of its cells, by index or by flag."""
        arrays = {name: getattr(self, name)[:, which] for name in _ARRAYS}
        return replace(self, cells=self.cells.at(which), **arrays)

    def rolled_up(self, by: Sequence[str]) -> Cube:
        """The sums of the cells that share the codes of ``by``; with none, of all England.

        A group has sent a month if what it lacks, by the list that each missing member last sent
        before, is no more than ``TOLERATED`` of it. The codes it is not told apart by are blank.
        Raises ValueError for a code that cells do not have.
        """
        unknown = set(by) - set(self.by)
        if unknown:
            raise ValueError(f"cells have no {', '.join(sorted(unknown))}")
        groups, members = groups_of(self.cells, by)
        sums = {name: _summed(getattr(self, name), members) for name in _ARRAYS if name != "sent"}
        known = _last_known(self.waiting.sum(axis=2), self.sent)
        lacking = _summed(np.where(self.sent, 0, known), members)
        anybody = _summed(self.sent.astype(np.float64), members) > 0
        sent = anybody & (lacking <= TOLERATED * _summed(known, members))
        return Cube(self.months, groups, sent=sent, by=tuple(by), **sums)


_ARRAYS = ("waiting", "admitted", "nonadmitted", "new_periods", "sent")
_LISTS = {
    "waiting": Part.INCOMPLETE,
    "admitted": Part.ADMITTED,
    "nonadmitted": Part.NONADMITTED,
}


def read_cube(lake: Lake, until: Month | None = None) -> Cube:
    """The cube of the lake's consecutive months up to one (the latest, if left out).

    Months before a gap are left out. A provider that another took over by the last month, by
    ``successors_by``, is counted as part of it throughout. Raises NoDataError if the month is not
    held.
    """
    held = months_held(lake)
    if not held and until is None:
        raise NoDataError("the lake holds no RTT month yet")
    last = until or held[-1]
    require_month(lake, last)
    months = _consecutive(held, last)
    parts = [str(part) for part in (*_LISTS.values(), Part.NEW_PERIODS)]
    frame = scan_pathways(lake, months, KEYS).filter(pl.col("part").cast(pl.String).is_in(parts))
    rows = frame.with_columns(pl.col("month", "part", *KEYS).cast(pl.String)).collect()
    return cube_of(_merged(rows, successors_by(lake, last)), months)


def cube_of(rows: pl.DataFrame, months: Sequence[Month]) -> Cube:
    """The cube of rows with the columns month, part, band, n and ``KEYS``, all but two as text.

    A provider without any row in a month has not sent that month.
    """
    cells = _cells(rows)
    month, cell = _codes(rows, months, cells)
    band = rows["band"].fill_null(_UNKNOWN).to_numpy().astype(np.int64)
    part, n = rows["part"].to_numpy(), rows["n"].to_numpy().astype(np.float64)
    shape = (len(months), len(cells), BANDS + 1)
    flat = (month * len(cells) + cell) * (BANDS + 1) + band

    def counted(of: Part) -> Floats:
        here = part == str(of)
        counts = np.bincount(flat[here], n[here], minlength=int(np.prod(shape)))
        return counts.reshape(shape).astype(np.float64, copy=False)

    lists = {name: _spread(counted(of)) for name, of in _LISTS.items()}
    new_periods = counted(Part.NEW_PERIODS).sum(axis=2)
    sent = _sent(rows, months, cells)
    return Cube(tuple(months), cells, new_periods=new_periods, sent=sent, by=KEYS, **lists)


def groups_of(cells: Cells, by: Sequence[str]) -> tuple[Cells, npt.NDArray[np.int64]]:
    """The groups, sorted by their codes, and the index of each cell's group."""
    codes = [tuple(getattr(cells, key)[at] for key in by) for at in range(len(cells))]
    groups = sorted(set(codes))
    place = {group: at for at, group in enumerate(groups)}
    named = dict(zip(by, zip(*groups, strict=True), strict=True))
    blank = ("",) * len(groups)
    columns = [np.array(named.get(key, blank), dtype=object) for key in KEYS]
    return Cells(*columns), np.array([place[code] for code in codes], dtype=np.int64)


def summed(values: Floats, members: npt.NDArray[np.int64], groups: int | None = None) -> Floats:
    """Sums over the cells (the first axis) of each group; of those up to the last, if left out."""
    count = members.max(initial=-1) + 1 if groups is None else groups
    sums = np.zeros((count, *values.shape[1:]))
    np.add.at(sums, members, values)
    return sums


def _summed(values: Floats, members: npt.NDArray[np.int64]) -> Floats:
    """Sums over the cells (the second axis) of each group."""
    order = np.argsort(members, kind="stable")
    first = np.flatnonzero(np.diff(members[order], prepend=-1))
    return np.add.reduceat(values[:, order], first, axis=1)


def _last_known(sizes: Floats, sent: Flags) -> Floats:
    """The size of each list in the latest month so far that was sent; 0 before the first."""
    known = np.where(sent, sizes, 0.0)
    for at in range(1, len(known)):
        known[at] = np.where(sent[at], sizes[at], known[at - 1])
    return known


def _consecutive(held: Sequence[Month], last: Month) -> tuple[Month, ...]:
    months = [last]
    while months[0].plus(-1) in held:
        months.insert(0, months[0].plus(-1))
    return tuple(months)


def _merged(rows: pl.DataFrame, successors: Mapping[str, str]) -> pl.DataFrame:
    """Every provider under the code of the one that took it over; its place is the latest one."""
    final = {old: _last_of(old, successors) for old in successors}
    renamed = rows.with_columns(provider=pl.col("provider").replace(final))
    places = ["icb", "region", "sector"]
    own = rows.sort("month").group_by("provider").agg(pl.col(places).last())
    return renamed.drop(places).join(own, on="provider", how="left")


def _last_of(code: str, successors: Mapping[str, str]) -> str:
    seen = {code}
    while successors.get(code, code) not in seen:
        code = successors[code]
        seen.add(code)
    return code


def _cells(rows: pl.DataFrame) -> Cells:
    keyed = rows.group_by("provider", "function").agg(
        pl.col("icb", "region", "sector").fill_null("").last()
    )
    ordered = keyed.sort("provider", "function")
    return Cells(*(ordered[key].to_numpy() for key in KEYS))


def _codes(
    rows: pl.DataFrame, months: Sequence[Month], cells: Cells
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The index of each row's month, and of its cell."""
    known = pl.DataFrame({"provider": cells.provider, "function": cells.function})
    numbered = rows.select("month", "provider", "function").join(
        known.with_row_index("cell"), on=["provider", "function"], how="left", maintain_order="left"
    )
    place = {str(month): at for at, month in enumerate(months)}
    month = numbered["month"].replace_strict(place, return_dtype=pl.Int64)
    return month.to_numpy(), numbered["cell"].to_numpy().astype(np.int64)


def _spread(counts: Floats) -> Floats:
    """The counts with those of no known band spread as the known ones of their cell are.

    Those of a cell without any known one are spread as all of the month's are.
    """
    known, unknown = counts[..., :BANDS], counts[..., _UNKNOWN]
    total = known.sum(axis=-1)
    spread: Floats = known * (1 + ratio(unknown, total))[..., None]
    month, cell = np.nonzero((total == 0) & (unknown > 0))
    everybody = known.sum(axis=1)
    usual = ratio(everybody, everybody.sum(axis=1, keepdims=True), 1 / BANDS)
    spread[month, cell] = unknown[month, cell][:, None] * usual[month]
    return spread


def _sent(rows: pl.DataFrame, months: Sequence[Month], cells: Cells) -> Flags:
    filed = set(rows.select("month", "provider").unique().rows())
    return np.array(
        [[(str(month), provider) in filed for provider in cells.provider] for month in months]
    )
