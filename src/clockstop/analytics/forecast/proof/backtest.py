"""What forecasters would have said at every month held, beside what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from clockstop.analytics.forecast.months.cube import KEYS, Cube
from clockstop.analytics.forecast.proof.scoreboard import markdown, scoreboard
from clockstop.analytics.forecast.proof.truth import NOT_PUBLISHED, Published, outcomes
from clockstop.analytics.forecast.quantiles import (
    MEASURES,
    QUANTILES,
    Floats,
    Forecaster,
    Quantiles,
    name,
)

HORIZONS = (1, 3, 6, 12)
MINIMUM_HISTORY = 4  # months
ENGLAND = "england"
LEVELS: Mapping[str, tuple[str, ...]] = {
    ENGLAND: (),
    "icb_function": ("icb", "function"),
    "provider_function": KEYS,
}
Progress = Callable[[int, int], None]
_TABLE, _BOARD, _PAGE = "backtest.parquet", "scoreboard.json", "scoreboard.md"


@dataclass(frozen=True)
class BackTest:
    """Forecasts and outcomes: one row for each origin, horizon, group, measure and forecaster.

    ``table`` has ``level``, ``origin``, ``horizon`` (months), ``KEYS`` (blank where the level does
    not tell groups apart by them), ``measure``, ``forecaster``, the quantiles ``p2_5`` … ``p97_5``,
    the ``truth`` and what was ``waiting`` at the origin.
    """

    table: pl.DataFrame

    def scoreboard(self) -> pl.DataFrame:
        """The scores, as ``scoreboard`` says them."""
        return scoreboard(self.table)

    def save(self, folder: Path) -> None:
        """Write the table as Parquet, and the scoreboard as JSON and as Markdown."""
        folder.mkdir(parents=True, exist_ok=True)
        board = self.scoreboard()
        _replace(folder / _TABLE, self.table.write_parquet)
        _replace(folder / _BOARD, board.write_json)
        _replace(folder / _PAGE, lambda file: file.write_text(markdown(board)))

    @classmethod
    def read(cls, folder: Path) -> BackTest:
        """What was saved there; FileNotFoundError if nothing was."""
        return cls(pl.read_parquet(folder / _TABLE))


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there, so that nobody reads half of it."""
    new = file.with_name(f"{file.name}.new")
    write(new)
    new.replace(file)


@dataclass(frozen=True)
class _Level:
    """One level of a cube, what its groups came to, and their codes."""

    name: str
    cube: Cube
    truth: Floats
    codes: pl.DataFrame


def backtest(
    cube: Cube,
    forecasters: Mapping[str, Forecaster],
    *,
    horizons: Sequence[int] = HORIZONS,
    levels: Mapping[str, Sequence[str]] = LEVELS,
    minimum_history: int = MINIMUM_HISTORY,
    england: Published = NOT_PUBLISHED,
    progress: Progress | None = None,
) -> BackTest:
    """Ask every forecaster at every origin that leaves it ``minimum_history`` months or more.

    A forecaster sees the cube until the origin. The truth is the cube's own later months; that of
    England is what is published of them, and a month published as whole counts as sent. A group is
    left out at origins at which it did not send or nobody waited, and at targets of which its truth
    is not known.
    ``progress`` is called with the forecasts made and those to make. Raises ValueError if the
    months are too few for any.
    """
    ends = range(minimum_history, len(cube.months) - min(horizons) + 1)
    if not ends:
        few = f"{len(cube.months)} months are too few for a back-test"
        raise ValueError(f"{few}: {minimum_history} come before an origin, {min(horizons)} after")
    asked = [
        (level, end, forecaster)
        for level in _levels(cube, levels, england)
        for end in ends
        for forecaster in forecasters
    ]
    frames: list[pl.DataFrame] = []
    for done, (level, end, forecaster) in enumerate(asked, 1):
        frames += _said(level, end, horizons, forecaster, forecasters[forecaster])
        if progress:
            progress(done, len(asked))
    return BackTest(pl.concat(frames))


def _levels(cube: Cube, levels: Mapping[str, Sequence[str]], england: Published) -> list[_Level]:
    rolled = {level: cube.rolled_up(by) for level, by in levels.items()}
    return [
        _level(level, each, NOT_PUBLISHED if each.by else england) for level, each in rolled.items()
    ]


def _level(level: str, cube: Cube, published: Published) -> _Level:
    whole = np.array([month in published.whole for month in cube.months])
    cube = replace(cube, sent=cube.sent | whole[:, None])
    truth = outcomes(cube)
    for at, month in enumerate(cube.months):
        truth[at] = published.figures.get(month, truth[at])
    codes = pl.DataFrame({key: getattr(cube.cells, key) for key in KEYS})
    return _Level(level, cube, truth, codes.cast(pl.Categorical))


def _said(
    level: _Level, end: int, horizons: Sequence[int], forecaster: str, forecast: Forecaster
) -> list[pl.DataFrame]:
    """The rows of one forecaster at one origin, which is the last of ``end`` months."""
    known = [horizon for horizon in horizons if end + horizon <= len(level.cube.months)]
    said = forecast(level.cube.until(level.cube.months[end - 1]), max(known))
    if len(said.values) != len(level.codes):
        raise ValueError(f"{forecaster} said {len(said.values)} groups of {len(level.codes)}")
    named = pl.lit(forecaster).cast(pl.Categorical).alias("forecaster")
    rows = [_rows(level, end, horizon, said).with_columns(named) for horizon in known]
    return [frame.select(*_COLUMNS) for frame in rows]


def _rows(level: _Level, end: int, horizon: int, said: Quantiles) -> pl.DataFrame:
    """What was said and what happened, of every group and measure that can be scored."""
    truth = level.truth[end + horizon - 1]
    waiting = np.where(level.cube.sent[end - 1], level.cube.waiting[end - 1].sum(axis=1), 0.0)
    group, measure = np.nonzero(np.isfinite(truth) & (waiting > 0)[:, None])
    values = said.values[group, horizon - 1, measure].astype(np.float32)
    return pl.DataFrame(
        {
            **level.codes[group].to_dict(),
            "measure": pl.Series(MEASURES, dtype=pl.Categorical)[measure],
            **dict(zip(map(name, QUANTILES), values.T, strict=True)),
            "truth": truth[group, measure].astype(np.float32),
            "waiting": waiting[group].astype(np.float32),
        }
    ).with_columns(
        level=pl.lit(level.name).cast(pl.Categorical),
        origin=pl.lit(str(level.cube.months[end - 1])).cast(pl.Categorical),
        horizon=pl.lit(horizon, pl.UInt8),
    )


_FIRST = ("level", "origin", "horizon", *KEYS, "measure", "forecaster")
_COLUMNS = (*_FIRST, *map(name, QUANTILES), "truth", "waiting")
