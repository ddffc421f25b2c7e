"""Small assignments, and every way to do them: slow and plain."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from clockstop.analytics.allocation.solving import Problem

BANDS = (104, 78, 65, 52, 40)
NOWHERE = -1


@st.composite
def problems(draw, most=5, places=3, batches=False, spread=2):
    count, others = draw(st.integers(1, most)), draw(st.integers(1, places))
    few = st.integers(0, spread)
    coming = sorted(draw(st.lists(st.tuples(few, few), min_size=count, max_size=count)))
    joined = [draw(st.frozensets(st.integers(0, others - 1))) for _ in range(count)]
    degrees = [len(each) for each in joined]
    arcs = sum(degrees)

    def column(values, size):
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), np.int64)

    kinds = {each: at for at, each in enumerate(sorted(set(coming)))}
    return Problem(
        start=np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64),
        to=np.array([j for each in joined for j in sorted(each)], np.int32),
        miles=column(st.integers(0, spread), arcs).astype(np.int32),
        rank=np.array([kinds[each] for each in coming], np.int64),
        urgency=np.array([urgency for urgency, _ in coming], np.int64),
        days=np.array([900 - 200 * since for _, since in coming], np.int64),
        band=np.array([band(900 - 200 * since) for _, since in coming], np.int64),
        left=column(few, count),
        fifth=column(few, count),
        sender=column(st.integers(0, 1), count),
        until=column(few, others),
        room=column(st.integers(0, 2), others),
        batch=column(st.integers(1, 3) if batches else st.just(1), others),
    )


@st.composite
def large_problems(draw, most=40, places=15):
    """Many that come equally and cost the same, and too few places."""
    count, others = draw(st.integers(1, most)), draw(st.integers(1, places))
    spread, ranks = draw(st.sampled_from([0, 1, 3, 50])), draw(st.integers(1, count))
    chance = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    joined = chance.random((count, others)) < draw(st.sampled_from([0.05, 0.2, 0.5, 0.9]))
    degrees = joined.sum(axis=1)
    rank = np.unique(np.sort(chance.integers(0, ranks, count)), return_inverse=True)[1]
    return Problem(
        start=np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64),
        to=np.nonzero(joined)[1].astype(np.int32),
        miles=chance.integers(0, spread + 1, degrees.sum()).astype(np.int32),
        rank=rank.astype(np.int64),
        urgency=np.zeros(count, np.int64),
        days=900 - rank.astype(np.int64),
        band=np.zeros(count, np.int64),
        left=chance.integers(0, spread + 1, count),
        fifth=chance.integers(0, 6, count),
        sender=np.zeros(count, np.int64),
        until=chance.integers(0, 4, others),
        room=chance.integers(0, 4, others),
        batch=np.ones(others, np.int64),
    )


def band(days):
    return next((at for at, weeks in enumerate(BANDS) if days > 7 * weeks), len(BANDS))


def places_of(problem, i):
    return problem.to[problem.start[i] : problem.start[i + 1]].tolist()


def is_allowed(problem, where):
    """Counts, and minimum batches of one sender."""
    used = [where.count(j) for j in range(len(problem.room))]
    if any(count > room for count, room in zip(used, problem.room, strict=True)):
        return False
    batches = {}
    for i, j in enumerate(where):
        if j != NOWHERE:
            batches[j, problem.sender[i]] = batches.get((j, problem.sender[i]), 0) + 1
    return all(count >= problem.batch[j] for (j, _), count in batches.items())


def key(problem, where):
    """The stages one after the other; the greatest is the best."""
    served = [i for i, j in enumerate(where) if j != NOWHERE]
    arcs = [
        next(a for a in range(problem.start[i], problem.start[i + 1]) if problem.to[a] == where[i])
        for i in served
    ]
    return (
        *(sum(problem.urgency[i] == each for i in served) for each in range(8)),
        *(sum(problem.days[i] > 7 * band for i in served) for band in BANDS),
        sum(int(problem.days[i]) for i in served),
        sum(int(problem.left[i] - problem.until[where[i]]) for i in served),
        -sum(int(problem.miles[a]) for a in arcs),
        sum(problem.fifth[i] == 1 for i in served),
        sum(problem.fifth[i] == 2 for i in served),
    )


def first(problem, where):
    """Of equals the first: each request in turn at the first capacity, nowhere last."""
    return tuple(-(len(problem.room) if j == NOWHERE else j) for j in where)


def every_way(problem):
    choices = [[NOWHERE, *places_of(problem, i)] for i in range(len(problem.rank))]
    return (each for each in itertools.product(*choices) if is_allowed(problem, each))


def best(problem):
    return max(every_way(problem), key=lambda each: (key(problem, each), first(problem, each)))


def place_by_place(problem, where):
    """Who is served, in the strict order of urgency and then place in the queue: the truth of it."""
    kinds = sorted(set(problem.rank.tolist()))
    return [
        sum(j != NOWHERE for j, r in zip(where, problem.rank, strict=True) if r == kind)
        for kind in kinds
    ]
