"""Active monitoring: how it begins, is reviewed and ends, and what comes back (§4.4.1.4, §8.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from clockstop.core.rtt.events import (
    By,
    DateOffered,
    Event,
    MonitoringReviewed,
    MonitoringStarted,
    PatientGoesAhead,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.state import Monitoring, State
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import InForce, PlaceAfter
from clockstop.core.rtt.queue_place import PlaceLeft, restored

_OFFERS_NEEDED = 2


def monitoring_started(state: State, event: MonitoringStarted, policy: InForce) -> State:
    """A clinical decision stops the clock; one for a patient's delay must show what it needs."""
    if state.running is None and state.monitoring:
        return state.keep(event, "none-monitoring-continues")
    state = known_near(state, event, policy)
    lacking = ", ".join(_lacking(state, event, policy))
    if state.running and lacking:
        found = state.find(event, Problem.MONITORING_UNPROVEN, lacking)
        return found.keep(event, "keep-monitoring-unproven")
    if event.by is By.PATIENT:
        return begin(state, event, "stop-monitoring-patient", Ending.MONITORING_BY_PATIENT)
    rule = "stop-monitoring-delay" if event.delay else "stop-monitoring-professional"
    return begin(state, event, rule, Ending.MONITORING_BY_PROFESSIONAL)


def known_near(state: State, event: Event, policy: InForce) -> State:
    """Monitoring is not for the days before a test or treatment known to be needed (§4.4.1.4).

    Known is what the event says and, unless the patient wished to wait, every date offered that
    has not been declined.
    """
    days = [each.offered_for for each in state.offers if each not in state.declined]
    if isinstance(event, MonitoringStarted):
        at_wish = event.delay or event.by is By.PATIENT
        days = [*(() if at_wish else days), *filter(None, [event.known_intervention])]
    near = [day for day in days if 0 <= (day - event.day).days <= policy.monitoring_too_near]
    if state.running is None or not near:
        return state
    return state.find(event, Problem.MONITORING_TOO_NEAR, str(min(near)))


def soon_after(state: State, event: Event, policy: InForce) -> State:
    """A test, an admission or a new clock days after a professional began active monitoring."""
    monitoring = state.monitoring
    if monitoring is None or monitoring.patient_wish:
        return state
    days = (event.day - monitoring.since).days
    if days > policy.monitoring_too_near:
        return state
    return state.find(event, Problem.MONITORING_TOO_NEAR, f"after {days} days")


def _lacking(state: State, event: MonitoringStarted, policy: InForce) -> list[str]:
    """What §4.4.1.4 asks of a delay: offers (or unavailability), conversation, agreement."""
    if not event.delay:
        return []
    reasonable = sum(is_reasonable(offer, policy) for offer in state.declined)
    has_offers = reasonable >= _OFFERS_NEEDED or state.two_dates_possible
    needs = {
        "two reasonable offers declined": has_offers or event.by is By.PATIENT,
        "a clinical conversation": event.conversation,
        "the patient's agreement": event.agreed,
    }
    return [name for name, is_met in needs.items() if not is_met]


def is_reasonable(offer: DateOffered, policy: InForce) -> bool:
    """Whether an offer is reasonable: enough notice, not when the patient cannot come (§13).

    At another provider it must also be suitable and state date, provider and team (§4.4.1.4).
    """
    if offer.known_unavailable or (offer.offered_for - offer.day).days < policy.reasonable_notice:
        return False
    return not offer.other_provider or (offer.suitable and offer.details_stated)


def begin(state: State, event: Event, rule: str, ending: Ending) -> State:
    """The clock stops and the patient leaves a place in the queue, to come back to."""
    running = state.running
    stopped = state.stop(event, rule, ending)
    if running is None:
        return stopped
    monitoring = Monitoring(
        since=event.day,
        reviewed=event.day,
        event=event.id,
        patient_wish=rule != "stop-monitoring-professional",
        left=PlaceLeft(running.place, event.day) if running.place else None,
    )
    return stopped.changed(monitoring=monitoring)


def resume(state: State, event: Event, rule: str, policy: InForce) -> State:
    """A new clock starts at nothing, with the place that the patient left."""
    monitoring = state.monitoring
    state = soon_after(_review_in_time(state, event, policy), event, policy)
    if monitoring is None or monitoring.left is None:
        return state.start(event, rule)
    if policy.place_after is PlaceAfter.PATIENT_DELAYS and not monitoring.patient_wish:
        return state.start(event, rule)
    place = restored(monitoring.left, event.day, policy.place_rule)
    return state.start(event, rule, place=place)


def monitoring_reviewed(state: State, event: MonitoringReviewed, policy: InForce) -> State:
    """Every twelve weeks a clinician looks at a patient who wished to wait (§8.3)."""
    monitoring = state.monitoring
    if monitoring is None:
        return state.find(event, Problem.NOT_MONITORED).keep(event, "none-noted")
    state = _review_in_time(state, event, policy)
    kept = replace(monitoring, reviewed=event.day, event=event.id)
    return state.changed(monitoring=kept).keep(event, "none-monitoring-review")


def _review_in_time(state: State, event: Event, policy: InForce) -> State:
    late = review_gap(state.monitoring, event.day, policy)
    return state.find(event, Problem.REVIEW_OVERDUE, f"{late} days") if late else state


def review_gap(monitoring: Monitoring | None, day: date, policy: InForce) -> int | None:
    """The days since the last review of a patient who wished to wait, if they are too many.

    The twelve weeks are written of delays (§8.3); watchful waiting has its own rhythm (Annex E).
    """
    if monitoring is None or not monitoring.patient_wish:
        return None
    gap = (day - monitoring.reviewed).days
    return gap if gap > policy.monitoring_review else None


def patient_goes_ahead(state: State, event: PatientGoesAhead, policy: InForce) -> State:
    """After active monitoring the patient's decision starts the new clock (§8.3)."""
    if state.monitoring:
        return resume(state, event, "start-goes-ahead", policy)
    if state.running:
        return state.keep(event, "keep-activity")
    return state.find(event, Problem.NOT_MONITORED).keep(event, "none-noted")
