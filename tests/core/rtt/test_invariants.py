"""What holds for every list of events, sensible or not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.rtt.drawn import DAYS, FIRST, an_event, any_events
from tests.core.rtt.specs import ALL

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.events import KINDS, Event, ReferralReceived
from clockstop.core.rtt.policy import DnaStop, PlaceAfter, PlaceRule, Policy
from clockstop.core.rtt.rules import clock_rules
from clockstop.core.rtt.waiting import days_waited, runs_on

POLICIES = st.builds(
    Policy,
    dna_discharge_stop=st.sampled_from(DnaStop),
    rebooked_dna_nullifies=st.booleans(),
    place_rule=st.sampled_from(PlaceRule),
    place_after=st.sampled_from(PlaceAfter),
    planned_grace=st.integers(0, 30),
)
SPECS = [spec.pathway.events for module in ALL for spec in module.SPECS]
UNCORRECTED_SPECS = [spec for spec in SPECS if not any(each.supersedes for each in spec)]
MOVES = ["transfer_sent", "transfer_requested", "transfer_request_failed"]
MOVES += ["team_changed", "commissioner_changed", "advice_requested", "referral_rejected"]
MOVES += ["commissioner_recorded"]


@st.composite
def worked_and_any(draw, *, corrected=False) -> Sequence[Event]:
    """A worked situation with a few events of any kind thrown in, so that clocks do run."""
    base = draw(st.sampled_from(SPECS if corrected else UNCORRECTED_SPECS))
    extra = draw(any_events(corrected=corrected, most=5))
    shift = FIRST - base[0].day
    return [*(replace(each, day=each.day + shift) for each in base), *extra]


EVENTS = any_events(corrected=True) | worked_and_any(corrected=True)
UNCORRECTED = any_events() | worked_and_any()


def renamed(events):
    """The events with an id of their own each; references go where they may."""
    return [replace(event, id=f"e{number}") for number, event in enumerate(events)]


def starts(derivation):
    return [(each.start, each.end, each.ending, each.place) for each in derivation.periods]


@given(EVENTS, POLICIES, st.none() | DAYS)
def test_any_list_of_events_gives_periods_that_can_be(events, policy, as_of):
    found = derive(events, policy=policy, as_of=as_of)
    for period in found.periods:
        assert (period.end is None) == (period.ending is None) == (period.stop_rule is None)
        if period.start and period.end:
            assert period.start <= period.end
        if period.place and period.start:
            since = period.start - timedelta(days=period.place.days_brought)
            assert period.place.since == since <= period.start
    assert all(not each.runs for each in found.periods[:-1])
    assert [each.number for each in found.periods] == list(range(1, len(found.periods) + 1))
    assert {each.rule_id for each in found.steps} <= set(clock_rules())


@given(EVENTS, POLICIES)
def test_periods_of_one_pathway_never_overlap(events, policy):
    periods = derive(events, policy=policy).periods
    for earlier, later in pairwise(periods):
        assert later.start is None or earlier.end <= later.start
    for day in {each.day for each in events}:
        assert sum(runs_on(period, day) for period in periods) <= 1


@given(UNCORRECTED, st.data(), POLICIES)
def test_a_later_event_never_changes_a_closed_period(events, data, policy):
    ordered = sorted(events, key=lambda event: event.day)
    cut = data.draw(st.integers(0, len(ordered)))
    before, after = derive(ordered[:cut], policy=policy), derive(ordered, policy=policy)
    for early, late in zip(before.periods, after.periods, strict=False):
        if early.ending is not None and not early.provisional:
            assert early == late
    assert len(before.periods) <= len(after.periods)


@given(UNCORRECTED, st.data())
def test_a_running_clock_keeps_its_start_whatever_comes(events, data):
    ordered = sorted(events, key=lambda event: event.day)
    cut = data.draw(st.integers(0, len(ordered)))
    before, after = derive(ordered[:cut]), derive(ordered)
    for early, late in zip(before.periods, after.periods, strict=False):
        if early.start is not None:
            assert (early.start, early.place) == (late.start, late.place)


@given(UNCORRECTED, st.sampled_from(MOVES).flatmap(an_event))
def test_transfers_and_failed_requests_move_nothing(events, move):
    move = replace(move, id="move")
    last = max((each.day for each in events), default=move.day)
    plain, moved = derive(events, as_of=last), derive([move, *events], as_of=last)
    assert starts(plain) == starts(moved)


@given(st.lists(any_events(kinds=["date_offered", "offer_declined", "cancellation"]), max_size=3))
def test_offers_declined_and_cancellations_never_stop_a_clock(lists):
    referral = ReferralReceived(id="start", day=FIRST)
    found = derive([referral, *(event for events in lists for event in events)])
    assert found.running
    assert found.running.start == FIRST


@given(any_events(kinds=["did_not_attend"]))
def test_a_missed_appointment_never_stops_a_clock_without_proof(events):
    unproven = [replace(each, communicated=False) for each in events]
    assert derive([ReferralReceived(id="start", day=FIRST), *unproven]).running


@given(EVENTS)
def test_the_order_given_matters_only_within_a_day(events):
    given_order = renamed({each.day: each for each in events}.values())
    one, other = derive(given_order), derive(given_order[::-1])
    assert (one.periods, one.steps) == (other.periods, other.steps)


@given(EVENTS)
def test_a_corrected_entry_stays_visible_and_takes_no_step(events):
    events = renamed(events)
    found = derive(events)
    wrong = {each.wrong.id for each in found.corrections}
    assert wrong == {each.supersedes for each in events} & {each.id for each in events}
    assert wrong.isdisjoint(step.event for step in found.steps)


@given(UNCORRECTED, DAYS)
def test_days_waited_are_the_days_on_which_the_clock_ran_counted_one_by_one(events, day):
    for period in derive(events).periods:
        waited = days_waited(period, day)
        if period.start is None or period.nullified or day < period.start:
            assert waited is None
            continue
        all_days = (period.start + timedelta(days=n) for n in range((day - period.start).days))
        assert waited == sum(runs_on(period, each) for each in all_days)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_alone_never_fails(kind):
    @settings(max_examples=20)
    @given(an_event(kind, corrected=True))
    def alone(event):
        derive([event])

    alone()
