"""The network of an assignment as the kernel holds it: requests, places, what joins them.

Costs are pairs of integers, compared one after the other. The first is weeks and miles in one
number: a week outweighs all the miles of any chain of moves (``week``). The second is fairness.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.clocks.kernel.compiled import compiled

NONE = -1


class Network(NamedTuple):
    """What is given. Requests stand in the order of who comes first, capacities in that of ids.

    The arcs of request ``i`` are ``start[i]:start[i + 1]``; ``rank`` numbers requests that come
    equally; ``left`` and ``until`` are whole weeks, ``second`` the second cost of serving each.
    """

    start: Any
    to: Any
    miles: Any
    rank: Any
    left: Any
    second: Any
    until: Any
    room: Any
    slot_start: Any
    week: int


class State(NamedTuple):
    """What is found: where each request is (and by which arc), and the price of each capacity.

    ``closed`` is the rank at which it turned out that no further place can be won there.
    """

    where: Any
    by: Any
    slot_of: Any
    slots: Any
    used: Any
    price: Any
    closed: Any


@compiled
def first_cost(net: Network, i: int, arc: int) -> int:
    """Weeks not gained, and miles."""
    return int((net.until[net.to[arc]] - net.left[i]) * net.week + net.miles[arc])


@compiled
def put(net: Network, state: State, i: int, arc: int) -> None:
    """Give a request a place."""
    j = net.to[arc]
    slot = net.slot_start[j] + state.used[j]
    state.where[i], state.by[i], state.slot_of[i] = j, arc, slot
    state.slots[slot] = i
    state.used[j] += 1


@compiled
def take(net: Network, state: State, i: int) -> None:
    """Take a request's place away."""
    j = state.where[i]
    state.used[j] -= 1
    last = state.slots[net.slot_start[j] + state.used[j]]
    state.slots[state.slot_of[i]] = last
    state.slot_of[last] = state.slot_of[i]
    state.where[i], state.by[i] = NONE, NONE


@compiled
def arc_to(net: Network, i: int, j: int) -> int:
    """The arc of a request to a capacity; both ends are known to be joined."""
    low, high = net.start[i], net.start[i + 1]
    while low < high:
        middle = (low + high) // 2
        if net.to[middle] < j:
            low = middle + 1
        else:
            high = middle
    return int(low)
