"""Whoever is sure of a place gets the cheapest, region by region, with exact prices.

The auction's prices are exact but for less than one. Raised (as in ``State``, where what is scarce
has a negative price) until nobody would rather be elsewhere, they are those of whole numbers.
"""

from __future__ import annotations

from typing import Any

from clockstop.analytics.allocation.kernel.bidding import NEVER, TOO_DEAR, Auction, auctioned
from clockstop.analytics.allocation.kernel.network import NONE, Network, State, first_cost, put
from clockstop.analytics.clocks.kernel.compiled import compiled, entry


@compiled
def is_content(net: Network, state: State, auction: Auction, i: int) -> bool:
    """Whether a request would rather be where it is; if not, the price there is raised to that."""
    least = NEVER
    for arc in range(net.start[i], net.start[i + 1]):
        j = net.to[arc]
        if auction.asked[j] < NEVER:
            least = min(least, first_cost(net, i, arc) - state.price[j, 0])
    own = net.to[auction.by[i]]
    lowest = first_cost(net, i, auction.by[i]) - least
    if state.price[own, 0] >= lowest:
        return True
    state.price[own, 0] = lowest
    return False


@compiled
def raised(net: Network, state: State, auction: Auction, capacities: Any, reserve: int) -> int:
    """The price of free places: no less than that of any place taken, and the same for all."""
    for at in range(len(capacities)):
        j = capacities[at]
        if net.room[j] > auction.spare[j]:
            reserve = max(reserve, state.price[j, 0])
    for at in range(len(capacities)):
        j = capacities[at]
        if auction.spare[j]:
            state.price[j, 0] = reserve
    return reserve


@compiled
def keep_off(net: Network, state: State, i: int) -> None:
    """Where there is no place at all, the price is one at which a request would not rather be."""
    least = first_cost(net, i, state.by[i]) - state.price[state.where[i], 0]
    for arc in range(net.start[i], net.start[i + 1]):
        j = net.to[arc]
        if net.room[j] == 0:
            state.price[j, 0] = min(state.price[j, 0], first_cost(net, i, arc) - least)


@compiled
def whole_prices(net: Network, state: State, auction: Auction, of: Any, level: int) -> int:
    """The auction's prices of some capacities in whole numbers; that of the reserve."""
    for at in range(len(of)):
        j = of[at]
        if net.room[j]:
            price = level if auction.spare[j] else auction.price[net.slot_start[j]]
            state.price[j, 0] = -(price // auction.scale)
    return -(level // auction.scale)


@compiled
def keep(
    net: Network, state: State, auction: Auction, requests: Any, capacities: Any, reserve: int
) -> None:
    """Give out the places, with prices that are nothing for those left free; forget the auction."""
    for at in range(len(capacities)):
        j = capacities[at]
        if net.room[j]:
            state.price[j, 0] -= reserve
        auction.asked[j], auction.spare[j], auction.heap.at[j] = NEVER, 0, NONE
    auction.heap.size[0] = 0
    for at in range(len(requests)):
        put(net, state, requests[at], auction.by[requests[at]])
        keep_off(net, state, requests[at])


@compiled
def settle_region(
    net: Network, state: State, auction: Auction, requests: Any, capacities: Any
) -> bool:
    """Auction the places of a region and keep what came of it, if no price was too large."""
    spares = -len(requests)
    for at in range(len(capacities)):
        spares += net.room[capacities[at]]
    level = auctioned(net, auction, requests, capacities, spares)
    if level == TOO_DEAR:
        return False
    reserve = whole_prices(net, state, auction, capacities, level)
    if not spares:
        reserve = -NEVER
    is_settled = False
    while not is_settled:
        before = reserve
        reserve = raised(net, state, auction, capacities, reserve)
        is_settled = reserve == before
        for at in range(len(requests)):
            is_settled = is_content(net, state, auction, requests[at]) and is_settled
    keep(net, state, auction, requests, capacities, reserve)
    return True


@entry
def settle(
    net: Network,
    state: State,
    auction: Auction,
    requests: Any,
    request_start: Any,
    capacities: Any,
    capacity_start: Any,
) -> bool:
    """Settle one region after another: ``requests`` and ``capacities`` by region.

    Whether that could be done: whole numbers may be too small for the prices.
    """
    for region in range(len(request_start) - 1):
        mine = requests[request_start[region] : request_start[region + 1]]
        if len(mine):
            theirs = capacities[capacity_start[region] : capacity_start[region + 1]]
            if not settle_region(net, state, auction, mine, theirs):
                return False
    return True
