"""Requests and capacities as arrays, and the answers of every criterion as tables to look up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from math import inf, nan, pi, sin
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.asking import Request
from clockstop.analytics.allocation.criteria import (
    GAIN,
    OF_BOTH,
    OF_PLACE,
    OF_REQUEST,
    OF_SCOPE,
    Criterion,
)
from clockstop.analytics.allocation.kernel import pairs
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.reasons import Against
from clockstop.analytics.allocation.terms import Terms
from clockstop.core.geography.distance import EARTH_RADIUS_MILES
from clockstop.core.types import Point

Ints = npt.NDArray[np.int64]
BITS = {code: at for at, code in enumerate(Against)}
# The likeliest to refuse first; those of the scope stand before, since candidates have passed them.
_LOOKED_UP = (*OF_SCOPE, GAIN, *OF_BOTH)
AFTER_SCOPE = len(OF_SCOPE)


class Asked(NamedTuple):
    """Requests: (n, …). ``limit`` in miles, negative for anywhere; ``place`` in degrees or nan."""

    own: Ints
    codes: npt.NDArray[np.int32]
    scope: npt.NDArray[np.int32]
    place: npt.NDArray[np.float64]
    chord: npt.NDArray[np.float64]
    limit: npt.NDArray[np.float64]
    square: npt.NDArray[np.float64]


class Offered(NamedTuple):
    """Capacities: (m, …), as ``Asked``."""

    own: Ints
    codes: npt.NDArray[np.int32]
    scope: npt.NDArray[np.int32]
    place: npt.NDArray[np.float64]
    chord: npt.NDArray[np.float64]


class Tables(NamedTuple):
    """The answers: table ``k`` begins at ``start[k]`` and has ``width[k]`` columns."""

    refused: npt.NDArray[np.uint8]
    start: Ints
    width: Ints
    bit: Ints
    distance_bit: int


class Tabled(NamedTuple):
    """All that the compiled judge needs; ``in_scope`` says which scopes of either side meet."""

    asked: Asked
    offered: Offered
    tables: Tables
    in_scope: npt.NDArray[np.bool_]


def tabled(requests: Sequence[Request], capacities: Sequence[Capacity], terms: Terms) -> Tabled:
    """Read both sides once, and ask every criterion once for each two values that occur.

    Requests and capacities keep their order. Looking up says what ``fit`` says.
    """
    asked_codes, offered_codes, answers = [], [], []
    for criterion in _LOOKED_UP:
        asked, mine = _coded([criterion.of_request(each, terms) for each in requests])
        offered, theirs = _coded([criterion.of_capacity(each, terms) for each in capacities])
        asked_codes.append(asked)
        offered_codes.append(offered)
        answers.append(_answers(criterion, mine, theirs))
    scopes, asked_scope = _profiles(asked_codes[:AFTER_SCOPE])
    offers, offered_scope = _profiles(offered_codes[:AFTER_SCOPE])
    refused = [
        answer[np.ix_(scopes[:, k], offers[:, k])] for k, answer in enumerate(answers[:AFTER_SCOPE])
    ]
    places, chords = _located([each.home for each in requests])
    sites, site_chords = _located([each.at for each in capacities])
    limits = [each.miles for each in requests]
    return Tabled(
        Asked(
            _own(OF_REQUEST, lambda rule, each: rule.judge(each, _ANY, terms), requests),
            np.stack(asked_codes, axis=1),
            asked_scope,
            places,
            chords,
            np.array([-1.0 if limit is None else limit for limit in limits]),
            np.array([inf if limit is None else _chord(limit) ** 2 for limit in limits]),
        ),
        Offered(
            _own(OF_PLACE, lambda rule, each: rule.of_capacity(each, terms), capacities),
            np.stack(offered_codes, axis=1),
            offered_scope,
            sites,
            site_chords,
        ),
        _tables(answers),
        ~np.any(np.array(refused, dtype=bool), axis=0),
    )


def against(found: Tabled) -> Ints:
    """What is against each pair, as bits by the place in ``Against``: (requests, capacities)."""
    out = np.zeros((len(found.asked.own), len(found.offered.own)), np.int64)
    pairs.masks(found.asked, found.offered, found.tables, out)
    return out


_ANY: Any = None  # criteria of the request alone read nothing of a capacity


def _coded(values: list[Hashable]) -> tuple[npt.NDArray[np.int32], list[Hashable]]:
    """Values as small integers, and the values in the order of those."""
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(codes, dtype=np.int32), list(numbers)


def _answers(
    criterion: Criterion, mine: list[Hashable], theirs: list[Hashable]
) -> npt.NDArray[np.bool_]:
    said = [[criterion.refuses(one, other) is not None for other in theirs] for one in mine]
    return np.array(said, dtype=bool).reshape(len(mine), len(theirs))


def _profiles(codes: list[npt.NDArray[np.int32]]) -> tuple[Any, npt.NDArray[np.int32]]:
    """The rows that differ, and which of them each row is."""
    rows, which = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    return rows, which.reshape(-1).astype(np.int32)


def _own(
    rules: Sequence[Criterion], judge: Callable[[Criterion, Any], object], rows: Sequence[Any]
) -> Ints:
    found = [sum(1 << BITS[rule.code] for rule in rules if judge(rule, row)) for row in rows]
    return np.array(found, dtype=np.int64)


def _located(points: list[Point | None]) -> tuple[Any, Any]:
    """Degrees, and the place on a sphere of radius 1."""
    degrees = [(nan, nan) if each is None else (each.latitude, each.longitude) for each in points]
    places = np.array(degrees, dtype=np.float64).reshape(-1, 2)
    lat, lon = np.radians(places[:, 0]), np.radians(places[:, 1])
    chord = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    return places, chord


def _chord(miles: float) -> float:
    """The straight line between two points of that sphere so many miles apart."""
    return 2 * sin(min(miles / EARTH_RADIUS_MILES / 2, pi / 2))


def _tables(answers: list[npt.NDArray[np.bool_]]) -> Tables:
    sizes = np.array([answer.size for answer in answers], np.int64)
    return Tables(
        np.concatenate([answer.reshape(-1) for answer in answers]).astype(np.uint8),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        np.array([answer.shape[1] for answer in answers], np.int64),
        np.array([BITS[criterion.code] for criterion in _LOOKED_UP], np.int64),
        BITS[Against.DISTANCE],
    )
