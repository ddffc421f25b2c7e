"""Active monitoring: ``core.rtt.folding.monitoring``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.absences import is_declined, is_offer
from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.state import event_of, find, has, last, runs, start, stop
from clockstop.analytics.clocks.words import (
    By,
    Ending,
    Flag,
    Kind,
    PlaceAfter,
    PlaceRule,
    Problem,
    Rule,
)

_OFFERS_NEEDED = 2


@compiled
def monitoring_started(state: State, event: Event, policy: Any) -> None:
    """A clinical decision stops the clock; one for a patient's delay must show what it needs."""
    if not runs(state) and state.facts.monitored:
        return
    known_near(state, event, policy)
    if runs(state) and _lacking(state, event, policy):
        find(state, event, Problem.MONITORING_UNPROVEN)
    elif event.choice == By.PATIENT:
        begin(state, event, Rule.STOP_MONITORING_PATIENT, Ending.MONITORING_BY_PATIENT)
    elif has(event, Flag.DELAY):
        begin(state, event, Rule.STOP_MONITORING_DELAY, Ending.MONITORING_BY_PROFESSIONAL)
    else:
        begin(state, event, Rule.STOP_MONITORING_PROFESSIONAL, Ending.MONITORING_BY_PROFESSIONAL)


@compiled
def known_near(state: State, event: Event, policy: Any) -> None:
    """Monitoring is not for the days before a test or treatment known to be needed (§4.4.1.4)."""
    if runs(state) and (_is_known_near(event, policy) or _has_offer_near(state, event, policy)):
        find(state, event, Problem.MONITORING_TOO_NEAR)


@compiled
def _is_known_near(event: Event, policy: Any) -> bool:
    if event.kind != Kind.MONITORING_STARTED or event.other_day == NONE:
        return False
    return 0 <= event.other_day - event.day <= policy.monitoring_too_near


@compiled
def _has_offer_near(state: State, event: Event, policy: Any) -> bool:
    at_wish = has(event, Flag.DELAY) or event.choice == By.PATIENT
    if event.kind == Kind.MONITORING_STARTED and at_wish:
        return False
    for number in range(1, state.facts.entries + 1):
        if is_offer(state, number) and not is_declined(state, number):
            days = event_of(state, number).other_day - event.day
            if 0 <= days <= policy.monitoring_too_near:
                return True
    return False


@compiled
def soon_after(state: State, event: Event, policy: Any) -> None:
    """A test, an admission or a new clock days after a professional began active monitoring."""
    facts = state.facts
    if not facts.monitored or facts.monitoring_wished:
        return
    if event.day - facts.monitoring_since <= policy.monitoring_too_near:
        find(state, event, Problem.MONITORING_TOO_NEAR)


@compiled
def _lacking(state: State, event: Event, policy: Any) -> bool:
    if not has(event, Flag.DELAY):
        return False
    reasonable = 0
    for number in range(1, state.facts.entries + 1):
        if is_declined(state, number) and is_reasonable(event_of(state, number), policy):
            reasonable += 1
    has_offers = reasonable >= _OFFERS_NEEDED or state.facts.two_dates_possible
    enough = has_offers or event.choice == By.PATIENT
    return not (enough and has(event, Flag.CONVERSATION) and has(event, Flag.AGREED))


@compiled
def is_reasonable(offer: Event, policy: Any) -> bool:
    """Whether an offer is reasonable: enough notice, not when the patient cannot come (§13)."""
    if has(offer, Flag.KNOWN_UNAVAILABLE):
        return False
    if offer.other_day - offer.day < policy.reasonable_notice:
        return False
    fits = has(offer, Flag.SUITABLE) and has(offer, Flag.DETAILS_STATED)
    return fits or not has(offer, Flag.OTHER_PROVIDER)


@compiled
def begin(state: State, event: Event, rule: int, ending: int) -> None:
    """The clock stops and the patient leaves a place in the queue, to come back to."""
    was_running = runs(state)
    stop(state, event, rule, ending, event.day)
    if not was_running:
        return
    facts = state.facts
    facts.monitored = True
    facts.monitoring_since = facts.monitoring_reviewed = event.day
    facts.monitoring_event = event.number
    facts.monitoring_wished = rule != Rule.STOP_MONITORING_PROFESSIONAL
    facts.left_since = last(state).since


@compiled
def resume(state: State, event: Event, rule: int, policy: Any) -> None:
    """A new clock starts at nothing, with the place that the patient left."""
    _review_in_time(state, event, policy)
    soon_after(state, event, policy)
    facts = state.facts
    had_place = facts.monitored and facts.left_since != NONE
    returns = policy.place_after != PlaceAfter.PATIENT_DELAYS or facts.monitoring_wished
    left, waited = facts.left_since, facts.monitoring_since - facts.left_since
    start(state, event, rule, event.day)
    if had_place and returns:
        is_old_date = policy.place_rule == PlaceRule.OLD_DATE
        since = left if is_old_date else event.day - waited
        last(state).since = since
        last(state).days_brought = event.day - since


@compiled
def monitoring_reviewed(state: State, event: Event, policy: Any) -> None:
    """Every twelve weeks a clinician looks at a patient who wished to wait (§8.3)."""
    if not state.facts.monitored:
        find(state, event, Problem.NOT_MONITORED)
        return
    _review_in_time(state, event, policy)
    state.facts.monitoring_reviewed = event.day
    state.facts.monitoring_event = event.number


@compiled
def _review_in_time(state: State, event: Event, policy: Any) -> None:
    if review_gap(state, event.day, policy) != 0:
        find(state, event, Problem.REVIEW_OVERDUE)


@compiled
def review_gap(state: State, day: int, policy: Any) -> int:
    """The days since the last review if they are too many, else 0."""
    if not (state.facts.monitored and state.facts.monitoring_wished):
        return 0
    gap = day - state.facts.monitoring_reviewed
    return gap if gap > policy.monitoring_review else 0


@compiled
def patient_goes_ahead(state: State, event: Event, policy: Any) -> None:
    """After active monitoring the patient's decision starts the new clock (§8.3)."""
    if state.facts.monitored:
        resume(state, event, Rule.START_GOES_AHEAD, policy)
    elif not runs(state):
        find(state, event, Problem.NOT_MONITORED)
