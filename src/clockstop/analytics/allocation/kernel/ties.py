"""Among assignments that are equally good, the first: whatever order the rows came in.

The first request gets the capacity with the first id that any equally good assignment gives it
(none comes last), then the second, and so on. A change that costs nothing is a walk, back to where
it began, along moves whose reduced cost is nothing: so each request looks for such a walk that
begins at an earlier capacity and ends at its own, and leaves those before it where they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.allocation.kernel.circles import Circles, find_circles, reduced
from clockstop.analytics.allocation.kernel.network import NONE, Network, State, put, take
from clockstop.analytics.clocks.kernel.compiled import compiled, entry


class Walk(NamedTuple):
    """How each capacity was come to: who moves there, along which arc, from where, for whom.

    ``queue`` holds all that were come to, in the order to walk on from: ``count`` says where that
    is, how many they are and which capacity is the goal, walked on from at once. ``flags`` say
    whether the free places were come to, and whether those left out were. ``circle`` is the
    component of each capacity: no walk leaves it.
    """

    seen: Any
    request: Any
    arc: Any
    before: Any
    instead: Any
    queue: Any
    count: Any
    flags: Any
    moves: Any
    circle: Any


_NEXT, _SIZE, _GOAL = 0, 1, 2
_FREE, _LEFT_OUT = 0, 1
_TIMES = 8  # so often are circles found anew: ever less can move


@compiled
def come_to(walk: Walk, j: int, i: int, arc: int, before: int, instead: int) -> None:
    """Note how a capacity was come to."""
    walk.seen[j] = True
    walk.request[j], walk.arc[j], walk.before[j], walk.instead[j] = i, arc, before, instead
    walk.queue[walk.count[_SIZE]] = j
    if j == walk.count[_GOAL]:
        walk.queue[walk.count[_SIZE]] = walk.queue[walk.count[_NEXT]]
        walk.queue[walk.count[_NEXT]] = j
    walk.count[_SIZE] += 1


@compiled
def step(
    net: Network, state: State, walk: Walk, i: int, at: int, price: tuple[int, int], instead: int
) -> bool:
    """Come to every place that a request could move to for nothing; whether there was one."""
    found = False
    for arc in range(net.start[i], net.start[i + 1]):
        j = net.to[arc]
        if walk.seen[j] or walk.circle[j] != walk.circle[at]:
            continue
        if reduced(net, state, i, arc) == price:
            come_to(walk, j, i, arc, at, instead)
            found = True
    return found


@compiled
def through_free_places(net: Network, state: State, walk: Walk, at: int) -> None:
    """A free place may be filled and another left free, wherever one more is worth nothing."""
    walk.flags[_FREE] = True
    for j in range(len(net.room)):
        is_worthless = state.price[j, 0] == 0 and state.price[j, 1] == 0
        is_near = state.closed[j] < 0 and walk.circle[j] == walk.circle[at]
        if is_near and is_worthless and state.used[j] > 0 and not walk.seen[j]:
            come_to(walk, j, NONE, NONE, at, NONE)


@compiled
def onward(net: Network, state: State, walk: Walk, k: int, at: int, rank_start: Any) -> None:
    """From a capacity: by those who have a place there, none of them up to ``k``."""
    for slot in range(net.slot_start[at], net.slot_start[at] + state.used[at]):
        i = state.slots[slot]
        if i <= k:
            continue
        price = reduced(net, state, i, state.by[i])
        step(net, state, walk, i, at, price, NONE)
        if state.closed[at] == net.rank[i] and not walk.flags[_LEFT_OUT]:
            for other in range(max(rank_start[net.rank[i]], k + 1), rank_start[net.rank[i] + 1]):
                if state.where[other] == NONE and step(net, state, walk, other, at, price, i):
                    walk.flags[_LEFT_OUT] = True


@compiled
def leaver(net: Network, state: State, k: int, at: int, price: tuple[int, int]) -> int:
    """Whoever at a capacity comes equally with ``k`` and could be left out instead, or -1."""
    for slot in range(net.slot_start[at], net.slot_start[at] + state.used[at]):
        i = state.slots[slot]
        is_equal = i > k and net.rank[i] == net.rank[k]
        if is_equal and reduced(net, state, i, state.by[i]) == price:
            return int(i)
    return NONE


@compiled
def forget(walk: Walk) -> None:
    """Begin anew."""
    for at in range(walk.count[_SIZE]):
        walk.seen[walk.queue[at]] = False
    walk.count[_NEXT], walk.count[_SIZE] = 0, 0
    walk.flags[_FREE], walk.flags[_LEFT_OUT] = False, False


@compiled
def move(net: Network, state: State, walk: Walk, end: int, leaves: int) -> None:
    """Move everybody along the walk that ends at a capacity: first away, then to the new place."""
    if leaves != NONE:
        take(net, state, leaves)
    count, j = 0, end
    while j != NONE:
        i = walk.request[j]
        if i != NONE:
            if state.where[i] != NONE:
                take(net, state, i)
            walk.moves[count] = j
            count += 1
        if walk.instead[j] != NONE:
            take(net, state, walk.instead[j])
        j = walk.before[j]
    for at in range(count):
        j = walk.moves[at]
        put(net, state, walk.request[j], walk.arc[j])


@compiled
def walked(
    net: Network, state: State, walk: Walk, k: int, price: tuple[int, int], rank_start: Any
) -> bool:
    """Walk on from what is in the queue; whether the walk ended well, and all have moved."""
    own = state.where[k]
    while walk.count[_NEXT] < walk.count[_SIZE]:
        at = walk.queue[walk.count[_NEXT]]
        walk.count[_NEXT] += 1
        if own == NONE:
            leaves = leaver(net, state, k, at, price)
            if leaves != NONE:
                move(net, state, walk, at, leaves)
                return True
        elif at == own:
            move(net, state, walk, at, NONE)
            return True
        if state.closed[at] < 0 and state.used[at] < net.room[at] and not walk.flags[_FREE]:
            through_free_places(net, state, walk, at)
        onward(net, state, walk, k, at, rank_start)
    return False


@compiled
def price_of(net: Network, state: State, k: int, rank_start: Any) -> tuple[bool, int, int]:
    """What a request's place costs; of one left out, what the dearest of its equals costs."""
    if state.where[k] != NONE:
        first, second = reduced(net, state, k, state.by[k])
        return True, first, second
    found, most, second = False, 0, 0
    for i in range(k + 1, rank_start[net.rank[k] + 1]):
        j = state.where[i]
        if j != NONE and state.closed[j] == net.rank[k]:
            price = reduced(net, state, i, state.by[i])
            if not found or price > (most, second):
                found, most, second = True, price[0], price[1]
    return found, most, second


@entry
def first_of_equals(
    net: Network, state: State, walk: Walk, circles: Circles, rank_start: Any
) -> None:
    """Turn the assignment in ``state`` into the first of those that are as good."""
    often = len(net.rank) // _TIMES + 1
    for k in range(len(net.rank)):
        if k % often == 0:
            find_circles(net, state, circles, k, rank_start)
        own = state.where[k]
        if net.start[k] == net.start[k + 1] or own == net.to[net.start[k]]:
            continue
        found, first, second = price_of(net, state, k, rank_start)
        if not found:
            continue
        walk.count[_GOAL] = own
        circle = walk.circle[len(net.room) + 1 + net.rank[k] if own == NONE else own]
        for arc in range(net.start[k], net.start[k + 1]):
            j = net.to[arc]
            if j == own:
                break
            if walk.seen[j] or walk.circle[j] != circle:
                continue
            if reduced(net, state, k, arc) != (first, second):
                continue
            come_to(walk, j, k, arc, NONE, NONE)
            if walked(net, state, walk, k, (first, second), rank_start):
                break
        forget(walk)
