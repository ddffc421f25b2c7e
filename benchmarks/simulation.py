"""The simulation of waiting lists: England, one ICB, and one list beside models of other kinds.

python -m benchmarks.simulation CELLS
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import ciw
import numpy as np
import simpy

from clockstop.analytics.forecast.engine.calendar import census_weights, month_shares, weeks_after
from clockstop.analytics.forecast.engine.model import Model, Noise, Weeks
from clockstop.analytics.forecast.engine.prepared import THRESHOLDS, trend_by_week
from clockstop.analytics.forecast.engine.simulation import simulate
from clockstop.analytics.forecast.months.cube import Cells
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

ENGLAND, ICB, FEW = 4200, 100, 200
REPLICATES = 1024
ORIGIN, MONTHS = Month(2025, 9), 36
SIZE, REFERRED, TREATED, LEAVE = 500, 40, 36, 0.01  # one list: people, and a week's share that goes
_PERCENTS = (2.5, 10, 25, 50, 75, 90, 97.5)


def weeks() -> Weeks:
    """The three years that everything here runs through."""
    return weeks_after(ORIGIN, MONTHS)


def model(cells: int) -> Model:
    """Made-up lists that hold about their size, from a few people to thousands."""
    chance = np.random.default_rng(1)
    size = chance.lognormal(6, 1.2, (cells, 1))
    profile = np.exp(-np.arange(BANDS) / chance.uniform(10, 25, (cells, 1)))
    waiting = size * profile / profile.sum(axis=1, keepdims=True)
    propensity = 0.03 + 0.04 * np.exp(-np.arange(BANDS) / 8) + np.zeros((cells, 1))
    capacity = (propensity * waiting).sum(axis=1)
    codes = np.array([f"{cell:04}" for cell in range(cells)])
    noise = np.full(cells, 0.1, np.float32)
    return Model(
        origin=ORIGIN,
        cells=Cells(codes, codes, codes, codes, codes),
        waiting=waiting.astype(np.float32),
        arrivals=(1.2 * capacity).astype(np.float32),
        capacity=capacity.astype(np.float32),
        propensity=propensity.astype(np.float32),
        stays=np.full((cells, BANDS), 1 - LEAVE, np.float32),
        transfers_in=np.zeros((cells, BANDS), np.float32),
        trend=np.full(BANDS, 0.001),
        damping=0.95,
        elasticity=0.5,
        noise=Noise(0.6, 0.02, 0.02, noise, noise, noise, noise),
    )


def forecast(cells: int) -> None:
    """Every replicate of so many cells, and the exact quantiles of each figure."""
    for outcomes in simulate(model(cells), weeks(), replicates=REPLICATES):
        np.percentile(outcomes.values, _PERCENTS, axis=-1)


def engines() -> dict[str, Callable[[], object]]:
    """A few cells by the compiled engine, all replicates, and once by arrays of numpy."""
    few, course = model(FEW), weeks()
    return {
        f"Clockstop, {REPLICATES:,} replicates": partial(_all, few, course),
        "numpy, one replicate": partial(_by_numpy, few, course),
    }


def _all(few: Model, course: Weeks) -> None:
    for _ in simulate(few, course, replicates=REPLICATES):
        pass


def _by_numpy(few: Model, course: Weeks) -> Any:
    """The measures (months, measures, cells) of the course without chance, in double precision."""
    waiting = few.waiting.astype(np.float64)
    trend = trend_by_week(few, len(course.month))
    lists, stops = [_over(waiting)], []
    for week, working in enumerate(course.treatment):
        wanted = few.propensity * trend[week] * waiting
        demand = wanted.sum(axis=1)
        multiple = working * (few.capacity / demand) ** few.elasticity
        treated = np.minimum(wanted * multiple[:, None], waiting)
        stay = (waiting - treated) * few.stays + few.transfers_in
        waiting = np.empty_like(stay)
        waiting[:, 1:] = stay[:, :-1]
        waiting[:, -1] += stay[:, -1]
        waiting[:, 0] = few.arrivals * course.arrivals[week]
        lists.append(_over(waiting))
        stops.append(treated.sum(axis=1)[None])
    counts = np.tensordot(census_weights(course).T, np.array(lists), axes=1)
    return np.concatenate(
        [counts, np.tensordot(month_shares(course).T, np.array(stops), axes=1)], axis=1
    )


def _over(waiting: Any) -> Any:
    return np.array([waiting[:, weeks:].sum(axis=1) for weeks in THRESHOLDS])


def one_list() -> dict[str, Callable[[], object]]:
    """One course of one list: people who come, are treated in turn or leave."""
    alone, course = _one_model(), weeks()
    return {
        f"Clockstop, {REPLICATES:,} courses": partial(_all, alone, course),
        f"SimPy {simpy.__version__}, one course": by_simpy,
        f"Ciw {ciw.__version__}, one course": by_ciw,
    }


def _one_model() -> Model:
    """The list of ``by_simpy``: as many people, referred, treated and leaving a week."""
    shape = (1, BANDS)
    still = np.zeros(1, np.float32)
    code = np.array(["0000"])
    return Model(
        origin=ORIGIN,
        cells=Cells(code, code, code, code, code),
        waiting=np.full(shape, SIZE / BANDS, np.float32),
        arrivals=np.array([REFERRED], np.float32),
        capacity=np.array([TREATED], np.float32),
        propensity=np.full(shape, TREATED / SIZE, np.float32),
        stays=np.full(shape, 1 - LEAVE, np.float32),
        transfers_in=np.zeros(shape, np.float32),
        trend=np.zeros(BANDS),
        damping=1.0,
        elasticity=1.0,
        noise=Noise(0.6, 0.02, 0.02, still, still, still, still),
    )


def by_simpy() -> None:
    """Each person a process that waits for a turn, and for no longer than patience lasts."""
    chance, world = random.Random(1), simpy.Environment()
    theatre = simpy.Resource(world, 1)

    def person() -> Iterator[Any]:
        with theatre.request() as turn:
            first = yield turn | world.timeout(chance.expovariate(LEAVE))
            if turn in first:
                yield world.timeout(1 / TREATED)

    def referrals() -> Iterator[Any]:
        while True:
            yield world.timeout(chance.expovariate(REFERRED))
            world.process(person())

    for _ in range(SIZE):
        world.process(person())
    world.process(referrals())
    world.run(until=len(weeks().month))


def by_ciw() -> None:
    """The same queue as a network of one node; those already waiting come at once."""
    ciw.seed(1)
    once = ciw.dists.Sequential([0.0, math.inf])
    network = ciw.create_network(
        arrival_distributions={
            "listed": [once],
            "referred": [ciw.dists.Exponential(REFERRED)],
        },
        batching_distributions={
            "listed": [ciw.dists.Deterministic(SIZE)],
            "referred": [ciw.dists.Deterministic(1)],
        },
        service_distributions={
            each: [ciw.dists.Deterministic(1 / TREATED)] for each in ("listed", "referred")
        },
        reneging_time_distributions={
            each: [ciw.dists.Exponential(LEAVE)] for each in ("listed", "referred")
        },
        number_of_servers=[1],
    )
    ciw.Simulation(network).simulate_until_max_time(len(weeks().month))


if __name__ == "__main__":
    forecast(int(sys.argv[1]))
