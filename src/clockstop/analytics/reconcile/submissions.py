"""Several providers' submissions as the tables that are held against each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from clockstop.analytics.reconcile.columns import PERSON, TRANSFER
from clockstop.analytics.reconcile.reconciling import Reconciled

_SHORT = ("provider", "person", "function", "start")
LISTED: Mapping[str, pl.DataType] = {
    "provider": pl.String(),
    "person": pl.String(),
    "function": pl.String(),
    "start": pl.Date(),
    "weeks": pl.Int32(),
    "kinds": pl.List(pl.String()),
}


def stacked(tables: Iterable[pl.DataFrame], left_out: Collection[str]) -> pl.DataFrame:
    """One table of several with the same columns, without the people whose pseudonyms are given."""
    whole = pl.concat(list(tables), how="diagonal")
    is_out = pl.col(PERSON).is_in(list(left_out)).fill_null(value=False)
    return whole.filter(~is_out)


def transfers(rows: Iterable[tuple[str, str, str, str]]) -> pl.DataFrame:
    """Transfers as a table: issuer, identifier, sender, receiver of each."""
    return pl.DataFrame(list(rows), schema=dict(TRANSFER), orient="row")


def listing(found: Reconciled) -> pl.DataFrame:
    """The list itself, the longest waits first, with the ``kinds`` of finding on each row.

    A finding of a pathway stands at its rows, one of a person and function at theirs; columns as
    in ``LISTED``. Rows have no identifier: a pseudonym is all that names somebody.
    """
    days = (pl.lit(found.week_ending) - pl.col("start")).dt.total_days()
    rows = found.list.with_row_index("row").with_columns(weeks=(days // 7).cast(pl.Int32()))
    of_key = _kinds(found.findings.drop_nulls(["issuer", "identifier"]), ["issuer", "identifier"])
    without = found.findings.filter(pl.col("identifier").is_null())
    of_who = _kinds(without.drop_nulls(["person", "function"]), ["person", "function"])
    both = rows.join(of_key, on=["issuer", "identifier"], how="left").join(
        of_who, on=["person", "function"], how="left", suffix="_of_who"
    )
    none: pl.Expr = pl.lit([], dtype=pl.List(pl.String()))
    kinds = pl.concat_list(pl.coalesce("kinds", none), pl.coalesce("kinds_of_who", none))
    ordered = both.with_columns(kinds=kinds.list.unique().list.sort()).sort(
        ["weeks", *_SHORT], descending=[True, *[False] * len(_SHORT)], nulls_last=True
    )
    return ordered.select(pl.col(name).cast(kind) for name, kind in LISTED.items())


def _kinds(findings: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return findings.group_by(keys).agg(kinds=pl.col("kind").unique())
