"""A hospital's system tells a pathway again and again; the store only ever appends.

After each telling the clock is that of what was told last, whatever was told before it.
"""

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.clocks.plausible import pathway_by_chance
from tests.analytics.clocks.test_events_table import as_entered
from tests.sizes import slow

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records.differences import CORRECTED, new_entries
from clockstop.analytics.records.event_text import events_of, texts
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.reading import read_event, written

HELD = {
    "pathway": pl.UInt64(),
    "number": pl.UInt32(),
    "source_number": pl.UInt32(),
    "values": pl.String(),
}


class Store:
    """The entries of one pathway as they would be kept."""

    def __init__(self):
        self.held = pl.DataFrame(schema=HELD)

    def tell(self, events):
        told = events_table.table([(7, events)])
        new = new_entries(told, self.held)
        rows = new.select("pathway", "number", "source_number", values=texts(new))
        self.held = pl.concat([self.held, rows.cast(pl.Schema(HELD))])
        assert self.held["number"].to_list() == list(range(1, len(self.held) + 1))
        return new

    def enter(self, values):
        """As somebody enters it on the page."""
        number = len(self.held) + 1
        event = read_event(values | {"id": f"e{number}"}, "", [])
        row = events_table.table([(7, [event])]).with_columns(number=pl.lit(number, pl.UInt16))
        kept = {"pathway": 7, "number": number, "source_number": None, "values": texts(row)[0]}
        self.held = pl.concat([self.held, pl.DataFrame([kept], schema=HELD)])

    @property
    def events(self):
        found = list(events_table.pathways(events_of(self.held.drop("source_number"))))
        return found[0][1] if found else ()


def plausible(chance):
    drawn = [written(each) for each in as_entered(pathway_by_chance(chance))]
    known = {each["id"] for each in drawn}
    names = ("admission", "offer", "decision", "listing", "referral", "supersedes")
    fits = [{k: v for k, v in each.items() if k not in names or v in known} for each in drawn]
    return [read_event(each, "", []) for each in fits if read_event(each, "", [])]


def renumbered(events):
    return list(as_entered(events))


def altered(events, chance):
    """The list as the system may tell it the next day."""
    told = [written(each) for each in events]
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(told))
        day = date.fromisoformat(str(told[at]["day"])) + timedelta(days=chance.randrange(-9, 9))
        told[at] = told[at] | {"day": day.isoformat()}
    if chance.random() < 0.3:
        told = told[: chance.randrange(len(told)) + 1]
    if chance.random() < 0.5:
        last = len(told)
        told.append(
            {"kind": "attendance", "status": "20", "day": "2025-06-02", "id": f"e{last + 1}"}
        )
    if chance.random() < 0.3:
        told.append(
            {
                "kind": "entry_withdrawn",
                "supersedes": f"e{chance.randrange(len(told)) + 1}",
                "day": "2025-06-02",
                "id": f"e{len(told) + 1}",
            }
        )
    return [each for each in (read_event(value, "", []) for value in told) if each]


def clock(events, day=date(2026, 1, 1)):
    found = derive(events, as_of=day)
    names = ("start", "end", "ending", "start_rule", "stop_rule", "provisional", "decided_to_admit")
    periods = [tuple(getattr(each, name) for name in names) for each in found.periods]
    waits = [(each.start, each.end) for each in found.diagnostic_waits]
    return periods, waits, found.standing


def counting(events):
    """What counts, without the names of entries."""
    names = ("id", "supersedes", "admission", "offer", "decision", "listing", "referral")
    found = [written(each) for each in settle(events).counting]
    return sorted(str(sorted((k, str(v)) for k, v in e.items() if k not in names)) for e in found)


@slow(40)
@given(st.integers())
def test_the_clock_is_that_of_what_was_told_last(seed):
    chance, store = Random(seed), Store()
    events = renumbered(plausible(chance))
    store.tell(events)
    assert store.events == tuple(events)
    for _ in range(4):
        events = renumbered(altered(events, chance))
        store.tell(events)
        assert counting(store.events) == counting(events)
        assert not len(store.tell(events)), "the same again changes nothing"


def told(*values):
    return [read_event(v | {"id": f"e{n}"}, "", []) for n, v in enumerate(values, start=1)]


REFERRED = {"kind": "referral_received", "day": "2025-01-06"}
ADMITTED = {"kind": "admission", "day": "2025-03-03"}
OUTCOME = {"kind": "admission_outcome", "day": "2025-03-04", "admission": "e2"}
SEEN = {"kind": "attendance", "day": "2025-02-03", "status": "20"}


def test_a_corrected_day_takes_along_who_names_it():
    store = Store()
    store.tell(told(REFERRED, ADMITTED, OUTCOME))
    new = store.tell(told(REFERRED, ADMITTED | {"day": "2025-03-02"}, OUTCOME))
    assert new.select("number", "kind", "supersedes", "admission", "why").rows() == [
        (4, "admission", "e2", None, CORRECTED),
        (5, "admission_outcome", "e3", "e4", CORRECTED),
    ]
    assert clock(store.events)[0][0][1] == date(2025, 3, 2)


def test_what_is_gone_is_withdrawn_and_may_come_again():
    store = Store()
    store.tell(told(REFERRED, SEEN))
    new = store.tell(told(REFERRED))
    assert new.select("number", "kind", "supersedes", "day").rows() == [
        (3, "entry_withdrawn", "e2", date(2025, 2, 3))
    ]
    new = store.tell(told(REFERRED, SEEN))
    assert new.select("number", "kind", "supersedes", "why").rows() == [(4, "attendance", None, "")]


@pytest.mark.parametrize("before", [SEEN, {"kind": "entry_withdrawn", "day": "2025-02-03"}])
def test_a_withdrawal_that_names_nothing_is_corrected_once(before):
    """Were it to name the entry that it corrects, it would withdraw it instead."""
    store, after = Store(), {"kind": "entry_withdrawn", "day": "2025-02-05"}
    store.tell(told(REFERRED, before))
    new = store.tell(told(REFERRED, after))
    assert new.select("number", "kind", "supersedes").rows() == [
        (3, "entry_withdrawn", "e2"),
        (4, "entry_withdrawn", None),
    ]
    assert not len(store.tell(told(REFERRED, after)))


def test_what_people_entered_keeps_its_place():
    store = Store()
    store.tell(told(REFERRED))
    store.enter(SEEN | {"status": "30"})
    new = store.tell(told(REFERRED, ADMITTED, OUTCOME))
    assert new.select("number", "source_number", "admission").rows() == [(3, 2, None), (4, 3, "e3")]
    assert not len(store.tell(told(REFERRED, ADMITTED, OUTCOME)))


def test_the_system_corrects_what_people_corrected():
    store = Store()
    store.tell(told(REFERRED))
    store.enter(REFERRED | {"day": "2025-01-02", "supersedes": "e1"})
    assert not len(store.tell(told(REFERRED)))
    new = store.tell(told(REFERRED | {"day": "2025-01-03"}))
    assert new.select("number", "supersedes").rows() == [(3, "e2")]
    assert clock(store.events)[0][0][0] == date(2025, 1, 3)


@pytest.mark.parametrize("gone", [True, False])
def test_a_correction_that_the_system_takes_back(gone):
    store = Store()
    store.tell(told(REFERRED, SEEN, SEEN | {"status": "30", "supersedes": "e2"}))
    assert clock(store.events)[0][0][1] == date(2025, 2, 3)
    after = told(REFERRED, SEEN) if gone else told(REFERRED, SEEN, SEEN | {"day": "2025-02-05"})
    store.tell(after)
    assert counting(store.events) == counting(after)
    assert clock(store.events)[0][0][1] is None
