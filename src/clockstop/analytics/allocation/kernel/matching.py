"""Who is served, and which places are full for good: found without looking at what a place costs.

In their order, each request takes a free place, or the shortest chain of moves makes room for it.
Nothing that a failed search reached can ever give room again: those places are closed, with the
rank that they were closed to. Which they are does not depend on the chains (they are the places
of which one more would serve one more by that rank), so each region can be priced by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.allocation.kernel.network import NONE, Network, State, put, take
from clockstop.analytics.clocks.kernel.compiled import compiled, entry


class Chain(NamedTuple):
    """How each capacity was come to: for whom last (``stamp``), who moves there, by which arc."""

    stamp: Any
    request: Any
    arc: Any
    queue: Any


@compiled
def come_from(net: Network, state: State, chain: Chain, i: int, k: int, size: int) -> int:
    """Queue what ``i`` could move to, on behalf of ``k``; the size, negative once room is met."""
    for arc in range(net.start[i], net.start[i + 1]):
        j = net.to[arc]
        if state.closed[j] >= 0 or chain.stamp[j] == k:
            continue
        chain.stamp[j], chain.request[j], chain.arc[j] = k, i, arc
        chain.queue[size] = j
        size += 1
        if state.used[j] < net.room[j]:
            return -size
    return size


@compiled
def make_room(net: Network, state: State, chain: Chain, k: int) -> None:
    """Serve a request by the shortest chain of moves, or close all that it could reach."""
    size, at = come_from(net, state, chain, k, k, 0), 0
    while 0 <= at < size:
        j = chain.queue[at]
        at += 1
        for slot in range(net.slot_start[j], net.slot_start[j] + state.used[j]):
            size = come_from(net, state, chain, state.slots[slot], k, size)
            if size < 0:
                break
    if size >= 0:
        for each in range(size):
            state.closed[chain.queue[each]] = net.rank[k]
        return
    j = chain.queue[-size - 1]
    while j != NONE:
        i, arc = chain.request[j], chain.arc[j]
        j = state.where[i]
        if j != NONE:
            take(net, state, i)
        put(net, state, i, arc)


@entry
def match(net: Network, state: State, chain: Chain) -> None:
    """Serve as many as can be of each rank in turn, wherever; ``state.closed`` is right."""
    for k in range(len(net.rank)):
        make_room(net, state, chain, k)
