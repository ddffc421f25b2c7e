"""The reference model: monthly compartments of fixed shares of removals and of treatments.

Wood and Worthington (Health Care Management Science, 2025), as NHSRtt and the RTT Planner have it.
For monthly band ``k`` and inflow ``f``, which is the referrals for the first band and the list of
the band before for the others:

* ``reneging[k]`` is the mean over up to 12 months of ``(f - treated - waiting) / f``, no less than
  0; where that of the first band is negative, it raises the referrals by as much instead.
* ``treating[k]`` is the mean of ``treated / f``.
* Each month ``reneging[k]·f[k]`` leave, a share of the capacity in proportion to
  ``treating[k]·f[k]`` is treated, and the others stay.

Referrals and capacity stay at their starting level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube, Flags, Floats
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.forecast.proof.baselines.history import Point
from clockstop.analytics.forecast.proof.baselines.monthly_bands import (
    monthly_figures,
    weekly_to_monthly,
)
from clockstop.analytics.forecast.proof.baselines.starting_levels import YEAR, starting_level
from clockstop.analytics.forecast.quantiles import months_after
from clockstop.core.types import Month


class NegativeBands(StrEnum):
    """What becomes of treatments beyond what a band holds."""

    NONE = "none"
    EVENLY = "evenly"
    PRIORITISE_LONG_WAITERS = "prioritise_long_waiters"


@dataclass(frozen=True)
class Compartments:
    """The calibrated model: lists and shares (cells, monthly bands), monthly numbers (cells,)."""

    waiting: Floats
    referrals: Floats
    capacity: Floats
    reneging: Floats
    treating: Floats


def reference_compartments(rule: NegativeBands = NegativeBands.EVENLY) -> Point:
    """The rule that forecasts with the reference model; ValueError on a cube of one month."""

    def point(cube: Cube, months: int) -> Floats:
        lists = projected(calibrated(cube), months, rule)
        ahead = zip(lists, months_after(cube, months), strict=True)
        return np.stack([monthly_figures(each, month.census) for each, month in ahead], axis=1)

    return point


def calibrated(cube: Cube) -> Compartments:
    """The model of a cube, from its last 12 changes of month; ValueError if it has none."""
    if len(cube.months) == 1:
        raise ValueError("the reference model needs two months or more")
    waiting = _monthly(cube.waiting, cube.months)
    stops = _monthly(cube.admitted + cube.nonadmitted, cube.months)
    inflow = arriving(waiting[:-1], cube.new_periods[1:])
    pairs = (cube.sent[1:] & cube.sent[:-1])[-YEAR:]
    inflow, treated, stayed = inflow[-YEAR:], stops[1:][-YEAR:], waiting[1:][-YEAR:]
    reneging = _mean_share(inflow - treated - stayed, inflow, pairs)
    uplift = np.maximum(-reneging[:, 0], 0.0)
    return Compartments(
        waiting=_last_sent(waiting, cube.sent),
        referrals=starting_level(cube.new_periods, cube.sent) * (1 + uplift),
        capacity=starting_level(stops.sum(axis=2), cube.sent),
        reneging=np.maximum(reneging, 0.0),
        treating=_mean_share(treated, inflow, pairs),
    )


def projected(model: Compartments, months: int, rule: NegativeBands) -> Floats:
    """The lists of the months to come: (months, cells, monthly bands)."""
    lists, waiting = [], model.waiting
    for _ in range(months):
        inflow = arriving(waiting, model.referrals)
        wanted = model.treating * inflow
        pace = ratio(model.capacity, wanted.sum(axis=-1))
        waiting = remaining(inflow, model.reneging * inflow, wanted * pace[:, None], rule)
        lists.append(waiting)
    return np.stack(lists)


def arriving(waiting: Floats, referrals: Floats) -> Floats:
    """Who comes into each band in a month: (…, bands). The open band keeps its own."""
    inflow = np.concatenate([referrals[..., None], waiting[..., :-1]], axis=-1)
    inflow[..., -1] += waiting[..., -1]
    return inflow


def remaining(inflow: Floats, reneging: Floats, treated: Floats, rule: NegativeBands) -> Floats:
    """Who is left in each band (…, bands), its overspent treatments taken from others by rule."""
    left = inflow - reneging - treated
    match rule:
        case NegativeBands.NONE:
            return left
        case NegativeBands.EVENLY:
            return _evenly(left)
        case NegativeBands.PRIORITISE_LONG_WAITERS:
            return _longest_first(left)


def _evenly(left: Floats) -> Floats:
    """Each positive band gives the same, until no band is negative or all are empty."""
    while (left < 0).any():
        lacking = -np.minimum(left, 0.0).sum(axis=-1)
        giving = left > 0
        count = giving.sum(axis=-1)
        left = np.where(giving, left - ratio(lacking, count)[..., None], 0.0)
    return left


def _longest_first(left: Floats) -> Floats:
    """The bands give from the longest waits down."""
    held = np.maximum(left, 0.0)[..., ::-1]
    lacking = -np.minimum(left, 0.0).sum(axis=-1)
    before = held.cumsum(axis=-1) - held
    kept: Floats = held - np.clip(lacking[..., None] - before, 0.0, held)
    return kept[..., ::-1]


def _monthly(counts: Floats, months: Sequence[Month]) -> Floats:
    """Counts by monthly band; those of clocks that stopped in the month as on its last day."""
    both = zip(counts, months, strict=True)
    return np.stack([count @ weekly_to_monthly(month.census) for count, month in both])


def _mean_share(part: Floats, whole: Floats, known: Flags) -> Floats:
    """The mean over the months of part / whole, where there is a whole: (cells, bands)."""
    counted = known[..., None] & (whole > 0)
    shares = np.where(counted, ratio(part, whole), 0.0)
    return ratio(shares.sum(axis=0), counted.sum(axis=0))


def _last_sent(lists: Floats, sent: Flags) -> Floats:
    found: Floats = np.zeros_like(lists[0])
    for counts, filed in zip(lists, sent, strict=True):
        found = np.where(filed[:, None], counts, found)
    return found
