"""The assignment is the best of all, and the first of the best."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from tests.analytics.allocation.networks import (
    NOWHERE,
    best,
    every_way,
    is_allowed,
    key,
    large_problems,
    place_by_place,
    problems,
)
from tests.sizes import slow

from clockstop.analytics.allocation import solving
from clockstop.analytics.allocation.solving import Problem, solve, state_of


@settings(slow(400))
@given(problems())
def test_no_other_way_is_better_and_none_as_good_comes_first(problem):
    assert tuple(solve(problem).where.tolist()) == best(problem)


@settings(slow(400))
@given(problems(spread=1))
def test_of_many_that_are_as_good_the_first(problem):
    assert tuple(solve(problem).where.tolist()) == best(problem)


@settings(slow(400))
@given(large_problems())
def test_seated_at_once_is_seated_one_by_one(problem):
    found = solve(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "_settled", lambda problem, _: state_of(problem))
        expected = solve(problem)
    for name in ("where", "by", "used", "lets_in", "spared"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist(), name


@settings(slow(100))
@given(problems(), st.sampled_from([10**12, 10**14, 10**15]))
def test_costs_too_large_for_an_auction_are_no_hindrance(problem, times):
    dear = replace(problem, until=problem.until * times, left=problem.left * times)
    assert tuple(solve(dear).where.tolist()) == best(dear)


@settings(slow(200))
@given(problems())
def test_nobody_is_passed_over_by_who_comes_later(problem):
    """The greatest sum of the stages is also the strict order, one place in the queue after another."""
    found = solve(problem).where.tolist()
    strict = max(place_by_place(problem, each) for each in every_way(problem))
    assert place_by_place(problem, found) == strict
    for i, j in enumerate(found):
        for other, place in enumerate(found):
            if j == NOWHERE and place != NOWHERE and problem.rank[other] > problem.rank[i]:
                swapped = list(found)
                swapped[i], swapped[other] = place, NOWHERE
                joined = place in problem.to[problem.start[i] : problem.start[i + 1]]
                assert not (joined and is_allowed(problem, swapped))


@settings(slow(200))
@given(problems(), st.data())
def test_one_more_place_is_worth_what_it_says(problem, data):
    found = solve(problem)
    j = data.draw(st.integers(0, len(problem.room) - 1))
    more = replace(problem, room=problem.room + (np.arange(len(problem.room)) == j))
    before, after = (key(problem, each.where.tolist()) for each in (found, solve(more)))
    gained = [
        b - a
        for a, b in zip(
            place_by_place(problem, found.where.tolist()),
            place_by_place(problem, solve(more).where.tolist()),
            strict=True,
        )
    ]
    if found.lets_in[j] >= 0:
        assert gained == [
            int(rank == found.lets_in[j]) for rank in sorted(set(problem.rank.tolist()))
        ]
    else:
        assert not any(gained)
        assert tuple(found.spared[j]) == (after[14] - before[14], after[15] - before[15])


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 1000))
def test_a_single_stage_is_the_assignment_problem(requests, places, seed):
    """Everybody fits everywhere and nobody comes first: the least miles, by another solver."""
    miles = np.random.default_rng(seed).integers(0, 50, (requests, places))
    zeros = np.zeros(requests, np.int64)
    problem = Problem(
        start=np.arange(requests + 1, dtype=np.int64) * places,
        to=np.tile(np.arange(places, dtype=np.int32), requests),
        miles=miles.reshape(-1).astype(np.int32),
        rank=zeros,
        urgency=zeros,
        days=zeros,
        band=zeros,
        left=zeros,
        fifth=zeros,
        sender=zeros,
        until=np.zeros(places, np.int64),
        room=np.ones(places, np.int64),
        batch=np.ones(places, np.int64),
    )
    where = solve(problem).where
    served = where >= 0
    rows, columns = linear_sum_assignment(miles)
    assert served.sum() == min(requests, places)
    assert miles[np.flatnonzero(served), where[served]].sum() == miles[rows, columns].sum()
