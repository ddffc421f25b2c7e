"""The whole return by the rules for one pathway after another: the readable truth, and slow."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clockstop.analytics.returns.by_hand import left_out_by_hand, lines_by_hand, revisions_by_hand
from clockstop.analytics.returns.lines import counts_of, unfiled
from clockstop.analytics.returns.tables import Return
from clockstop.core.rtt.policy import DEFAULT, Policy
from clockstop.core.types import Month


def return_by_hand(
    pathways: pl.DataFrame, events: pl.DataFrame, month: Month, *, policy: Policy = DEFAULT
) -> Return:
    """What ``monthly_return`` says, by ``core.rtt.reporting.reported``; rows in any order."""
    census = month.census
    after = census + timedelta(days=1)
    as_of = max(after, events.select(pl.col("day").max()).item() or after)
    lines = lines_by_hand(events, census, policy=policy, as_of=as_of)
    revisions, cells = revisions_by_hand(events, census, policy=policy, as_of=as_of)
    read = events["pathway"].n_unique()
    return Return(
        month=month,
        counts=counts_of(lines),
        left_out=left_out_by_hand(events, census, policy=policy, as_of=as_of),
        revisions=revisions,
        to_revise=cells,
        unfiled=unfiled(lines),
        pathways=len(pathways),
        silent=len(pathways) - read,
        by_hand=read,
    )
