"""How many of the clock stops of each wait are admissions."""

from __future__ import annotations

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.calibration import functions_of
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.levels import recency
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import summed

PRIOR = 20.0  # clock stops that what is usual elsewhere counts for


def admitted_share(history: History, settings: Settings) -> Floats:
    """The part of the clock stops of each band that are admissions: (cells, bands).

    Of the recent months, later ones counting more, by stretch of bands. A list's own part is
    averaged with its treatment function's, which counts for ``PRIOR`` clock stops, and that with
    England's likewise (the mean of a beta-binomial model).
    """
    weights = recency(len(history.cube.months), settings.cell_half_life)
    admitted = STRETCHES.sums(np.tensordot(weights, history.cube.admitted, 1))
    treated = STRETCHES.sums(np.tensordot(weights, history.treated, 1))
    function = functions_of(history)
    england = drawn(admitted.sum(axis=0), treated.sum(axis=0), np.array(0.5))
    usual = drawn(summed(admitted, function), summed(treated, function), england)
    return STRETCHES.each_band(drawn(admitted, treated, usual[function]))


def drawn(part: Floats, whole: Floats, usual: Floats) -> Floats:
    """The part over the whole, drawn towards what is usual the more, the less there is of it."""
    share: Floats = (part + PRIOR * usual) / (whole + PRIOR)
    return share
