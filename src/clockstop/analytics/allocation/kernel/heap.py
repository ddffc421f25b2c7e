"""A heap of capacities by their distance, a pair of integers, whose distances may fall."""

from __future__ import annotations

from typing import Any, NamedTuple

from clockstop.analytics.clocks.kernel.compiled import compiled


class Heap(NamedTuple):
    """``items[:size[0]]`` are in heap order; ``at`` is where each is, -1 if it is not in."""

    items: Any
    at: Any
    size: Any
    distance: Any


@compiled
def less(heap: Heap, a: int, b: int) -> bool:
    """Whether one is nearer than the other."""
    if heap.distance[a, 0] != heap.distance[b, 0]:
        return bool(heap.distance[a, 0] < heap.distance[b, 0])
    return bool(heap.distance[a, 1] < heap.distance[b, 1])


@compiled
def rise(heap: Heap, item: int) -> None:
    """Put an item in, or to where its fallen distance belongs."""
    position = heap.at[item]
    if position < 0:
        position = heap.size[0]
        heap.size[0] += 1
    while position > 0:
        above = heap.items[(position - 1) // 2]
        if not less(heap, item, above):
            break
        heap.items[position] = above
        heap.at[above] = position
        position = (position - 1) // 2
    heap.items[position] = item
    heap.at[item] = position


@compiled
def pop(heap: Heap) -> int:
    """Take the nearest out."""
    nearest = heap.items[0]
    heap.at[nearest] = -1
    heap.size[0] -= 1
    size = heap.size[0]
    if size:
        item, position = heap.items[size], 0
        while 2 * position + 1 < size:
            below = 2 * position + 1
            if below + 1 < size and less(heap, heap.items[below + 1], heap.items[below]):
                below += 1
            if not less(heap, heap.items[below], item):
                break
            heap.items[position] = heap.items[below]
            heap.at[heap.items[position]] = position
            position = below
        heap.items[position] = item
        heap.at[item] = position
    return int(nearest)
