"""The criteria over pairs of rows: looked up in tables, the distance worked out."""

from __future__ import annotations

from math import asin, cos, pi, sin, sqrt
from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled, entry
from clockstop.core.geography.distance import EARTH_RADIUS_MILES

_DEGREE = pi / 180
_ROUNDING = 1e-9  # of a distance worked out in two ways


@compiled
def miles(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """As ``core.geography.distance``, step by step."""
    a, b = lat_a * _DEGREE, lat_b * _DEGREE
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin((lon_b - lon_a) * _DEGREE / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half))


@compiled
def too_far(i: int, j: int, asked: Any, offered: Any) -> bool:
    """Whether a place is over the limit, or the distance not known where there is one.

    Most pairs are told by the straight chord between two points of a sphere, which takes no sine.
    """
    if asked.limit[i] < 0:
        return False
    if asked.place[i, 0] != asked.place[i, 0] or offered.place[j, 0] != offered.place[j, 0]:
        return True
    x = asked.chord[i, 0] - offered.chord[j, 0]
    y = asked.chord[i, 1] - offered.chord[j, 1]
    z = asked.chord[i, 2] - offered.chord[j, 2]
    square, most = x * x + y * y + z * z, asked.square[i]
    if square > most * (1 + _ROUNDING) + _ROUNDING:
        return True
    if square < most * (1 - _ROUNDING) - _ROUNDING:
        return False
    here, there = asked.place[i], offered.place[j]
    return bool(miles(here[0], here[1], there[0], there[1]) > asked.limit[i])


@compiled
def is_against(i: int, j: int, k: int, asked: Any, offered: Any, tables: Any) -> bool:
    """Whether the criterion of table ``k`` is against a pair."""
    at = tables.start[k] + asked.codes[i, k] * tables.width[k] + offered.codes[j, k]
    return bool(tables.refused[at])


@compiled
def fits(i: int, j: int, first: int, asked: Any, offered: Any, tables: Any) -> bool:
    """Whether the distance, the likeliest, and the tables from ``first`` on say nothing against."""
    if too_far(i, j, asked, offered):
        return False
    for k in range(first, len(tables.start)):
        if is_against(i, j, k, asked, offered, tables):
            return False
    return True


@compiled
def all_against(i: int, j: int, asked: Any, offered: Any, tables: Any) -> int:
    """A bit for each criterion against a pair, by its place in ``Against``."""
    found = asked.own[i] | offered.own[j]
    for k in range(len(tables.start)):
        if is_against(i, j, k, asked, offered, tables):
            found |= 1 << tables.bit[k]
    if too_far(i, j, asked, offered):
        found |= 1 << tables.distance_bit
    return int(found)


@entry
def masks(asked: Any, offered: Any, tables: Any, out: Any) -> None:
    """All that is against each pair, into ``out`` (requests, capacities)."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = all_against(i, j, asked, offered, tables)


@entry
def arcs(
    rows: Any,
    begin: int,
    scope_start: Any,
    scope_rows: Any,
    first: int,
    asked: Any,
    offered: Any,
    tables: Any,
    degree: Any,
    to: Any,
    whole_miles: Any,
) -> tuple[int, int]:
    """The places that each request fits, as long as there is room for them.

    ``rows`` are requests, from ``begin`` on; those of scope ``s`` look at the capacities
    ``scope_rows[scope_start[s]:scope_start[s + 1]]`` alone. Writes how many there are of each,
    which (their place in ``offered``) and their whole miles; returns where it stopped and how
    many were written.
    """
    written = 0
    for at in range(begin, len(rows)):
        i = rows[at]
        scope = asked.scope[i]
        low, high = scope_start[scope], scope_start[scope + 1]
        if written + high - low > len(to):
            return at, written
        before = written
        for position in range(low, high):
            j = scope_rows[position]
            if fits(i, j, first, asked, offered, tables):
                to[written] = j
                known = asked.place[i, 0] == asked.place[i, 0]
                if known and offered.place[j, 0] == offered.place[j, 0]:
                    far = miles(
                        asked.place[i, 0],
                        asked.place[i, 1],
                        offered.place[j, 0],
                        offered.place[j, 1],
                    )
                    whole_miles[written] = int(far + 0.5)
                else:
                    whole_miles[written] = 0
                written += 1
        degree[at] = written - before
    return len(rows), written


@compiled
def count_bits(number: int) -> int:
    """How many bits are set."""
    found = 0
    while number:
        number &= number - 1
        found += 1
    return found


@entry
def closest(
    rows: Any, scope_start: Any, scope_rows: Any, asked: Any, offered: Any, tables: Any, out: Any
) -> None:
    """For each request the capacity of its scope with the least against it, and what that is.

    Of several the one whose first reason comes last in the order, then the first by id. Writes
    (capacity, mask); -1 where nobody offers what is asked for.
    """
    for at in range(len(rows)):
        i = rows[at]
        scope = asked.scope[i]
        best, least, lowest = -1, 1 << 30, 0
        for position in range(scope_start[scope], scope_start[scope + 1]):
            j = scope_rows[position]
            mask = all_against(i, j, asked, offered, tables)
            count, low = count_bits(mask), mask & -mask
            if count < least or (count == least and low > lowest):
                best, least, lowest = j, count, low
                out[at, 1] = mask
        out[at, 0] = best
