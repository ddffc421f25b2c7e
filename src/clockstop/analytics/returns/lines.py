"""The lines of the return, one for each period and part: ``core.rtt.reporting`` over a table."""

from __future__ import annotations

from datetime import date

import polars as pl

from clockstop.analytics.returns.by_hand import lines_by_hand
from clockstop.analytics.returns.cells import with_commissioner, with_function
from clockstop.analytics.returns.entries import counting
from clockstop.analytics.returns.parts import parts_on
from clockstop.analytics.returns.tables import CELL, LINES, UNFILED
from clockstop.core.rtt.policy import Policy
from clockstop.core.rtt.status_codes import Status
from clockstop.core.types import Part

_HANDING = ("transfer_sent", "transfer_received")
PROVIDER_MISSING, UNKNOWN_START = "provider-missing", "report-unknown-start"


def lines_of(
    periods: pl.DataFrame, events: pl.DataFrame, census: date, *, policy: Policy, as_of: date
) -> tuple[pl.DataFrame, int]:
    """What each of the periods adds to the return, and how many pathways were read by hand.

    ``periods`` are those of ``events`` as of a day not before the census.
    """
    counted = _with_provider(parts_on(periods, census), events, census)
    entries = counting(events, census)
    lines = with_commissioner(with_function(counted, entries, census), entries, census)
    handed = lines.filter("by_hand")["pathway"].unique()
    shaped = lines.filter(~pl.col("pathway").is_in(handed.implode())).select(_shaped())
    if not len(handed):
        return shaped, 0
    few = events.filter(pl.col("pathway").is_in(handed.implode()))
    more = lines_by_hand(few, census, policy=policy, as_of=as_of)
    return pl.concat([shaped, more]), len(handed)


def _shaped() -> list[pl.Expr]:
    names = {"period": "number"}
    return [pl.col(names.get(name, name)).cast(kind).alias(name) for name, kind in LINES.items()]


def _with_provider(lines: pl.DataFrame, events: pl.DataFrame, census: date) -> pl.DataFrame:
    """Whose list the period was on, on the day that counts, or ``by_hand`` where it changed hands.

    That day is the census, and for a new period the day of opening. On whose list it was last is
    known; so is where it began. What was between needs the steps.
    """
    is_new = pl.col("part") == str(Part.NEW_PERIODS)
    numbered = lines.with_row_index("line").with_columns(
        on=pl.when(is_new).then("opened_on").otherwise(pl.lit(census))
    )
    openers = events.select("pathway", opened_by="number", opener="provider")
    return (
        numbered.join(_moves(numbered, events), on="line", how="left", maintain_order="left")
        .join(openers, on=["pathway", "opened_by"], how="left", maintain_order="left")
        .with_columns(pl.col("before", "after").fill_null(value=False))
        .with_columns(
            provider=pl.when("after").then("opener").otherwise("listed_by"),
            by_hand=pl.col("before") & pl.col("after"),
        )
        .drop("line", "on", "before", "after", "opener")
    )


def _moves(lines: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Of lines whose pathway may have changed hands: whether before and after the day."""
    handing = events.filter(
        pl.col("kind").is_in(_HANDING) | (pl.col("status") == str(Status.TRANSFER))
    ).select("pathway", moved="day", by="number")
    meanwhile = pl.col("moved").is_between("opened_on", "on")
    return (
        lines.select("line", "pathway", "on", "opened_on", "opened_by")
        .join(handing, on="pathway")
        .group_by("line")
        .agg(
            before=(meanwhile & (pl.col("by") != pl.col("opened_by"))).any(),
            after=(pl.col("moved") > pl.col("on")).any(),
        )
    )


def unfiled(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines for which the return has no row or no column, and the first reason of each."""
    is_waiting = pl.col("part").is_in([str(Part.INCOMPLETE), str(Part.INCOMPLETE_DTA)])
    reason = (
        pl.when(pl.col("provider").is_null())
        .then(pl.lit(PROVIDER_MISSING))
        .when(pl.col("commissioner").is_null())
        .then("commissioner_rule")
        .when(pl.col("function").is_null())
        .then("function_rule")
        .when(is_waiting & pl.col("band").is_null())
        .then(pl.lit(UNKNOWN_START))
    )
    return (
        lines.select("pathway", "period", "part", reason=reason)
        .drop_nulls("reason")
        .cast(pl.Schema(dict(UNFILED)))
    )


def counts_of(lines: pl.DataFrame) -> pl.DataFrame:
    """How many lines there are of each cell, part and band."""
    return lines.group_by(*CELL, "part", "band").agg(n=pl.len().cast(pl.Int64))
