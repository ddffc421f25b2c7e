"""One network solved: who is served, where, what one more place would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.kernel.bidding import DEAREST, NEVER, Auction
from clockstop.analytics.allocation.kernel.circles import Circles
from clockstop.analytics.allocation.kernel.heap import Heap
from clockstop.analytics.allocation.kernel.matching import Chain, match
from clockstop.analytics.allocation.kernel.network import NONE, Network, State
from clockstop.analytics.allocation.kernel.serving import Search, serve, worth
from clockstop.analytics.allocation.kernel.settling import settle
from clockstop.analytics.allocation.kernel.ties import Walk, first_of_equals

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Requests in the order of who comes first, capacities in the order of their ids.

    The arcs of request ``i`` are ``start[i]:start[i + 1]``: ``to`` capacities, rising, so many
    whole ``miles`` away. ``rank`` counts up from 0 with the order, equal for those who come
    equally: by ``urgency``, then ``days`` waited (``band`` is that of ``AllocationRules``).
    ``left`` and ``until`` are whole weeks; ``fifth`` is that of deprivation, 1 the most deprived,
    0 not known. ``room`` are the places of a capacity, ``batch`` its minimum of one ``sender``.
    """

    start: Ints
    to: npt.NDArray[np.int32]
    miles: npt.NDArray[np.int32]
    rank: Ints
    urgency: Ints
    days: Ints
    band: Ints
    left: Ints
    fifth: Ints
    sender: Ints
    until: Ints
    room: Ints
    batch: Ints

    def within(self, requests: npt.NDArray[np.bool_], arcs: npt.NDArray[np.bool_]) -> Problem:
        """The same with some requests, and some of their arcs, alone."""
        degree = np.bincount(self.of_arcs[arcs], minlength=len(self.rank))[requests]
        kept = {name: getattr(self, name)[requests] for name in _OF_REQUEST}
        kept["rank"] = np.unique(kept["rank"], return_inverse=True)[1].reshape(-1)
        start = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
        return replace(self, start=start, to=self.to[arcs], miles=self.miles[arcs], **kept)

    @property
    def of_arcs(self) -> Ints:
        """The request of each arc."""
        return np.repeat(np.arange(len(self.rank)), np.diff(self.start))


_OF_REQUEST = ("rank", "urgency", "days", "band", "left", "fifth", "sender")


@dataclass(frozen=True, slots=True)
class Solution:
    """``where`` each request goes (-1: nowhere) and by which arc; of each capacity: ``used``.

    ``lets_in`` is the rank of the first request that one more place would serve, -1 for none;
    then ``spared`` are the weeks and the miles that it would save of those served; ``price`` is
    that of the search.
    """

    where: Ints
    by: Ints
    used: Ints
    lets_in: Ints
    spared: Ints
    price: Ints


def solve(problem: Problem) -> Solution:
    """The best assignment where no minimum batch joins requests: see ``assigning`` for its order.

    Exact, in integers: the served by the greedy theorem of matroids; the places of all who are
    sure of one by an auction, of the last of each region by shortest chains of moves; the first
    of equals by walks that cost nothing.
    """
    net, search = network(problem), search_of(len(problem.room))
    state = _settled(problem, net)
    serve(net, state, search)
    starts = np.flatnonzero(np.diff(problem.rank, prepend=-1, append=-1))
    circles = _circles(len(problem.room) + len(starts))
    first_of_equals(net, state, _walk(len(problem.room), circles), circles, starts)
    saved = np.zeros((len(problem.room), 2), np.int64)
    worth(net, state, search, saved)
    weeks = np.round(saved[:, 0] / net.week).astype(np.int64)
    spared = np.stack([weeks, saved[:, 0] - weeks * net.week], axis=1)
    return Solution(state.where, state.by, state.used, state.closed, spared, state.price)


def _settled(problem: Problem, net: Network) -> State:
    """Everybody who is served whoever of their equals is, seated at the least cost.

    Those who come equally with the last of a region are left, to be served one by one; and all,
    should the costs be too large for an auction in whole numbers.
    """
    matched, count = state_of(problem), len(problem.room)
    chain: Any = np.full((4, count), NONE, np.int64)
    match(net, matched, Chain(*chain))
    closed_at = np.where(matched.closed < 0, len(problem.rank), matched.closed)
    region_of = np.where(matched.where < 0, NONE, closed_at[matched.where])
    requests = np.flatnonzero(region_of > problem.rank)
    regions, region = np.unique(closed_at, return_inverse=True)
    mine = np.searchsorted(regions, region_of[requests])
    edges = np.arange(len(regions) + 1)
    by_region, places = np.argsort(mine, kind="stable"), np.argsort(region, kind="stable")
    auction, state = _auction(net, len(problem.rank)), state_of(problem)
    weeks = int(np.ptp(problem.until)) if count else 0
    widest = (weeks + 1) * net.week * auction.scale
    is_settled = widest < DEAREST and settle(
        net,
        state,
        auction,
        requests[by_region],
        np.searchsorted(mine[by_region], edges),
        places,
        np.searchsorted(region[places], edges),
    )
    return state if is_settled else state_of(problem)


def _auction(net: Network, requests: int) -> Auction:
    count, places = len(net.room), int(net.slot_start[-1])
    return Auction(
        np.zeros(places, np.int64),
        np.full(places, NONE, np.int64),
        np.zeros(count, np.int64),
        np.full(count, NEVER, np.int64),
        np.full(requests, NONE, np.int64),
        np.zeros(requests, np.int64),
        _heap(count),
        count + 2,
    )


def network(problem: Problem) -> Network:
    """As the kernel reads it."""
    count, most = len(problem.room), int(problem.miles.max(initial=0))
    room = np.minimum(problem.room, len(problem.rank))
    by_fifth = np.zeros(6, np.int64)
    by_fifth[1], by_fifth[2] = -len(problem.rank) - 1, -1  # one of the first outweighs the second
    return Network(
        problem.start,
        problem.to,
        problem.miles,
        problem.rank,
        problem.left,
        by_fifth[problem.fifth],
        problem.until,
        room,
        np.concatenate([[0], np.cumsum(room)]).astype(np.int64),
        4 * (count + 2) * (most + 1),
    )


def state_of(problem: Problem) -> State:
    """Nobody has a place."""
    requests, count = len(problem.rank), len(problem.room)
    places = int(np.minimum(problem.room, requests).sum())
    return State(
        np.full(requests, NONE, np.int64),
        np.full(requests, NONE, np.int64),
        np.full(requests, NONE, np.int64),
        np.full(places, NONE, np.int64),
        np.zeros(count, np.int64),
        np.zeros((count, 2), np.int64),
        np.full(count, NONE, np.int64),
    )


def search_of(count: int) -> Search:
    """What a search among so many capacities needs."""
    none: Any = np.full((3, count), NONE, np.int64)
    seen = np.zeros((2, count), np.bool_)
    return Search(_heap(count), none[0], none[1], seen[0], seen[1], none[2], np.zeros(1, np.int64))


def _heap(count: int) -> Heap:
    return Heap(
        np.zeros(count, np.int64),
        np.full(count, NONE, np.int64),
        np.zeros(1, np.int64),
        np.zeros((count, 2), np.int64),
    )


def _circles(nodes: int) -> Circles:
    rows: Any = np.full((7, nodes), NONE, np.int64)
    of, met, low, who, arc, opened, way = rows
    return Circles(of, met, low, who, arc, opened, way, np.zeros(3, np.int64))


def _walk(count: int, circles: Circles) -> Walk:
    rows: Any = np.full((6, count), NONE, np.int64)
    request, arc, before, instead, queue, moves = rows
    counts, flags = np.zeros(3, np.int64), np.zeros(2, np.bool_)
    seen = np.zeros(count, np.bool_)
    return Walk(seen, request, arc, before, instead, queue, counts, flags, moves, circles.of)
