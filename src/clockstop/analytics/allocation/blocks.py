"""The cohort cut where nothing joins it: by what is asked for and offered, then as networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.allocation.kernel import pairs
from clockstop.analytics.allocation.solving import Ints, Problem
from clockstop.analytics.allocation.tabled import AFTER_SCOPE, Tabled

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Columns:
    """What stages and constraints read of each request, and of each capacity, in their order."""

    urgency: Ints
    days: Ints
    band: Ints
    left: Ints
    fifth: Ints
    sender: Ints
    until: Ints
    free: Ints
    batch: Ints


@dataclass(frozen=True, slots=True)
class Block:
    """Requests and capacities, by their places in the cohort, that no scope joins to others."""

    requests: Ints
    capacities: Ints


def blocks(found: Tabled) -> Iterator[Block]:
    """The blocks of those who may be matched at all, each with both sides in order.

    Two scopes (stage, function, procedure, test) are in one block if some capacity offers both.
    """
    asks = _by_scope(found.asked.scope, found.asked.own == 0, len(found.in_scope))
    offers = _by_scope(found.offered.scope, found.offered.own == 0, found.in_scope.shape[1])
    asked = np.array([len(rows) > 0 for rows in asks], dtype=bool)
    offered = np.array([len(rows) > 0 for rows in offers], dtype=bool)
    joined = found.in_scope & asked[:, None] & offered[None, :]
    left = joined.any(axis=1)
    while left.any():
        mine = np.zeros(len(left), np.bool_)
        mine[np.argmax(left)] = True
        while True:
            theirs = joined[mine].any(axis=0)
            more = joined[:, theirs].any(axis=1)
            if np.array_equal(more, mine):
                break
            mine = more
        left &= ~mine
        yield Block(
            np.sort(np.concatenate([asks[s] for s in np.flatnonzero(mine)])),
            np.sort(np.concatenate([offers[s] for s in np.flatnonzero(theirs)])),
        )


def candidates(found: Tabled, capacities: Ints) -> tuple[Ints, Ints]:
    """For each scope of requests the capacities that offer it, one scope after another."""
    scope = found.offered.scope[capacities]
    rows = [capacities[offers[scope]] for offers in found.in_scope]
    start = np.concatenate([[0], np.cumsum([len(each) for each in rows])]).astype(np.int64)
    return start, np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int64)


def problem_of(found: Tabled, columns: Columns, block: Block) -> Problem:
    """The network of a block: its arcs are the pairs that fit."""
    degree, to, miles = _arcs(found, block)
    requests, capacities = block.requests, block.capacities
    coming = np.stack([columns.urgency[requests], -columns.days[requests]], axis=1)
    is_new = np.any(np.diff(coming, axis=0, prepend=coming[:1]) != 0, axis=1)
    local = np.zeros(len(found.offered.own), np.int32)
    local[capacities] = np.arange(len(capacities), dtype=np.int32)
    return Problem(
        start=np.concatenate([[0], np.cumsum(degree)]).astype(np.int64),
        to=local[to],
        miles=miles,
        rank=np.cumsum(is_new).astype(np.int64),
        urgency=columns.urgency[requests],
        days=columns.days[requests],
        band=columns.band[requests],
        left=columns.left[requests],
        fifth=columns.fifth[requests],
        sender=columns.sender[requests],
        until=columns.until[capacities],
        room=columns.free[capacities],
        batch=columns.batch[capacities],
    )


def _arcs(found: Tabled, block: Block) -> tuple[Ints, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    start, rows = candidates(found, block.capacities)
    degree = np.zeros(len(block.requests), np.int64)
    size = max(_CHUNK, int(np.diff(start).max(initial=0)))
    to, miles = np.zeros(size, np.int32), np.zeros(size, np.int32)
    parts, at = [], 0
    while at < len(block.requests):
        at, written = pairs.arcs(
            block.requests,
            at,
            start,
            rows,
            AFTER_SCOPE,
            found.asked,
            found.offered,
            found.tables,
            degree,
            to,
            miles,
        )
        parts.append((to[:written].copy(), miles[:written].copy()))
    return degree, np.concatenate([t for t, _ in parts]), np.concatenate([m for _, m in parts])


def _by_scope(scope: npt.NDArray[np.int32], may: npt.NDArray[np.bool_], count: int) -> list[Ints]:
    rows = np.flatnonzero(may)
    order = rows[np.argsort(scope[rows], kind="stable")]
    return np.split(order, np.searchsorted(scope[order], np.arange(1, count)))
