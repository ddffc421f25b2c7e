"""Where an area stands: its figures against the targets in force, and its long waits."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from clockstop.analytics.monitoring.areas import Area, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.monitoring.summaries import COLUMNS
from clockstop.core.rulebook.targets import Judgement, judge, targets_on

Row = Mapping[str, Any]
_EDGES = (18, 52, 65, 78, 104)


def judged(book: MonitoringBook, area: Area, basis: Basis) -> tuple[Judgement, ...]:
    """The RTT targets in force at the latest census for this kind of area, each judged.

    A target for a figure that the returns do not hold is left out.
    """
    series = book.series(area, basis)
    latest = series[book.month]
    return tuple(
        judge(
            target,
            None if latest is None else latest[target.measure],
            _value(series.get(target.baseline), target.measure) if target.baseline else None,
        )
        for target in targets_on(book.month.census, str(area.kind))
        if target.measure in COLUMNS
    )


def _value(row: Row | None, measure: str) -> float | None:
    return None if row is None else row[measure]


def long_waits(row: Row | None, before: Row | None) -> list[tuple[str, Any, Any, Any]]:
    """The list by how long people have waited: words, people, share of the list, a year before.

    ``row`` and ``before`` are the area's figures in a month and a year before it; people of whom
    nothing is known are None, as are those beyond the open last band of older months.
    """
    now, then = _between(row), _between(before)
    size = None if row is None else row["incomplete_pathways"]
    words = [
        f"Up to {_EDGES[0]} weeks",
        *(f"{low} to {high} weeks" for low, high in pairwise(_EDGES)),
        f"Over {_EDGES[-1]} weeks",
    ]
    return [
        (text, people, people / size if people is not None and size else None, earlier)
        for text, people, earlier in zip(words, now, then, strict=True)
    ]


def _between(row: Row | None) -> list[int | None]:
    if row is None:
        return [None] * (len(_EDGES) + 1)
    over = [row[f"over_{edge}_weeks"] for edge in _EDGES]
    between = [None if high is None else low - high for low, high in pairwise(over)]
    return [row["within_18_weeks"], *between, over[-1]]
