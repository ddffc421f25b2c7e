"""The text of events made in columns is that of the slow way, byte by byte."""

import json
from dataclasses import replace

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.clocks.test_events_table import as_entered
from tests.core.rtt.drawn import any_events

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records.event_text import events_of, texts
from clockstop.core.rtt.reading import written

ODD = st.text(min_size=1, max_size=6) | st.sampled_from(
    ['"', "\\", '\\"', "\n\t\x00\x1f\x7f", "é€😀"]
)


def canonical(values):
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@settings(max_examples=60)
@given(st.lists(any_events(corrected=True), max_size=4), st.none() | ODD)
def test_as_the_slow_way_and_back(drawn, provider):
    named = [(key, as_entered(events)) for key, events in enumerate(drawn) if events]
    odd = [(key, tuple(replace(e, provider=provider) for e in events)) for key, events in named]
    table = events_table.table(odd)
    found = texts(table)
    assert found.to_list() == [canonical(written(e)) for _, events in odd for e in events]
    kept = table.select("pathway", "number", values=found)
    if len(kept):
        assert list(events_table.pathways(events_of(kept))) == odd


def test_a_column_that_the_kind_does_not_have_is_left_out():
    row = {"pathway": 1, "number": 1, "kind": "death", "ubrn": "7"}
    table = pl.DataFrame([row], schema=dict(events_table.columns()))
    table = table.with_columns(day=pl.date(2025, 1, 6))
    assert texts(table).to_list() == ['{"day":"2025-01-06","id":"e1","kind":"death"}']
