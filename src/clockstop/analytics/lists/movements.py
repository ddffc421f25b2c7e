"""Lists of earlier months beside this month's: what movements are measured against.

An earlier list is added as one more part, filed under the later month. So no join is needed, and
a group that sent no list then simply has no such part.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.analytics.lists.months import later
from clockstop.core.types import Part

MONTH_BEFORE: Final = "month_before"
YEAR_BEFORE: Final = "year_before"
EARLIER: Final = {MONTH_BEFORE: 1, YEAR_BEFORE: 12}
READS: Final = {
    "unreported_removals": MONTH_BEFORE,
    "change_on_month": MONTH_BEFORE,
    "change_on_year": YEAR_BEFORE,
}


def with_earlier_lists(lists: Lazy, earlier: Collection[str]) -> Lazy:
    """Add to one row per group and part the lists of these earlier months."""
    waiting = lists.filter(nw.col("part") == Part.INCOMPLETE.value)
    columns = lists.collect_schema().names()
    moved = [
        waiting.with_columns(month=later(nw.col("month"), EARLIER[name]), part=nw.lit(name)).select(
            columns
        )
        for name in earlier
    ]
    return nw.concat([lists, *moved])
