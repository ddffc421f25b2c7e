"""What the events of many pathways say of their periods beside the clock, up to a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from clockstop.analytics.returns.entries import GROUNDS, referring
from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.core.rtt.events import CommissionerRecorded, NhsEngland

_ASKED = (
    *("pathway", "number", "kind", "day", "provider", "status", "treatment_function"),
    *("admission", "service", "due", *GROUNDS),
)
_RECORDED = ("commissioner_recorded", "commissioner_changed")
_CARE = ("attendance", "admission", "treatment_started")
_GOING_ON = ("10", "11", "12", "20")  # statuses of a clock that runs


def counting(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """The entries that count up to a day, by pathway and day: none that another one supersedes.

    As ``core.rtt.corrections.settle`` says; an entry that withdraws another does nothing else. Only
    the columns that the tables ask for.
    """
    wrong = referring(events, "supersedes").select("pathway", number="of")
    is_one = (pl.col("day") <= day) & (pl.col("kind") != "entry_withdrawn")
    asked = events.lazy().filter(is_one).select(_ASKED).collect()
    kept = asked.join(wrong, on=["pathway", "number"], how="anti", maintain_order="left")
    return kept.sort("pathway", "day", "number")


def of_kind(entries: pl.DataFrame, kinds: Iterable[str]) -> pl.DataFrame:
    """The entries of some kinds."""
    return entries.filter(pl.col("kind").is_in(list(kinds)))


def functions(periods: pl.DataFrame, entries: pl.DataFrame, day: date) -> pl.DataFrame:
    """The treatment function of each period on a day, by ``pathway`` and ``period``.

    That of the activity that stopped the clock (for the outcome of an admission, of that
    admission); else the latest one up to the stop, or the day. As
    ``core.rtt.reported_functions`` says (§10.1.4).
    """
    keys = ["pathway", "period"]
    named = entries.filter(pl.col("treatment_function").fill_null("") != "").select(
        "pathway", "number", "day", "treatment_function"
    )
    closing = periods.filter(pl.col("end") <= day).select(*keys, number="closed_by")
    outcomes = referring(of_kind(entries, ["admission_outcome"]), "admission")
    admitting = closing.join(outcomes.select("pathway", "number", "of"), on=["pathway", "number"])
    either = pl.concat([closing, admitting.select(*keys, number="of")])
    of_stop = (
        either.join(named, on=["pathway", "number"])
        .sort("day", "number")
        .group_by(keys)
        .agg(stopping=pl.col("treatment_function").first())
    )
    last = pl.min_horizontal("end", pl.lit(day))
    latest = (
        periods.select(*keys, last=last)
        .join(named, on="pathway")
        .filter(pl.col("day") <= pl.col("last"))
        .sort("day", "number")
        .group_by(keys)
        .agg(pl.col("treatment_function").last())
    )
    both = latest.join(of_stop, on=keys, how="full", coalesce=True)
    return both.select(*keys, function=pl.coalesce("stopping", "treatment_function"))


def commissioners(entries: pl.DataFrame, day: date) -> pl.DataFrame:
    """The commissioner of each ``pathway`` in the weekly data set, where the entries say.

    By ``core.rtt.commissioners`` (§10.1.8 to §10.1.10): those outside England by their own code.
    """
    latest = (
        of_kind(entries, _RECORDED)
        .group_by("pathway", maintain_order=True)
        .agg(pl.col(name).last() for name in GROUNDS)
    )
    kinds = latest.select(GROUNDS).unique()
    codes = [_weekly_code(row, day) for row in kinds.iter_rows(named=True)]
    named = kinds.with_columns(pl.Series("commissioner_code", codes, dtype=pl.String))
    found = latest.join(named, on=GROUNDS, nulls_equal=True)
    return found.select("pathway", "commissioner_code")


def _weekly_code(row: dict[str, str | None], day: date) -> str | None:
    entry = CommissionerRecorded(
        id="e1",
        day=day,
        nhs_england=NhsEngland(row["nhs_england"]) if row["nhs_england"] else None,
        hub=row["hub"],
        outside_england=row["outside_england"],
        practice=row["practice"],
        residence=row["residence"],
        host=row["host"],
    )
    return commissioner_on([entry], day).weekly_code


def care(periods: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Days of care within each period, by ``pathway`` and ``period``, and the last status.

    ``period`` starts with the entry that opened it. A status that ends a clock is no status of one
    that runs, and left out.
    """
    within = periods.select("pathway", "period", "opened_on", "end").join(
        entries.select("pathway", "number", "day", "status", "kind"), on="pathway"
    )
    within = within.filter(
        pl.col("day") >= pl.col("opened_on"),
        pl.col("end").is_null() | (pl.col("day") <= pl.col("end")),
    )
    return (
        within.sort("day", "number")
        .group_by("pathway", "period")
        .agg(
            attended=_day("attendance").max(),
            not_attended=_day("did_not_attend").max(),
            cancelled=_day("cancellation").max(),
            decided_to_treat=_day("decision_to_treat").max(),
            first_activity=_day(*_CARE).min(),
            status=pl.col("status").filter(pl.col("status").is_in(_GOING_ON)).last(),
        )
    )


def _day(*kinds: str) -> pl.Expr:
    return pl.col("day").filter(pl.col("kind").is_in(kinds))


def slot_issues(entries: pl.DataFrame) -> pl.DataFrame:
    """Referrals that wait for a slot or an assessment: ``pathway``, ``list_kind``, ``listed_date``.

    They are the last thing that happened on their pathway. Which of the two kinds of assessment
    service it is, no entry says: we call it CAS.
    """
    name = pl.col("kind")
    is_assessed = (name == "referral_received") & (pl.col("service") == "assessment")
    kind = (
        pl.when(name == "slot_issue_listed")
        .then(pl.lit("ASI"))
        .when(is_assessed)
        .then(pl.lit("CAS"))
    )
    latest = (
        entries.filter(~name.is_in(_RECORDED))
        .select("pathway", kind.alias("list_kind"), listed_date="day")
        .group_by("pathway", maintain_order=True)
        .last()
    )
    return latest.filter(pl.col("list_kind").is_not_null())


def first_referrals(entries: pl.DataFrame) -> pl.DataFrame:
    """The day on which anybody first received the referral of each ``pathway``."""
    found = of_kind(entries, ["referral_received"])
    return found.group_by("pathway").agg(first_received=pl.col("day").min())
