"""Findings among the lists of one week: on two lists, with starts that differ."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.reconcile.columns import KEY, WHO
from clockstop.analytics.reconcile.week import Week, found

_PAIR = (pl.col("provider").alias("providers"), pl.col("start").alias("starts"))


def findings(week: Week) -> Iterator[pl.DataFrame]:
    """Pathways open at two providers, their starts, and people open twice in one function."""
    named = week.now.filter(pl.all_horizontal(pl.col(KEY).is_not_null())).sort("provider")
    held = named.group_by(KEY).agg(pl.col(WHO).drop_nulls().first(), *_PAIR)
    doubles = held.filter(pl.col("providers").list.len() > 1)
    yield found(doubles, "same_pathway")
    differing = pl.col("starts").list.drop_nulls().list.n_unique() > 1
    yield found(doubles.filter(differing), "on_both")
    yield found(_same_function(week, doubles), "same_specialty")


def _same_function(week: Week, doubles: pl.DataFrame) -> pl.DataFrame:
    """People on the lists of two providers in one function, pathways on both set aside."""
    alone = week.now.join(doubles, on=KEY, how="anti")
    people = alone.filter(pl.all_horizontal(pl.col(WHO).is_not_null())).sort("provider", "start")
    each = people.group_by(*WHO, "provider", maintain_order=True).agg(pl.col("start").min())
    held = each.group_by(WHO).agg(*_PAIR)
    blank = pl.lit(None, dtype=pl.String())
    several = held.filter(pl.col("providers").list.len() > 1)
    return several.with_columns(issuer=blank, identifier=blank)
