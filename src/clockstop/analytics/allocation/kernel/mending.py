"""Places that were given up filled again, and who was sent away seated again."""

from __future__ import annotations

from typing import Any

from clockstop.analytics.allocation.kernel.network import NONE, Network, State, put, take
from clockstop.analytics.allocation.kernel.serving import (
    Search,
    close,
    forget,
    move_along,
    nearest_room,
    reprice,
)
from clockstop.analytics.clocks.kernel.compiled import compiled, entry


@entry
def seat(net: Network, state: State, by: Any) -> None:
    """Give everybody the place of a solution."""
    for i in range(len(by)):
        if by[i] != NONE:
            put(net, state, i, by[i])


@entry
def send_away(net: Network, state: State, requests: Any) -> None:
    """Take their places away."""
    for at in range(len(requests)):
        take(net, state, requests[at])


@entry
def move_in(net: Network, state: State, search: Search, low: int, high: int) -> bool:
    """Seat one of the requests wherever there is room; what was reached stays in the search."""
    target = nearest_room(net, state, search, low, high)
    if target == NONE:
        return False
    reprice(state, search, target)
    move_along(net, state, search, target)
    return True


@compiled
def asks_openly(net: Network, state: State, i: int) -> bool:
    """Whether a request is left out and could go to a place that is not closed."""
    found, arc = False, net.start[i]
    while state.where[i] == NONE and not found and arc < net.start[i + 1]:
        found = state.closed[net.to[arc]] < 0
        arc += 1
    return found


@entry
def refill(net: Network, state: State, search: Search, first: int, j: int) -> None:
    """Fill a capacity with those left out, in their order from the ``first`` on."""
    for i in range(first, len(net.rank)):
        if state.closed[j] >= 0:
            break
        if asks_openly(net, state, i) and state.used[j] < net.room[j]:
            target = nearest_room(net, state, search, i, i + 1)
            if target == NONE:
                close(state, search, net.rank[i])
            else:
                reprice(state, search, target)
                move_along(net, state, search, target)
        if state.used[j] == net.room[j]:
            break
    forget(search)


@entry
def displace(net: Network, state: State, search: Search, i: int) -> None:
    """Seat a request in the place of the last in order whom the search has reached, if later."""
    last = NONE
    for at in range(search.count[0]):
        j = search.touched[at]
        for slot in range(net.slot_start[j], net.slot_start[j] + state.used[j]):
            other = state.slots[slot]
            if net.rank[other] > net.rank[i] and other > last:
                last = other
    if last != NONE:
        target = state.where[last]
        take(net, state, last)
        move_along(net, state, search, target)
    forget(search)
