"""Several providers' weekly tables held against each other and against the week before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from clockstop.analytics.reconcile import listed, lost, moved
from clockstop.analytics.reconcile.cases import CASES, Kind
from clockstop.analytics.reconcile.columns import FINDING, KEY
from clockstop.analytics.reconcile.rows import clock_rows, open_rows, transfer_rows
from clockstop.analytics.reconcile.week import Week

_WEEK = 7  # days
_ORDER = ("kind", "weeks", "person", "issuer", "identifier", "function", "case")


@dataclass(frozen=True)
class Reconciled:
    """What was found in a week; columns of ``findings`` as in ``columns.FINDING``.

    ``reported`` are the providers whose tables of the week are in. ``silent`` are those with a list
    the week before and none this week: their patients are not known to be anywhere, and no finding
    is made of that. ``unnamed`` counts rows that can't be followed, with neither pathway identifier
    nor pseudonym.
    """

    week_ending: date
    list: pl.DataFrame
    findings: pl.DataFrame
    reported: tuple[str, ...]
    silent: tuple[str, ...]
    unnamed: int

    def by_provider(self) -> pl.DataFrame:
        """``provider``, ``open`` pathways, and a count of findings for each kind.

        A finding counts once at each provider that it names; the silent have no count of pathways.
        """
        size = self.list.group_by("provider").len("open")
        found = self.findings.select("kind", provider="providers").explode("provider")
        counted = found.group_by("provider").agg(
            (pl.col("kind") == kind.value).sum().alias(kind.value) for kind in Kind
        )
        named = [*self.reported, *self.silent, *counted["provider"].to_list()]
        every = pl.DataFrame({"provider": sorted(set(named))}, schema={"provider": pl.String()})
        joined = every.join(size, on="provider", how="left").join(
            counted, on="provider", how="left"
        )
        is_in = pl.col("provider").is_in(self.reported)
        return joined.with_columns(
            pl.when(is_in).then(pl.col("open").fill_null(0)),
            *(pl.col(kind.value).fill_null(0) for kind in Kind),
        ).sort("provider")


def reconcile(
    open_now: pl.DataFrame,
    open_before: pl.DataFrame,
    starts: pl.DataFrame,
    stops: pl.DataFrame,
    *,
    week_ending: date,
    reported: Collection[str] | None = None,
    transfers: pl.DataFrame | None = None,
    earlier: pl.DataFrame | None = None,
) -> Reconciled:
    """What the lists of a week say of the same patients, and what does not agree.

    Tables are those of the weekly data set (``columns.READ``), of all providers together; people
    are pseudonyms of one key. ``reported`` are the providers that sent this week's tables, by
    default those with a row in one: a missing week is not an empty list. ``transfers`` are those
    that senders recorded (``columns.TRANSFER``), ``earlier`` last week's findings, of which lost
    patients stay until somebody has them. Raises NotWeeklyTableError. The findings follow §11 of
    the recording guidance (a transfer keeps its clock start and is listed by one provider); what
    counts as one is this product's own rule, and each names a person's work, not a verdict.
    """
    now, before = open_rows(open_now, "open pathways"), open_rows(open_before, "the week before")
    began, ended = clock_rows(starts, "clock starts"), clock_rows(stops, "clock stops")
    seen = (now, began, ended)
    known = set(reported or ()) | {name for rows in seen for name in rows["provider"].to_list()}
    week = Week(
        now=now,
        before=before,
        began=began,
        ended=ended,
        sent=transfer_rows(transfers),
        known=frozenset(known),
    )
    found = (*listed.findings(week), *moved.findings(week), *lost.findings(week))
    fresh = pl.concat(found).with_columns(since=pl.lit(week_ending))
    whole = pl.concat([fresh, lost.still_lost(week, earlier, fresh)])
    return Reconciled(
        week_ending=week_ending,
        list=now,
        findings=_dressed(whole, week_ending),
        reported=tuple(sorted(known)),
        silent=tuple(sorted(set(before["provider"].to_list()) - known)),
        unnamed=now.filter(pl.col("person").is_null(), pl.col(KEY[1]).is_null()).height,
    )


def _dressed(found: pl.DataFrame, week_ending: date) -> pl.DataFrame:
    """The findings with their kind and weeks, in order: the longest waits of each kind first."""
    kinds = {name: case.kind.value for name, case in CASES.items()}
    days = (pl.lit(week_ending) - pl.col("starts").list.min()).dt.total_days()
    whole = found.with_columns(
        kind=pl.col("case").replace_strict(kinds, return_dtype=pl.String()),
        weeks=(days // _WEEK).cast(pl.Int32()),
    )
    down = [name == "weeks" for name in _ORDER]
    return whole.select(pl.col(name).cast(each) for name, each in FINDING.items()).sort(
        _ORDER, descending=down, nulls_last=True
    )
