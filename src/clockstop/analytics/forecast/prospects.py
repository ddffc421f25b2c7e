"""How likely each target is to be met by its date, and how much will be missing if it is not."""

from __future__ import annotations

import numpy as np
import polars as pl

from clockstop.analytics.forecast.aims import Aim, aims_of, in_groups, rows, unsaid
from clockstop.analytics.forecast.cube import Cube
from clockstop.analytics.forecast.intervals import MIDDLE
from clockstop.analytics.forecast.model import Floats
from clockstop.analytics.forecast.odds import expected_excess, probability_within
from clockstop.analytics.forecast.quantiles import QUANTILES, Quantiles
from clockstop.core.types import Month

# The words for a third and two thirds: Mastrandrea and others, Guidance note for lead authors of
# the IPCC fifth assessment report on consistent treatment of uncertainties (2010), table 1.
LIKELY, UNLIKELY = 2 / 3, 1 / 3
_LOW, _HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


def prospects(said: Quantiles, cube: Cube, standing: Month | None = None) -> pl.DataFrame:
    """One row for each group and target: how likely it is to be met, and by how much it is missed.

    ``cube`` holds the months that were known when the forecast was made. Of targets in force at its
    last month, those due later are judged at the census of their month, the others at ``standing``
    (the forecast's last month, if left out). Targets that conflict have a row each.

    - ``threshold``: the figure that is asked, in ``unit``; for a rise, with the figure of the month
      from which it is measured.
    - ``middle``, ``p10``, ``p90``: the forecast, with its 80 % interval.
    - ``probability``: that the target is met, by the forecast's quantiles as ``odds`` reads them.
      A target of so many pathways counts as met by less than half a pathway more.
    - ``gap``: how much is missing in the middle, 0 or less where nothing is;
      ``expected_shortfall``: how much on average, where a target that is met misses nothing.
    - ``verdict``: likely from two thirds on, unlikely up to one third, else in the balance.

    What cannot be said is null, and ``reason`` tells why. Raises ValueError for a forecast that
    does not follow the cube, and a month that it does not hold.
    """
    known = cube.rolled_up(tuple(said.keys))
    asked_of = aims_of(said, known, standing)
    return in_groups(_rows(aim, said, aim.asked(known)) for aim in asked_of)


def _rows(aim: Aim, said: Quantiles, asked: Floats) -> pl.DataFrame:
    told, reason = aim.told(said), unsaid(aim, said, asked)
    missing = np.sort(aim.missing(told, asked), axis=1)
    found = pl.DataFrame(
        {
            "middle": told[:, MIDDLE],
            "p10": told[:, _LOW],
            "p90": told[:, _HIGH],
            "probability": probability_within(missing, aim.slack),
            "gap": missing[:, MIDDLE],
            "expected_shortfall": expected_excess(missing),
        }
    ).with_columns(verdict=_verdict(pl.col("probability")))
    sayable = found.select(pl.when(reason.is_null()).then(pl.all()))
    return pl.concat([rows(aim, said, asked), sayable], how="horizontal").with_columns(reason)


def _verdict(probability: pl.Expr) -> pl.Expr:
    uncertain = pl.when(probability > UNLIKELY).then(pl.lit("in the balance"))
    return (
        pl.when(probability >= LIKELY)
        .then(pl.lit("likely"))
        .otherwise(uncertain.otherwise(pl.lit("unlikely")))
    )
