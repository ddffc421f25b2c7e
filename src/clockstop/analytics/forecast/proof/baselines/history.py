"""The figures that a cube holds, month by month, as the baselines read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.quantiles import MEASURES, Floats, figures
from clockstop.core.rtt.week_bands import BANDS

# The middle of a forecast: (groups, months, measures).
Point: TypeAlias = Callable[[Cube, int], Floats]


def history(cube: Cube) -> Floats:
    """The figures (months, groups, ``MEASURES``); not a number where the group did not send."""
    return np.where(cube.sent[..., None], figures(cube.waiting), np.nan)


def latest(cube: Cube) -> Floats:
    """The figures (groups, ``MEASURES``) that each group sent last; an empty list's if none."""
    found = np.broadcast_to(figures(np.zeros(BANDS)), (len(cube.cells), len(MEASURES)))
    for known in history(cube):
        found = np.where(np.isnan(known), found, known)
    return found
