"""Serve requests in their order, each by the cheapest chain of moves that makes room.

Rank by rank: as many of those who come equally are served as can be, without taking a place from
anybody before them; those served before may be moved to another place that fits them. Because
whoever can be served together forms a matroid, this serves the first who can be, then the most of
the next, and so on: no other order of work could do better (the greedy theorem). Each chain is a
shortest path, so that the whole stays the cheapest for those served (successive shortest paths
with prices, the Hungarian method).

Where a search finds no room, nothing that it reached can ever give any: from there every chain
leads back. Those places are closed, with the rank that they were closed to, and never searched
again. So what cannot be served is found out once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.allocation.kernel.heap import Heap, pop, rise
from clockstop.analytics.allocation.kernel.network import (
    NONE,
    Network,
    State,
    first_cost,
    put,
    take,
)
from clockstop.analytics.clocks.kernel.compiled import compiled, entry


class Search(NamedTuple):
    """One search: how each capacity was reached, which are done, and which were touched."""

    heap: Heap
    request: Any
    arc: Any
    seen: Any
    done: Any
    touched: Any
    count: Any


@compiled
def reach(net: Network, state: State, search: Search, i: int, base_0: int, base_1: int) -> None:
    """Offer every place of a request at a distance, from a base that is net of where it is now."""
    distance = search.heap.distance
    for arc in range(net.start[i], net.start[i + 1]):
        j = net.to[arc]
        if state.closed[j] >= 0 or search.done[j]:
            continue
        d_0 = base_0 + first_cost(net, i, arc) - state.price[j, 0]
        d_1 = base_1 + net.second[i] - state.price[j, 1]
        if not search.seen[j]:
            search.seen[j] = True
            search.touched[search.count[0]] = j
            search.count[0] += 1
        elif d_0 > distance[j, 0] or (d_0 == distance[j, 0] and d_1 >= distance[j, 1]):
            continue
        distance[j, 0], distance[j, 1] = d_0, d_1
        search.request[j], search.arc[j] = i, arc
        rise(search.heap, j)


@compiled
def pass_on(net: Network, state: State, search: Search, j: int) -> None:
    """Whoever has a place of a capacity might move on from it."""
    d_0 = search.heap.distance[j, 0] + state.price[j, 0]
    d_1 = search.heap.distance[j, 1] + state.price[j, 1]
    for slot in range(net.slot_start[j], net.slot_start[j] + state.used[j]):
        i = state.slots[slot]
        cost = first_cost(net, i, state.by[i])
        reach(net, state, search, i, d_0 - cost, d_1 - net.second[i])


@compiled
def forget(search: Search) -> None:
    """Begin anew."""
    for at in range(search.count[0]):
        j = search.touched[at]
        search.seen[j] = False
        search.done[j] = False
        search.heap.at[j] = NONE
    search.count[0] = 0
    search.heap.size[0] = 0


@compiled
def nearest_room(net: Network, state: State, search: Search, low: int, high: int) -> int:
    """The capacity with room that one of the requests can reach most cheaply, or -1."""
    forget(search)
    for i in range(low, high):
        if state.where[i] == NONE:
            reach(net, state, search, i, 0, 0)
    while search.heap.size[0]:
        j = pop(search.heap)
        if state.used[j] < net.room[j]:
            return j
        search.done[j] = True
        pass_on(net, state, search, j)
    return NONE


@compiled
def reprice(state: State, search: Search, target: int) -> None:
    """Raise what the capacities that were passed cost, by as much as they were nearer."""
    distance = search.heap.distance
    for at in range(search.count[0]):
        j = search.touched[at]
        if search.done[j]:
            state.price[j, 0] += distance[j, 0] - distance[target, 0]
            state.price[j, 1] += distance[j, 1] - distance[target, 1]


@compiled
def move_along(net: Network, state: State, search: Search, target: int) -> None:
    """Move everybody on the chain one place on."""
    j = target
    while j != NONE:
        i, arc = search.request[j], search.arc[j]
        j = state.where[i]
        if j != NONE:
            take(net, state, i)
        put(net, state, i, arc)


@compiled
def close(state: State, search: Search, rank: int) -> None:
    """Nothing that was reached will ever give room again."""
    for at in range(search.count[0]):
        state.closed[search.touched[at]] = rank


@entry
def serve(net: Network, state: State, search: Search) -> None:
    """Serve as many as can be of each rank in turn; the answer is in ``state``."""
    low, count = 0, len(net.rank)
    while low < count:
        high = low + 1
        while high < count and net.rank[high] == net.rank[low]:
            high += 1
        for _ in range(low, high):
            target = nearest_room(net, state, search, low, high)
            if target == NONE:
                close(state, search, net.rank[low])
                break
            reprice(state, search, target)
            move_along(net, state, search, target)
        low = high
    forget(search)


@entry
def worth(net: Network, state: State, search: Search, out: Any) -> None:
    """What one more place would spare where everybody is served already: first and second cost.

    Somebody leaves a place, and a chain of moves ends at the new one: the cheapest such chain.
    """
    forget(search)
    for j in range(len(net.room)):
        if state.closed[j] < 0 and state.used[j] > 0:
            search.heap.distance[j, 0] = -state.price[j, 0]
            search.heap.distance[j, 1] = -state.price[j, 1]
            search.seen[j] = True
            search.touched[search.count[0]] = j
            search.count[0] += 1
            rise(search.heap, j)
    while search.heap.size[0]:
        j = pop(search.heap)
        search.done[j] = True
        first = search.heap.distance[j, 0] + state.price[j, 0]
        second = search.heap.distance[j, 1] + state.price[j, 1]
        if (first, second) < (0, 0):  # else nobody would move there
            out[j, 0], out[j, 1] = -first, -second
        pass_on(net, state, search, j)
    forget(search)
