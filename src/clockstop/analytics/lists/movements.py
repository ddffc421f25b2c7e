"""Lists of earlier months beside this month's: what movements are measured against.

An earlier list is added as one more part, filed under the later month. So no join is needed, and
a group that sent no list then simply has no such part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.analytics.lists.measures import Measure
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


def with_earlier_lists(lists: Lazy, wanted: Sequence[Measure]) -> Lazy:
    """Add to the summary by part the earlier lists that the wanted measures read."""
    read = {READS[measure.key] for measure in wanted if measure.key in READS}
    if not read:
        return lists
    waiting = lists.filter(nw.col("part") == Part.INCOMPLETE.value)
    columns = lists.collect_schema().names()
    earlier = [
        waiting.with_columns(month=later(nw.col("month"), EARLIER[name]), part=nw.lit(name)).select(
            columns
        )
        for name in sorted(read)
    ]
    return nw.concat([lists, *earlier])
