"""Which lists more people join than leave, month after month, without any return that tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.months.cube import Cube, Flags, Floats
from clockstop.analytics.forecast.months.flows import STRETCH_NAMES, band_flows

FEWEST_MONTHS = 6  # with fewer, a mean of months tells nothing that lasts
BEYOND_CHANCE = 3.0  # standard errors: in about one list of 250 chance alone does as much


@dataclass(frozen=True)
class NetTransfers:
    """Lasting net transfers in, in pathways a month.

    ``lists`` has one row for each list: its codes, the ``months`` that told, ``transfers_in``,
    ``standard_error`` and the ``stretches`` of weeks in which more joined than left. ``england``
    is one row: how many ``lists``, the sum of their ``transfers_in`` with its ``standard_error``,
    and ``other`` of all lists, known or not to take in.
    """

    lists: pl.DataFrame
    england: pl.DataFrame


def net_transfers(cube: Cube) -> NetTransfers:
    """The lists that more people join without a new period than leave, month after month.

    Those whose mean ``other`` over at least ``FEWEST_MONTHS`` months lies below 0 by more than
    ``BEYOND_CHANCE`` standard errors. One month with many transfers is none. What joins in the
    first stretch may be new periods told late. Raises ValueError for a cube of one month.
    """
    steps = [band_flows(cube, month) for month in cube.months[1:]]
    if not steps:
        raise ValueError("one month tells nothing of what moves a list; two are the least")
    other = np.array([STRETCHES.sums(step.other) for step in steps])
    known = np.array([step.known for step in steps])
    mean, error = _mean(other.sum(axis=2), known)
    by_stretch = _joins(*_mean(other, known[..., None]))
    months = known.sum(axis=0)
    takes_in = _joins(mean, error) & (months >= FEWEST_MONTHS)
    codes = {key: getattr(cube.cells, key)[takes_in] for key in cube.by}
    lists = pl.DataFrame(
        {
            **codes,
            "months": months[takes_in],
            "transfers_in": -mean[takes_in],
            "standard_error": error[takes_in],
            "stretches": [_names(joins) for joins in by_stretch[takes_in]],
        },
        schema_overrides={**dict.fromkeys(codes, pl.String), "stretches": pl.String},
    ).sort("transfers_in", *codes, descending=[True, *(False for _ in codes)])
    return NetTransfers(lists, _england(lists, float(mean.sum())))


def _mean(months: Floats, known: Flags) -> tuple[Floats, Floats]:
    """The mean over the known months (the first axis) and its standard error.

    The variance is that of the months, but no less than that of people who come one by one
    (Poisson).
    """
    count = np.maximum(known.sum(axis=0), 1)
    mean = (months * known).sum(axis=0) / count
    squares = ((months - mean) ** 2 * known).sum(axis=0)
    variance = np.maximum(squares / np.maximum(count - 1, 1), np.abs(mean))
    return mean, np.sqrt(variance / count)


def _joins(mean: Floats, error: Floats) -> Flags:
    joins: Flags = mean < -BEYOND_CHANCE * error
    return joins


def _names(which: Flags) -> str:
    return ", ".join(np.array(STRETCH_NAMES)[which])


def _england(lists: pl.DataFrame, other: float) -> pl.DataFrame:
    error = pl.col("standard_error")
    return lists.select(
        lists=pl.len(),
        transfers_in=pl.col("transfers_in").sum(),
        standard_error=(error * error).sum().sqrt(),
        other=pl.lit(other),
    )
