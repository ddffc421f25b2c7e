"""Short batches given up where they are, in a network that is solved already.

One after another, the batch that is furthest from its minimum first. Whoever is sent away finds
another place by a chain of moves, which may end where the batch was. Where there is none, the
places of the batch go to who comes first of those left out whom a chain of moves brings there, and
whoever was sent away takes that of the last in order whom a chain of moves can replace. Nothing
else is solved anew, so that the work is in proportion to the batches. The prices of the solution
guide the searches, but they are not those of the smaller network: the result is good, not proven
the best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.kernel.mending import displace, move_in, refill, seat, send_away
from clockstop.analytics.allocation.kernel.network import NONE, Network, State
from clockstop.analytics.allocation.kernel.serving import Search
from clockstop.analytics.allocation.solving import (
    Ints,
    Problem,
    Solution,
    network,
    search_of,
    state_of,
)

Flags = npt.NDArray[np.bool_]


def broken(problem: Problem, where: Ints) -> list[tuple[int, int, int]]:
    """The (served, capacity, sender) of every batch that was begun and is too small."""
    served = np.flatnonzero(where >= 0)
    served = served[problem.batch[where[served]] > 1]
    pairs = np.stack([where[served], problem.sender[served]], axis=1)
    which, counts = np.unique(pairs, axis=0, return_counts=True)
    short = counts < problem.batch[which[:, 0]]
    return [
        (int(count), int(j), int(sender))
        for (j, sender), count in zip(which[short], counts[short], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A solution that is being changed. Arcs given up lead to one more capacity, closed for all.

    ``arcs`` are those that lead to a capacity with a minimum, ``sender`` whose requests they are.
    """

    problem: Problem
    net: Network
    state: State
    search: Search
    arcs: Ints
    sender: Ints


def mended(problem: Problem, solution: Solution, among: Flags) -> Solution:
    """The solution with every short batch of some capacities given up, and all that follows."""
    begun = _begun(problem, solution)
    while short := [each for each in broken(problem, begun.state.where) if among[each[1]]]:
        _, j, sender = min(short, key=lambda each: (each[0] - problem.batch[each[1]], *each[1:]))
        _give_up(begun, j, sender)
    used = begun.state.used[:-1]
    return replace(solution, where=begun.state.where, by=begun.state.by, used=used)


def _begun(problem: Problem, solution: Solution) -> _Begun:
    beyond = replace(
        problem,
        to=problem.to.copy(),
        room=np.append(problem.room, 0),
        until=np.append(problem.until, 0),
    )
    net, state = network(beyond), state_of(beyond)
    seat(net, state, solution.by)
    state.price[:-1] = solution.price
    state.closed[:-1], state.closed[-1] = solution.lets_in, 0
    arcs = np.flatnonzero(problem.batch[problem.to] > 1)
    sender = problem.sender[np.searchsorted(problem.start, arcs, side="right") - 1]
    return _Begun(problem, net, state, search_of(len(beyond.room)), arcs, sender)


def _give_up(begun: _Begun, j: int, sender: int) -> None:
    net, state, problem = begun.net, begun.state, begun.problem
    sent: Any = np.flatnonzero((state.where == j) & (problem.sender == sender))
    send_away(net, state, sent)
    arcs = begun.arcs[begun.sender == sender]
    net.to[arcs[problem.to[arcs] == j]] = len(problem.room)
    left = [i for i in sent if not _seated(begun, i, by_another=False)]
    _fill(begun, j)
    for i in left:
        if state.where[i] == NONE:
            _seated(begun, i, by_another=True)


def _seated(begun: _Begun, i: int, *, by_another: bool) -> bool:
    """Whether a request is seated where there is room, or else in the place of who comes later."""
    net, state, search = begun.net, begun.state, begun.search
    is_later = state.closed >= net.rank[i]
    is_later[-1] = False
    before = state.closed[is_later]
    state.closed[is_later] = NONE
    is_seated = move_in(net, state, search, i, i + 1)
    if by_another and not is_seated:
        displace(net, state, search, i)
    state.closed[is_later] = before
    return bool(is_seated)


def _fill(begun: _Begun, j: int) -> None:
    """Give the places to the first who can come, from the rank on that is known to want them."""
    net, state, search = begun.net, begun.state, begun.search
    if state.closed[j] < 0 or state.used[j] == net.room[j]:
        return
    rank = state.closed[j]
    region = state.closed == rank
    region[-1] = False
    state.closed[region] = NONE
    refill(net, state, search, np.searchsorted(net.rank, rank), j)
    state.closed[region & (state.closed < 0)] = rank
