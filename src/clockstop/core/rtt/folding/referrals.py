"""How referrals, booking references and slot issues start a clock, or do not (§3.2, §3.3)."""

from __future__ import annotations

from datetime import date

from clockstop.core.rtt.events import (
    AdviceRequested,
    Event,
    OnwardReferral,
    ReferralRatified,
    ReferralReceived,
    ReferralRejected,
    Referrer,
    Service,
    SlotIssueListed,
    UbrnConverted,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.monitoring import resume
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.policy import InForce
from clockstop.core.rtt.queue_place import QueuePlace

_INTERFACES = (Service.INTERFACE, Service.ASSESSMENT)
_OUTSIDE = {
    Service.NOT_CONSULTANT_LED: "none-not-consultant-led",
    Service.DIRECT_ACCESS_TEST: "none-direct-access",
}
_BY_SERVICE = {
    Service.INTERFACE: "start-interface",
    Service.ASSESSMENT: "start-interface",
    Service.COMMUNITY_CONSULTANT_LED: "start-community",
    Service.STRAIGHT_TO_TEST: "start-straight-to-test",
}


def referral_received(state: State, event: ReferralReceived, policy: InForce) -> State:
    """A referral starts a clock on receipt, unless it is out of scope or one runs already."""
    if event.referrer is Referrer.EMERGENCY:
        return state.changed(emergency=state.running is None).keep(event, "none-emergency")
    if event.service in _OUTSIDE:
        return state.keep(event, _OUTSIDE[event.service])
    if event.referrer is Referrer.SELF and not event.ratified:
        state = state.changed(unratified=(*state.unratified, event))
        return state.find(event, Problem.UNRATIFIED).keep(event, "none-unratified")
    if not event.same_condition and state.periods:
        state = state.find(event, Problem.OWN_PATHWAY_NEEDED)
    if state.running is not None:
        return _received_while_running(state, event)
    if event.via_ers:
        return state.keep(event, "none-ers-pending")
    return _received(state, event, policy)


def referral_ratified(state: State, event: ReferralRatified, _: InForce) -> State:
    """A self-referral ratified later starts the clock on the day it was received (§3.3)."""
    referral = next((each for each in state.unratified if each.id == event.referral), None)
    if referral is None:
        found = state.find(event, Problem.UNKNOWN_REFERENCE, event.referral)
        return found.keep(event, "none-noted")
    if state.running is not None:
        return state.keep(event, "keep-earliest")
    problem = _impossible(state, event.day, referral.day)
    if problem is not None:
        return state.start_unknown(event, problem)
    is_community = referral.service is Service.COMMUNITY_CONSULTANT_LED
    rule = "start-re-referral" if state.periods else "start-self-referral"
    started = state.start(event, rule, day=referral.day, in_returns=not is_community)
    return started.changed(interface=referral.service in _INTERFACES)


def _received(state: State, event: ReferralReceived, policy: InForce) -> State:
    if event.referrer is Referrer.OUTSIDE_ENGLAND:
        return state.start(event, "start-outside-england")
    if event.original_start is not None:
        return start_passed_on(state, event, event.original_start)
    if state.monitoring and state.referred_outward:
        return resume(state, event, "start-after-monitoring-referred", policy)
    if _is_afterwards(state, event):
        found = state.find(event, Problem.REFERRED_AFTERWARDS)
        return found.keep(event, "none-consultant-referral")
    rule = _rule(state, event)
    is_community = event.service is Service.COMMUNITY_CONSULTANT_LED
    started = state.start(event, rule, in_returns=not is_community)
    return started.changed(interface=event.service in _INTERFACES)


def _is_afterwards(state: State, event: ReferralReceived) -> bool:
    """A consultant's referral after treatment for the same condition starts nothing (Annex E)."""
    between_consultants = event.referrer is Referrer.CONSULTANT and event.same_condition
    ended = state.last is not None and not state.last.nullified
    return between_consultants and ended and not state.referred_outward


def _rule(state: State, event: ReferralReceived) -> str:
    if state.referred_outward:
        return "start-new-treatment"
    if event.referrer is Referrer.CONSULTANT and not event.same_condition:
        return "start-separate-condition"
    if state.periods:
        return "start-re-referral" if event.same_condition else "start-separate-condition"
    if event.referrer is Referrer.SELF:
        return "start-self-referral"
    return _BY_SERVICE.get(event.service, "start-referral")


def _received_while_running(state: State, event: ReferralReceived) -> State:
    if event.original_start is not None:
        state = compare_start(state, event, event.original_start)
    if state.interface:
        return state.keep(event, "keep-onward")
    if not event.same_condition:
        return state.keep(event, "keep-activity")
    if event.referrer is Referrer.CONSULTANT:
        return state.keep(event, "keep-same-condition")
    if event.via_ers:
        return state.keep(event, "keep-earliest")
    return state.find(event, Problem.SECOND_REFERRAL).keep(event, "keep-earliest")


def start_passed_on(state: State, event: Event, original: date) -> State:
    """Start at the date that the sender or interface service recorded, if it can be right (§11.3).

    One that cannot be (later than the receipt, or inside an earlier period) is not replaced by a
    guess: the start is then unknown.
    """
    problem = _impossible(state, event.day, original)
    if problem is not None:
        return state.start_unknown(event, problem)
    return state.start(event, "start-transferred", day=original)


def compare_start(state: State, event: Event, original: date) -> State:
    """Hold a start passed on against that of the running clock; it can only fill an unknown one."""
    running = state.running
    if running is None or running.start == original:
        return state
    if running.start is not None:
        detail = f"{original} instead of {running.start}"
        return state.find(event, Problem.START_DIFFERS, detail)
    earlier = state.changed(periods=state.periods[:-1])
    problem = _impossible(earlier, running.opened_on, original)
    if problem is not None:
        return state.find(event, problem)
    rule, place = "start-transferred", QueuePlace(original)
    return state.amend(event, rule, start=original, start_rule=rule, place=place)


def _impossible(state: State, known_on: date, original: date) -> Problem | None:
    if original > known_on:
        return Problem.START_AFTER_RECEIPT
    if state.last and state.last.end and original < state.last.end:
        return Problem.START_INSIDE_EARLIER
    return None


def _identified(state: State, ubrn: str) -> State:
    """The first booking reference makes the pathway's identifier; later ones do not (§3.2.2)."""
    if state.pathway is not None:
        return state
    try:
        identifier = PathwayId.from_ubrn(ubrn)
    except ValueError:
        return state
    return state.changed(pathway=(identifier.number, identifier.issuer))


def ubrn_converted(state: State, event: UbrnConverted, _: InForce) -> State:
    """The conversion of the first booking reference starts the clock; a linked one does not."""
    state = _identified(state, event.linked_to or event.ubrn)
    if state.running is not None:
        if event.original_start is not None:
            state = compare_start(state, event, event.original_start)
        return state.keep(event, "keep-second-ubrn" if event.linked_to else "keep-earliest")
    if event.original_start is not None:
        return start_passed_on(state, event, event.original_start)
    if event.linked_to and not state.periods:
        return state.start_unknown(event, Problem.NO_KNOWN_START)
    return _booked(state, event, "start-ubrn")


def slot_issue_listed(state: State, event: SlotIssueListed, _: InForce) -> State:
    """Without a free appointment, the day on the slot issue list starts the clock."""
    state = _identified(state, event.ubrn)
    if state.running is not None:
        if event.original_start is not None:
            state = compare_start(state, event, event.original_start)
        return state.keep(event, "keep-earliest")
    if event.original_start is not None:
        return start_passed_on(state, event, event.original_start)
    return _booked(state, event, "start-slot-issue")


def _booked(state: State, event: UbrnConverted | SlotIssueListed, rule: str) -> State:
    if event.service in _OUTSIDE:
        return state.keep(event, _OUTSIDE[event.service])
    is_community = event.service is Service.COMMUNITY_CONSULTANT_LED
    rule = "start-re-referral" if state.periods else rule
    started = state.start(event, rule, in_returns=not is_community)
    return started.changed(interface=event.service in _INTERFACES)


def referral_rejected(state: State, event: ReferralRejected, _: InForce) -> State:
    """A rejection by the chosen provider leaves the clock as it is."""
    return state.keep(event, "keep-rejected" if state.running else "none-noted")


def onward_referral(state: State, event: OnwardReferral, _: InForce) -> State:
    """An interface service refers on, to a consultant or to therapy: the clock runs on."""
    if state.running is not None:
        return state.keep(event, "keep-onward")
    if state.periods:
        return state.keep(event, "none-receiver-starts")
    return state.start_unknown(event, Problem.NO_KNOWN_START)


def advice_requested(state: State, event: AdviceRequested, _: InForce) -> State:
    """Asking for advice refers nobody."""
    return state.keep(event, "none-advice")
