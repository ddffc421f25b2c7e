"""Which capacities lie on a circle of moves that cost nothing: strongly connected components.

A walk among equals comes back to where it began, so it never leaves the component that it begins
in. Following one keeps the components as they are, and whoever is done with only takes moves away:
so a component, once found, stays a bound.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.allocation.kernel.network import NONE, Network, State, first_cost
from clockstop.analytics.clocks.kernel.compiled import compiled


class Circles(NamedTuple):
    """The component of each node: capacities, then the free places, then who is left out by rank.

    The rest is what finding them needs (Tarjan): when each node was met and the first that it
    leads back to, how far its moves are looked through, what is open and the way to where it is.
    """

    of: Any
    met: Any
    low: Any
    who: Any
    arc: Any
    opened: Any
    way: Any
    count: Any


_MET, _OPEN, _DEPTH = 0, 1, 2


@compiled
def reduced(net: Network, state: State, i: int, arc: int) -> tuple[int, int]:
    """The cost of an arc less the price of the place: equal where a move costs nothing."""
    j = net.to[arc]
    return first_cost(net, i, arc) - state.price[j, 0], net.second[i] - state.price[j, 1]


@compiled
def next_from_place(net: Network, state: State, circles: Circles, k: int, j: int) -> int:
    """The next node that somebody from ``k`` on could move to from a capacity, or -1."""
    free = len(net.room)
    while circles.who[j] < state.used[j]:
        i = state.slots[net.slot_start[j] + circles.who[j]]
        if i >= k:
            if circles.arc[j] == NONE:
                circles.arc[j] = net.start[i]
                if net.rank[i] == state.closed[j]:
                    return int(free + 1 + net.rank[i])
            price = reduced(net, state, i, state.by[i])
            while circles.arc[j] < net.start[i + 1]:
                arc = circles.arc[j]
                circles.arc[j] += 1
                other = net.to[arc]
                is_near = other != j and state.closed[other] == state.closed[j]
                if is_near and reduced(net, state, i, arc) == price:
                    return int(other)
        circles.who[j] += 1
        circles.arc[j] = NONE
    is_free = state.closed[j] < 0 and state.used[j] < net.room[j]
    if is_free and circles.who[j] == state.used[j]:
        circles.who[j] += 1
        return free
    return NONE


@compiled
def next_from_free(net: Network, state: State, circles: Circles) -> int:
    """The next capacity that may be left free for another, or -1."""
    free = len(net.room)
    while circles.who[free] < free:
        j = circles.who[free]
        circles.who[free] += 1
        is_worthless = state.price[j, 0] == 0 and state.price[j, 1] == 0
        if is_worthless and state.closed[j] < 0 and state.used[j] > 0:
            return int(j)
    return NONE


@compiled
def next_from_left_out(
    net: Network, state: State, circles: Circles, k: int, node: int, rank_start: Any
) -> int:
    """The next capacity where somebody left out, from ``k`` on, could be instead of an equal."""
    rank = node - len(net.room) - 1
    if circles.who[node] == 0:
        circles.who[node] = max(k, rank_start[rank])
    while circles.who[node] < rank_start[rank + 1]:
        i = circles.who[node]
        if state.where[i] == NONE:
            if circles.arc[node] == NONE:
                circles.arc[node] = net.start[i]
            while circles.arc[node] < net.start[i + 1]:
                j = net.to[circles.arc[node]]
                circles.arc[node] += 1
                if state.closed[j] == rank:
                    return int(j)
        circles.who[node] += 1
        circles.arc[node] = NONE
    return NONE


@compiled
def next_node(
    net: Network, state: State, circles: Circles, k: int, node: int, rank_start: Any
) -> int:
    """The next node that one leads to, or -1."""
    if node < len(net.room):
        return next_from_place(net, state, circles, k, node)
    if node == len(net.room):
        return next_from_free(net, state, circles)
    return next_from_left_out(net, state, circles, k, node, rank_start)


@compiled
def meet(circles: Circles, node: int) -> None:
    """Begin with a node."""
    circles.met[node] = circles.low[node] = circles.count[_MET]
    circles.who[node], circles.arc[node] = 0, NONE
    circles.opened[circles.count[_OPEN]], circles.way[circles.count[_DEPTH]] = node, node
    for each in range(len(circles.count)):
        circles.count[each] += 1


@compiled
def leave(circles: Circles, node: int) -> None:
    """Be done with a node: a component, or part of that of the node before it."""
    circles.count[_DEPTH] -= 1
    if circles.low[node] == circles.met[node]:
        other = NONE
        while other != node:
            circles.count[_OPEN] -= 1
            other = circles.opened[circles.count[_OPEN]]
            circles.of[other] = node
    elif circles.count[_DEPTH]:
        before = circles.way[circles.count[_DEPTH] - 1]
        circles.low[before] = min(circles.low[before], circles.low[node])


@compiled
def find_circles(net: Network, state: State, circles: Circles, k: int, rank_start: Any) -> None:
    """The components of the moves of all from ``k`` on."""
    circles.of[:], circles.met[:], circles.count[:] = NONE, NONE, 0
    for first in range(len(circles.of)):
        if circles.met[first] == NONE:
            meet(circles, first)
        while circles.count[_DEPTH]:
            node = circles.way[circles.count[_DEPTH] - 1]
            other = next_node(net, state, circles, k, node, rank_start)
            if other == NONE:
                leave(circles, node)
            elif circles.met[other] == NONE:
                meet(circles, other)
            elif circles.of[other] == NONE:
                circles.low[node] = min(circles.low[node], circles.met[other])
