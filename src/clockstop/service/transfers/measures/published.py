"""The figures of all England as everybody may have them: of the twelve whole months before this.

They change once a month: day by day their differences would tell what one patient did. The tables
by different groupings have their totals in common, so a total that one of them leaves out is left
out of all: else what one hides could be worked out from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.core.cache import cache

from clockstop.service.referrals.choice_figures.showing import Line, Shown
from clockstop.service.transfers.measures.reading import By
from clockstop.service.transfers.measures.tables import tables

_KEPT_SECONDS = 86_400
Tables = tuple[Shown, ...]


def last_day(today: date) -> date:
    """The last day of the month before: what was done later is in no published figure."""
    return today.replace(day=1) - timedelta(days=1)


def published(by: By, today: date) -> Tables:
    """Every table, counted once a day at most, however often it is asked for."""
    last = last_day(today)
    key = f"mutual-aid-{last}"
    found: dict[By, Tables] | None = cache.get(key)
    if found is None:
        found = alike({each: tables(each, last) for each in By})
        cache.set(key, found, _KEPT_SECONDS)
    return found[by]


def alike(found: Mapping[By, Tables]) -> dict[By, Tables]:
    """The same tables by each grouping, with the totals that all of them show alone."""
    totals: dict[str, list[Line]] = {}
    for each in (table for group in found.values() for table in group):
        totals.setdefault(each.slug, []).append(each.lines[0])
    return {
        by: tuple(
            replace(each, lines=(_common(each.lines[0], totals[each.slug]), *each.lines[1:]))
            for each in group
        )
        for by, group in found.items()
    }


def _common(line: Line, others: list[Line]) -> Line:
    cells = tuple(
        None if None in held else held[0] for held in zip(*(o.cells for o in others), strict=True)
    )
    is_whole = None not in cells
    return replace(
        line,
        cells=cells,
        total=None if any(each.total is None for each in others) else line.total,
        share=line.share if is_whole else None,
        means=line.means if is_whole else (None,) * len(line.means),
    )
