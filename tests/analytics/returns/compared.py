"""The return of a whole list against the rules for one pathway, row by row."""

import json
from datetime import timedelta

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.returns.by_hand import (
    left_out_by_hand,
    lines_by_hand,
    revisions_by_hand,
)
from clockstop.analytics.returns.lines import counts_of, unfiled
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.reading import written


def by_hand(events, month, policy=DEFAULT):
    """The tables of a return, all of them by ``core.rtt.reporting.reported``."""
    census = month.census
    asked = {"policy": policy, "as_of": max(census + timedelta(days=1), events["day"].max())}
    lines = lines_by_hand(events, census, **asked)
    revisions, cells = revisions_by_hand(events, census, **asked)
    return {
        "counts": counts_of(lines),
        "left_out": left_out_by_hand(events, census, **asked),
        "unfiled": unfiled(lines),
        "revisions": revisions,
        "to_revise": cells,
    }


def assert_same(events, month, *, policy=DEFAULT, rows=1_000_000):
    pathways = events.select("pathway").unique()
    found = monthly_return(pathways, events, month, policy=policy, rows=rows)
    for name, expected in by_hand(events, month, policy).items():
        ours = getattr(found, name)
        assert ours.schema == expected.schema, name
        assert _sorted(ours) == _sorted(expected), name
    return found


def _sorted(table):
    return sorted(table.rows(), key=repr)


def assert_same_of_each(drawn, month, *, policy=DEFAULT, rows=1_000_000):
    """Each list of events is a pathway; a difference is shown as the pathway that has it."""
    table = events_table.table(enumerate(drawn))
    try:
        return assert_same(table, month, policy=policy, rows=rows)
    except AssertionError as error:
        key = next(key for key in range(len(drawn)) if _differs(table, key, month, policy))
        shown = [written(event) for event in drawn[key]]
        text = json.dumps({"month": str(month), "events": shown}, default=str, indent=1)
        raise AssertionError(f"{text}\n{error}") from error


def _differs(table, key, month, policy):
    try:
        assert_same(table.filter(pl.col("pathway") == key), month, policy=policy)
    except AssertionError:
        return True
    return False
