"""The weekly engine slowly and plainly: what ``model`` says, for one cell and one course of chance.

The tests hold the compiled kernel to it. Unlike that it keeps every flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clockstop.analytics.forecast.engine.model import Floats, Model, Weeks
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED, Policy
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND, over

THRESHOLDS = (0, 18, 52, 65, 78)


@dataclass(frozen=True)
class Course:
    """Pathways in one cell: ``waiting`` (weeks + 1, bands) at the start of each week and the end.

    What happened in each week: ``treated``, ``removed`` (otherwise, less who came in step with the
    list) and ``transferred`` in, (weeks, bands), by the band at its start; ``arrived`` (weeks,).
    ``capacity`` (weeks,) is how many could have been treated.
    """

    waiting: Floats
    treated: Floats
    removed: Floats
    transferred: Floats
    arrived: Floats
    capacity: Floats


def course(
    model: Model,
    cell: int,
    weeks: Weeks,
    *,
    policy: Policy = AS_CALIBRATED,
    factors: Floats | None = None,
) -> Course:
    """The weeks of one cell; ``factors`` (months, 2) are chance's, of arrivals and capacity."""
    chance = np.ones((len(weeks.months), 2)) if factors is None else factors
    multipliers = policy.multipliers(len(model.cells), len(weeks.months))[cell] * chance
    found = _empty(len(weeks.month))
    found.waiting[0] = model.waiting[cell]
    for week, month in enumerate(weeks.month):
        arrivals = weeks.arrivals[week] * multipliers[month, 0]
        treatment = weeks.treatment[week] * multipliers[month, 1]
        propensity = _propensity(model, cell, week)
        x = found.waiting[week]
        capacity = _capacity(model, cell, float(propensity @ x), treatment)
        treated = _treated(x, propensity, capacity, policy, weeks, week)
        found.capacity[week], found.treated[week] = capacity, treated
        found.removed[week] = (x - treated) * (1 - model.stays[cell].astype(float))
        found.transferred[week] = model.transfers_in[cell]
        found.arrived[week] = model.arrivals[cell] * arrivals
        stay = x - treated - found.removed[week] + found.transferred[week]
        found.waiting[week + 1, 0] = found.arrived[week]
        found.waiting[week + 1, 1:] = stay[:OPEN_BAND]
        found.waiting[week + 1, OPEN_BAND] += stay[OPEN_BAND]
    return found


def outcomes(found: Course, weeks: Weeks) -> Floats:
    """Waiting, over 18, 52, 65 and 78 weeks at each census, clock stops since the one before.

    The shape is (months, 6): the measures of ``simulation.MEASURES``.
    """
    stops = np.concatenate([[0], found.treated.sum(axis=1).cumsum()])
    rows = []
    for before, census in zip([0.0, *weeks.census], weeks.census, strict=False):
        waiting = _at(found.waiting, census)
        over_each = [waiting[over(threshold)].sum() for threshold in THRESHOLDS]
        rows.append([*over_each, _at(stops, census) - _at(stops, before)])
    return np.array(rows)


def _at(by_week: Floats, when: float) -> Floats:
    """The value so many weeks after the origin, in proportion from the weeks on both sides."""
    week = min(int(when), len(by_week) - 2)
    late = when - week
    between: Floats = (1 - late) * by_week[week] + late * by_week[week + 1]
    return between


def _empty(weeks: int) -> Course:
    by_band = (weeks, BANDS)
    return Course(
        waiting=np.zeros((weeks + 1, BANDS)),
        treated=np.zeros(by_band),
        removed=np.zeros(by_band),
        transferred=np.zeros(by_band),
        arrived=np.zeros(weeks),
        capacity=np.zeros(weeks),
    )


def _propensity(model: Model, cell: int, week: int) -> Floats:
    changes = sum(model.damping**earlier for earlier in range(week + 1))
    propensity: Floats = model.propensity[cell] * np.exp(model.trend * changes)
    return propensity


def _capacity(model: Model, cell: int, wanted: float, treatment: float) -> float:
    fixed, share = float(model.capacity[cell]) * treatment, wanted * treatment
    return float(fixed**model.elasticity * share ** (1 - model.elasticity))


def _treated(
    x: Floats, propensity: Floats, capacity: float, policy: Policy, weeks: Weeks, week: int
) -> Floats:
    """Who is treated: those of a cliff first, then the longest waits, then all at their rates."""
    treated = np.zeros(BANDS)
    if policy.cliff:
        due = int(weeks.census[weeks.months.index(policy.cliff.month)])
        left = max(1, due - week)
        first = max(0, policy.cliff.weeks - left)
        part = x[first:].sum() / left
        treated += _longest(x, first, min(capacity, part))
    rest = max(0.0, capacity - treated.sum())
    treated += _longest(x - treated, policy.long_wait_weeks, policy.long_wait_share * rest)
    rest, waiting = max(0.0, capacity - treated.sum()), x - treated
    wanted = propensity @ waiting
    if wanted > 0:
        treated += np.minimum(wanted, rest * propensity) / wanted * waiting
    return np.minimum(treated, x)  # parts of a band may round to more than it


def _longest(x: Floats, first: int, purse: float) -> Floats:
    """Treated from the open band down to the ``first``, as far as the purse goes."""
    treated = np.zeros(BANDS)
    for band in range(OPEN_BAND, first - 1, -1):
        treated[band] = min(x[band], purse)
        purse -= treated[band]
    return treated
