"""What quantiles say between themselves: how likely a figure is, and the figure that is as likely.

From one quantile to the next the figure moves in proportion to the normal score of the probability.
So a probability always agrees with the interval that is shown: the figure at the end of an interval
is as likely as the interval says.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import QUANTILES

_NORMAL = NormalDist()
_SCORES = np.array([_NORMAL.inv_cdf(each) for each in QUANTILES])
_LAST = len(QUANTILES) - 2  # the last step from one quantile to the next
_EQUALLY_LIKELY = np.array([_NORMAL.inv_cdf((each + 0.5) / 200) for each in range(200)])
_probability = np.vectorize(_NORMAL.cdf, otypes=[np.float64])


def probability_within(quantiles: Floats, most: float) -> Floats:
    """The probability (groups,) of no more than so much, from (groups, ``QUANTILES``).

    A fraction, 0.025 for that or less and 0.975 for that or more: nothing is said of what lies
    beyond the outer quantiles. Where quantiles are equal, as those of a list that will be empty,
    all of them count.
    """
    reached = (quantiles <= most).sum(axis=1)
    step = np.clip(reached - 1, 0, _LAST)
    low, high = (np.take_along_axis(quantiles, at[:, None], 1)[:, 0] for at in (step, step + 1))
    beyond = (reached > 0).astype(np.float64)
    part = np.clip(np.divide(most - low, high - low, out=beyond, where=high > low), 0, 1)
    probability: Floats = _probability(_SCORES[step] + part * (_SCORES[step + 1] - _SCORES[step]))
    return probability


def value_at(quantiles: Floats, probability: float) -> Floats:
    """The figure (groups,) that is not exceeded with a probability, from (groups, ``QUANTILES``).

    Raises ValueError outside the quantiles, 0.025 to 0.975: nothing is said beyond them.
    """
    if not QUANTILES[0] <= probability <= QUANTILES[-1]:
        expected = f"expected {QUANTILES[0]} to {QUANTILES[-1]}"
        raise ValueError(f"a probability of {probability}; {expected}")
    return _at(quantiles, np.array([_NORMAL.inv_cdf(probability)]))[:, 0]


def expected_excess(quantiles: Floats) -> Floats:
    """The mean (groups,) of what is above 0, from (groups, ``QUANTILES``); what is below counts 0.

    In the unit of the figure; over 200 equally likely figures.
    """
    excess: Floats = np.maximum(_at(quantiles, _EQUALLY_LIKELY), 0).mean(axis=1)
    return excess


def _at(quantiles: Floats, scores: Floats) -> Floats:
    """The figures (groups, scores) at some normal scores (scores,), none beyond the outer ones."""
    inside = np.clip(scores, _SCORES[0], _SCORES[-1])
    step = np.clip(np.searchsorted(_SCORES, inside, side="right") - 1, 0, _LAST)
    part = (inside - _SCORES[step]) / (_SCORES[step + 1] - _SCORES[step])
    low, high = quantiles[:, step], quantiles[:, step + 1]
    figures: Floats = low + part * (high - low)
    return figures
