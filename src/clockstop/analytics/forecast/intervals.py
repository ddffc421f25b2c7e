"""Honest intervals: how far past forecasts were out, in units of the simulated spread.

Split conformal prediction (Vovk, Gammerman and Shafer 2005), by size of list and kind of provider:
the quantiles of past errors of alike groups, each in units of the group's own simulated spread,
take the place of the simulation's. So where the simulation is too sure, or leans, the past says so.
Counts are held against one another as logarithms, the share within 18 weeks as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE

MIDDLE = QUANTILES.index(0.5)
_SHARE = MEASURES.index(SHARE)
_FEW = 5.0  # pathways added to a count before its logarithm is taken
_ENOUGH = 150  # past errors that tell quantiles of their own; with fewer, only a deviation
_PRIOR = 8.0  # past errors that the simulated deviation counts for
_NORMAL = np.array([NormalDist().inv_cdf(each) for each in QUANTILES])
_LEAST, _ONE_IN_FOUR = 1e-3, 0.25
_OWN, _WIDEST = 0.25, 1.5  # power of what a spread differs by; times the usual
_SHARED, _GROWING = 0.3, 0.15  # design values, held against the coverage of the back-test
SIZES = np.array([50.0, 200, 500, 1500, 5000])  # pathways: lists alike in how far they can be told


@dataclass(frozen=True)
class Past:
    """What was out at an origin, so many months ahead: ``errors`` (groups, ``MEASURES``).

    On the scale of ``stretched``: truth less what was said; NaN where there is no truth.
    """

    horizon: int
    errors: Floats


def stretched(figures: Floats) -> Floats:
    """Figures (…, ``MEASURES``) on the scale on which errors are alike."""
    scaled: Floats = np.log(figures + _FEW)
    scaled[..., _SHARE] = figures[..., _SHARE]
    return scaled


def _back(scaled: Floats) -> Floats:
    """From the scale of errors to figures, along the axis before the last."""
    figures = np.maximum(np.exp(scaled) - _FEW, 0)
    figures[..., _SHARE, :] = np.clip(scaled[..., _SHARE, :], 0, 1)
    return figures


def honest(
    middle: Floats, simulated: Floats, past: Sequence[Past], kinds: npt.NDArray[np.int64]
) -> Floats:
    """Quantiles of figures: (groups, months, ``MEASURES``, ``QUANTILES``).

    ``middle`` (groups, months, ``MEASURES``) is what is said, ``simulated`` the same with
    quantiles; ``kinds`` (groups,) numbers the kind of each group, such as the sector.
    """
    scaled = np.moveaxis(stretched(np.moveaxis(simulated, -1, -2)), -1, -2)
    alike = kinds * (len(SIZES) + 1) + np.searchsorted(SIZES, middle[:, 0, 0])
    spread = _tempered(_spread(scaled, middle), alike)
    said = stretched(middle)
    months = middle.shape[1]
    known = max((each.horizon for each in past), default=0)
    reach = np.empty((*middle.shape, len(QUANTILES)))
    for month in range(months):
        told = [each for each in past if each.horizon == min(month + 1, known)]
        usual = spread[:, min(month, known - 1) if known else month]
        off = _off(told, usual, alike) * _caution(month + 1, known, len(told))
        reach[:, month] = off * spread[:, month, :, None]
    out = said[..., None] + _no_surer(reach)
    figures = _back(np.maximum.accumulate(out, axis=-1))
    figures[..., MIDDLE] = middle
    return _ordered(figures)


def _no_surer(reach: Floats) -> Floats:
    """The reach of each quantile, no less than in any month before: (groups, months, …).

    Of horizons that few origins could check, too small an error may be all that is known.
    """
    below = np.minimum.accumulate(reach[..., :MIDDLE], axis=1)
    above = np.maximum.accumulate(reach[..., MIDDLE + 1 :], axis=1)
    return np.concatenate([below, reach[..., MIDDLE : MIDDLE + 1], above], axis=-1)


def _caution(ahead: int, known: int, origins: int) -> float:
    """What intervals are widened by where the past tells little.

    Errors of neighbouring origins share most of their months, so that few of them are independent;
    and errors grow faster than the simulation's spread beyond the months that could be checked.
    """
    independent = 1 + (origins - 1) / ahead
    few = np.sqrt(1 + _SHARED / independent) if origins else 1.0
    further = max(ahead / known, 1.0) ** _GROWING if known else 1.0
    return float(few * further)


def _spread(scaled: Floats, middle: Floats) -> Floats:
    """The deviation of each figure: (groups, months, measures).

    That of the simulation, from its outer tenths, and the chance of single pathways, which it
    leaves out: Poisson for counts, binomial for the share.
    """
    low, high = QUANTILES.index(0.1), QUANTILES.index(0.9)
    simulated = (scaled[..., high] - scaled[..., low]) / (_NORMAL[high] - _NORMAL[low])
    chance = (middle + _ONE_IN_FOUR) / (middle + _FEW) ** 2
    share = np.clip(middle[..., _SHARE], _LEAST, 1 - _LEAST)
    chance[..., _SHARE] = share * (1 - share) / np.maximum(middle[..., 0], 1)
    deviation: Floats = np.sqrt(simulated**2 + chance)
    return deviation


def _tempered(spread: Floats, alike: npt.NDArray[np.int64]) -> Floats:
    """The deviations drawn most of the way to those of alike groups.

    The simulation knows a list's own noise from some months alone: the widest are mostly chance.
    """
    usual = np.empty_like(spread)
    for kind in np.unique(alike):
        usual[alike == kind] = np.median(spread[alike == kind], axis=0)
    own: Floats = np.minimum((spread / usual) ** _OWN, _WIDEST)
    return usual * own


def _off(past: Sequence[Past], spread: Floats, alike: npt.NDArray[np.int64]) -> Floats:
    """How far each quantile lies from the middle, in spreads: (groups, measures, quantiles)."""
    groups, measures = spread.shape
    if not past:
        return np.broadcast_to(_NORMAL, (groups, measures, len(QUANTILES)))
    errors = np.stack([each.errors / spread for each in past])
    off = np.empty((groups, measures, len(QUANTILES)))
    for measure in range(measures):
        whole = _quantiles(errors[:, :, measure].ravel())
        for kind in np.unique(alike):
            of_kind = errors[:, alike == kind, measure].ravel()
            enough = np.isfinite(of_kind).sum() >= _ENOUGH
            off[alike == kind, measure] = _quantiles(of_kind) if enough else whole
    return off


def _quantiles(errors: Floats) -> Floats:
    """The quantiles of past errors; of few, those of a normal with their deviation."""
    known = errors[np.isfinite(errors)]
    if len(known) >= _ENOUGH:
        own: Floats = np.quantile(known, QUANTILES)
        return own
    deviation = np.sqrt(((known**2).sum() + _PRIOR) / (len(known) + _PRIOR))
    few: Floats = _NORMAL * deviation
    return few


def _ordered(figures: Floats) -> Floats:
    """No quantile beyond the middle on the wrong side of it."""
    middle = figures[..., MIDDLE : MIDDLE + 1]
    below = np.minimum(figures[..., :MIDDLE], middle)
    above = np.maximum(figures[..., MIDDLE + 1 :], middle)
    ordered: Floats = np.concatenate([below, middle, above], axis=-1)
    return ordered
