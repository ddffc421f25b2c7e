from dataclasses import fields, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.rtt.drawn import any_events

from clockstop.analytics.clocks import events_table


def as_entered(events):
    """The events under the names that the table gives them, and no other."""
    names = {event.id: f"e{number}" for number, event in enumerate(events, start=1)}
    return tuple(
        replace(event, **{"id": f"e{number}"} | _references(event, names))
        for number, event in enumerate(events, start=1)
    )


def _references(event, names):
    held = {field.name: getattr(event, field.name) for field in fields(event)}
    return {
        name: names[value]
        for name, value in held.items()
        if isinstance(value, str) and value in names and name != "id"
    }


@given(st.lists(any_events(corrected=True), max_size=4))
def test_pathways_come_out_of_the_table_as_they_went_in(drawn):
    given_ = [(key, as_entered(events)) for key, events in enumerate(drawn) if events]
    table = events_table.table(given_)
    assert dict(table.schema) == dict(events_table.columns())
    assert list(events_table.pathways(table)) == given_


def test_a_row_that_is_no_event_is_refused_by_its_place():
    row = {"pathway": 7, "number": 3, "kind": "referral_received"}
    broken = pl.DataFrame([row], schema=dict(events_table.columns()))
    with pytest.raises(ValueError, match=r"pathway 7, entry 3: .*day: found nothing"):
        list(events_table.pathways(broken))
