"""The statistics of waiting lists, for any grouping, on any engine.

In goes the long table of published pathways, one row per list and week band:

========================  ==========================================================
``month``                 text, ``2025-09``
``part``                  as filed: ``Part_1A``, ``Part_1B``, ``Part_2``, ``Part_2A``, ``Part_3``
``band``                  whole weeks at the band's lower edge, 0 to 104; null without a band
``n``                     pathways
``commissioner``          optional; ``NONC`` (not English) is left out unless asked for
any other                 to group by: provider, function, a region joined on …
========================  ==========================================================

Functions must not include their own total, ``C_999``. ``lists.oracle`` says the same in plain
Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy, closed, opened
from clockstop.analytics.lists import layout, movements, parts
from clockstop.analytics.lists.measures import MEASURES, Measure

SMALL_NUMBER = 20
NOT_ENGLISH = "NONC"


def list_statistics(
    pathways: Any,
    by: Sequence[str] = (),
    *,
    min_count: int = SMALL_NUMBER,
    include_nonc: bool = False,
    measures: Iterable[str] | None = None,
) -> Any:
    """The measures of every group and month: one row each, in no order.

    ``pathways`` is a Polars, DuckDB, pandas or PySpark table with the columns above; the same kind
    comes back, with ``month``, the ``by`` columns and the measures, all of ``MEASURES`` or those
    named in ``measures``. Counts are pathways, waits are weeks, ``pct_…`` is a fraction. Every
    quantile ``x`` has a flag ``x_open``: true, and ``x`` null, where it lies in the open 104+
    band. Quantiles and means are null for fewer than ``min_count`` waits; movements are null
    where the group sent no list in the earlier month. A group has a row if it has pathways in a
    part that the measures read. Raises ValueError for a column or measure that is not there.
    """
    wanted = _named(measures)
    keys = _keys(by)
    frame = opened(pathways, [*keys, "part", "band", "n"])
    if not include_nonc and "commissioner" in frame.collect_schema().names():
        frame = frame.filter(~(nw.col("commissioner") == NOT_ENGLISH).fill_null(value=False))
    lists = movements.with_earlier_lists(_summary(frame, keys, wanted), wanted)
    return closed(layout.side_by_side(lists, keys, wanted, min_count), like=pathways)


def _summary(frame: Lazy, keys: Sequence[str], wanted: Sequence[Measure]) -> Lazy:
    needed = {part for measure in wanted for part in measure.parts}
    percents = {measure.percent for measure in wanted if measure.percent is not None}
    return parts.summarised(frame, keys, sorted(needed), sorted(percents))


def _named(measures: Iterable[str] | None) -> list[Measure]:
    keys = list(MEASURES if measures is None else measures)
    unknown = [key for key in keys if key not in MEASURES]
    if unknown or not keys:
        raise ValueError(f"no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    return [MEASURES[key] for key in keys]


def _keys(by: Sequence[str]) -> list[str]:
    keys = list(dict.fromkeys(["month", *by]))
    taken = {"part", "band", "n", *MEASURES} & set(keys)
    if taken:
        raise ValueError(f"cannot group by {', '.join(sorted(taken))}")
    return keys
