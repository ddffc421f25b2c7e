"""How likely each target is to be met by its date, and whether what was likely came in the past."""

from __future__ import annotations

import numpy as np
import polars as pl

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.intervals import MIDDLE
from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SIZE, Quantiles, figures
from clockstop.analytics.forecast.targets.aims import Aim, aims_of, in_groups, rows, unsaid
from clockstop.analytics.forecast.targets.odds import expected_excess, probability_within
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


def hindsight(said: Quantiles, cube: Cube, standing: Month | None = None) -> pl.DataFrame:
    """The rows of ``prospects`` at a past origin, with ``is_met``: whether the target was then.

    ``cube`` holds the months of the forecast that have come. Left out are targets of later months,
    groups that did not send at the origin or at the target's month or had nobody waiting then, and
    what was not said. Raises ValueError as ``prospects`` does, and if no target is due by now.
    """
    by, origin = tuple(said.keys), said.months[0].plus(-1)
    known, came = cube.until(origin).rolled_up(by), cube.rolled_up(by)
    due = [aim for aim in aims_of(said, known, standing) if aim.month in came.months]
    if not due:
        raise ValueError(f"no target of the forecast is due by {came.months[-1]}")
    return in_groups(
        _rows(aim, said, aim.asked(known)).with_columns(is_met=_met(aim, known, came))
        for aim in due
    ).drop_nulls(["probability", "is_met"])


def _met(aim: Aim, known: Cube, came: Cube) -> pl.Series:
    """Whether each group met a target; null where that is not known."""
    at = came.months.index(aim.month)
    truth = figures(came.waiting[at])
    missing = aim.missing(aim.figure(truth)[:, None], aim.asked(known))[:, 0]
    is_known = known.sent[-1] & came.sent[at] & (truth[:, MEASURES.index(SIZE)] > 0)
    return pl.Series(missing <= aim.slack).set(pl.Series(~is_known), None)


def reliability(told: pl.DataFrame) -> pl.DataFrame:
    """Of rows of ``hindsight``, by tenth of the probability: how often it came as was said.

    ``tenth`` (0 to 9), ``forecasts``, their mean ``probability``, the share of them that ``met``
    the target, and ``brier``, the mean square of what lies between what was said and 1 or 0.
    Source: Brier, Monthly Weather Review 78 (1950).
    """
    probability, is_met = pl.col("probability"), pl.col("is_met").cast(pl.Float64)
    tenth = (10 * probability).floor().clip(0, 9).cast(pl.Int64)
    by_tenth = told.group_by(tenth=tenth).agg(
        forecasts=pl.len(),
        probability=probability.mean(),
        met=is_met.mean(),
        brier=((probability - is_met) ** 2).mean(),
    )
    return by_tenth.sort("tenth")
