"""Missed and declined appointments: none of them stops a clock by itself (§4.4.1.3, §4.4.2, §8)."""

from __future__ import annotations

from clockstop.core.rtt.events import (
    AnotherAppointmentDecided,
    Appointment,
    DateOffered,
    DidNotAttend,
    DischargedToGp,
    DischargeReason,
    Event,
    OfferDeclined,
    RebookRequested,
    ThinkingTimeAgreed,
    UnavailabilityDeclared,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import DnaStop, InForce

_BY_REFERRAL = {
    "start-referral",
    "start-ubrn",
    "start-slot-issue",
    "start-interface",
    "start-straight-to-test",
    "start-community",
    "start-self-referral",
    "start-re-referral",
    "start-outside-england",
    "start-separate-condition",
}
_BY_REBOOKING = {"start-rebooked", "start-offered-again"}


def did_not_attend(state: State, event: DidNotAttend, policy: InForce) -> State:
    """Missing the first appointment nullifies the clock if it was communicated (rule 5e)."""
    if state.running is None:
        return state.keep(event, "none-missed")
    state = state.changed(last_missed=event.day)
    if event.not_brought and not event.clinician_agreed:
        return state.find(event, Problem.NOT_BROUGHT).keep(event, "keep-not-brought")
    if event.appointment is not Appointment.FIRST:
        return state.keep(event, "keep-missed-later")
    if not _is_first(state, policy):
        return state.find(event, Problem.NOT_FIRST).keep(event, "keep-missed-later")
    if not event.communicated:
        return state.keep(event, "keep-missed-unproven")
    stopped = state.stop(event, "nullify-missed-first", Ending.NULLIFIED)
    return stopped.changed(rebookable=True)


def _is_first(state: State, policy: InForce) -> bool:
    """Whether nobody has been seen yet in a clock that a referral (or a rebooking) started."""
    starts = _BY_REFERRAL | (_BY_REBOOKING if policy.rebooked_dna_nullifies else set())
    return state.running is not None and not state.seen and state.running.start_rule in starts


def rebook_requested(state: State, event: RebookRequested, _: InForce) -> State:
    """The patient's request starts the new clock (rule 3e)."""
    return _again(state, event, "start-rebooked")


def another_appointment_decided(
    state: State, event: AnotherAppointmentDecided, _: InForce
) -> State:
    """So does the provider's decision, if it comes first, slot or no slot (§3.4.5)."""
    return _again(state, event, "start-offered-again")


def _again(state: State, event: Event, rule: str) -> State:
    if state.running is not None:
        return state.keep(event, "keep-activity")
    if not state.rebookable:
        return state.find(event, Problem.NOTHING_TO_REBOOK).keep(event, "none-noted")
    return state.start(event, rule)


def discharged_to_gp(state: State, event: DischargedToGp, policy: InForce) -> State:
    """A discharge stops the clock only with the safeguards that its reason asks for."""
    if state.running is None:
        return state.changed(monitoring=None, rebookable=False).keep(event, "none-discharged")
    if event.reason is DischargeReason.FRESH_REFERRAL:
        return state.stop(event, "stop-fresh-referral", Ending.DISCHARGED)
    after_missing = event.reason is DischargeReason.MISSED
    lacking = ", ".join(_lacking(state, event))
    if lacking:
        rule = "keep-discharge-unproven" if after_missing else "keep-not-clinical"
        return state.find(event, Problem.DISCHARGE_UNPROVEN, lacking).keep(event, rule)
    if not after_missing:
        return state.stop(event, "stop-clinical-discharge", Ending.DISCHARGED)
    on_missed = policy.dna_discharge_stop is DnaStop.MISSED_APPOINTMENT
    day = state.last_missed if on_missed else event.day
    return state.stop(event, "stop-missed-discharged", Ending.DISCHARGED, day=day)


def _lacking(state: State, event: DischargedToGp) -> list[str]:
    if event.reason is not DischargeReason.MISSED:
        needs = {
            "a clinical decision": event.clinical_decision,
            "the patient's best interests": event.best_interests,
        }
    else:
        needs = {
            "a missed appointment": state.last_missed is not None,
            "clear communication": event.communicated,
            "the patient's best interests": event.best_interests,
            "a published policy": event.published_policy,
            "protection of vulnerable people": event.protects_vulnerable,
        }
    return [name for name, is_met in needs.items() if not is_met]


def date_offered(state: State, event: DateOffered, _: InForce) -> State:
    """An offer is remembered: what is reasonable is asked when it counts."""
    if state.running is None:
        return state.keep(event, "none-noted")
    return state.changed(offers=(*state.offers, event)).keep(event, "keep-offer")


def offer_declined(state: State, event: OfferDeclined, policy: InForce) -> State:
    """Declining a date, here or elsewhere, stops nothing by itself (§8.2, §8.3)."""
    if state.running is None:
        return state.keep(event, "none-noted")
    offer = next((each for each in state.offers if each.id == event.offer), None)
    if offer is None:
        found = state.find(event, Problem.UNKNOWN_REFERENCE, event.offer)
        return found.keep(event, "keep-offer-declined")
    state = _apart(state, event, offer, policy)
    if offer not in state.declined:
        state = state.changed(declined=(*state.declined, offer))
    other = offer.other_provider
    return state.keep(event, "keep-other-team-declined" if other else "keep-offer-declined")


def _apart(state: State, event: Event, offer: DateOffered, policy: InForce) -> State:
    """The second date is to lie within six weeks of the first (§8.3)."""
    if not state.declined:
        return state
    days = abs((offer.offered_for - state.declined[0].offered_for).days)
    if days <= policy.second_offer_within:
        return state
    return state.find(event, Problem.SECOND_OFFER_LATE, f"{days} days")


def unavailability_declared(state: State, event: UnavailabilityDeclared, policy: InForce) -> State:
    """A patient may say when dates will not do; a long delay gets a clinical review (§8.1)."""
    if state.running is None:
        return state.keep(event, "none-noted")
    if (event.until - event.day).days > policy.delay_review:
        state = state.find(event, Problem.DELAY_REVIEW_NEEDED, f"until {event.until}")
    possible = state.two_dates_possible or event.two_dates_possible
    return state.changed(two_dates_possible=possible).keep(event, "keep-unavailable")


def thinking_time_agreed(state: State, event: ThinkingTimeAgreed, policy: InForce) -> State:
    """A short time to think leaves the clock running; a long one calls for a talk (§4.4.1.4)."""
    if (event.until - event.day).days > policy.thinking_time and state.running:
        state = state.find(event, Problem.THINKING_TIME_LONG, f"until {event.until}")
    return state.keep(event, "keep-thinking-time" if state.running else "none-noted")
