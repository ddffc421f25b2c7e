"""What every form of the DM01 return becomes in the lake: three long tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clockstop.analytics.published.datasets import dm01_layout as layout
from clockstop.analytics.published.fields import Field, number

MOST = 10_000_000  # of anything in one row: England's whole list is below two million
BANDS = tuple(f"band_{band}" for band in range(layout.OPEN_BAND + 1))
ACTIVITY = ("waiting_list", "planned", "unscheduled")
KEYS = ("month", "basis", "organisation", "region", "test")


def count(name: str, column: str) -> Field:
    """A count of patients or tests; never blank."""
    return number(name, column, 0, MOST, whole=True)


def tables(returns: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """The tables of returns: the keys, name, ``band_0`` to ``band_13``, and tests by ACTIVITY.

    ``diagnostics``: the keys, ``band`` (whole weeks waited, 13 = 13 and over) and ``n`` patients
    waiting, zeros dropped. ``activity``: the keys, tests done by ACTIVITY and their ``total``; a
    row for each that was filed, zeros too. ``organisations``: basis, code and name.
    """
    activity = returns.select(*KEYS, *ACTIVITY, total=pl.sum_horizontal(ACTIVITY))
    diagnostics = (
        returns.unpivot(BANDS, index=KEYS, variable_name="band", value_name="n")
        .filter(pl.col("n") > 0)
        .with_columns(pl.col("band").str.strip_prefix("band_").cast(pl.Int16))
        .sort(*KEYS, "band")
    )
    return {
        "diagnostics": diagnostics,
        "activity": activity.sort(KEYS),
        "organisations": _organisations(returns),
    }


def _organisations(returns: pl.DataFrame) -> pl.DataFrame:
    named = returns.sort("month").select("basis", "name", code="organisation")
    last = named.unique(["basis", "code"], keep="last", maintain_order=True)
    return last.select("basis", "code", "name").sort("basis", "code")
