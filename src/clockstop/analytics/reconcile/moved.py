"""Findings of pathways that went from one provider to another."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.reconcile.columns import KEY, WHO
from clockstop.analytics.reconcile.week import Week, found


def findings(week: Week) -> Iterator[pl.DataFrame]:
    """Starts that are later at the receiver, and patients received whom nobody sent."""
    moves = _moves(week)
    yield found(moves.filter(pl.col("there") > pl.col("start")), "later_at_receiver")
    by_sender = week.told.select(*KEY, "provider", receiver="to")
    untold = moves.filter("listed").join(by_sender, on=(*KEY, "provider", "receiver"), how="anti")
    yield found(untold, "received")


def _moves(week: Week) -> pl.DataFrame:
    """Pathways that a provider let go and another newly has: ``provider`` to ``receiver``."""
    there = week.new.select(
        *KEY,
        "listed",
        receiver="provider",
        there="start",
        person_there=WHO[0],
        function_there=WHO[1],
    )
    pairs = week.let_go.join(there, on=KEY).filter(pl.col("receiver") != pl.col("provider"))
    return pairs.with_columns(
        pl.coalesce("person", "person_there").alias("person"),
        pl.coalesce("function", "function_there").alias("function"),
        providers=pl.concat_list("provider", "receiver"),
        starts=pl.concat_list("start", "there"),
    )
