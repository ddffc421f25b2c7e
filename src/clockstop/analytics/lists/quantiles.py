"""Percentiles of grouped waits, as expressions; ``week_bands.percentile`` is the readable truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from clockstop.analytics.engine.frames import Lazy
from clockstop.core.rtt.week_bands import OPEN_BAND


def ranked(rows: Lazy, group: Sequence[str]) -> Lazy:
    """Add ``_reached`` (known waits up to and with the row's band) and ``_all`` (of the group).

    ``rows`` must hold each band of a group once: then the order by band is total.
    """
    known = nw.col("_known")
    return rows.with_columns(
        _reached=known.cum_sum().over(*group, order_by="_band"),
        _all=known.sum().over(*group),
    )


def crossing(percent: int) -> nw.Expr:
    """The percentile in weeks on the one row of a group whose band it lies in, else null.

    The comparison is in whole numbers, so that no engine rounds it. A value above 104 tells that
    it lies in the open band: there the interpolation has no meaning but its sign.
    """
    known, reached, everyone = nw.col("_known"), nw.col("_reached"), nw.col("_all")
    missing = percent * everyone - 100 * (reached - known)
    here = (known > 0) & (missing > 0) & (100 * reached >= percent * everyone)
    edge = nw.col("_band").cast(nw.Float64)
    part_of_band = missing.cast(nw.Float64) / (100 * known).cast(nw.Float64)
    return nw.when(here).then(edge + part_of_band)


def in_weeks(raw: nw.Expr, enough: nw.Expr) -> nw.Expr:
    """The percentile to publish: null in the open band or below the small-number limit."""
    return nw.when(enough & (raw <= OPEN_BAND)).then(raw)


def in_open_band(raw: nw.Expr, enough: nw.Expr) -> nw.Expr:
    """Whether the percentile lies in the open band; False below the small-number limit."""
    flag: Any = enough & (raw > OPEN_BAND)
    return (
        nw.when(flag.fill_null(value=False)).then(nw.lit(value=True)).otherwise(nw.lit(value=False))
    )
