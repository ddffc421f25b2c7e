"""The formulas that queues are planned by, each with its units and its source.

Waits are in weeks, queues in pathways, demand and capacity in pathways a week; ``factor`` (F) is
how many mean waits fit into the target wait. Numbers and numpy arrays are taken alike; nan stands
for what is not known and stays nan. A number that cannot be one of these raises ValueError.

Fong: Fong and others, Understanding waiting lists pressures (medRxiv, 2022). Package: the
functions of NHSRwaitinglist that compute the same.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
N = TypeVar("N", float, Floats)


def load(demand: N, capacity: N) -> N:
    """Demand over capacity, without unit. From 1 on the queue grows without end. Source: Fong."""
    _check_not_negative(demand=demand)
    _check_positive(capacity=capacity)
    return demand / capacity


def tail_factor(share: float) -> float:
    """The factor with which a share of people wait no longer than the target: ``-ln(1 - share)``.

    Waits are taken to be exponential, so that ``exp(-F)`` of all wait longer than F mean waits: 8%
    with F = 2.53, 2% with F = 4. Source: Fong. Raises ValueError unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"found a share of {share}; expected a fraction between 0 and 1")
    return float(-np.log1p(-share))


def target_mean_wait(target_weeks: N, factor: N | float) -> N:
    """The mean wait in weeks at which few exceed the target wait: ``T / F``. Source: Fong."""
    _check_positive(target_weeks=target_weeks, factor=factor)
    return target_weeks / factor


def target_queue(demand: N, target_weeks: N | float, factor: N | float) -> N:
    """The queue whose mean wait is the target mean wait: ``λ·T / F``, by Little's law.

    A queue of more than twice that is too big. Source: Fong.
    """
    _check_not_negative(demand=demand)
    _check_positive(target_weeks=target_weeks, factor=factor)
    return demand * target_weeks / factor


def list_within(demand: N, share: float, target_weeks: N | float) -> N:
    """The largest list of which a share has waited no longer than the target, in pathways.

    ``λ·T / -ln(1 - share)``: the target queue of an exponential list. Source: package, the list
    sizes of its improvement plot.
    """
    return target_queue(demand, target_weeks, tail_factor(share))


def sustainable_list(queue: N, percentile_weeks: N, target_weeks: N | float) -> N:
    """The list, in pathways, at which waits of today's shape meet the target: ``Q·T / W_p``.

    ``percentile_weeks`` is the wait W_p that the wanted share do not exceed today. By Little's law
    waits are as long as the list is: the whole list shortens as its percentile must.
    """
    _check_not_negative(queue=queue)
    _check_positive(percentile_weeks=percentile_weeks, target_weeks=target_weeks)
    return queue * target_weeks / percentile_weeks


def relief_capacity(demand: N, queue: N, wanted_queue: N, weeks: N | float) -> N:
    """What brings the queue to another size in so many weeks: ``λ + (Q - Q*) / n``, a week.

    Source: Fong. The package can add two standard errors to the demand; its margin is in pathways a
    week where it should have no unit, and is left out here.
    """
    _check_not_negative(demand=demand, queue=queue, wanted_queue=wanted_queue)
    _check_positive(weeks=weeks)
    return demand + (queue - wanted_queue) / weeks


def target_capacity_kingman(
    demand: N, target_weeks: N | float, factor: N | float, cv_demand: float, cv_capacity: float
) -> N:
    """What keeps a queue at its target mean wait: ``λ + ½·(cv_a² + cv_s²)·F / T``, a week.

    ``cv_demand`` and ``cv_capacity`` are the coefficients of variation, without unit, of the times
    between referrals and between treatments. Source: Kingman's formula for heavy traffic, which is
    what the package computes.
    """
    variation = (cv_demand**2 + cv_capacity**2) / 2
    return _with_margin(demand, variation, target_weeks, factor)


def target_capacity_package_help(
    demand: N, target_weeks: N | float, factor: N | float, cv_demand: float, cv_capacity: float
) -> N:
    """The same as the help page of the package has it: ``λ + (cv_a² + cv_s²)·F / T``, a week.

    The margin is twice that of Kingman's formula. For comparison with figures made by hand from it.
    """
    variation = cv_demand**2 + cv_capacity**2
    return _with_margin(demand, variation, target_weeks, factor)


def target_capacity_fong(demand: N, capacity: N, variance: N, target_weeks: N | float) -> N:
    """The same as the paper has it: ``λ + 2·(1 + 4·F_v) / T`` a week, ``F_v = V/μ·(λ/μ)²``.

    ``variance`` V is that of the operations of a week, in pathways squared; it and ``capacity`` μ
    are today's. For Poisson operations and full use F_v is 1. Source: Fong.
    """
    _check_not_negative(demand=demand, variance=variance)
    _check_positive(capacity=capacity, target_weeks=target_weeks)
    used = demand / capacity
    spread = variance / capacity * used * used
    return demand + 2 * (1 + 4 * spread) / target_weeks


def pressure(mean_wait_weeks: N, target_weeks: N | float) -> N:
    """``2·W̄ / T``, without unit: up to 1 is wanted, and queues are helped from the highest down.

    Both waits are in weeks. The package takes its mean in days and its target in weeks, which gives
    seven times as much. Source: Fong.
    """
    _check_not_negative(mean_wait_weeks=mean_wait_weeks)
    _check_positive(target_weeks=target_weeks)
    return 2 * mean_wait_weeks / target_weeks


def percentile_pressure(percentile_weeks: N, target_weeks: N | float) -> N:
    """``W_p / T``, without unit: up to 1 exactly where the wanted share waits within the target.

    Source: RTT Planner, with the 92nd percentile and 18 weeks.
    """
    _check_not_negative(percentile_weeks=percentile_weeks)
    _check_positive(target_weeks=target_weeks)
    return percentile_weeks / target_weeks


def clearance_weeks(queue: N, capacity: N) -> N:
    """How long the queue would take if nobody joined it: ``Q / μ``, in weeks."""
    _check_not_negative(queue=queue)
    _check_positive(capacity=capacity)
    return queue / capacity


def _with_margin(demand: N, variation: float, target_weeks: N | float, factor: N | float) -> N:
    _check_not_negative(demand=demand)
    _check_positive(target_weeks=target_weeks, factor=factor)
    return demand + variation * factor / target_weeks


def _check_positive(**given: float | Floats) -> None:
    for name, value in given.items():
        if np.any(np.less_equal(value, 0)):
            raise ValueError(f"{name}: found {np.nanmin(value)}, expected more than 0")


def _check_not_negative(**given: float | Floats) -> None:
    for name, value in given.items():
        if np.any(np.less(value, 0)):
            raise ValueError(f"{name}: found {np.nanmin(value)}, expected 0 or more")
