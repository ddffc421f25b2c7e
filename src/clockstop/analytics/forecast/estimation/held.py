"""The rates of all lists, held to England's.

Every list's rates are drawn towards England's on a logarithmic scale, which makes their sum too
small, and a high chance of treatment uses up those whom it is for. So what all lists together come
to in a month is a percent or two off what England's own rates make of them, and more of the long
waits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.cohorts import Rates, course
from clockstop.analytics.forecast.engine.model import Floats, Model
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import (
    HIGHEST_PROPENSITY,
    MonthRates,
    month_ahead,
)

_ROUNDS, _HALF = 3, 0.5


def held_to_england(model: Model, england: MonthRates) -> Model:
    """The model with its rates so scaled, stretch by stretch, that its first month is England's.

    Of each stretch those who are treated and those who still wait at the census; who came within
    the month is left as it is. Capacity plays no part in either.
    """
    weeks = weeks_after(model.origin, 1)
    waiting = model.waiting.astype(np.float64)
    all_arrivals = model.arrivals.sum(dtype=np.float64, keepdims=True) / england.entry
    goal = month_ahead(waiting.sum(axis=0)[None], all_arrivals, england, weeks)
    rates = _rates_of(model)
    for _ in range(_ROUNDS):
        found = next(course(waiting, rates, weeks))
        still, treated = (_over(*each) for each in zip(goal, found, strict=True))
        still[0] = 1
        usual, stay = STRETCHES.each_band(treated), STRETCHES.each_band(still)
        rates = replace(
            rates,
            propensity=np.minimum(rates.propensity * usual, HIGHEST_PROPENSITY),
            stays=np.minimum(rates.stays * stay ** (1 / weeks.census[0]), 1),
        )
    single = np.float32
    return replace(
        model, propensity=rates.propensity.astype(single), stays=rates.stays.astype(single)
    )


def _rates_of(model: Model) -> Rates:
    """The rates of every list, each person treated at their own."""
    return Rates(
        arrivals=model.arrivals.astype(np.float64),
        capacity=np.ones(len(model.waiting)),
        propensity=model.propensity.astype(np.float64),
        stays=model.stays.astype(np.float64),
        transfers_in=model.transfers_in.astype(np.float64),
        elasticity=0.0,
    )


def _over(england: Floats, lists: Floats) -> Floats:
    """England's count over that of the lists, by stretch: (stretches,)."""
    said, found = (STRETCHES.sums(each.sum(axis=0)) for each in (england, lists))
    ratio: Floats = (said + _HALF) / (found + _HALF)
    return ratio
