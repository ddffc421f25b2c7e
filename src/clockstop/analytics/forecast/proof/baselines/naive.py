"""Two rules that need no model: no change, and the changes of a year ago again.

Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), §5.2. The
seasonal rule here keeps the level of the last month and takes the season as a ratio, since lists
grow and shrink from year to year.
"""

from __future__ import annotations

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.forecast.proof.baselines.history import history, latest
from clockstop.analytics.forecast.quantiles import MEASURES, SHARE, Floats

_YEAR = 12
_SHARE = MEASURES.index(SHARE)


def no_change(cube: Cube, months: int) -> Floats:
    """The last figures (groups, months, measures) for ever."""
    return np.repeat(latest(cube)[:, None], months, axis=1)


def seasonal_naive(cube: Cube, months: int) -> Floats:
    """The last figures times what became of those of a year before: (groups, months, measures).

    ``x(t+h) = x(t) · x(t+h-12) / x(t-12)``; no change where the cube has no such figures, or the
    one of a year before is 0.
    """
    path, last = list(history(cube)), latest(cube)
    origin = len(path) - 1
    for at in range(origin + 1, origin + 1 + months):
        ahead = last.copy()
        if origin >= _YEAR:
            ahead *= _ratio(path[at - _YEAR], path[origin - _YEAR])
        ahead[:, _SHARE] = np.minimum(ahead[:, _SHARE], 1.0)
        path.append(ahead)
    return np.stack(path[origin + 1 :], axis=1)


def _ratio(later: Floats, earlier: Floats) -> Floats:
    return ratio(later, np.where(np.isnan(later), 0.0, earlier), empty=1.0)
