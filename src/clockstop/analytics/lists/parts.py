"""Each part of the return in each group: sizes, long waits, percentiles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.analytics.lists.quantiles import percentiles
from clockstop.core.rtt.week_bands import LONG_WAIT_WEEKS, OPEN_BAND, STANDARD_WEEKS

_UNKNOWN = -1  # the band of pathways without one: below every other, and never counted as known
_band, _known = nw.col("_band"), nw.col("_known")


def _where(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(_known).otherwise(nw.lit(0))


COUNTS: Final = {
    "_pathways": nw.col("_pathways"),
    "_known": _known,
    "_within": _where(_band < STANDARD_WEEKS),
    **{f"_over_{weeks}": _where(_band >= weeks) for weeks in LONG_WAIT_WEEKS},
    "_half_weeks": nw.when(_band == OPEN_BAND)
    .then(_known * 2 * OPEN_BAND)
    .otherwise(_known * (2 * _band + 1)),
}
"""What is added up, in pathways: all, those with a band, within 18 weeks, over N weeks; and the
known waits in half weeks, which keeps them whole."""


def counted(pathways: Lazy, keys: Sequence[str], columns: Collection[str]) -> Lazy:
    """One row per group and part with these columns of ``COUNTS``; month and part as text."""
    group = [*keys, "part"]
    rows = _banded(pathways, group).select(*group, **{name: COUNTS[name] for name in columns})
    sums = rows.group_by(group).agg(nw.col(*columns).sum())
    return sums.with_columns(nw.col(*columns).cast(nw.Int64), *_as_text())


def ranked(pathways: Lazy, keys: Sequence[str], percents: Collection[int]) -> Lazy:
    """The percentiles of each group and part, on one row or more; month and part as text."""
    group = [*keys, "part"]
    known = pathways.filter(~nw.col("band").is_null())
    rows = known.select(*group, _band=nw.col("band"), _known=nw.col("n").cast(nw.Int64))
    return percentiles(rows, group, percents).with_columns(*_as_text())


def _banded(pathways: Lazy, group: Sequence[str]) -> Lazy:
    band, n = nw.col("band"), nw.col("n").cast(nw.Int64)
    return pathways.select(
        *group,
        _band=band.fill_null(_UNKNOWN).cast(nw.Int64),
        _pathways=n,
        _known=nw.when(~band.is_null()).then(n).otherwise(nw.lit(0)),
    )


def _as_text() -> tuple[nw.Expr, ...]:
    return nw.col("month").cast(nw.String), nw.col("part").cast(nw.String)
