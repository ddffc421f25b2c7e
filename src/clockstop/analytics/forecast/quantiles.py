"""What a forecast says: six figures of each group and month, as quantiles.

A *forecaster* is a function of a cube and a number of months. It sees the cube alone, so a cube cut
by ``until`` shows it nothing later, and says what the months after the cube's last will bring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.core.rtt.week_bands import STANDARD_WEEKS
from clockstop.core.types import Month

Floats = npt.NDArray[np.float64]
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
LONG_WAITS = (18, 52, 65, 78)
SIZE, SHARE = "incomplete_pathways", "pct_within_18_weeks"
MEASURES = (SIZE, SHARE, *(f"over_{weeks}_weeks" for weeks in LONG_WAITS))


@dataclass(frozen=True)
class Quantiles:
    """What the months after an origin will bring.

    ``keys`` are the codes of each group, one array (groups,) for each column that tells the groups
    apart: none for England. ``values`` has the shape (groups, months, ``MEASURES``,
    ``QUANTILES``): pathways, and a fraction for ``pct_within_18_weeks``. Raises ValueError unless
    the shape fits, every value is a number and no quantile is below a lower one.
    """

    months: tuple[Month, ...]
    keys: Mapping[str, npt.NDArray[Any]]
    values: Floats

    def __post_init__(self) -> None:
        """Refuse what is no set of quantiles."""
        groups = {len(codes) for codes in self.keys.values()} or {1}
        expected = (*groups, len(self.months), len(MEASURES), len(QUANTILES))
        if self.values.shape != expected:
            raise ValueError(f"quantiles of shape {self.values.shape}, expected {expected}")
        if not np.isfinite(self.values).all():
            raise ValueError("a quantile is not a number")
        if (np.diff(self.values, axis=-1) < 0).any():
            raise ValueError("a quantile is below a lower one")

    def of(self, which: npt.NDArray[np.bool_]) -> Quantiles:
        """Some of the groups, by flag."""
        keys = {key: codes[which] for key, codes in self.keys.items()}
        return Quantiles(self.months, keys, self.values[which])

    def table(self) -> pl.DataFrame:
        """One row per group and month: ``month``, the codes, then each ``<measure>_p<percent>``."""
        groups, months = self.values.shape[:2]
        names = [f"{measure}_{name(quantile)}" for measure in MEASURES for quantile in QUANTILES]
        flat = self.values.reshape(groups * months, len(names))
        texts = np.array([str(month) for month in self.months])
        codes = {key: np.repeat(column, months) for key, column in self.keys.items()}
        columns = {"month": np.tile(texts, groups), **codes}
        return pl.DataFrame({**columns, **dict(zip(names, flat.T, strict=True))})


Forecaster: TypeAlias = Callable[[Cube, int], Quantiles]


def name(quantile: float) -> str:
    """How columns name a quantile: ``p50``, ``p97_5``."""
    return f"p{100 * quantile:g}".replace(".", "_")


def months_after(cube: Cube, months: int) -> tuple[Month, ...]:
    """The months that follow the cube's last; ValueError unless there is at least one."""
    if months < 1:
        raise ValueError(f"cannot forecast {months} months")
    return tuple(cube.months[-1].plus(ahead) for ahead in range(1, months + 1))


def keys_of(cube: Cube) -> dict[str, npt.NDArray[Any]]:
    """The codes that tell the cube's groups apart, one array (groups,) for each column."""
    return {key: getattr(cube.cells, key) for key in cube.by}


def possible(values: Floats) -> Floats:
    """The values (…, ``MEASURES``, quantiles) with no count below 0 and no share above 1."""
    held = np.maximum(values, 0.0)
    share = MEASURES.index(SHARE)
    held[..., share, :] = np.minimum(held[..., share, :], 1.0)
    return held


def figures(waiting: npt.NDArray[Any]) -> Floats:
    """The figures (…, ``MEASURES``) of lists (…, bands).

    Nobody of an empty list waits for more than 18 weeks: its share within them is 1.
    """
    size = waiting.sum(axis=-1, dtype=np.float64)
    over = [waiting[..., weeks:].sum(axis=-1, dtype=np.float64) for weeks in LONG_WAITS]
    beyond = over[LONG_WAITS.index(STANDARD_WEEKS)]
    return np.stack([size, 1 - ratio(beyond, size), *over], axis=-1)
