"""Percentiles of grouped waits, as expressions; ``week_bands.percentile`` is the readable truth."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.core.rtt.week_bands import FINER_SINCE, OLDER_OPEN_BAND, OPEN_BAND


def percentiles(rows: Lazy, group: Sequence[str], percents: Collection[int]) -> Lazy:
    """The rows of bands in which a percentile lies: ``_known`` of their group, ``_p<percent>``.

    A group has a row for each such band, with nulls for the percentiles that lie in others.
    """
    ranked = _ranked(rows.group_by(*group, "_band").agg(nw.col("_known").sum()), group)
    values = {f"_p{percent}": _crossing(percent) for percent in percents}
    found = nw.any_horizontal(*(~nw.col(name).is_null() for name in values), ignore_nulls=False)
    return ranked.select(*group, _known=nw.col("_all"), **values).filter(found)


def _ranked(bands: Lazy, group: Sequence[str]) -> Lazy:
    """Add the known waits of the group (``_all``), and per cent those reached before and here.

    Each band of a group is there once, so that the order by band is total.
    """
    known = nw.col("_known")
    reached = known.cum_sum().over(*group, order_by="_band").cast(nw.Int64)
    counted = bands.with_columns(
        _all=known.sum().over(*group).cast(nw.Int64), _reached=100 * reached
    )
    return counted.with_columns(_before=nw.col("_reached") - 100 * known)


def _crossing(percent: int) -> nw.Expr:
    """The percentile in weeks on the one row of a group whose band it lies in, else null.

    The comparison is in whole numbers, so that no engine rounds it. A value above the lower edge of
    the open band tells that it lies there, where the interpolation means nothing else.
    """
    before, reached, target = nw.col("_before"), nw.col("_reached"), percent * nw.col("_all")
    here = (before < target) & (target <= reached)
    return nw.when(here).then(nw.col("_band") + (target - before) / (reached - before))


def is_older() -> nw.Expr:
    """Whether a row is of a month whose last band was 52+."""
    return nw.col("month") < FINER_SINCE


def _is_open(raw: nw.Expr) -> nw.Expr:
    return (raw > OPEN_BAND) | (is_older() & (raw > OLDER_OPEN_BAND))


def in_weeks(raw: nw.Expr, enough: nw.Expr) -> nw.Expr:
    """The percentile to publish: null in the open band or below the small-number limit."""
    return nw.when(enough & ~_is_open(raw)).then(raw)


def in_open_band(raw: nw.Expr, enough: nw.Expr) -> nw.Expr:
    """Whether the percentile lies in the open band; False below the small-number limit."""
    return (enough & _is_open(raw)).fill_null(value=False)
