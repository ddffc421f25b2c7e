"""Help asked for and offered over a whole country or one ICB, assigned; and peers on a part of it.

python -m benchmarks.allocation REQUESTS CAPACITIES
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from clockstop.analytics.allocation import Capacity, Request, Stage, Terms, fit
from clockstop.analytics.allocation.assigning import solved
from clockstop.analytics.allocation.solving import Problem, solve
from clockstop.analytics.allocation.tabled import against, tabled
from clockstop.core.codes import treatment_functions
from clockstop.core.geography.districts import districts
from clockstop.core.types import Point

ENGLAND, ICB = (400_000, 60_000), (5_000, 800)
TERMS = Terms.of(date(2026, 1, 12))
_PROVIDERS, _FAMILIES, _SEED = 600, 5, 1948
_STAGES = (Stage.FIRST_OUTPATIENT, Stage.ADMITTED, Stage.DIAGNOSTIC)
_TESTS = ("MRI", "CT", "COLONOSCOPY", "ECHOCARDIOGRAPHY")
_NOBODY: frozenset[str] = frozenset()


def made(requests: int, capacities: int) -> tuple[list[Request], list[Capacity]]:
    """A made-up country: providers where people live, most in and around the large towns.

    The fewer there are, the smaller the piece of the country: as many for each provider.
    """
    chance = np.random.default_rng(_SEED)
    towns = [each for each in districts().values() if each.country == "E"]
    near = sorted(towns, key=lambda each: abs(each.easting - 430e3) + abs(each.northing - 433e3))
    towns = near[: max(30, len(near) * requests // ENGLAND[0])]
    weight = np.array([each.postcodes for each in towns], float)
    weight /= weight.sum()
    sites = chance.choice(len(towns), max(8, _PROVIDERS * capacities // ENGLAND[1]), p=weight)
    codes = [each.code for each in treatment_functions()]
    share = 1 / np.arange(2, len(codes) + 2)
    share /= share.sum()

    def near_to(at: int) -> Point:
        point = towns[at].point
        north, east = chance.normal(0, 0.05, 2)
        return Point(point.latitude + north, point.longitude + east)

    places = [near_to(at) for at in sites]
    town_of = chance.choice(len(towns), requests, p=weight)
    function = chance.choice(len(codes), requests, p=share)
    stage = chance.choice(3, requests, p=(0.45, 0.4, 0.15))
    family = chance.integers(0, _FAMILIES, requests)
    waited = 120 + chance.gamma(2, 90, requests).astype(int)
    nearest = _nearest(towns, town_of, places)
    limit = chance.choice([20, 50, 100, 0], requests, p=(0.3, 0.45, 0.15, 0.1))
    numbers = chance.random((requests, 6))
    asking = []
    for i in range(requests):
        kind = _STAGES[stage[i]]
        n = numbers[i]
        asking.append(
            Request(
                id=f"q{i:06}",
                provider=f"p{nearest[i]:03}",
                stage=kind,
                waiting_since=TERMS.on - timedelta(days=int(waited[i])),
                function="" if kind is Stage.DIAGNOSTIC else codes[function[i]],
                procedure=f"W{family[i]}1" if kind is Stage.ADMITTED else "",
                test=_TESTS[family[i] % 4] if kind is Stage.DIAGNOSTIC else "",
                priority="P2" if n[0] < 0.03 else "P3" if n[0] < 0.2 else "P4",
                due_by=TERMS.on - timedelta(days=9) if n[0] < 0.05 else None,
                is_cancer=n[1] < 0.02,
                age=int(18 + 72 * n[2]),
                sex="F" if n[3] < 0.55 else "M",
                asa=1 + int(4 * n[4] ** 2),
                bmi=round(20 + 25 * n[5] ** 1.5),
                needs=frozenset({"interpreter"}) if n[3] < 0.06 else _NOBODY,
                home=near_to(town_of[i]),
                miles=int(limit[i]) or None,
                weeks_left=float(4 + 40 * n[1]),
                deprivation_decile=1 + int(10 * n[2]),
            )
        )
    at = chance.integers(0, len(places), capacities)
    function = chance.choice(len(codes), capacities, p=share)
    stage = chance.choice(3, capacities, p=(0.45, 0.4, 0.15))
    numbers = chance.random((capacities, 5))
    offering = []
    for j in range(capacities):
        kind, n = _STAGES[stage[j]], numbers[j]
        families = [f"W{each}" for each in range(_FAMILIES) if chance.random() < 0.4]
        offering.append(
            Capacity(
                id=f"c{j:05}",
                provider=f"p{at[j]:03}",
                at=places[at[j]],
                places=1 + int(6 * n[0]),
                first_date=TERMS.on,
                last_date=TERMS.on + timedelta(days=90),
                expires_on=TERMS.on + timedelta(days=20),
                weeks_until=int(1 + 12 * n[1]),
                functions=_NOBODY if kind is Stage.DIAGNOSTIC else frozenset({codes[function[j]]}),
                procedures=frozenset(families) if kind is Stage.ADMITTED else _NOBODY,
                tests=frozenset({_TESTS[j % 4]}) if kind is Stage.DIAGNOSTIC else _NOBODY,
                stages=frozenset({kind}),
                highest_bmi=(35, 40, None)[int(3 * n[2])],
                highest_asa=(2, 3, None)[int(3 * n[3])],
                meets=frozenset({"interpreter"}) if n[4] < 0.7 else _NOBODY,
                minimum_batch=3 if n[4] > 0.995 else 1,
            )
        )
    return asking, offering


def _nearest(towns, town_of, places):
    """Each waits at the provider nearest to the middle of the town."""
    there = np.array([(each.latitude, each.longitude * 0.6) for each in places])
    here = np.array([(each.point.latitude, each.point.longitude * 0.6) for each in towns])
    return np.array([np.argmin(((there - each) ** 2).sum(axis=1)) for each in here])[town_of]


def assign(requests: int, capacities: int) -> None:
    asking, offering = made(requests, capacities)
    begun = time.perf_counter()
    result = solved(asking, offering, TERMS)
    took = time.perf_counter() - begun
    served, fits = (result.where >= 0).sum(), result.fitting.sum()
    unproven = result.unproven.sum()
    print(f"{took:.2f} s, {served:,} served, {fits:,} fits, {unproven:,} not proven the best")


def judged() -> dict[str, Callable[[], object]]:
    """Every pair of a few judged by looking up, and by the readable rules one after another."""
    asking, offering = (side[:200] for side in made(*ICB))

    def by_hand() -> None:
        for one in asking:
            for other in offering:
                fit(one, other, TERMS)

    return {
        "Clockstop: looked up": lambda: against(tabled(asking, offering, TERMS)),
        "Clockstop: the readable rules": by_hand,
    }


def both_ways(requests: int = 600, capacities: int = 120) -> dict[str, Callable[[], object]]:
    """One network of all stages, and one linear program of its first and fourth stage alone."""
    problem = _network(requests, capacities)
    return {
        "Clockstop: all stages, exactly": partial(solve, problem),
        "scipy (HiGHS): the most served, then miles, as one weighted sum": partial(_one, problem),
    }


def _network(requests: int, capacities: int) -> Problem:
    """Half of the capacities fit each request; half as many places as requests."""
    chance = np.random.default_rng(_SEED)
    joined = chance.random((requests, capacities)) < 0.5
    waited = np.sort(chance.integers(100, 700, requests))[::-1].astype(np.int64)
    zeros = np.zeros(requests, np.int64)
    degree = joined.sum(axis=1)
    return Problem(
        start=np.concatenate([[0], np.cumsum(degree)]).astype(np.int64),
        to=np.nonzero(joined)[1].astype(np.int32),
        miles=chance.integers(1, 100, degree.sum()).astype(np.int32),
        rank=np.cumsum(np.diff(waited, prepend=waited[0]) != 0).astype(np.int64),
        urgency=zeros,
        days=waited,
        band=zeros,
        left=chance.integers(10, 40, requests),
        fifth=chance.integers(1, 6, requests),
        sender=zeros,
        until=chance.integers(1, 10, capacities),
        room=np.full(capacities, max(1, requests // 2 // capacities), np.int64),
        batch=np.ones(capacities, np.int64),
    )


def _one(problem: Problem) -> None:
    count, arcs = len(problem.rank), np.arange(len(problem.to))
    rows = np.concatenate([problem.of_arcs, count + problem.to])
    matrix = coo_array((np.ones(2 * len(arcs)), (rows, np.concatenate([arcs, arcs]))))
    most = np.concatenate([np.ones(count), problem.room])
    done = linprog(problem.miles - 1e5, A_ub=matrix.tocsr(), b_ub=most, method="highs")
    assert done.status == 0


if __name__ == "__main__":
    assign(int(sys.argv[1]), int(sys.argv[2]))
