"""How much of the growth that is told is believed: as much as past forecasts bear out.

What is said of the size of a list lies between "no change" and what is told of it. The weights are
those with the smallest mean absolute error over past forecasts whose month had come by the origin,
drawn to weights that were fixed beforehand and count as ``PRIOR`` of those: a half for each
forecast that has yet to prove itself. Source: Diebold and Pauly, The use of prior information in
forecast combination, International Journal of Forecasting 6 (1990), 503-508.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.estimation.function_season import seasonal_growth
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.months.cube import Flags
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.core.rtt.week_bands import STANDARD_WEEKS

SCORED, PRIOR, LARGE = 6, 10.0, 500  # months ahead; past forecasts; pathways
PARTS = ("own", "season", "rise", "share")
_FEW, _SMALL, _MOST, _FURTHEST = 5.0, 20.0, 0.15, 0.5
_LEAST_ERROR, _ROUNDS = 0.005, 15
_MANY = 100  # lists that a past forecast is of to count in full
_PLACES = 2  # of a weight: what is printed is what was used
_YEAR, _HALF_A_YEAR = 12, 6
_FROM_52, _FROM_18 = STRETCHES.starts.index(52), STRETCHES.starts.index(STANDARD_WEEKS)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much is believed of each part of what is told; the defaults are those without a past.

    ``england`` of the growth of England's list; of what a list's growth differs from it by:
    ``own`` of what its rates tell, ``season`` of its function's season, ``rise`` of what it rose by
    in the last month, and ``share`` of its share within 18 weeks in half a year.

    A tenth of the last rise is half of what lists by ICB and function kept of theirs from October
    2022 to March 2024; the season was estimated from these, as much of it as is no chance.
    """

    england: float = 0.5
    own: float = 0.5
    season: float = 1.0
    rise: float = 0.1
    share: float = 0.0

    def of_lists(self) -> Floats:
        """Those of ``PARTS``, in their order."""
        return np.array([getattr(self, part) for part in PARTS])


@dataclass(frozen=True)
class Told:
    """The growth told from an origin, as logarithms of sizes.

    ``england`` (months,); ``parts`` (cells, months, ``PARTS``) is by what a list's may differ.
    """

    england: Floats
    parts: Floats


def told(history: History, lists: Floats) -> Told:
    """What ``lists`` (cells, months, stretches) and the history's last month tell of each list."""
    now, later = history.waiting.sum(axis=1), lists.sum(axis=2)
    months = later.shape[1]
    england = np.log((later.sum(axis=0) + _FEW) / (now.sum() + _FEW))
    own = np.log((later + _FEW) / (now + _FEW)[:, None]) - england
    ahead = np.minimum(np.arange(1, months + 1), _YEAR) / _HALF_A_YEAR
    season = seasonal_growth(history.cube.cells.function, history.cube.months[-1], months)
    rise = np.broadcast_to(_rise(history)[:, None], own.shape)
    share = _share(history)[:, None] * ahead
    beside = [_beside(part, now) for part in (season, rise, share)]
    parts = np.stack([np.clip(own, -_FURTHEST, _FURTHEST), *beside], axis=2)
    return Told(england, parts)


def _beside(part: Floats, size: Floats) -> Floats:
    """By how much a part (cells, months) differs from that of all the lists together."""
    beside: Floats = part - ratio(size @ part, size.sum(keepdims=True))
    return beside


def _rise(history: History) -> Floats:
    """How much the logarithm of each list rose in the last month: (cells,)."""
    before, now = history.sizes[-2:]
    rise = np.log((now + _SMALL) / (before + _SMALL)) * history.steps[-1].both
    clipped: Floats = np.clip(rise, -_MOST, _MOST)
    return clipped


def _share(history: History) -> Floats:
    """The share of each list within 18 weeks, England's for an empty one: (cells,)."""
    stretches = STRETCHES.sums(history.waiting)
    within, all_waits = stretches[:, :_FROM_18].sum(axis=1), stretches.sum(axis=1)
    usual = ratio(within.sum(keepdims=True), all_waits.sum(keepdims=True))
    return ratio(within + _SMALL * usual, all_waits + _SMALL)


def chosen(history: History, past: Mapping[int, Told]) -> Weights:
    """The weights at the history's last month: of what was told when so many months were known.

    None is below 0: no forecast is believed the other way round.
    """
    forecasts = list(_come(history, past))
    if not forecasts:
        return Weights()
    growth = np.array([[each.england_told, each.england_came] for each in forecasts])
    ahead = np.array([each.ahead for each in forecasts])
    england = _england(growth, ahead)
    parts = np.concatenate([each.parts for each in forecasts])
    came = np.concatenate([each.came for each in forecasts])
    sure = np.repeat(1 / np.sqrt(ahead), [len(each.came) for each in forecasts])
    lists = least_absolute(parts, came, sure, PRIOR * (1 / len(forecasts) + _MANY / len(came)))
    return Weights(england, *(round(max(float(each), 0.0), _PLACES) for each in lists))


@dataclass(frozen=True)
class _Come:
    """A past forecast whose month has come; ``parts`` and ``came`` are of the large lists."""

    ahead: int
    england_told: float
    england_came: float
    parts: Floats
    came: Floats


def _come(history: History, past: Mapping[int, Told]) -> Iterator[_Come]:
    for known, said in past.items():
        if known >= len(history.sizes):
            continue
        now = history.sizes[known - 1]
        for ahead in range(1, min(SCORED, len(history.sizes) - known, len(said.england)) + 1):
            at = known - 1 + ahead
            both: Flags = history.cube.sent[known - 1] & history.cube.sent[at]
            large, later = both & (now > LARGE), history.sizes[at]
            if large.any():
                england = float(np.log((later[both].sum() + _FEW) / (now[both].sum() + _FEW)))
                came = np.log((later[large] + _FEW) / (now[large] + _FEW)) - england
                parts = said.parts[large, ahead - 1]
                yield _Come(ahead, float(said.england[ahead - 1]), england, parts, came)


def _england(growth: Floats, ahead: Floats) -> float:
    """The weight of England's growth, of what was told and what came: (forecasts, 2).

    Least squares, since there are few, each forecast the surer the nearer; between 0 and 1.
    """
    said, came = (growth / np.sqrt(ahead)[:, None]).T
    usual = (said**2).mean()
    first = Weights().england
    if not usual:
        return first
    weight = (said @ came + PRIOR * first * usual) / (said @ said + PRIOR * usual)
    return round(float(np.clip(weight, 0, 1)), _PLACES)


def least_absolute(parts: Floats, came: Floats, sure: Floats, prior: float) -> Floats:
    """The weights of ``PARTS`` with the least mean absolute error, drawn to the prior ones.

    ``parts`` (lists, parts), ``came`` and ``sure`` (lists,), how much each counts; ``prior`` is how
    many times all of them the prior weights count. By least squares reweighted, which comes to the
    median of what came; an error below half a percent counts as one.
    """
    first = weights = Weights().of_lists()
    for _ in range(_ROUNDS):
        counts = sure / np.maximum(np.abs(came - parts @ weights), _LEAST_ERROR)
        weighed = parts * counts[:, None]
        evidence = weighed.T @ parts
        drawn = np.diag(prior * np.maximum(np.diag(evidence), np.finfo(float).tiny))
        weights = np.asarray(np.linalg.solve(evidence + drawn, weighed.T @ came + drawn @ first))
    return weights


def blended(history: History, lists: Floats, said: Told, weights: Weights) -> Floats:
    """The lists (cells, months, stretches) with as much of what is told as is believed.

    Waits of 52 weeks and more stay as many in England: they turn faster than its list. Each list
    is moved as a whole, then all are held to England's, stretch by stretch.
    """
    believed = weights.of_lists() - np.array([1, 0, 0, 0])  # all of the first is in them already
    growth = (weights.england - 1) * said.england + said.parts @ believed
    moved = lists * np.exp(growth)[..., None]
    england = _of_size(lists.sum(axis=0), history.waiting.sum(), weights.england * said.england)
    held: Floats = moved * ratio(england, moved.sum(axis=0))
    return held


def _of_size(england: Floats, now: float, growth: Floats) -> Floats:
    """England's stretches (months, stretches) with those below 52 weeks so that it grows so."""
    goal = (now + _FEW) * np.exp(growth) - _FEW
    early, late = england[:, :_FROM_52].sum(axis=1), england[:, _FROM_52:].sum(axis=1)
    sized = england.copy()
    sized[:, :_FROM_52] *= ratio(np.maximum(goal - late, 0), early)[:, None]
    return sized
