"""One row for each part of the return in each group: sizes, long waits, percentiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.analytics.lists import quantiles
from clockstop.core.rtt.week_bands import LONG_WAIT_WEEKS, OPEN_BAND, STANDARD_WEEKS
from clockstop.core.types import Part

_BAND, _KNOWN = nw.col("_band"), nw.col("_known")


def _where(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(_KNOWN).otherwise(nw.lit(0))


COUNTS: Final = {
    "_pathways": nw.col("_pathways"),
    "_known": _KNOWN,
    "_within": _where(_BAND < STANDARD_WEEKS),
    **{f"_over_{weeks}": _where(weeks <= _BAND) for weeks in LONG_WAIT_WEEKS},
    "_half_weeks": nw.when(_BAND == OPEN_BAND)
    .then(_KNOWN * 2 * OPEN_BAND)
    .otherwise(_KNOWN * (2 * _BAND + 1)),
}
_UNKNOWN = -1  # the band of pathways without one: below every other, and never counted as known


def summarised(
    pathways: Lazy, keys: Sequence[str], parts: Collection[Part], percents: Collection[int]
) -> Lazy:
    """One row per group and part; ``month`` and ``part`` become plain text.

    Columns in pathways: ``_pathways`` (all), ``_known`` (with a band), ``_within`` 18 weeks and
    ``_over_N``; ``_half_weeks`` is the known waits added up, in half weeks so that it stays whole;
    ``_p<percent>`` as ``quantiles.crossing`` gives it.
    """
    group = [*keys, "part"]
    rows = _banded(pathways.filter(nw.col("part").is_in([part.value for part in parts])), group)
    if percents:
        rows = quantiles.ranked(_one_row_per_band(rows, group), group)
    values = {f"_p{percent}": quantiles.crossing(percent) for percent in percents}
    summary = rows.select(*group, **COUNTS, **values).group_by(group)
    return summary.agg(
        nw.col(*COUNTS).sum(), *(nw.col(name).max() for name in values)
    ).with_columns(nw.col("month", "part").cast(nw.String), nw.col(*COUNTS).cast(nw.Int64))


def _banded(pathways: Lazy, group: Sequence[str]) -> Lazy:
    band, n = nw.col("band"), nw.col("n").cast(nw.Int64)
    return pathways.select(
        *group,
        _band=band.fill_null(_UNKNOWN).cast(nw.Int64),
        _pathways=n,
        _known=nw.when(~band.is_null()).then(n).otherwise(nw.lit(0)),
    )


def _one_row_per_band(rows: Lazy, group: Sequence[str]) -> Lazy:
    return rows.group_by(*group, "_band").agg(nw.col("_pathways", "_known").sum())
