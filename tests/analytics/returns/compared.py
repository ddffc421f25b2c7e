"""The return of a whole list against the rules for one pathway, row by row."""

import json

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.oracle import return_by_hand
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.reading import written

TABLES = ("counts", "left_out", "unfiled", "revisions", "to_revise")


def assert_same(events, month, *, policy=DEFAULT, rows=1_000_000):
    pathways = events.select("pathway").unique()
    found = monthly_return(pathways, events, month, policy=policy, rows=rows)
    expected = return_by_hand(pathways, events, month, policy=policy)
    for name in TABLES:
        ours, theirs = getattr(found, name), getattr(expected, name)
        assert ours.schema == theirs.schema, name
        assert _sorted(ours) == _sorted(theirs), name
    assert (found.pathways, found.silent) == (expected.pathways, expected.silent)
    return found


def _sorted(table):
    return sorted(table.rows(), key=repr)


def assert_same_of_each(drawn, month, *, policy=DEFAULT, rows=1_000_000):
    """Each list of events is a pathway; a difference is shown as the pathway that has it."""
    table = events_table.table(enumerate(drawn))
    try:
        return assert_same(table, month, policy=policy, rows=rows)
    except AssertionError as error:
        key = next((key for key in range(len(drawn)) if _differs(table, key, month, policy)), 0)
        shown = [written(event) for event in drawn[key]]
        text = json.dumps({"month": str(month), "events": shown}, default=str, indent=1)
        raise AssertionError(f"{text}\n{error}") from error


def _differs(table, key, month, policy):
    try:
        assert_same(table.filter(pl.col("pathway") == key), month, policy=policy)
    except AssertionError:
        return True
    return False
