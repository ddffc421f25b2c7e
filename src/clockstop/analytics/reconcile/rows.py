"""Weekly tables as the comparison reads them: one row for each pathway of each provider."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clockstop.analytics.reconcile.columns import KEY, READ, READ_OF_OPEN, TRANSFER


class NotWeeklyTableError(ValueError):
    """A table that lacks columns; ``problems`` name them all."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def open_rows(table: pl.DataFrame, called: str) -> pl.DataFrame:
    """The open pathways of a week, each provider's once. Raises NotWeeklyTableError."""
    return _one_each(_read(table, called, {**READ, **READ_OF_OPEN}))


def clock_rows(table: pl.DataFrame, called: str) -> pl.DataFrame:
    """The clock starts or stops of a week. Raises NotWeeklyTableError."""
    return _one_each(_read(table, called, READ))


def transfer_rows(table: pl.DataFrame | None) -> pl.DataFrame:
    """The transfers that senders recorded: key, ``provider`` and ``to``."""
    held = pl.DataFrame(schema=dict(TRANSFER)) if table is None else table
    missing = [name for name in TRANSFER if name not in held.columns]
    if missing:
        raise NotWeeklyTableError(tuple(f"transfers: column {name}: missing" for name in missing))
    names = dict(zip(TRANSFER, (*KEY, "provider", "to"), strict=True))
    return held.select(pl.col(old).alias(new) for old, new in names.items()).unique()


def _read(table: pl.DataFrame, called: str, columns: Mapping[str, str]) -> pl.DataFrame:
    missing = [each for each in READ.values() if each not in table.columns]
    if missing:
        raise NotWeeklyTableError(tuple(f"{called}: column {name}: missing" for name in missing))
    blank = pl.lit(None, dtype=pl.String())
    read = table.select(
        (pl.col(name) if name in table.columns else blank).alias(short)
        for short, name in columns.items()
    )
    text = pl.col(pl.String)
    return read.with_columns(pl.when(text.str.strip_chars() != "").then(text.str.strip_chars()))


def _one_each(rows: pl.DataFrame) -> pl.DataFrame:
    """A pathway that one provider lists twice counts once, from its first start."""
    has_key = pl.all_horizontal(pl.col(KEY).is_not_null())
    named = rows.filter(has_key).group_by("provider", *KEY, maintain_order=True)
    others = pl.col(set(rows.columns) - {"provider", *KEY, "start"})
    once = named.agg(others.drop_nulls().first(), pl.col("start").min())
    return pl.concat([once.select(rows.columns), rows.filter(~has_key).unique(maintain_order=True)])
