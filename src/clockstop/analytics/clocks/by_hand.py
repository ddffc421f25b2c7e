"""The readable engine over a table: the truth, one pathway after another; for few, and tests."""

from __future__ import annotations

from datetime import date

import polars as pl

from clockstop.analytics.clocks.events_table import pathways
from clockstop.analytics.clocks.tables import FINDINGS, PERIODS, STANDINGS, TESTS, Derived, rows_of
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.policy import DEFAULT, Policy


def derive_by_hand(
    events: pl.DataFrame, *, policy: Policy = DEFAULT, as_of: date | None = None
) -> Derived:
    """What ``core.rtt.clock.derive`` says of each pathway, as tables.

    Raises ValueError for a row that is no event.
    """
    rows: dict[str, list[dict[str, object]]] = {
        "periods": [],
        "findings": [],
        "tests": [],
        "standings": [],
    }
    count = 0
    for key, entries in pathways(events):
        count += 1
        for name, found in rows_of(key, derive(entries, policy=policy, as_of=as_of)).items():
            rows[name].extend(found)
    return Derived(
        periods=pl.DataFrame(rows["periods"], schema=dict(PERIODS)),
        findings=pl.DataFrame(rows["findings"], schema=dict(FINDINGS)),
        tests=pl.DataFrame(rows["tests"], schema=dict(TESTS)),
        standings=pl.DataFrame(rows["standings"], schema=dict(STANDINGS)),
        pathways=count,
        events=len(events),
        by_hand=count,
    )
