"""Why somebody is on the list: the cases as a table, and one pathway against many at once."""

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.clocks.plausible import pathway_by_chance
from tests.analytics.clocks.test_events_table import as_entered
from tests.core.rtt.drawn import DAYS, any_events

from clockstop.analytics.clocks import events_table
from clockstop.analytics.tracking.states import AWAITED, FACTS, states
from clockstop.core.rtt.reading import read_event, written
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.projection import Awaited, facts_on

DAY = date(2025, 9, 30)
DUE, PASSED = "2025-10-01", "2025-09-29"
REFERRED = {"kind": "referral_received", "day": "2025-01-06"}
TREATED = {"kind": "treatment_started", "day": "2025-03-03"}
WATCHED = {"kind": "monitoring_started", "day": "2025-03-03"}
CASES = [
    ("nothing has happened", [], {}, State.CLOSED),
    ("a clock runs", [REFERRED], {}, State.WAITING),
    ("treated, and nothing is to come", [REFERRED, TREATED], {}, State.CLOSED),
    ("a follow-up is due", [REFERRED, TREATED], {"follow_up_due": PASSED}, State.FOLLOW_UP),
    ("an appointment today", [REFERRED, TREATED], {"next_appointment": DAY}, State.FOLLOW_UP),
    ("an appointment that was", [REFERRED, TREATED], {"next_appointment": PASSED}, State.CLOSED),
    ("the patient may come back", [REFERRED, TREATED], {"pifu_expires": DUE}, State.FOLLOW_UP),
    ("watchful waiting", [REFERRED, WATCHED], {}, State.MONITORING),
    (
        "watchful waiting, discharged",
        [REFERRED, WATCHED, {"kind": "decision_not_to_treat", "day": "2025-04-01"}],
        {},
        State.CLOSED,
    ),
    (
        "on a planned list",
        [REFERRED, TREATED, {"kind": "planned_listed", "day": "2025-04-01", "due": DUE}],
        {"follow_up_due": DUE},
        State.PLANNED,
    ),
    (
        "planned treatment is overdue: a clock",
        [REFERRED, TREATED, {"kind": "planned_listed", "day": "2025-04-01", "due": PASSED}],
        {},
        State.WAITING,
    ),
    (
        "a planned test is overdue: no clock",
        [
            REFERRED,
            TREATED,
            {"kind": "planned_listed", "day": "2025-04-01", "due": PASSED, "planned_for": "test"},
        ],
        {},
        State.TEST,
    ),
    (
        "died while waiting",
        [REFERRED, {"kind": "death", "day": "2025-04-01"}],
        {"follow_up_due": DUE},
        State.CLOSED,
    ),
    ("died, as another record says", [REFERRED], {"died_on": PASSED}, State.CLOSED),
]


def read(values):
    found = [
        read_event(each | {"id": f"e{number}"}, "", [])
        for number, each in enumerate(values, start=1)
    ]
    assert all(found)
    return found


def plausible(chance):
    """A pathway by chance as the store gives it: its words are those of the lists."""
    return read([written(each) for each in as_entered(pathway_by_chance(chance))])


def one_by_one(drawn, awaited, day):
    rows = [
        {"pathway": key, **facts_on(events, known, day)}
        for key, (events, known) in enumerate(zip(drawn, awaited, strict=True))
    ]
    return pl.DataFrame(rows, schema=dict(FACTS))


def at_once(drawn, awaited, day):
    known = [
        {name: key if name == "pathway" else getattr(each, name) for name in AWAITED}
        for key, each in enumerate(awaited)
    ]
    table = events_table.table(enumerate(drawn))
    return states(table, pl.DataFrame(known, schema=dict(AWAITED)), day=day)


def assert_same(drawn, awaited, day):
    ours, theirs = at_once(drawn, awaited, day), one_by_one(drawn, awaited, day)
    for mine, other in zip(ours.to_dicts(), theirs.to_dicts(), strict=True):
        assert mine == other
    assert ours.equals(theirs)


@pytest.mark.parametrize(
    ("events", "known", "state"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_why_somebody_is_on_the_list(events, known, state):
    days = {name: date.fromisoformat(str(day)) for name, day in known.items()}
    found = facts_on(read(events), Awaited(**days), DAY)
    assert found["state"] == state
    assert_same([read(events)], [Awaited(**days)], DAY)


def test_a_row_is_made_of_the_facts():
    fields = {each.name for each in ListEntry._meta.fields}
    assert set(FACTS) - {"pathway"} < fields
    assert {each.value for each in State} == {state.value for *_, state in CASES}


known = st.builds(
    Awaited,
    died_on=st.none() | st.none() | DAYS,
    next_appointment=st.none() | DAYS,
    follow_up_due=st.none() | DAYS,
    pifu_expires=st.none() | DAYS,
)


@settings(max_examples=25)
@given(st.lists(st.tuples(any_events(corrected=True), known), max_size=6), DAYS)
def test_many_are_as_each_alone(drawn, day):
    assert_same([as_entered(events) for events, _ in drawn], [each for _, each in drawn], day)


@settings(max_examples=15)
@given(st.integers(), st.lists(known, min_size=8, max_size=8), DAYS)
def test_plausible_pathways_are_as_each_alone(seed, awaited, day):
    chance = Random(seed)
    drawn = [plausible(chance) for _ in awaited]
    assert_same(drawn, awaited, day)


@settings(max_examples=40)
@given(st.integers(), known, DAYS, st.integers(1, 120))
def test_nothing_changes_before_the_day_on_which_it_may(seed, awaited, day, later):
    events = plausible(Random(seed))
    found = facts_on(events, awaited, day)
    other = day + timedelta(days=later)
    if awaited.died_on and day < awaited.died_on <= other:
        return  # nobody knows of a death to come
    if found["changes_on"] is None or other < found["changes_on"]:
        assert facts_on(events, awaited, other) == found
