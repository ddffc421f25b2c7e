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

from clockstop.analytics.forecast.forecast import LEAST_MONTHS, Forecasts, TooShortError
from clockstop.analytics.forecast.months.cube import Cube, read_cube
from clockstop.analytics.forecast.notes import Note
from clockstop.analytics.forecast.quantiles import Quantiles
from clockstop.analytics.forecast.scenarios.bench import Bench, bench_of, bench_table, read_bench
from clockstop.analytics.forecast.spread import Run
from clockstop.analytics.forecast.targets.planning import against_targets
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND
from clockstop.core.types import Month

FORMAT = 7  # raised whenever what the columns mean changes
AHEAD, LOOKED_BACK = 48, (3, 6, 12)  # months
REPLICATES = 512
KINDS: Mapping[str, tuple[str, ...]] = {
    "england": (),
    "region": ("region",),
    "icb": ("icb",),
    "sector": ("sector",),
    "provider": ("provider",),
}
_LEVELS = [(kind, by, more) for kind, by in KINDS.items() for more in ((), ("function",))]
Progress = Callable[[int, int], None]
_FORECASTS, _TARGETS, _BENCH, _NOTES = "forecasts", "targets", "bench", "notes"
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
        self._file, self._targets = book_file(lake), book_file(lake, _TARGETS)
        self._bench = book_file(lake, _BENCH)
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

    @cached_property
    def bench(self) -> Bench:
        """What scenarios are run on."""
        return read_bench(self._bench)

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

    def targets(self, kind: str, code: str) -> tuple[Mapping[str, Any], ...]:
        """A row for each function of an area or provider, and all together, and each target.

        The columns are those of ``against_targets``, the order that of the rulebook.
        """
        found = pl.scan_parquet(self._targets).filter(kind=kind, code=code)
        return tuple(found.collect().rows(named=True))

    def _rows(self, **wanted: str) -> tuple[Mapping[str, Any], ...]:
        found = pl.scan_parquet(self._file).filter(**wanted).sort(_KEYS)
        return tuple(found.collect().rows(named=True))


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
    forecasts, run = Forecasts(cube), Run(replicates)
    origins = [back for back in (0, *LOOKED_BACK) if known - back >= LEAST_MONTHS]
    tables = []
    for done, back in enumerate(origins, 1):
        origin = cube.months[-1 - back]
        said = forecasts.forecasts(
            origin, back or AHEAD, [(*by, *more) for _, by, more in _LEVELS], run
        )
        if not back:
            targets = _against_targets(cube, said)
            bench = bench_of(cube, forecasts, AHEAD)
        tables.append(_table(said, origin))
        if progress:
            progress(done, len(origins))
    notes = {_NOTES: json.dumps([(n.provider, n.text) for n in forecasts.notes(cube.months[-1])])}
    return _kept(
        lake,
        {
            _BENCH: bench_table(bench),
            _TARGETS: (targets.sort("kind", "code", maintain_order=True), notes),
            _FORECASTS: (pl.concat(tables).sort(_KEYS), notes),
        },
    )


def book_file(lake: Lake, name: str = _FORECASTS) -> Path:
    """Where the forecasts of the lake's returns are kept, or another table of the book."""
    held = lake.catalogue().current("rtt")
    digest = sha256(f"{FORMAT} {AHEAD} {[each.id for each in held.values()]}".encode())
    return lake.home / "forecasts" / f"{name}-{digest.hexdigest()[:16]}.parquet"


def _table(said: Sequence[Quantiles], origin: Month) -> pl.DataFrame:
    """What is said from an origin of every kind of list, in all functions and in each."""
    tables = [
        _labelled(quantiles.table(), kind, by, more).with_columns(
            pl.selectors.float().cast(pl.Float32)
        )
        for quantiles, (kind, by, more) in zip(said, _LEVELS, strict=True)
    ]
    return pl.concat(tables).with_columns(origin=pl.lit(str(origin)))


def _against_targets(cube: Cube, said: Sequence[Quantiles]) -> pl.DataFrame:
    """Every list that targets are set for, against them: sectors have none."""
    asked = [
        (each, level) for each, level in zip(said, _LEVELS, strict=True) if level[0] != "sector"
    ]
    tables = against_targets(cube, [each for each, _ in asked])
    return pl.concat(
        _labelled(table, *level) for table, (_, level) in zip(tables, asked, strict=True)
    )


def _labelled(
    table: pl.DataFrame, kind: str, by: Sequence[str], more: Sequence[str]
) -> pl.DataFrame:
    """A level's table with the same columns as any other's, first of all whom it is of."""
    labels = {
        "kind": pl.lit(kind),
        "code": pl.col(by[0]) if by else pl.lit(ENGLAND),
        "function": pl.col("function") if more else pl.lit(ALL_FUNCTIONS.code),
    }
    named = (each.cast(pl.String).alias(name) for name, each in labels.items())
    return table.select(*named, *(name for name in table.columns if name not in (*by, *more)))


def _kept(lake: Lake, tables: Mapping[str, tuple[pl.DataFrame, Mapping[str, str]]]) -> Path:
    """Keep the book: the forecasts last, since where they are the book is whole."""
    files = {name: book_file(lake, name) for name in tables}
    for name, (table, facts) in tables.items():
        _keep(table, facts, files[name])
    for old in files[_FORECASTS].parent.glob("*.parquet"):
        if old not in files.values():
            old.unlink(missing_ok=True)
    return files[_FORECASTS]


def _keep(table: pl.DataFrame, facts: Mapping[str, str], file: Path) -> None:
    part = file.with_suffix(f".{uuid4().hex}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        table.write_parquet(part, row_group_size=20_000, metadata=dict(facts))
        part.replace(file)
    finally:
        with suppress(OSError):
            part.unlink()
