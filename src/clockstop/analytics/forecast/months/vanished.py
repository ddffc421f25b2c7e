"""Lists that are sent no more, and who may have taken them over: for a person to judge.

A merger that no list of successors tells reads as the end of one list and the growth of another.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from clockstop.analytics.forecast.months.cube import Cube, Floats

SMALLEST = 50  # pathways
WITHIN = 3  # months of silence in which another has to grow
ALIKE = (0.6, 1.5)  # how much it grows, in parts of what was last sent
UNUSUAL = 4.0  # times the median change of a month
_COLUMNS = {
    "provider": pl.String,
    "icb": pl.String,
    "last_sent": pl.String,
    "waiting": pl.Int64,
    "other": pl.String,
    "month": pl.String,
    "rose_by": pl.Int64,
}


def vanished(cube: Cube) -> pl.DataFrame:
    """One row for each provider that stopped sending for good and each that may have its lists.

    ``waiting`` is what the ``provider`` last sent, in ``last_sent``; ``other`` is another provider
    of its ICB whose lists rose by about as much in one ``month`` of the first months after, far
    more than they usually change. The three are null where there is no such provider. Longest list
    first. Mergers that are known are no rows: the cube counts them as one provider.
    """
    lists = cube.rolled_up(("provider", "icb"))
    sizes = lists.waiting.sum(axis=2)
    rows: list[tuple[object, ...]] = []
    for gone in range(len(lists.cells)):
        last = _last_sent(lists, gone)
        if last is not None and sizes[last, gone] >= SMALLEST:
            told = _told(lists, sizes, gone, last)
            found = _grown(lists, sizes, gone, last)
            rows += [(*told, *each) for each in found] or [(*told, None, None, None)]
    table = pl.DataFrame(rows, _COLUMNS, orient="row")
    return table.sort("waiting", "provider", "rose_by", descending=[True, False, True])


def _last_sent(lists: Cube, at: int) -> int | None:
    """The last month that was sent; None if that is the cube's last, or there is none."""
    months = np.flatnonzero(lists.sent[:, at])
    return None if not len(months) or months[-1] == len(lists.months) - 1 else int(months[-1])


def _told(lists: Cube, sizes: Floats, at: int, last: int) -> tuple[str, str, str, int]:
    cells = lists.cells
    return cells.provider[at], cells.icb[at], str(lists.months[last]), round(sizes[last, at])


def _grown(lists: Cube, sizes: Floats, gone: int, last: int) -> list[tuple[str, str, int]]:
    """Who grew by about as much, when, and by how much."""
    found = []
    here = np.flatnonzero(lists.cells.icb == lists.cells.icb[gone])
    for other in here[here != gone]:
        rises = np.where(lists.sent[1:, other], np.diff(sizes[:, other]), 0.0)
        after = rises[last : last + WITHIN]
        most = float(after.max())
        is_new = not lists.sent[: last + 1, other].any()
        usual = 0.0 if is_new else float(np.median(np.abs(rises)))
        low, high = (share * sizes[last, gone] for share in ALIKE)
        if low <= most <= high and most > UNUSUAL * usual:
            month = lists.months[last + 1 + int(after.argmax())]
            found.append((lists.cells.provider[other], str(month), round(most)))
    return found
