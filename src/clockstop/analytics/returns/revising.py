"""Which returns of earlier months counted otherwise than they should: ``core.rtt.return_parts``.

What is found late changes the month in which it was so (§10.1.5). Few pathways can differ: those
with an entry that was known later than it happened, or that reaches back. They alone are derived
again, month by month, from what was known at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.clocks.policies import in_stretches
from clockstop.analytics.returns.entries import known_on, referring
from clockstop.analytics.returns.lines import lines_of
from clockstop.analytics.returns.parts import parts_on
from clockstop.analytics.returns.tables import CELL, REVISIONS, TO_REVISE
from clockstop.core.rtt.policy import DnaStop, Policy
from clockstop.core.types import Month

_NEVER = date(2099, 12, 31)
_SAYS_NOTHING = "team_changed"


@dataclass(frozen=True)
class Candidates:
    """The pathways of a part that an earlier month may have seen otherwise.

    ``spans`` has from when (``since``) to when (``known``); ``events`` and ``periods`` are theirs.
    """

    spans: pl.DataFrame
    events: pl.DataFrame
    periods: pl.DataFrame


def candidates(
    periods: pl.DataFrame, events: pl.DataFrame, census: date, *, policy: Policy
) -> Candidates:
    """The candidates of a part; ``periods`` are those of ``events``, as of after the census."""
    spans = _spans(events, policy, census)
    return Candidates(spans, _of(spans, events), _of(spans, periods))


def to_revise(
    parts: Sequence[Candidates], census: date, *, policy: Policy, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The months to revise, by pathway and by cell (``Return.revisions`` and ``to_revise``)."""
    revisions = [pl.DataFrame(schema=dict(REVISIONS))]
    cells = [pl.DataFrame(schema=dict(TO_REVISE))]
    spans = pl.concat(each.spans for each in parts)
    events = pl.concat(each.events for each in parts)
    periods = pl.concat(each.periods for each in parts)
    for month in _months(spans, census):
        few = spans.filter(pl.col("since") <= month.census, pl.col("known") > month.census)
        entries, now = _of(few, events), _of(few, periods)
        then = _as_known(entries, month.census, policy)
        differing = _differing(then, now, month)
        if not differing.is_empty():
            revisions.append(differing)
            cells.append(_by_cell(differing, then, now, entries, month, policy, as_of))
    return pl.concat(revisions), _added_up(pl.concat(cells))


def _added_up(cells: pl.DataFrame) -> pl.DataFrame:
    wrong = cells.filter(pl.col("counted") != pl.col("should"))
    return wrong.sort("month", *CELL, "part")


def _of(keys: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """The rows of some pathways, in their order."""
    return table.join(keys, on="pathway", how="semi", maintain_order="left")


def _months(spans: pl.DataFrame, census: date) -> Iterator[Month]:
    """The months before that of the census at whose end something was not known yet."""
    if spans.is_empty():
        return
    first: date = spans["since"].min()  # type: ignore[assignment]
    month = Month(first.year, first.month)
    while month.census < census.replace(day=1):
        yield month
        month = month.plus(1)


def _spans(events: pl.DataFrame, policy: Policy, census: date) -> pl.DataFrame:
    """The days from which (``since``) to which (``known``) a pathway may have looked otherwise.

    Only where a month ended meanwhile, before that of the census.
    """
    known = known_on().alias("known")
    late = events.filter(pl.col("recorded") > pl.col("day")).select("pathway", known, since="day")
    referred = referring(
        events.filter(pl.col("kind").is_in(["admission_outcome", "cancellation"])), "admission"
    ).select("pathway", known, number="of")
    reaching = referred.join(
        events.select("pathway", "number", since="day"), on=["pathway", "number"]
    ).select("pathway", "known", "since")
    back = events.filter(pl.col("supersedes").is_not_null() | _may_reach_back(policy))
    begun = events.join(back.select("pathway").unique(), on="pathway", how="semi")
    firsts = begun.group_by("pathway").agg(since=pl.col("day").min())
    whole = back.select("pathway", known).join(firsts, on="pathway")
    ended = pl.col("since").dt.month_end()
    every = pl.concat([late, reaching, whole.select(late.columns)])
    return every.filter(ended < pl.col("known"), ended < census.replace(day=1))


def _may_reach_back(policy: Policy) -> pl.Expr:
    """Kinds that a provider's own choices let change an earlier month."""
    missed = list(DnaStop).index(DnaStop.MISSED_APPOINTMENT) + 1
    stops_earlier = missed in in_stretches(policy)["dna_discharge_stop"]
    kinds = ["discharged_to_gp", "decision_communicated"] if stops_earlier else []
    return pl.col("kind").is_in(kinds)


def _as_known(entries: pl.DataFrame, census: date, policy: Policy) -> pl.DataFrame:
    """The periods as they were known at a census, when care that was due on it is overdue.

    What was not known then keeps its place and its number, and says nothing.
    """
    silent = known_on() > census
    known = entries.with_columns(
        kind=pl.when(silent).then(pl.lit(_SAYS_NOTHING, entries["kind"].dtype)).otherwise("kind"),
        day=pl.when(silent).then(pl.lit(_NEVER)).otherwise("day"),
        supersedes=pl.when(~silent).then("supersedes"),
        status=pl.when(~silent).then("status"),
    )
    return derive_tables(known, policy=policy, as_of=census + timedelta(days=1)).periods


def _differing(then: pl.DataFrame, now: pl.DataFrame, month: Month) -> pl.DataFrame:
    counted, should = (
        parts_on(periods, month.census).group_by("pathway").agg(pl.col("part").alias(name))
        for name, periods in (("counted", then), ("should", now))
    )
    both = counted.join(should, on="pathway", how="full", coalesce=True).with_columns(
        pl.col("counted", "should").fill_null([]), month=pl.lit(str(month))
    )
    return (
        both.filter(pl.col("counted") != pl.col("should")).select(list(REVISIONS)).sort("pathway")
    )


def _by_cell(
    differing: pl.DataFrame,
    then: pl.DataFrame,
    now: pl.DataFrame,
    entries: pl.DataFrame,
    month: Month,
    policy: Policy,
    as_of: date,
) -> pl.DataFrame:
    """The same added up: of each cell and part, how many were counted and how many should be."""
    entries = _of(differing, entries)
    known = entries.filter(known_on() <= month.census)
    sides = {
        "counted": (then, known, month.census + timedelta(days=1)),
        "should": (now, entries, as_of),
    }
    tables = []
    for name, (periods, of, day) in sides.items():
        mine = _of(differing, periods)
        lines, _ = lines_of(mine, of, month.census, policy=policy, as_of=day)
        tables.append(lines.select(*CELL, "part", side=pl.lit(name)))
    return (
        pl.concat(tables)
        .group_by(*CELL, "part")
        .agg(
            counted=(pl.col("side") == "counted").sum().cast(pl.Int64),
            should=(pl.col("side") == "should").sum().cast(pl.Int64),
        )
        .with_columns(month=pl.lit(str(month)))
        .select(list(TO_REVISE))
    )
