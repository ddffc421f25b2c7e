"""Help asked for and offered over a whole country or one ICB, assigned; and peers on a part of it.

python -m benchmarks.allocation REQUESTS CAPACITIES
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from clockstop.analytics.allocation import Capacity, Request, Stage, Terms, fit
from clockstop.analytics.allocation.assigning import solved
from clockstop.analytics.allocation.solving import Problem, solve
from clockstop.analytics.allocation.tabled import against, tabled
from clockstop.core.codes import diagnostic_tests, treatment_functions
from clockstop.core.geography.distance import EARTH_RADIUS_MILES
from clockstop.core.geography.districts import DistrictCentroid, districts
from clockstop.core.types import Point

Floats, Ints = npt.NDArray[np.float64], npt.NDArray[np.int64]
ENGLAND, ICB = (400_000, 60_000), (5_000, 800)
BUDGETS = {ICB: 2, ENGLAND: 60}  # seconds
TERMS = Terms.of(date(2026, 1, 12))
_PROVIDERS, _NEAREST, _FAMILIES, _SEED = 600, 50, 5, 1948
_STAGES = (Stage.FIRST_OUTPATIENT, Stage.ADMITTED, Stage.DIAGNOSTIC)
# England's lists at the end of September 2025, in thousandths, in the order of the code lists.
_LISTS = (55, 54, 120, 86, 82, 44, 6, 14, 1, 5, 53, 53, 61, 27, 28, 17, 4, 80, 86, 0, 39, 65, 21)
_TESTS = (192, 101, 368, 2, 31, 68, 86, 0, 23, 17, 6, 40, 13, 14, 39)
_NOBODY: frozenset[str] = frozenset()


def made(requests: int, capacities: int) -> tuple[list[Request], list[Capacity]]:
    """A made-up country: providers where people live, most in and around the large towns.

    The fewer there are, the smaller the piece of the country: as many for each provider. Nobody
    looks further than the ``_NEAREST`` providers that offer the specialty, most not as far.
    """
    chance = np.random.default_rng(_SEED)
    towns = [each for each in districts().values() if each.country == "E"]
    near = sorted(towns, key=lambda each: abs(each.easting - 430e3) + abs(each.northing - 433e3))
    towns = near[: max(30, len(near) * requests // ENGLAND[0])]
    weight = np.array([each.postcodes for each in towns], float)
    weight /= weight.sum()
    sites = chance.choice(len(towns), max(8, _PROVIDERS * capacities // ENGLAND[1]), p=weight)

    def needs(count: int) -> tuple[list[int], list[str]]:
        """A stage and a specialty each."""
        stages = chance.choice(3, count, p=(0.45, 0.4, 0.15)).tolist()
        functions = _drawn(chance, treatment_functions(), _LISTS, count)
        tests = _drawn(chance, diagnostic_tests(), _TESTS, count)
        pairs = zip(stages, functions, tests, strict=True)
        return stages, [t if _STAGES[s] is Stage.DIAGNOSTIC else f for s, f, t in pairs]

    def near_to(at: int) -> Point:
        point = towns[at].point
        north, east = chance.normal(0, 0.05, 2)
        return Point(point.latitude + north, point.longitude + east)

    places = [near_to(at) for at in sites]
    town_of = chance.choice(len(towns), requests, p=weight)
    stage, specialty = needs(requests)
    at = chance.integers(0, len(places), capacities)
    offered_stage, offered = needs(capacities)
    family = chance.integers(0, _FAMILIES, requests)
    waited = 120 + chance.gamma(2, 90, requests).astype(int)
    miles = _miles(towns, places)
    nearest = miles.argmin(axis=1)[town_of]
    furthest = _furthest(miles, at, offered_stage, offered)
    limit = chance.choice([20, 50, 100, np.inf], requests, p=(0.3, 0.45, 0.15, 0.1))
    numbers = chance.random((requests, 6))
    asking = []
    for i in range(requests):
        kind = _STAGES[stage[i]]
        n = numbers[i]
        reach = min(limit[i], furthest[stage[i], specialty[i]][town_of[i]])
        asking.append(
            Request(
                id=f"q{i:06}",
                provider=f"p{nearest[i]:03}",
                stage=kind,
                waiting_since=TERMS.on - timedelta(days=int(waited[i])),
                function="" if kind is Stage.DIAGNOSTIC else specialty[i],
                procedure=f"W{family[i]}1" if kind is Stage.ADMITTED else "",
                test=specialty[i] if kind is Stage.DIAGNOSTIC else "",
                priority="P2" if n[0] < 0.03 else "P3" if n[0] < 0.2 else "P4",
                due_by=TERMS.on - timedelta(days=9) if n[0] < 0.05 else None,
                is_cancer=n[1] < 0.02,
                age=int(18 + 72 * n[2]),
                sex="F" if n[3] < 0.55 else "M",
                asa=1 + int(4 * n[4] ** 2),
                bmi=round(20 + 25 * n[5] ** 1.5),
                needs=frozenset({"interpreter"}) if n[3] < 0.06 else _NOBODY,
                home=near_to(town_of[i]),
                miles=None if np.isinf(reach) else int(reach),
                weeks_left=float(4 + 40 * n[1]),
                deprivation_decile=1 + int(10 * n[2]),
            )
        )
    numbers = chance.random((capacities, 5))
    families = chance.integers(0, _FAMILIES, (capacities, 2))
    is_single = chance.random(capacities) < 0.9  # few take several procedures
    families[is_single, 1] = families[is_single, 0]
    offering = []
    for j in range(capacities):
        kind, n = _STAGES[offered_stage[j]], numbers[j]
        procedures = frozenset(f"W{each}" for each in families[j])
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
                functions=_NOBODY if kind is Stage.DIAGNOSTIC else frozenset({offered[j]}),
                procedures=procedures if kind is Stage.ADMITTED else _NOBODY,
                tests=frozenset({offered[j]}) if kind is Stage.DIAGNOSTIC else _NOBODY,
                stages=frozenset({kind}),
                highest_bmi=(35, 40, None)[int(3 * n[2])],
                highest_asa=(2, 3, None)[int(3 * n[3])],
                meets=frozenset({"interpreter"}) if n[4] < 0.7 else _NOBODY,
                minimum_batch=3 if n[4] > 0.995 else 1,
            )
        )
    return asking, offering


def _drawn(
    chance: np.random.Generator, kinds: Sequence[Any], shares: Sequence[int], count: int
) -> list[str]:
    codes = [each.code for each in kinds]
    return chance.choice(codes, count, p=np.array(shares) / sum(shares)).tolist()


def _miles(towns: list[DistrictCentroid], places: list[Point]) -> Floats:
    """From the middle of each town to each provider; (towns, providers)."""
    there = np.radians([(each.latitude, each.longitude) for each in places])
    here = np.radians([(each.point.latitude, each.point.longitude) for each in towns])
    north, east = (here[:, None] - there[None]).transpose(2, 0, 1)
    return EARTH_RADIUS_MILES * np.hypot(north, east * np.cos(here[:, :1]))


def _furthest(
    miles: Floats, at: Ints, stages: list[int], specialties: list[str]
) -> dict[tuple[int, str], Floats]:
    """Of each stage and specialty: how far it is from each town to the last of the nearest."""
    offering = defaultdict(set)
    for provider, stage, specialty in zip(at.tolist(), stages, specialties, strict=True):
        offering[stage, specialty].add(provider)
    found = defaultdict(lambda: np.full(len(miles), np.inf))
    for need, providers in offering.items():
        if len(providers) > _NEAREST:
            nearest = np.partition(miles[:, sorted(providers)], _NEAREST - 1, axis=1)
            found[need] = nearest[:, _NEAREST - 1]
    return found


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
