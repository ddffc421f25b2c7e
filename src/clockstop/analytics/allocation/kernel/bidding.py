"""The cheapest places for many at once: an auction in which each request bids for the best place.

Who has none bids for the place that costs least with its price, so much that it costs as much as
the second best, and a step; whoever had it must bid again. At the end everybody has a place within
a step of the best, so the whole is within a step for each move of any round of moves. Steps
shrink from the widest range of costs to 1, in costs multiplied by more than the capacities there
are (``scale``), so that the last auction is exact (ε-scaling, Bertsekas).

Places to be left free belong to a reserve, which always takes the cheapest: so a free place never
costs more than one that is taken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.allocation.kernel.heap import Heap, pop, rise
from clockstop.analytics.allocation.kernel.network import NONE, Network
from clockstop.analytics.clocks.kernel.compiled import compiled

NEVER = 1 << 62
DEAREST = 1 << 59  # what prices are kept below, so that no sum of them is too large a number
TOO_DEAR = -2
_SHRINK = 5


class Auction(NamedTuple):
    """What is offered. The places of a capacity that are not ``spare`` are a heap of their prices.

    ``price`` and ``owner`` are of places, ``spare`` (how many are in reserve) and ``asked`` (for a
    place, its weeks included; ``NEVER`` outside of the region) of capacities; ``by`` is the arc
    of each request's bid. ``heap`` holds the capacities by a lower bound of their cheapest place.
    """

    price: Any
    owner: Any
    spare: Any
    asked: Any
    by: Any
    queue: Any
    heap: Heap
    scale: int


@compiled
def sink(auction: Auction, low: int, at: int, size: int) -> None:
    """Let a place whose price has risen sink in the heap of its capacity."""
    price, owner = auction.price[low + at], auction.owner[low + at]
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and auction.price[low + below + 1] < auction.price[low + below]:
            below += 1
        if auction.price[low + below] >= price:
            break
        auction.price[low + at] = auction.price[low + below]
        auction.owner[low + at] = auction.owner[low + below]
        at = below
    auction.price[low + at], auction.owner[low + at] = price, owner


@compiled
def lift(auction: Auction, low: int, at: int, price: int, owner: int) -> None:
    """Add a place to the heap of its capacity."""
    while at > 0 and auction.price[low + (at - 1) // 2] > price:
        above = (at - 1) // 2
        auction.price[low + at] = auction.price[low + above]
        auction.owner[low + at] = auction.owner[low + above]
        at = above
    auction.price[low + at], auction.owner[low + at] = price, owner


@compiled
def taken(net: Network, auction: Auction, j: int) -> int:
    """How many places of a capacity are not in reserve."""
    return int(net.room[j] - auction.spare[j])


@compiled
def lower(heap: Heap, j: int, price: int) -> None:
    """A place of a capacity may be had for a price."""
    if heap.at[j] == NONE or heap.distance[j, 0] > price:
        heap.distance[j, 0] = price
        rise(heap, j)


@compiled
def level(net: Network, auction: Auction) -> int:
    """The price of the cheapest place that is not in reserve, and so of all that are."""
    heap = auction.heap
    while True:
        j = heap.items[0]
        if taken(net, auction, j) == 0:
            pop(heap)
            continue
        price = auction.price[net.slot_start[j]]
        if heap.distance[j, 0] == price:
            return int(price)
        pop(heap)
        heap.distance[j, 0] = price
        rise(heap, j)


@compiled
def hold_back(net: Network, auction: Auction) -> int:
    """The reserve takes the cheapest place; who had it, or -1."""
    level(net, auction)
    j = auction.heap.items[0]
    low, last = net.slot_start[j], taken(net, auction, j) - 1
    owner = auction.owner[low]
    auction.price[low], auction.owner[low] = auction.price[low + last], auction.owner[low + last]
    sink(auction, low, 0, last)
    auction.spare[j] += 1
    return int(owner)


@compiled
def give_out(net: Network, auction: Auction, j: int, price: int, i: int) -> None:
    """A place in reserve goes to a request."""
    low, size = net.slot_start[j], taken(net, auction, j)
    auction.spare[j] -= 1
    lift(auction, low, size, price, i)
    lower(auction.heap, j, price)


@compiled
def survey(net: Network, auction: Auction, i: int) -> tuple[int, int, int]:
    """The arc that costs a request least with the price, that cost, and the second least."""
    by, best, second = NONE, NEVER, NEVER
    for arc in range(net.start[i], net.start[i + 1]):
        cost = auction.asked[net.to[arc]] + net.miles[arc] * auction.scale
        if cost < second:
            if cost < best:
                by, best, second = arc, cost, best
            else:
                second = cost
    return by, best, second


@compiled
def up_to_date(net: Network, auction: Auction, j: int) -> bool:
    """Whether what is asked at a capacity is what it was taken for; the reserve grows dearer."""
    if auction.spare[j] == 0:
        return True
    asked = net.until[j] * net.week * auction.scale + level(net, auction)
    if asked == auction.asked[j]:
        return True
    auction.asked[j] = asked
    return False


@compiled
def after_it(net: Network, auction: Auction, j: int, price: int) -> int:
    """The price of the second cheapest place of a capacity, given that of the cheapest."""
    low, size, after = net.slot_start[j], taken(net, auction, j), NEVER
    if auction.spare[j] > 1:
        return price
    for at in range(1 - auction.spare[j], min(3, size)):
        after = min(after, auction.price[low + at])
    return after


@compiled
def bid(net: Network, auction: Auction, i: int, step: int, widest: int) -> int:
    """Bid for the best place of a request; who is outbid, or -1; ``TOO_DEAR`` if it cannot be."""
    arc, best, second = survey(net, auction, i)
    while not up_to_date(net, auction, net.to[arc]):
        arc, best, second = survey(net, auction, i)
    j = net.to[arc]
    low, weeks = net.slot_start[j], net.until[j] * net.week * auction.scale
    price = auction.asked[j] - weeks
    after = after_it(net, auction, j, price)
    if after < NEVER:
        second = min(second, best - price + after)
    offer = price + step + (second - best if second < NEVER else widest)
    if offer > DEAREST:
        return TOO_DEAR
    auction.by[i] = arc
    if auction.spare[j]:
        outbid = hold_back(net, auction)
        give_out(net, auction, j, offer, i)
    else:
        outbid = auction.owner[low]
        auction.price[low], auction.owner[low] = offer, i
        sink(auction, low, 0, net.room[j])
    if auction.spare[j] == 0:
        auction.asked[j] = weeks + auction.price[low]
    return int(outbid)


@compiled
def open_again(net: Network, auction: Auction, capacities: Any, spares: int, at_level: int) -> None:
    """Nobody has a place, prices stand; the reserve takes the cheapest."""
    for at in range(len(capacities)):
        j = capacities[at]
        low, size = net.slot_start[j], taken(net, auction, j)
        for slot in range(low, low + net.room[j]):
            auction.owner[slot] = NONE
            if slot >= low + size:
                auction.price[slot] = at_level
        auction.spare[j] = 0
        for above in range(net.room[j] // 2 - 1, -1, -1):
            sink(auction, low, above, net.room[j])
        if spares and net.room[j]:
            lower(auction.heap, j, auction.price[low])
    for _ in range(spares):
        hold_back(net, auction)
    reserve = level(net, auction) if spares else 0
    for at in range(len(capacities)):
        j = capacities[at]
        price = reserve if auction.spare[j] else auction.price[net.slot_start[j]]
        asked = net.until[j] * net.week * auction.scale + price
        auction.asked[j] = asked if net.room[j] else NEVER


@compiled
def widest_range(net: Network, auction: Auction, requests: Any) -> int:
    """The most that the places of one request differ in cost, at prices of nothing."""
    widest = 0
    for at in range(len(requests)):
        least, most, i = NEVER, -NEVER, requests[at]
        for arc in range(net.start[i], net.start[i + 1]):
            if auction.asked[net.to[arc]] < NEVER:
                cost = auction.asked[net.to[arc]] + net.miles[arc] * auction.scale
                least, most = min(least, cost), max(most, cost)
        widest = max(widest, most - least)
    return widest


@compiled
def auctioned(net: Network, auction: Auction, requests: Any, capacities: Any, spares: int) -> int:
    """Bring everybody in, ever more exactly; the price of the reserve, or ``TOO_DEAR``."""
    open_again(net, auction, capacities, spares, 0)
    widest = max(widest_range(net, auction, requests), auction.scale)
    step, count = max(1, widest // _SHRINK), len(requests)
    while True:
        for at in range(count):
            auction.queue[at] = requests[at]
        first, waiting = 0, count
        while waiting:
            outbid = bid(net, auction, auction.queue[first], step, widest)
            first, waiting = (first + 1) % count, waiting - 1
            if outbid == TOO_DEAR:
                return TOO_DEAR
            if outbid != NONE:
                auction.queue[(first + waiting) % count] = outbid
                waiting += 1
        reserve = level(net, auction) if spares else 0
        if step == 1:
            return reserve
        step = max(1, step // _SHRINK)
        open_again(net, auction, capacities, spares, reserve)
