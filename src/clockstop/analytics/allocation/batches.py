"""Minimum batches: a capacity that takes none of a sender's patients, or at least so many.

They join requests, so that who is served is no matroid any more. Only the parts of the network
where the answer without batches breaks one are solved anew, by branch and bound: a batch that is
too small is given up in one branch and must be filled in the other. Where one must be filled, the
stages are linear programs for HiGHS, each pinned as a whole number before the next; where batches
are only given up, the network is solved as any other. A branch ends at the first stage at which it
falls behind the best that is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.mending import Flags, broken, mended
from clockstop.analytics.allocation.solving import Ints, Problem, Solution, solve

MOST_ARCS, MOST_BRANCHES, MOST_WORK = 5_000, 200, 200_000
_ONE_BY_ONE = Lock()  # the solver of linear programs keeps its own threads
_NOWHERE = -1
_MOST_DEPRIVED, _NEXT = 1, 2  # fifths
_PIN = 1e-5  # objectives are whole numbers: this leaves no other in, and no room to trade in parts
_HALF = 0.5


def kept(problem: Problem, solution: Solution) -> tuple[Solution, Flags]:
    """The best assignment that breaks no batch, and for which requests that is not proven.

    The solution without batches stands where it breaks none, since it is the best of more. A part
    with more than ``MOST_ARCS`` arcs is mended where batches stay too small; one with more than
    ``MOST_BRANCHES`` branches, or ``MOST_WORK`` arcs in all of them, keeps the best that was found.
    Both say so.
    """
    unproven = np.zeros(len(problem.rank), np.bool_)
    short = broken(problem, solution.where)
    if not short:
        return solution, unproven
    part_of = _parts(problem)
    places = np.full(len(problem.room), _NOWHERE)
    places[problem.to] = part_of[problem.of_arcs]
    where, by = solution.where.copy(), solution.by.copy()
    lets_in, spared = solution.lets_in.copy(), solution.spared.copy()
    large = np.zeros(len(problem.room), np.bool_)
    for part in sorted({int(places[j]) for _, j, _ in short}):
        requests = part_of == part
        lets_in[places == part], spared[places == part] = _NOWHERE, 0  # no duals of whole numbers
        arcs = np.flatnonzero(requests[problem.of_arcs])
        if len(arcs) > MOST_ARCS:
            large |= places == part
            unproven[requests] = True
            continue
        own = problem.within(requests, requests[problem.of_arcs])
        with _ONE_BY_ONE:
            chosen, is_proven = _best(own)
        unproven[requests] = not is_proven
        by[requests] = _or_nowhere(arcs, chosen)
        where[requests] = _or_nowhere(own.to, chosen)
    if large.any():
        repaired, is_large = mended(problem, solution, large), np.isin(part_of, places[large])
        where[is_large], by[is_large] = repaired.where[is_large], repaired.by[is_large]
    used = np.bincount(where[where >= 0], minlength=len(problem.room))
    return replace(
        solution, where=where, by=by, used=used, lets_in=lets_in, spared=spared
    ), unproven


def solved_in_batches(problem: Problem) -> tuple[Solution, Flags]:
    """The best assignment, and for which requests that is not proven: see ``kept``.

    A batch that too few of a sender could ever join, or that is more than the places there are,
    is no way to go: it is left out first.
    """
    can_fill = _can_fill(problem)
    everybody = np.ones(len(problem.rank), np.bool_)
    fewer = problem.within(everybody, can_fill)
    solution, unproven = kept(fewer, solve(fewer))
    by = _or_nowhere(np.flatnonzero(can_fill), solution.by)
    return replace(solution, by=by), unproven


def _can_fill(problem: Problem) -> Flags:
    """Of each arc, whether its sender's requests could make the minimum batch there."""
    batch = problem.batch[problem.to]
    inside = np.flatnonzero(batch > 1)
    pairs = np.stack([problem.to[inside], problem.sender[problem.of_arcs[inside]]], axis=1)
    _, which, counts = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    most = np.minimum(counts[which.reshape(-1)], problem.room[problem.to[inside]])
    found = np.ones(len(problem.to), np.bool_)
    found[inside] = most >= batch[inside]
    return found


def _or_nowhere(values: npt.NDArray[Any], chosen: Ints) -> Ints:
    """The values at some places, -1 at place -1."""
    found: Ints = np.append(values, _NOWHERE)[chosen]
    return found


def _parts(problem: Problem) -> Ints:
    """Which requests are joined, by arcs to the same capacities: the first request of each part."""
    of, to = problem.of_arcs, problem.to
    part = np.arange(len(problem.rank))
    while True:
        least = np.full(len(problem.room), len(part))
        np.minimum.at(least, to, part[of])
        found = part.copy()
        np.minimum.at(found, of, least[to])
        if np.array_equal(found, part):
            return part
        part = found


def _given_up(problem: Problem) -> Ints:
    """The arc of each request where batches that stay too small are given up.

    One by one, the smallest first.
    """
    arcs = np.ones(len(problem.to), np.bool_)
    everybody = np.ones(len(problem.rank), np.bool_)
    sender = problem.sender[problem.of_arcs]
    while True:
        fewer = problem.within(everybody, arcs)
        solution = solve(fewer)
        short = broken(fewer, solution.where)
        if not short:
            return _or_nowhere(np.flatnonzero(arcs), solution.by)
        _, j, who = min(short)
        arcs &= (problem.to != j) | (sender != who)


Pairs = frozenset[tuple[int, int]]


def _best(problem: Problem) -> tuple[Ints, bool]:
    """The arc of each request in the best assignment, and whether that is proven."""
    best = _given_up(problem)
    gains = list(_stages(problem))
    key = _key(gains, best)
    open_branches: list[tuple[list[int], Pairs, Pairs]] = [([], frozenset(), frozenset())]
    for _ in range(min(MOST_BRANCHES, MOST_WORK // max(1, len(problem.to)))):
        open_branches = [each for each in open_branches if not each[0] or each[0] > key]
        if not open_branches:
            return best, True
        _, filled, dropped = open_branches.pop()
        chosen = _branch(problem, gains, filled, dropped, key)
        if chosen is None or _key(gains, chosen) <= key:
            continue
        short = broken(problem, _or_nowhere(problem.to, chosen))
        if not short:
            best, key = chosen, _key(gains, chosen)
            continue
        pair, most = frozenset({short[0][1:]}), _key(gains, chosen)
        open_branches += [(most, filled | pair, dropped), (most, filled, dropped | pair)]
    return best, not open_branches


def _stages(problem: Problem) -> Iterator[Ints]:
    """What each arc adds to each stage, in order: see ``assigning``."""
    of = problem.of_arcs
    for level in np.unique(problem.urgency):
        yield (problem.urgency[of] == level).astype(np.int64)
    for band in np.unique(problem.band):
        yield (problem.band[of] <= band).astype(np.int64)
    yield problem.days[of]
    yield problem.left[of] - problem.until[problem.to]
    yield -problem.miles.astype(np.int64)
    yield (problem.fifth[of] == _MOST_DEPRIVED).astype(np.int64)
    yield (problem.fifth[of] == _NEXT).astype(np.int64)


def _key(gains: list[Ints], chosen: Ints) -> list[int]:
    arcs = chosen[chosen >= 0]
    return [int(each[arcs].sum()) for each in gains]


def _branch(
    problem: Problem, gains: list[Ints], filled: Pairs, dropped: Pairs, known: list[int]
) -> Ints | None:
    """The best where some batches are filled and some dropped; None where it falls behind."""
    pairs = list(zip(problem.to.tolist(), problem.sender[problem.of_arcs].tolist(), strict=True))
    arcs = np.array([pair not in dropped for pair in pairs], dtype=bool)
    if not filled:
        fewer = problem.within(np.ones(len(problem.rank), np.bool_), arcs)
        return _or_nowhere(np.flatnonzero(arcs), solve(fewer).by)
    highs = _model(problem, arcs)
    for pair in sorted(filled):
        members = np.array([at for at, each in enumerate(pairs) if each == pair], np.int64)
        _row(highs, members, np.ones(len(members)), int(problem.batch[pair[0]]))
    return _pinned(highs, problem, gains, known)


def _pinned(highs: Any, problem: Problem, gains: list[Ints], known: list[int]) -> Ints | None:
    columns, reached = np.arange(len(problem.to), dtype=np.int32), []
    for each in gains:
        highs.changeColsCost(len(columns), columns, each.astype(np.float64))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        reached.append(round(highs.getInfo().objective_function_value))
        if reached < known[: len(reached)]:
            return None
        _row(highs, np.flatnonzero(each), each[each != 0], reached[-1] - _PIN)
    values = np.array(highs.getSolution().col_value)
    chosen = np.full(len(problem.rank), _NOWHERE)
    arcs = np.flatnonzero(values > _HALF)
    chosen[problem.of_arcs[arcs]] = arcs
    return chosen


def _model(problem: Problem, arcs: Flags) -> Any:
    """A column an arc; rows: one place each, and counts. Batches come as further rows."""
    made: Any = highspy.Highs  # its types leave out what it returns
    highs = made()
    for name, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        highs.setOptionValue(name, value)
    highs.addVars(len(arcs), np.zeros(len(arcs)), arcs.astype(np.float64))
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for i in range(len(problem.rank)):
        mine = np.arange(problem.start[i], problem.start[i + 1])
        _row(highs, mine, np.ones(len(mine)), most=1)
    for j in np.unique(problem.to):
        theirs = np.flatnonzero(problem.to == j)
        _row(highs, theirs, np.ones(len(theirs)), most=int(problem.room[j]))
    return highs


def _row(
    highs: Any,
    arcs: Ints,
    values: npt.NDArray[Any],
    least: float = -highspy.kHighsInf,
    most: float = highspy.kHighsInf,
) -> None:
    highs.addRow(least, most, len(arcs), arcs.astype(np.int32), values.astype(np.float64))
