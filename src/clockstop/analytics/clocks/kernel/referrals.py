"""Referrals, booking references and slot issues: ``core.rtt.folding.referrals``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.monitoring import resume
from clockstop.analytics.clocks.kernel.state import (
    event_of,
    find,
    has,
    is_marked,
    last,
    opened_so_far,
    runs,
    start,
    start_unknown,
)
from clockstop.analytics.clocks.words import Ending, Flag, Kind, Problem, Referrer, Rule, Service


@compiled
def _is_interface(service: int) -> bool:
    return service in (Service.INTERFACE, Service.ASSESSMENT)


@compiled
def _is_outside(service: int) -> bool:
    return service in (Service.NOT_CONSULTANT_LED, Service.DIRECT_ACCESS_TEST)


@compiled
def referral_received(state: State, event: Event, policy: Any) -> None:
    """A referral starts a clock on receipt, unless it is out of scope or one runs already."""
    if event.other_choice == Referrer.EMERGENCY:
        state.facts.emergency = not runs(state)
        return
    if _is_outside(event.choice):
        return
    if event.other_choice == Referrer.SELF and not has(event, Flag.RATIFIED):
        event.mark = 1
        find(state, event, Problem.UNRATIFIED)
        return
    if not has(event, Flag.SAME_CONDITION) and opened_so_far(state) > 0:
        find(state, event, Problem.OWN_PATHWAY_NEEDED)
    if runs(state):
        _received_while_running(state, event)
    elif not has(event, Flag.VIA_ERS):
        _received(state, event, policy)


@compiled
def referral_ratified(state: State, event: Event, _: Any) -> None:
    """A self-referral ratified later starts the clock on the day it was received (§3.3)."""
    if not is_marked(state, event.refers, Kind.REFERRAL_RECEIVED):
        find(state, event, Problem.UNKNOWN_REFERENCE)
        return
    if runs(state):
        return
    referral = event_of(state, event.refers)
    problem = _impossible(state, opened_so_far(state), event.day, referral.day)
    if problem != 0:
        start_unknown(state, event, problem)
        return
    rule = Rule.START_RE_REFERRAL if opened_so_far(state) > 0 else Rule.START_SELF_REFERRAL
    _start_at(state, event, rule, referral.day, referral.choice)


@compiled
def _start_at(state: State, event: Event, rule: int, day: int, service: int) -> None:
    """Start at a kind of service: not all of them are in the returns, some refer on."""
    start(state, event, rule, day, service != Service.COMMUNITY_CONSULTANT_LED)
    state.facts.interface = _is_interface(service)


@compiled
def _received(state: State, event: Event, policy: Any) -> None:
    if event.other_choice == Referrer.OUTSIDE_ENGLAND:
        start(state, event, Rule.START_OUTSIDE_ENGLAND, event.day)
    elif event.other_day != NONE:
        start_passed_on(state, event, event.other_day)
    elif state.facts.monitored and state.facts.referred_outward:
        resume(state, event, Rule.START_AFTER_MONITORING_REFERRED, policy)
    elif _is_afterwards(state, event):
        find(state, event, Problem.REFERRED_AFTERWARDS)
    else:
        _start_at(state, event, _rule(state, event), event.day, event.choice)


@compiled
def _is_afterwards(state: State, event: Event) -> bool:
    between_consultants = event.other_choice == Referrer.CONSULTANT and has(
        event, Flag.SAME_CONDITION
    )
    ended = opened_so_far(state) > 0 and last(state).ending != Ending.NULLIFIED
    return between_consultants and ended and not state.facts.referred_outward


@compiled
def _rule(state: State, event: Event) -> int:
    if state.facts.referred_outward:
        return Rule.START_NEW_TREATMENT.value
    same = has(event, Flag.SAME_CONDITION)
    if not same and (event.other_choice == Referrer.CONSULTANT or opened_so_far(state) > 0):
        return Rule.START_SEPARATE_CONDITION.value
    if opened_so_far(state) > 0:
        return Rule.START_RE_REFERRAL.value
    if event.other_choice == Referrer.SELF:
        return Rule.START_SELF_REFERRAL.value
    return _rule_of_service(event.choice)


@compiled
def _rule_of_service(service: int) -> int:
    if _is_interface(service):
        return Rule.START_INTERFACE.value
    if service == Service.COMMUNITY_CONSULTANT_LED:
        return Rule.START_COMMUNITY.value
    if service == Service.STRAIGHT_TO_TEST:
        return Rule.START_STRAIGHT_TO_TEST.value
    return Rule.START_REFERRAL.value


@compiled
def _received_while_running(state: State, event: Event) -> None:
    if event.other_day != NONE:
        compare_start(state, event, event.other_day)
    is_silent = state.facts.interface or not has(event, Flag.SAME_CONDITION)
    is_known = event.other_choice == Referrer.CONSULTANT or has(event, Flag.VIA_ERS)
    if not (is_silent or is_known):
        find(state, event, Problem.SECOND_REFERRAL)


@compiled
def start_passed_on(state: State, event: Event, original: int) -> None:
    """Start at the date that the sender or interface service recorded, if it can be right."""
    problem = _impossible(state, opened_so_far(state), event.day, original)
    if problem != 0:
        start_unknown(state, event, problem)
    else:
        start(state, event, Rule.START_TRANSFERRED, original)


@compiled
def compare_start(state: State, event: Event, original: int) -> None:
    """Hold a start passed on against that of the running clock; it can only fill an unknown one."""
    if not runs(state) or last(state).start == original:
        return
    running = last(state)
    if running.start != NONE:
        find(state, event, Problem.START_DIFFERS)
        return
    problem = _impossible(state, opened_so_far(state) - 1, running.opened_on, original)
    if problem != 0:
        find(state, event, problem)
        return
    running.start = running.since = original
    running.start_rule = Rule.START_TRANSFERRED
    running.days_brought = 0


@compiled
def _impossible(state: State, periods: int, known_on: int, original: int) -> int:
    """Why a start cannot be, after the first so many periods of the pathway; 0 if it can."""
    if original > known_on:
        return Problem.START_AFTER_RECEIPT.value
    if periods > 0:
        end = state.periods[state.facts.first_period + periods - 1].end
        if end != NONE and original < end:
            return Problem.START_INSIDE_EARLIER.value
    return 0


@compiled
def _identified(state: State, event: Event) -> None:
    if state.facts.name == 0:
        state.facts.name = event.name


@compiled
def ubrn_converted(state: State, event: Event, _: Any) -> None:
    """The conversion of the first booking reference starts the clock; a linked one does not."""
    _identified(state, event)
    is_linked = event.refers != NONE
    if runs(state):
        if event.other_day != NONE:
            compare_start(state, event, event.other_day)
    elif event.other_day != NONE:
        start_passed_on(state, event, event.other_day)
    elif is_linked and opened_so_far(state) == 0:
        start_unknown(state, event, Problem.NO_KNOWN_START)
    else:
        _booked(state, event, Rule.START_UBRN)


@compiled
def slot_issue_listed(state: State, event: Event, _: Any) -> None:
    """Without a free appointment, the day on the slot issue list starts the clock."""
    _identified(state, event)
    if runs(state):
        if event.other_day != NONE:
            compare_start(state, event, event.other_day)
    elif event.other_day != NONE:
        start_passed_on(state, event, event.other_day)
    else:
        _booked(state, event, Rule.START_SLOT_ISSUE)


@compiled
def _booked(state: State, event: Event, rule: int) -> None:
    if _is_outside(event.choice):
        return
    if opened_so_far(state) > 0:
        _start_at(state, event, Rule.START_RE_REFERRAL, event.day, event.choice)
    else:
        _start_at(state, event, rule, event.day, event.choice)


@compiled
def onward_referral(state: State, event: Event, _: Any) -> None:
    """An interface service refers on, to a consultant or to therapy: the clock runs on."""
    if not runs(state) and opened_so_far(state) == 0:
        start_unknown(state, event, Problem.NO_KNOWN_START)
