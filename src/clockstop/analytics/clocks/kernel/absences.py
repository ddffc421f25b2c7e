"""Missed and declined appointments: ``core.rtt.folding.absences``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.state import (
    event_of,
    find,
    has,
    is_marked,
    last,
    opened_so_far,
    runs,
    start,
    stop,
)
from clockstop.analytics.clocks.words import (
    Appointment,
    DischargeReason,
    DnaStop,
    Ending,
    Flag,
    Kind,
    Problem,
    Rule,
)

_BY_REFERRAL = (
    Rule.START_REFERRAL.value,
    Rule.START_UBRN.value,
    Rule.START_SLOT_ISSUE.value,
    Rule.START_INTERFACE.value,
    Rule.START_STRAIGHT_TO_TEST.value,
    Rule.START_COMMUNITY.value,
    Rule.START_SELF_REFERRAL.value,
    Rule.START_RE_REFERRAL.value,
    Rule.START_OUTSIDE_ENGLAND.value,
    Rule.START_SEPARATE_CONDITION.value,
)
_BY_REBOOKING = (Rule.START_REBOOKED.value, Rule.START_OFFERED_AGAIN.value)


@compiled
def did_not_attend(state: State, event: Event, policy: Any) -> None:
    """Missing the first appointment nullifies the clock if it was communicated (rule 5e)."""
    if not runs(state):
        return
    state.facts.last_missed = event.day
    if has(event, Flag.NOT_BROUGHT) and not has(event, Flag.CLINICIAN_AGREED):
        find(state, event, Problem.NOT_BROUGHT)
        return
    if event.choice != Appointment.FIRST:
        return
    if not _is_first(state, policy):
        find(state, event, Problem.NOT_FIRST)
        return
    if has(event, Flag.COMMUNICATED):
        stop(state, event, Rule.NULLIFY_MISSED_FIRST, Ending.NULLIFIED, event.day)
        state.facts.rebookable = True


@compiled
def _is_first(state: State, policy: Any) -> bool:
    if not runs(state) or state.facts.seen:
        return False
    rule = last(state).start_rule
    return rule in _BY_REFERRAL or (policy.rebooked_dna_nullifies != 0 and rule in _BY_REBOOKING)


@compiled
def rebook_requested(state: State, event: Event, _: Any) -> None:
    """The patient's request starts the new clock (rule 3e)."""
    _again(state, event, Rule.START_REBOOKED)


@compiled
def another_appointment_decided(state: State, event: Event, _: Any) -> None:
    """So does the provider's decision, if it comes first, slot or no slot (§3.4.5)."""
    _again(state, event, Rule.START_OFFERED_AGAIN)


@compiled
def _again(state: State, event: Event, rule: int) -> None:
    if runs(state):
        return
    if not state.facts.rebookable:
        find(state, event, Problem.NOTHING_TO_REBOOK)
        return
    start(state, event, rule, event.day)


@compiled
def discharged_to_gp(state: State, event: Event, policy: Any) -> None:
    """A discharge stops the clock only with the safeguards that its reason asks for."""
    if not runs(state):
        state.facts.monitored = state.facts.rebookable = False
        return
    if event.choice == DischargeReason.FRESH_REFERRAL:
        stop(state, event, Rule.STOP_FRESH_REFERRAL, Ending.DISCHARGED, event.day)
        return
    after_missing = event.choice == DischargeReason.MISSED
    if _lacking(state, event):
        find(state, event, Problem.DISCHARGE_UNPROVEN)
    elif not after_missing:
        stop(state, event, Rule.STOP_CLINICAL_DISCHARGE, Ending.DISCHARGED, event.day)
    else:
        on_missed = policy.dna_discharge_stop == DnaStop.MISSED_APPOINTMENT
        day = state.facts.last_missed if on_missed else event.day
        stop(state, event, Rule.STOP_MISSED_DISCHARGED, Ending.DISCHARGED, day)


@compiled
def _lacking(state: State, event: Event) -> bool:
    if event.choice != DischargeReason.MISSED:
        return not (has(event, Flag.CLINICAL_DECISION) and has(event, Flag.BEST_INTERESTS))
    return not (
        state.facts.last_missed != NONE
        and has(event, Flag.COMMUNICATED)
        and has(event, Flag.BEST_INTERESTS)
        and has(event, Flag.PUBLISHED_POLICY)
        and has(event, Flag.PROTECTS_VULNERABLE)
    )


@compiled
def date_offered(state: State, event: Event, _: Any) -> None:
    """An offer is remembered: what is reasonable is asked when it counts."""
    if runs(state):
        event.mark = opened_so_far(state)


@compiled
def is_offer(state: State, number: int) -> bool:
    """Whether a number is that of an offer made in the last clock."""
    is_one = is_marked(state, number, Kind.DATE_OFFERED)
    return is_one and event_of(state, number).mark == opened_so_far(state)


@compiled
def is_declined(state: State, number: int) -> bool:
    """Whether an offer was declined in the last clock."""
    clock = opened_so_far(state)
    return clock > 0 and event_of(state, number).declined == clock


@compiled
def offer_declined(state: State, event: Event, policy: Any) -> None:
    """Declining a date, here or elsewhere, stops nothing by itself (§8.2, §8.3)."""
    if not runs(state):
        return
    if not is_offer(state, event.refers):
        find(state, event, Problem.UNKNOWN_REFERENCE)
        return
    offer = event_of(state, event.refers)
    _apart(state, event, offer, policy)
    offer.declined = opened_so_far(state)
    if state.facts.declined == 0:
        state.facts.declined = offer.number


@compiled
def _apart(state: State, event: Event, offer: Event, policy: Any) -> None:
    if state.facts.declined == 0:
        return
    first = event_of(state, state.facts.declined)
    if abs(offer.other_day - first.other_day) > policy.second_offer_within:
        find(state, event, Problem.SECOND_OFFER_LATE)


@compiled
def unavailability_declared(state: State, event: Event, policy: Any) -> None:
    """A patient may say when dates will not do; a long delay gets a clinical review (§8.1)."""
    if not runs(state):
        return
    if event.other_day - event.day > policy.delay_review:
        find(state, event, Problem.DELAY_REVIEW_NEEDED)
    if has(event, Flag.TWO_DATES_POSSIBLE):
        state.facts.two_dates_possible = True


@compiled
def thinking_time_agreed(state: State, event: Event, policy: Any) -> None:
    """A short time to think leaves the clock running; a long one calls for a talk (§4.4.1.4)."""
    if event.other_day - event.day > policy.thinking_time and runs(state):
        find(state, event, Problem.THINKING_TIME_LONG)
