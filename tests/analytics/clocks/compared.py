"""The kernel against the readable engine, on any pathways; a difference is shown as a pathway."""

import json

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.clocks.by_hand import derive_by_hand
from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.reading import written

TABLES = ("periods", "findings", "tests", "standings")


def assert_same(drawn, *, policy=DEFAULT, as_of=None, rows=1_000_000):
    """Each list of events is a pathway; complete rows, in the same order."""
    table = events_table.table(enumerate(drawn))
    found = derive_tables(table, policy=policy, as_of=as_of, rows=rows)
    expected = derive_by_hand(table, policy=policy, as_of=as_of)
    for name in TABLES:
        ours, theirs = getattr(found, name), getattr(expected, name)
        if not ours.equals(theirs):
            raise AssertionError(_difference(name, ours, theirs, drawn, policy, as_of))
    assert (found.pathways, found.events) == (expected.pathways, expected.events)
    return found


def _difference(name, ours, theirs, drawn, policy, as_of):
    assert ours.schema == theirs.schema
    key = next(
        key
        for key in range(len(drawn))
        if not ours.filter(pathway=key).equals(theirs.filter(pathway=key))
    )
    given = {
        "events": [written(event) for event in drawn[key]],
        "policy": dict(policy.own),
        "as_of": as_of,
    }
    with pl.Config(tbl_cols=-1, tbl_width_chars=200):
        tables = f"kernel {ours.filter(pathway=key)}\ncore {theirs.filter(pathway=key)}"
    return f"{name} differ for\n{json.dumps(given, default=str, indent=1)}\n{tables}"
