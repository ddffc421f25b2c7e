"""The small-number rule: what of a table of counts may be shown so that nobody is found in it.

Counts of 1 up to the threshold, less one, are left out, in the table and in its totals. Then
further cells are left out until none that was left out can be worked out from the others
(secondary suppression). Published RTT figures are exempt: they are published as they are.

A table with its totals is a network: the rows and columns, totals among them, are its nodes, each
cell a link between two. Totals count against the cells, so that every row and every column comes
to nothing. A cell can have another value exactly when it lies on a circle of cells that were left
out and can each move by one, none below nought: that is what is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush

from clockstop.core import rulebook

Counts = Sequence[Sequence[int]]
Cell = tuple[int, int]
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it may be shown; None is left out."""

    rows: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def threshold_on(day: date) -> int:
    """The least count that is shown on a day; nought always is."""
    return rulebook.on(day)["small_number_threshold"].value


def protected(counts: Counts, threshold: int) -> Shown:
    """What may be shown of a table of counts with its totals.

    ``counts`` holds rows of one length, counts of 0 or more. Raises ValueError for anything else.
    """
    whole = _with_totals(counts)
    hidden = {
        (row, column)
        for row, line in enumerate(whole)
        for column, count in enumerate(line)
        if 0 < count < threshold
    }
    every = {(row, column) for row in range(len(whole)) for column in range(len(whole[0]))}
    for cell in sorted(hidden):
        if _circle(whole, cell, hidden, hidden) is None:
            hidden |= _circle(whole, cell, every, hidden) or set()
    return _shown(whole, hidden)


def _with_totals(counts: Counts) -> list[list[int]]:
    if not counts or not counts[0] or len({len(line) for line in counts}) != 1:
        raise ValueError("a table has rows of one length, and at least one cell")
    if min(min(line) for line in counts) < 0:
        raise ValueError("a count is 0 or more")
    rows = [[*line, sum(line)] for line in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def _shown(whole: Counts, hidden: set[Cell]) -> Shown:
    cells = tuple(
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(whole)
    )
    return Shown(
        rows=tuple(line[:-1] for line in cells[:-1]),
        row_totals=tuple(line[-1] for line in cells[:-1]),
        column_totals=cells[-1][:-1],
        total=cells[-1][-1],
    )


def _circle(whole: Counts, cell: Cell, usable: set[Cell], free: set[Cell]) -> set[Cell] | None:
    """The cells of the cheapest circle of usable cells through a cell; those that are free cost 0.

    Among all cells there always is one: a cell, both its totals and the total of all can grow.
    """
    row, column = ("row", cell[0]), ("column", cell[1])
    arcs = _arcs(whole, usable - {cell}, free)
    ways = []
    if _moves(whole, cell, forward=True):
        ways.append(_way(arcs, column, row))
    if _moves(whole, cell, forward=False):
        ways.append(_way(arcs, row, column))
    found = [way for way in ways if way is not None]
    return {cell, *min(found)[1]} if found else None


def _arcs(
    whole: Counts, usable: Iterable[Cell], free: set[Cell]
) -> dict[Node, list[tuple[int, Node, Cell]]]:
    arcs: dict[Node, list[tuple[int, Node, Cell]]] = {}
    for cell in sorted(usable):
        row, column = ("row", cell[0]), ("column", cell[1])
        cost = 0 if cell in free else _cost(whole, cell)
        if _moves(whole, cell, forward=True):
            arcs.setdefault(row, []).append((cost, column, cell))
        if _moves(whole, cell, forward=False):
            arcs.setdefault(column, []).append((cost, row, cell))
    return arcs


def _cost(whole: Counts, cell: Cell) -> int:
    """Small counts are left out first; noughts last, as many know that there can be nobody."""
    return 1 + (whole[cell[0]][cell[1]] or whole[-1][-1])


def _moves(whole: Counts, cell: Cell, *, forward: bool) -> bool:
    """Whether a cell can move by one: forward grows a cell of the table, and lessens a total."""
    is_row_total, is_column_total = cell[1] == len(whole[0]) - 1, cell[0] == len(whole) - 1
    grows = forward == (is_row_total == is_column_total)
    return grows or whole[cell[0]][cell[1]] > 0


def _way(
    arcs: dict[Node, list[tuple[int, Node, Cell]]], start: Node, end: Node
) -> tuple[int, tuple[Cell, ...]] | None:
    """The cheapest way from a node to another: its cost and its cells."""
    waiting: list[tuple[int, Node, tuple[Cell, ...]]] = [(0, start, ())]
    passed: set[Node] = set()
    while waiting:
        cost, node, cells = heappop(waiting)
        if node == end:
            return cost, cells
        if node in passed:
            continue
        passed.add(node)
        for more, to, cell in arcs.get(node, ()):
            heappush(waiting, (cost + more, to, (*cells, cell)))
    return None
