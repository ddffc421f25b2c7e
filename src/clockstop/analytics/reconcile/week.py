"""A week's rows of all providers, and the questions that every finding asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from clockstop.analytics.reconcile.columns import KEY, WHO

FOUND = ("case", "person", "issuer", "identifier", "function", "providers", "starts")


@dataclass(frozen=True)
class Week:
    """Rows as ``rows`` makes them. ``known`` are the providers whose lists of this week are in."""

    now: pl.DataFrame
    before: pl.DataFrame
    began: pl.DataFrame
    ended: pl.DataFrame
    sent: pl.DataFrame
    known: frozenset[str]

    @cached_property
    def let_go(self) -> pl.DataFrame:
        """Rows of the week before whose provider, known now, neither lists nor stopped them."""
        row = ("provider", *KEY)
        held = self.before.filter(pl.col("provider").is_in(self.known))
        return held.join(self.now, on=row, how="anti").join(self.ended, on=row, how="anti")

    @cached_property
    def seen(self) -> pl.DataFrame:
        """What each provider says of a pathway this week: listed, begun or ended; ``listed``."""
        columns = ("provider", *KEY, *WHO, "start")
        every = pl.concat(
            [
                self.now.select(*columns, listed=pl.lit(value=True)),
                self.began.select(*columns, listed=pl.lit(value=False)),
                self.ended.select(*columns, listed=pl.lit(value=False)),
            ]
        )
        named = every.filter(pl.all_horizontal(pl.col(KEY).is_not_null()))
        return named.group_by("provider", *KEY).agg(
            pl.col(WHO).drop_nulls().first(), pl.col("start").min(), pl.col("listed").any()
        )

    @cached_property
    def new(self) -> pl.DataFrame:
        """Of ``seen``, what the provider did not list the week before."""
        return self.seen.join(self.before, on=("provider", *KEY), how="anti")

    @cached_property
    def told(self) -> pl.DataFrame:
        """Each transfer that a sender told of, on last week's list or in its records: key, to."""
        named = self.before.filter(pl.col("sent_to").is_not_null())
        on_list = named.select(*KEY, "provider", to="sent_to")
        both = pl.concat([on_list, self.sent.select(*KEY, "provider", "to")])
        return both.filter(pl.col("to") != pl.col("provider")).unique()


def nowhere(rows: pl.DataFrame, week: Week) -> pl.DataFrame:
    """Of some rows, those that nobody lists or stopped, under this identifier or a new one.

    A receiver may give the pathway an identifier of its own: then the person is new on its list in
    the same function. A row without identifier is followed by person and function.
    """
    of_key = pl.concat([week.now.select(KEY), week.ended.select(KEY)]).unique()
    of_who = pl.concat([week.now.select(WHO), week.ended.select(WHO)]).unique()
    has_key = pl.all_horizontal(pl.col(KEY).is_not_null())
    can_be_followed = pl.all_horizontal(pl.col(WHO).is_not_null())
    named = rows.filter(has_key).join(of_key, on=KEY, how="anti")
    unnamed = rows.filter(~has_key, can_be_followed).join(of_who, on=WHO, how="anti")
    return pl.concat([_not_renamed(named, week), unnamed])


def _not_renamed(rows: pl.DataFrame, week: Week) -> pl.DataFrame:
    old = week.before.select(KEY).unique()
    strangers = pl.concat(
        [each.select("provider", *KEY, *WHO) for each in (week.now, week.ended)]
    ).join(old, on=KEY, how="anti")
    numbered = rows.with_row_index("row")
    pairs = numbered.join(strangers.select(*WHO, other="provider"), on=WHO)
    renamed = pairs.filter(pl.col("other") != pl.col("provider")).select("row").unique()
    return numbered.join(renamed, on="row", how="anti").drop("row")


def found(rows: pl.DataFrame, case: str) -> pl.DataFrame:
    """Rows with lists of providers and starts as findings of a case."""
    return rows.with_columns(case=pl.lit(case)).select(FOUND)
