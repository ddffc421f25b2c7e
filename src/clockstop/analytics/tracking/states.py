"""Why each of many pathways is on the tracking list, and since when: tables in, a table out.

The same as ``service.tracking.projection.facts_on`` says of one pathway, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.clocks.encoding import reference
from clockstop.analytics.clocks.events_table import KEYS
from clockstop.analytics.clocks.tables import Derived
from clockstop.analytics.tracking.terms import OUTCOMES, SEEN, next_ruling
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.status_codes import Status

# What the hospital's system says that decides whether something is still awaited.
AWAITED: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "died_on": pl.Date(),
    "next_appointment": pl.Date(),
    "follow_up_due": pl.Date(),
    "pifu_expires": pl.Date(),
}
FACTS: Mapping[str, Any] = {
    "pathway": KEYS["pathway"],
    "state": pl.String(),
    "clock_start": pl.Date(),
    "decided_to_admit": pl.Date(),
    "start_unknown": pl.Boolean(),
    "in_returns": pl.Boolean(),
    "monitoring_since": pl.Date(),
    "monitoring_reviewed": pl.Date(),
    "planned_due": pl.Date(),
    "last_seen": pl.Date(),
    "outcome_missing_since": pl.Date(),
    "findings": pl.String(),
    "changes_on": pl.Date(),
}
_UNKNOWN = str(Status.NOT_YET_KNOWN)
_NUMBERS = 1 << 16


def states(events: pl.DataFrame, awaited: pl.DataFrame, *, day: date) -> pl.DataFrame:
    """A row of FACTS for each row of ``awaited`` (columns AWAITED), in its order, as of a day.

    ``events`` is a table of events (``clocks.events_table``); a pathway may have none. Raises
    EventsRefusedError for a table that is not one of events.
    """
    derived = derive_tables(events, as_of=day)
    counted = counting(events)
    happened = counted.filter(pl.col("day") <= day)
    parts = (
        _running(derived),
        derived.tests.filter(pl.col("end").is_null()).select("pathway", test=True).unique(),
        derived.standings.rename({"died": "has_died"}),
        happened.filter(pl.col("kind").is_in(SEEN))
        .group_by("pathway")
        .agg(last_seen=pl.col("day").max()),
        _missing(derived, happened),
        _findings(derived),
        counted.filter(pl.col("day") > day).group_by("pathway").agg(to_come=pl.col("day").min()),
    )
    table = awaited.select(list(AWAITED)).cast(pl.Schema(AWAITED))
    for part in parts:
        table = table.join(part, on="pathway", how="left", maintain_order="left")
    return _settled(table, day)


def counting(events: pl.DataFrame) -> pl.DataFrame:
    """Entries that no other supersedes and that are none that withdraw one."""
    table = events.select(
        "pathway", "number", "day", "status", pl.col("kind").cast(pl.String), "supersedes"
    )
    wrong = table.filter(pl.col("supersedes").is_not_null()).select(
        "pathway", number=reference("supersedes").cast(table.schema["number"], strict=False)
    )
    if len(wrong):
        table = table.join(wrong, on=("pathway", "number"), how="anti", maintain_order="left")
    return table.filter(pl.col("kind") != "entry_withdrawn")


def _running(derived: Derived) -> pl.DataFrame:
    last = derived.periods.group_by("pathway", maintain_order=True).last()
    runs = pl.col("ending").is_null()
    return last.select(
        "pathway",
        runs=runs,
        clock_start=pl.when(runs).then("start"),
        decided_to_admit=pl.when(runs).then("decided_to_admit"),
        start_unknown=runs & pl.col("start").is_null(),
        in_returns=~runs | pl.col("in_returns"),
        provisional_on=pl.when("provisional").then("end"),
    )


def _place() -> pl.Expr:
    """The place of an entry in the order in which the rules read it."""
    return pl.col("day").to_physical().cast(pl.Int64) * _NUMBERS + pl.col("number").cast(pl.Int64)


def _missing(derived: Derived, happened: pl.DataFrame) -> pl.DataFrame:
    outcome = pl.col("kind").is_in(OUTCOMES) & (pl.col("status") != _UNKNOWN)
    latest = happened.filter(outcome).group_by("pathway").agg(latest=_place().max())
    missing = derived.findings.filter(pl.col("problem") == str(Problem.STATUS_MISSING))
    after = _place() > pl.col("latest").fill_null(-(1 << 62))
    joined = missing.join(latest, on="pathway", how="left").filter(after)
    return joined.group_by("pathway").agg(missing_since=pl.col("day").min())


def _findings(derived: Derived) -> pl.DataFrame:
    problems = pl.col("problem").cast(pl.String).unique().sort()
    return derived.findings.group_by("pathway").agg(findings=problems.str.join(" "))


def _settled(table: pl.DataFrame, day: date) -> pl.DataFrame:
    died = pl.col("has_died").fill_null(value=False) | (pl.col("died_on") <= day)
    awaits = (
        pl.col("follow_up_due").is_not_null()
        | (pl.col("next_appointment") >= day)
        | (pl.col("pifu_expires") >= day)
    )
    state = (
        pl.when(died.fill_null(value=False))
        .then(pl.lit("closed"))
        .when("runs")
        .then(pl.lit("waiting"))
        .when("test")
        .then(pl.lit("test"))
        .when(pl.col("monitoring_since").is_not_null())
        .then(pl.lit("monitoring"))
        .when(pl.col("planned_due").is_not_null())
        .then(pl.lit("planned"))
        .when(awaits)
        .then(pl.lit("follow_up"))
        .otherwise(pl.lit("closed"))
    )
    missing = pl.min_horizontal("missing_since", "provisional_on")
    named = table.with_columns(
        state=state,
        start_unknown=pl.col("start_unknown").fill_null(value=False),
        in_returns=pl.col("in_returns").fill_null(value=True),
        findings=pl.col("findings").fill_null(""),
        outcome_missing_since=missing,
    )
    return named.with_columns(changes_on=_changes(day)).select(list(FACTS)).cast(pl.Schema(FACTS))


def _changes(day: date) -> pl.Expr:
    policy = DEFAULT.on(day)
    days = pl.duration(days=1)
    opens = pl.max_horizontal(
        pl.col("planned_due") + pl.duration(days=policy.planned_grace),
        pl.when(pl.col("planned_due").is_not_null()).then(pl.lit(day)),
    )
    review = pl.col("monitoring_reviewed") + pl.duration(days=policy.monitoring_review)
    follows = pl.col("state") == "follow_up"
    until = [
        opens,
        pl.when(review >= day).then(review),
        *(
            pl.when(follows & (pl.col(name) >= day)).then(name)
            for name in ("next_appointment", "pifu_expires")
        ),
    ]
    return pl.min_horizontal(
        "to_come", pl.lit(next_ruling(day), pl.Date), *(each + days for each in until)
    )
