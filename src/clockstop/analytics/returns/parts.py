"""In which parts periods count, and which are left out: ``core.rtt.return_parts`` over a table."""

from __future__ import annotations

from datetime import date

import polars as pl

from clockstop.analytics.returns.entries import known_on
from clockstop.analytics.returns.tables import LEFT_OUT, PART
from clockstop.core import rulebook
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.week_bands import open_band
from clockstop.core.types import Month, Part

_WEEK = 7
_STOPS = (Part.ADMITTED, Part.NONADMITTED)


def parts_on(periods: pl.DataFrame, census: date) -> pl.DataFrame:
    """A row for each period and part that counts it, in their order, with ``band``."""
    is_counted = _counted(census)
    tables = [
        periods.filter(is_counted[part]).with_columns(part=pl.lit(str(part), PART)) for part in Part
    ]
    order = [Part.INCOMPLETE, Part.INCOMPLETE_DTA, *_STOPS, Part.NEW_PERIODS]
    rank = pl.col("part").cast(pl.String).replace_strict({str(p): at for at, p in enumerate(order)})
    band = pl.when(pl.col("part") != str(Part.NEW_PERIODS)).then(_band(census))
    return (
        pl.concat(tables)
        .with_columns(band=band.cast(pl.Int16), rank=rank)
        .sort("pathway", "number", "rank")
        .drop("rank")
    )


def _counted(census: date) -> dict[Part, pl.Expr]:
    """For each part, whether it counts a period for the month up to the census."""
    is_here = pl.col("in_returns") & (pl.col("opened_on") <= census)
    has_begun = pl.coalesce("start", "opened_on") <= census
    waits = has_begun & ~_ended(census)
    stops = ~waits & pl.col("ending").is_not_null() & in_month("end", census)
    is_new = (pl.col("start_rule") != "start-transferred") & ~(_nullified() & _ended(census))
    found = {
        Part.INCOMPLETE: waits,
        Part.INCOMPLETE_DTA: waits & (pl.col("decided_to_admit") <= census),
        **{part: stops & _ends_in(part) for part in _STOPS},
        Part.NEW_PERIODS: is_new & in_month("start", census),
    }
    if "rtt_parts_2a_and_3" not in rulebook.on(census):
        found[Part.INCOMPLETE_DTA] = found[Part.NEW_PERIODS] = pl.lit(value=False)
    return {part: (is_here & expr).fill_null(value=False) for part, expr in found.items()}


def _ended(census: date) -> pl.Expr:
    return (pl.col("end") <= census).fill_null(value=False)


def _nullified() -> pl.Expr:
    return (pl.col("ending") == Ending.NULLIFIED.value).fill_null(value=False)


def _ends_in(part: Part) -> pl.Expr:
    return pl.col("ending").is_in([each.value for each in Ending if each.part is part])


def in_month(day: str, census: date) -> pl.Expr:
    """Whether a day lies in the month up to its census; never where there is none."""
    return pl.col(day).is_between(census.replace(day=1), census).fill_null(value=False)


def _band(census: date) -> pl.Expr:
    """The week band at the census or the stop; null where the start is unknown, or after it."""
    last = pl.min_horizontal("end", pl.lit(census))
    days = (last - pl.col("start")).dt.total_days()
    widest = open_band(str(Month(census.year, census.month)))
    band = ((days - 1).clip(0) // _WEEK).clip(upper_bound=widest)
    return pl.when(pl.col("start") <= census).then(band)


def left_out(periods: pl.DataFrame, events: pl.DataFrame, census: date) -> pl.DataFrame:
    """The periods that are in no part, each with the rule that says why, as far as one asks."""
    closing = events.select("pathway", closed_by="number", known=known_on())
    with_closing = periods.join(
        closing, on=["pathway", "closed_by"], how="left", maintain_order="left"
    )
    is_now = in_month("end", census)
    ended = _ended(census)
    found = (
        pl.when(pl.col("opened_on") > census)
        .then(None)
        .when(~pl.col("in_returns"))
        .then(pl.when(~ended | is_now).then(pl.lit("report-community")))
        .when(~ended)
        .then(None)
        .when(_nullified())
        .then(pl.when(is_now).then(pl.lit("report-nullified")))
        .when(in_month("known", census) & ~is_now)
        .then(pl.lit("report-stopped-earlier"))
    )
    return (
        with_closing.select("pathway", pl.col("number").alias("period"), rule=found)
        .drop_nulls("rule")
        .cast(pl.Schema(dict(LEFT_OUT)))
    )
