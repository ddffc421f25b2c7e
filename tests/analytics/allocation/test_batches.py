"""None of a sender's patients or enough of them: the best of all ways, or said to be unproven."""

import numpy as np
from hypothesis import given, settings
from tests.analytics.allocation.networks import best, is_allowed, key, places_of, problems
from tests.sizes import slow

from clockstop.analytics.allocation import batches
from clockstop.analytics.allocation.batches import kept, solved_in_batches
from clockstop.analytics.allocation.mending import broken, mended
from clockstop.analytics.allocation.solving import solve


@settings(slow(200))
@given(problems(most=6, batches=True))
def test_no_way_with_enough_of_each_is_better(problem):
    found, unproven = solved_in_batches(problem)
    where = found.where.tolist()
    assert is_allowed(problem, where)
    assert not unproven.any()
    assert key(problem, where) == key(problem, best(problem))
    assert found.used.tolist() == [where.count(j) for j in range(len(problem.room))]
    served = np.flatnonzero(found.where >= 0)
    assert (problem.to[found.by[served]] == found.where[served]).all()
    assert (problem.of_arcs[found.by[served]] == served).all()


@settings(slow(100))
@given(problems(most=6, batches=True))
def test_what_is_too_large_to_prove_is_allowed_and_says_so(problem):
    solution = solve(problem)
    before, batches.MOST_ARCS = batches.MOST_ARCS, 0
    try:
        found, unproven = kept(problem, solution)
    finally:
        batches.MOST_ARCS = before
    assert is_allowed(problem, found.where.tolist())
    assert unproven.any() == bool(broken(problem, solution.where))


@settings(slow(300))
@given(problems(most=8, places=4, batches=True))
def test_mended_nobody_is_passed_over_where_no_batch_is_asked_for(problem):
    found = mended(problem, solve(problem), np.ones(len(problem.room), bool))
    where = found.where.tolist()
    assert is_allowed(problem, where)
    assert found.used.tolist() == [where.count(j) for j in range(len(problem.room))]
    for i in np.flatnonzero(found.where < 0):
        for j in places_of(problem, i):
            seated = np.flatnonzero(found.where == j)
            if problem.batch[j] <= 1:
                assert len(seated) == problem.room[j]
                assert (problem.rank[seated] <= problem.rank[i]).all()
