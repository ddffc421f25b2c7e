"""Findings of patients who are on no list, until somebody has them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.reconcile.cases import CASES
from clockstop.analytics.reconcile.columns import KEY, WHO
from clockstop.analytics.reconcile.week import FOUND, Week, found, nowhere

_LOST = [name for name, case in CASES.items() if case.kind.is_lost]


def findings(week: Week) -> Iterator[pl.DataFrame]:
    """Patients whom their provider let go and nobody took, and those who were sent in vain."""
    gone = nowhere(week.let_go, week)
    sent = _sent(week, gone)
    yield found(sent.filter(pl.col("to").is_in(week.known)), "sent")
    rest = gone.join(sent, on=("provider", *KEY), how="anti", nulls_equal=True)
    alone = rest.with_columns(providers=pl.concat_list("provider"), starts=pl.concat_list("start"))
    yield found(alone.filter(pl.col("asked").is_not_null()), "asked")
    yield found(alone.filter(pl.col("asked").is_null()), "gone")


def _sent(week: Week, gone: pl.DataFrame) -> pl.DataFrame:
    """Of those who are gone, the transfers that were told of, wherever they went."""
    pairs = gone.join(week.told, on=("provider", *KEY))
    firsts = pairs.sort("to").unique(("provider", *KEY), keep="first", maintain_order=True)
    blank = pl.lit(None, dtype=pl.Date())
    return firsts.with_columns(
        providers=pl.concat_list("provider", "to"), starts=pl.concat_list("start", blank)
    )


def still_lost(week: Week, earlier: pl.DataFrame | None, fresh: pl.DataFrame) -> pl.DataFrame:
    """Of last week's findings, the lost patients whom nobody has yet; not those found afresh."""
    columns = (*FOUND, "since")
    if earlier is None:
        return fresh.clear().select(columns)
    held = earlier.filter(pl.col("case").is_in(_LOST)).with_columns(
        provider=pl.col("providers").list.first()
    )
    missed = nowhere(held, week).select(columns)
    return missed.join(fresh, on=("case", *KEY, *WHO), how="anti", nulls_equal=True)
