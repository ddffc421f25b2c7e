"""What the events of many pathways say of their periods beside the clock, up to a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.core.rtt.events import CommissionerRecorded, NhsEngland

_ENTRY = pl.UInt16()
_WHO_PAYS = ("nhs_england", "hub", "outside_england", "practice", "residence", "host")
_RECORDED = ("commissioner_recorded", "commissioner_changed")
_CARE = ("attendance", "admission", "treatment_started")
_GOING_ON = ("10", "11", "12", "20")  # statuses of a clock that runs


def counting(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """The entries that count up to a day, by pathway and day: none that another one supersedes.

    As ``core.rtt.corrections.settle`` says; an entry that withdraws another does nothing else.
    """
    wrong = events.filter(pl.col("supersedes").is_not_null()).select(
        "pathway", number=entry_of("supersedes")
    )
    kept = events.join(wrong, on=["pathway", "number"], how="anti")
    is_entry = pl.col("kind").cast(pl.String) != "entry_withdrawn"
    return kept.filter(is_entry, pl.col("day") <= day).sort("pathway", "day", "number")


def entry_of(name: str) -> pl.Expr:
    """The number of the entry that a column names; null where it names none."""
    return pl.col(name).str.strip_prefix("e").cast(_ENTRY, strict=False)


def of_kind(entries: pl.DataFrame, kinds: Iterable[str]) -> pl.DataFrame:
    """The entries of some kinds."""
    return entries.filter(pl.col("kind").cast(pl.String).is_in(list(kinds)))


def functions(periods: pl.DataFrame, entries: pl.DataFrame, day: date) -> pl.DataFrame:
    """The treatment function of each period on a day, by ``pathway`` and ``period``.

    That of the activity that stopped the clock (for the outcome of an admission, of that
    admission); else the latest one up to the stop, or the day. As
    ``core.rtt.reported_functions`` says (§10.1.4).
    """
    keys = ["pathway", "period"]
    known = entries.select("pathway", "number", "treatment_function", entry_of("admission"))
    stopped = periods.filter(pl.col("end") <= day).select(*keys, "closed_by")
    closing = stopped.join(
        known.rename({"treatment_function": "own"}),
        left_on=["pathway", "closed_by"],
        right_on=["pathway", "number"],
    ).join(
        known.select("pathway", admission="number", admitted="treatment_function"),
        on=["pathway", "admission"],
        how="left",
    )
    of_stop = closing.select(*keys, stopping=pl.coalesce("admitted", "own"))
    named = entries.filter(pl.col("treatment_function").is_not_null())
    last = pl.min_horizontal(pl.coalesce("end", pl.lit(day)), pl.lit(day))
    latest = (
        periods.select(*keys, last=last)
        .join(named.select("pathway", "day", "treatment_function"), on="pathway")
        .filter(pl.col("day") <= pl.col("last"))
        .group_by(keys, maintain_order=True)
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
        .agg(pl.col(name).last() for name in _WHO_PAYS)
    )
    kinds = latest.select(_WHO_PAYS).unique()
    codes = [_weekly_code(row, day) for row in kinds.iter_rows(named=True)]
    named = kinds.with_columns(pl.Series("commissioner_code", codes, dtype=pl.String))
    found = latest.join(named, on=_WHO_PAYS, nulls_equal=True)
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
    name = pl.col("kind").cast(pl.String)
    within = periods.select("pathway", "period", "opened_on", "end").join(
        entries.select("pathway", "day", "status", name), on="pathway"
    )
    within = within.filter(
        pl.col("day") >= pl.col("opened_on"),
        pl.col("end").is_null() | (pl.col("day") <= pl.col("end")),
    )
    return within.group_by("pathway", "period", maintain_order=True).agg(
        attended=_day("attendance").max(),
        not_attended=_day("did_not_attend").max(),
        cancelled=_day("cancellation").max(),
        decided_to_treat=_day("decision_to_treat").max(),
        first_activity=_day(*_CARE).min(),
        status=pl.col("status").filter(pl.col("status").is_in(_GOING_ON)).last(),
    )


def _day(*kinds: str) -> pl.Expr:
    return pl.col("day").filter(pl.col("kind").is_in(kinds))


def slot_issues(entries: pl.DataFrame) -> pl.DataFrame:
    """Referrals that wait for a slot or an assessment: ``pathway``, ``list_kind``, ``listed_date``.

    They are the last thing that happened on their pathway. Which of the two kinds of assessment
    service it is, no entry says: we call it CAS.
    """
    name = pl.col("kind").cast(pl.String)
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
