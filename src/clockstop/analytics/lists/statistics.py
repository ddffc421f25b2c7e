"""The statistics of waiting lists, for any grouping, on any engine.

In goes the long table of published pathways, one row per list and week band:

========================  ==========================================================
``month``                 text, ``2025-09``
``part``                  as filed: ``Part_1A``, ``Part_1B``, ``Part_2``, ``Part_2A``, ``Part_3``
``band``                  whole weeks at the band's lower edge, 0 to 104 (until March 2021 to 52,
                          which was open then); null without a band
``n``                     pathways
``commissioner``          optional; ``NONC`` (not English) is left out unless asked for
any other                 to group by: provider, function, a region joined on …
========================  ==========================================================

Functions must not include their own total, ``C_999``. ``lists.oracle`` says the same in plain
Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy, closed, opened
from clockstop.analytics.lists.layout import Cell, cells_of, side_by_side
from clockstop.analytics.lists.measures import MEASURES, Measure
from clockstop.analytics.lists.movements import EARLIER, with_earlier_lists
from clockstop.analytics.lists.parts import COUNTS, counted, ranked

SMALL_NUMBER = 20
NOT_ENGLISH = "NONC"
_NONE, _NO_WEEKS = nw.lit(0, nw.Int64), nw.lit(None, nw.Float64)


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
    quantile ``x`` has a flag ``x_open``: true, and ``x`` null, where it lies in the open band,
    which is 104+, and was 52+ until March 2021: counts over 65 weeks or more are null until then.
    Quantiles and means are null for fewer than ``min_count`` waits; movements are null where the
    group sent no list in the earlier month. A group has a row if it has pathways in a part that the
    measures read. Raises ValueError for a column or measure that is not there.
    """
    wanted = _named(measures)
    keys = _keys(by)
    frame = opened(pathways, [*keys, "part", "band", "n"])
    if not include_nonc and "commissioner" in frame.collect_schema().names():
        frame = frame.filter(~(nw.col("commissioner") == NOT_ENGLISH).fill_null(value=False))
    return closed(side_by_side(_lists(frame, keys, wanted), keys, wanted, min_count), pathways)


def _lists(frame: Lazy, keys: Sequence[str], wanted: Sequence[Measure]) -> Lazy:
    """Each part of each group, on one row or more: the columns that the measures read."""
    cells = cells_of(wanted)
    counts = sorted({column for _, column in cells if column in COUNTS})
    percents = sorted({measure.percent for measure in wanted if measure.percent})
    names = [f"_p{percent}" for percent in percents]
    pieces = []
    if counts != ["_known"]:  # which the percentiles bring along
        sizes = counted(_of_parts(frame, cells, counts), keys, counts)
        earlier = sorted({part for part, _ in cells} & set(EARLIER))
        pieces.append(_filled(with_earlier_lists(sizes, earlier), names, _NO_WEEKS))
    if percents:
        waits = ranked(_of_parts(frame, cells, names), keys, percents)
        pieces.append(_filled(waits, [name for name in counts if name != "_known"], _NONE))
    columns = [*keys, "part", *counts, *names]
    return nw.concat([piece.select(columns) for piece in pieces])


def _filled(rows: Lazy, columns: Collection[str], value: nw.Expr) -> Lazy:
    return rows.with_columns(**dict.fromkeys(columns, value)) if columns else rows


def _of_parts(frame: Lazy, cells: Collection[Cell], columns: Collection[str]) -> Lazy:
    parts = sorted({part for part, column in cells if column in columns} - set(EARLIER))
    return frame.filter(nw.col("part").is_in(parts))


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
