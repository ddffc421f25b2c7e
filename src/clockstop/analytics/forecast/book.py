"""The book of forecasts: worked out once for a lake, kept beside it, read by the pages.

Nothing in it is a source: its folder may be deleted at any time. The name of a file is a digest of
the returns that it was made from, so that a page never shows the forecast of another lake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from clockstop.analytics.forecast.cube import read_cube
from clockstop.analytics.forecast.forecast import LEAST_MONTHS, Forecasts, TooShortError
from clockstop.analytics.forecast.notes import Note
from clockstop.analytics.forecast.quantiles import Quantiles
from clockstop.analytics.forecast.spread import Run
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND
from clockstop.core.types import Month

FORMAT = 2  # raised whenever what the columns mean changes
AHEAD, LOOKED_BACK = 36, (3, 6, 12)  # months
REPLICATES = 512
KINDS: Mapping[str, tuple[str, ...]] = {
    "england": (),
    "region": ("region",),
    "icb": ("icb",),
    "sector": ("sector",),
    "provider": ("provider",),
}
Progress = Callable[[int, int], None]
_NOTES = "notes"
_AHEAD_AT_LEAST, _MARCH = 6, 3  # months
_KEYS = ("kind", "code", "function", "origin", "month")


class NotWorkedOutError(LookupError):
    """The forecasts of this lake have not been worked out yet."""


@dataclass(frozen=True)
class Said:
    """A forecast of one list, and when it was made: rows by month, as ``Quantiles.table``."""

    origin: Month
    rows: tuple[Mapping[str, Any], ...]


class ForecastBook:
    """The forecasts that are kept for a lake."""

    def __init__(self, lake: Lake) -> None:
        """Open the book. Raises NotWorkedOutError if nobody has worked it out for these returns."""
        self._file = book_file(lake)
        if not self._file.exists():
            raise NotWorkedOutError("no forecast has been worked out: clockstop forecast build")

    @cached_property
    def origin(self) -> Month:
        """The month whose census the forecasts start from."""
        return Month.parse(
            pl.scan_parquet(self._file).select(pl.col("origin").max()).collect().item()
        )

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know of the latest forecasts, by provider."""
        return tuple(
            Note(*each) for each in json.loads(pl.read_parquet_metadata(self._file)[_NOTES])
        )

    def forecast(self, kind: str, code: str, function: str = ALL_FUNCTIONS.code) -> Said | None:
        """What is said of a list; None for one that there is no forecast of."""
        return next(
            (said for said in self.all_said(kind, code, function) if said.origin == self.origin),
            None,
        )

    def all_said(
        self, kind: str, code: str, function: str = ALL_FUNCTIONS.code
    ) -> tuple[Said, ...]:
        """What is and was said of a list, the latest origin first."""
        rows = self._rows(kind=kind, code=code, function=function)
        origins = sorted({row["origin"] for row in rows}, reverse=True)
        return tuple(
            Said(Month.parse(origin), tuple(row for row in rows if row["origin"] == origin))
            for origin in origins
        )

    def functions(self, kind: str, code: str, month: Month) -> tuple[Mapping[str, Any], ...]:
        """The latest forecast of every function of an area or provider, for one month."""
        return self._rows(kind=kind, code=code, month=str(month), origin=str(self.origin))

    def _rows(self, **wanted: str) -> tuple[Mapping[str, Any], ...]:
        found = pl.scan_parquet(self._file).filter(
            *(pl.col(column) == value for column, value in wanted.items())
        )
        return tuple(found.sort(_KEYS).collect().rows(named=True))


def build(lake: Lake, progress: Progress | None = None, *, replicates: int = REPLICATES) -> Path:
    """Work out the forecasts of a lake from its latest month, and what was said before.

    ``progress`` is called with the origins done and to do; ``replicates`` is how many courses of
    England are simulated from each. Returns the file that holds the forecasts.
    Raises NoDataError for a lake without returns and TooShortError for one with too few months.
    """
    cube = read_cube(lake)
    known = len(cube.months)
    if known < LEAST_MONTHS:
        raise TooShortError(
            f"a forecast needs {LEAST_MONTHS} consecutive months of returns; "
            f"the lake holds {known} up to {cube.months[-1]}"
        )
    forecasts = Forecasts(cube)
    asked = [(cube.months[-1], AHEAD)] + [
        (cube.months[-1 - back], back) for back in LOOKED_BACK if known - back >= LEAST_MONTHS
    ]
    tables = []
    for done, (origin, months) in enumerate(asked, 1):
        tables.append(_tables(forecasts, origin, months, Run(replicates)))
        if progress:
            progress(done, len(asked))
    file = book_file(lake)
    notes = [(note.provider, note.text) for note in forecasts.notes(cube.months[-1])]
    _keep(pl.concat(tables).sort(_KEYS), {_NOTES: json.dumps(notes)}, file)
    for old in file.parent.glob("forecasts-*.parquet"):
        if old != file:
            old.unlink(missing_ok=True)
    return file


def year_end(origin: Month) -> Month:
    """The end of the year that an origin's forecasts are for: a March half a year off or more."""
    least = origin.plus(_AHEAD_AT_LEAST)
    return Month(least.year + (least.number > _MARCH), _MARCH)


def book_file(lake: Lake) -> Path:
    """Where the forecasts of the lake's returns are kept."""
    held = lake.catalogue().current("rtt")
    digest = sha256(f"{FORMAT} {AHEAD} {[each.id for each in held.values()]}".encode())
    return lake.home / "forecasts" / f"forecasts-{digest.hexdigest()[:16]}.parquet"


def _tables(forecasts: Forecasts, origin: Month, months: int, run: Run) -> pl.DataFrame:
    """Every kind of list, in all functions together and in each, from one simulation."""
    asked = [(kind, by, more) for kind, by in KINDS.items() for more in ((), ("function",))]
    levels = [(*by, *more) for _, by, more in asked]
    said = forecasts.forecasts(origin, months, levels, run)
    tables = [
        _labelled(quantiles, kind, by, more)
        for (kind, by, more), quantiles in zip(asked, said, strict=True)
    ]
    return pl.concat(tables).with_columns(origin=pl.lit(str(origin)))


def _labelled(said: Quantiles, kind: str, by: Sequence[str], more: Sequence[str]) -> pl.DataFrame:
    table = said.table()
    labels = {
        "kind": pl.lit(kind),
        "code": pl.col(by[0]) if by else pl.lit(ENGLAND),
        "function": pl.col("function") if more else pl.lit(ALL_FUNCTIONS.code),
    }
    figures = [name for name in table.columns if name not in ("month", *by, *more)]
    return table.select(
        *(each.cast(pl.String).alias(name) for name, each in labels.items()),
        "month",
        *(pl.col(name).cast(pl.Float32) for name in figures),
    )


def _keep(table: pl.DataFrame, facts: Mapping[str, str], file: Path) -> None:
    part = file.with_suffix(f".{uuid4().hex}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        table.write_parquet(part, row_group_size=20_000, metadata=dict(facts))
        part.replace(file)
    finally:
        with suppress(OSError):
            part.unlink()
