"""What scenarios are run on: the calibrated model of every list, and the middle of its forecast.

Calibrating takes longer than a reader waits, so it is done once, with the forecasts, and kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.forecast.engine.model import Lanes, Model, Noise
from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.months.cube import KEYS, Cells, Cube
from clockstop.analytics.forecast.spread import COUNTED, counted
from clockstop.core.types import Month

_BY_BAND = ("waiting", "propensity", "stays", "transfers_in")
_BY_CELL = ("arrivals", "capacity")
_NOISE = ("arrivals", "capacity", "arrivals_level", "capacity_level")
_MIDDLE, _FACTS = "middle", "bench"


@dataclass(frozen=True)
class Bench:
    """The model of some cells and the middle of their forecast: (cells, months, ``COUNTED``)."""

    model: Model
    middle: Lanes

    def of(self, which: npt.NDArray[np.bool_]) -> Bench:
        """Some of the cells, by flag."""
        model = self.model
        arrays = {name: getattr(model, name)[which] for name in (*_BY_BAND, *_BY_CELL)}
        noise = {name: getattr(model.noise, name)[which] for name in _NOISE}
        part = replace(
            model, cells=model.cells.at(which), noise=replace(model.noise, **noise), **arrays
        )
        return Bench(part, self.middle[which])


def bench_of(cube: Cube, forecasts: Forecasts, months: int) -> Bench:
    """The bench of a cube's last month, for so many months after it.

    Raises TooShortError and ValueError as ``Forecasts`` does.
    """
    origin = cube.months[-1]
    middle = counted(forecasts.middle(origin, months))
    return Bench(forecasts.model(origin), middle.astype(np.float32))


def bench_table(bench: Bench) -> tuple[pl.DataFrame, dict[str, str]]:
    """A row for each cell, and what holds of all of them, to be kept as a Parquet file."""
    model, noise = bench.model, bench.model.noise
    columns: dict[str, Any] = {key: getattr(model.cells, key).astype(str) for key in KEYS}
    columns |= {name: getattr(model, name) for name in (*_BY_BAND, *_BY_CELL)}
    columns |= {f"noise_{name}": getattr(noise, name) for name in _NOISE}
    columns[_MIDDLE] = bench.middle.reshape(len(bench.middle), -1)
    facts = {
        "origin": str(model.origin),
        "trend": model.trend.tolist(),
        "damping": float(model.damping),
        "elasticity": float(model.elasticity),
        "noise": {
            each.name: float(getattr(noise, each.name))
            for each in fields(Noise)
            if each.name not in _NOISE
        },
    }
    return pl.DataFrame(columns), {_FACTS: json.dumps(facts)}


def read_bench(file: Path) -> Bench:
    """A bench that was kept. Raises OSError for a file that is not there."""
    table = pl.read_parquet(file)
    facts = json.loads(pl.read_parquet_metadata(file)[_FACTS])
    own: dict[str, Any] = {name: _array(table, f"noise_{name}") for name in _NOISE}
    model = Model(
        origin=Month.parse(facts["origin"]),
        cells=Cells(*(table[key].to_numpy().astype(object) for key in KEYS)),
        trend=np.array(facts["trend"], dtype=np.float64),
        damping=facts["damping"],
        elasticity=facts["elasticity"],
        noise=Noise(**facts["noise"], **own),
        **{name: _array(table, name) for name in (*_BY_BAND, *_BY_CELL)},
    )
    return Bench(model, _array(table, _MIDDLE).reshape(len(table), -1, COUNTED))


def _array(table: pl.DataFrame, name: str) -> Lanes:
    found: Lanes = np.ascontiguousarray(table[name].to_numpy(), dtype=np.float32)
    return found
