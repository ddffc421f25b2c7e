"""How uncertain the months are: from how far each past month fell from its level."""

from __future__ import annotations

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats, Noise
from clockstop.analytics.forecast.estimation.history import History, Step
from clockstop.analytics.forecast.estimation.levels import recency, recent_mean
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import Flags

FADING = 0.6  # of a month's shock is left in the next: a design value, corrected by the back-test
_LEAST, _PRIOR_MONTHS = 0.01, 6.0
_SIZES = np.array([0.0, 10, 30, 100, 300, 1000, 3000])  # pathways a month: lists alike in noise


def noise_of(history: History, settings: Settings) -> Noise:
    """The noise of the history's months, around each list's own level.

    A list's variance is averaged with that of lists of its size, which counts as six months.
    """
    came = np.array(
        [history.cube.new_periods[at] / step.arrivals for at, step in _numbered(history)]
    )
    stopped = np.array(
        [history.treated[at].sum(axis=1) / step.treatment for at, step in _numbered(history)]
    )
    both = np.array([step.both for step in history.steps])
    arrivals, capacity = (_own(each, both) for each in (came, stopped))
    months = recency(len(history.steps), settings.level_half_life).sum()
    single = np.float32
    return Noise(
        fading=FADING,
        shared_arrivals=_shared(came, both, settings),
        shared_capacity=_shared(stopped, both, settings),
        arrivals=arrivals.astype(single),
        capacity=capacity.astype(single),
        arrivals_level=(arrivals / np.sqrt(months)).astype(single),
        capacity_level=(capacity / np.sqrt(months)).astype(single),
    )


def _numbered(history: History) -> list[tuple[int, Step]]:
    return list(enumerate(history.steps, 1))


def _shared(counts: Floats, both: Flags, settings: Settings) -> float:
    """The deviation of England's logarithm from its recent level."""
    totals = np.log(np.maximum((counts * both).sum(axis=1, keepdims=True), 1))
    return max(_LEAST, float(np.std(totals - recent_mean(totals, settings.level_half_life))))


def _own(counts: Floats, both: Flags) -> Floats:
    """The deviation of each list's logarithm from its level: (cells,)."""
    seen = both.sum(axis=0)
    level = (counts * both).sum(axis=0) / np.maximum(seen, 1)
    off = np.log((counts + 1) / (level + 1)) * both
    squares = (off**2).sum(axis=0)
    size = np.searchsorted(_SIZES, level * 4.35)
    alike = np.bincount(size, squares) / np.maximum(np.bincount(size, np.maximum(seen - 1, 0)), 1)
    variance = (squares + _PRIOR_MONTHS * alike[size]) / (np.maximum(seen - 1, 0) + _PRIOR_MONTHS)
    deviation: Floats = np.maximum(np.sqrt(variance), _LEAST)
    return deviation
