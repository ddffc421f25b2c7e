"""What the Annex B checks compare: totals of each provider and part, this month and the last."""

from __future__ import annotations

import polars as pl

from clockstop.analytics.returns.figures import Figures
from clockstop.core.types import Part

_YEAR, _FOUR = 52, 4
_KEYS = ["provider", "part"]


def totals(now: Figures, then: Figures | None) -> pl.DataFrame:
    """A row for each provider of either month and each of the five parts.

    Columns: ``n`` patients and ``before``, those of last month; ``first``, of them in the first
    band, ``first_four`` in the first four; ``over_52`` and ``over_52_before``; ``unknown`` starts.
    All are 0 where nothing was filed.
    """
    tables = [_of(now)]
    if then is not None:
        tables.append(_of(then).select(*_KEYS, before="n", over_52_before="over_52"))
    providers = pl.concat([each.select("provider") for each in tables]).unique()
    parts = pl.DataFrame({"part": [str(part) for part in Part]})
    found = providers.join(parts, how="cross")
    for each in tables:
        found = found.join(each, on=_KEYS, how="left")
    if then is None:
        found = found.with_columns(before=pl.lit(0.0), over_52_before=pl.lit(0.0))
    return found.fill_null(0).sort(_KEYS)


def _of(figures: Figures) -> pl.DataFrame:
    n, band = pl.col("n"), pl.col("band")
    return figures.cells.group_by(_KEYS).agg(
        n.sum(),
        first=n.filter(band == 0).sum(),
        first_four=n.filter(band < _FOUR).sum(),
        over_52=n.filter(band >= _YEAR).sum(),
        unknown=n.filter(band.is_null()).sum(),
    )
