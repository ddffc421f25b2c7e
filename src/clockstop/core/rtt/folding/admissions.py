"""Admissions: which of them stop a clock, and when the stop is certain (§4.3.2.3, §4.4.2.2)."""

from __future__ import annotations

from clockstop.core.rtt.events import (
    Admission,
    AdmissionOutcome,
    By,
    Cancellation,
    PlannedFor,
    Purpose,
    Result,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.monitoring import soon_after
from clockstop.core.rtt.folding.moves import take_planned, test_done
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import InForce

_KEEPS = {
    Purpose.TEST: "keep-test-admission",
    Purpose.PREPARATION: "keep-preparation",
    Purpose.PRE_OPERATIVE: "keep-pre-operative",
    Purpose.EMERGENCY: "keep-emergency-admission",
    Purpose.PLANNED: "keep-planned-admission",
}
_OUTSIDE = {
    Purpose.TEST: "none-planned-admission",
    Purpose.PLANNED: "none-planned-admission",
    Purpose.EMERGENCY: "none-emergency-admission",
}


def admission(state: State, event: Admission, policy: InForce) -> State:
    """An admission for first definitive treatment stops the clock, provisionally."""
    state = state.changed(admissions=(*state.admissions, event))
    if event.purpose is not Purpose.EMERGENCY:
        state = soon_after(state, event, policy)
    if event.purpose is Purpose.TEST:
        state = test_done(state, event.day)
    if _is_awaited(state, event):
        ending = Ending.ADMITTED
        return state.stop(event, "stop-admission", ending, provisional=True)
    if state.running is not None:
        return state.keep(event, _KEEPS[event.purpose])
    return _without_clock(state, event)


def _is_awaited(state: State, event: Admission) -> bool:
    if state.running is None:
        return False
    if event.purpose is Purpose.PLANNED:
        return state.running.start_rule == "start-planned-overdue"
    return event.purpose is Purpose.TREATMENT


def _without_clock(state: State, event: Admission) -> State:
    if event.purpose in (Purpose.PLANNED, Purpose.TREATMENT):
        was_planned = state.planned
        state = take_planned(state, PlannedFor.TREATMENT)
        if event.purpose is Purpose.PLANNED or state.planned != was_planned:
            return state.keep(event, "none-planned-admission")
        problem = Problem.OUTCOME_UNKNOWN if state.provisional else Problem.STOP_WITHOUT_CLOCK
        return state.find(event, problem).keep(event, "none-noted")
    return state.keep(event, _OUTSIDE.get(event.purpose, "none-noted"))


def admission_outcome(state: State, event: AdmissionOutcome, _: InForce) -> State:
    """The outcome makes a provisional stop final, or shows that there was none."""
    admitted = next((each for each in state.admissions if each.id == event.admission), None)
    if admitted is None:
        found = state.find(event, Problem.UNKNOWN_REFERENCE, event.admission)
        return found.keep(event, "none-noted")
    if state.provisional and state.provisional.closed_by == admitted.id:
        if event.result is Result.TREATED:
            return state.confirm(event, "confirm-admission")
        return state.reopen(event, "reopen-not-carried-out")
    if event.result is Result.TREATED:
        return _treated_after_all(state, event, admitted)
    return _not_carried_out(state, event, admitted)


def _not_carried_out(state: State, event: AdmissionOutcome, admitted: Admission) -> State:
    if any(period.closed_by == admitted.id for period in state.periods):
        return state.find(event, Problem.OUTCOME_TOO_LATE).keep(event, "none-noted")
    return state.keep(event, "keep-not-carried-out" if state.running else "none-noted")


def _treated_after_all(state: State, event: AdmissionOutcome, admitted: Admission) -> State:
    """Definitive treatment in an admission meant for a test or anything else (Annex E)."""
    period = state.running
    if period is None:
        return state.keep(event, "none-noted")
    began = period.start or period.opened_on
    if admitted.purpose is Purpose.TREATMENT or admitted.day < began:
        return state.find(event, Problem.STATUS_DISAGREES).keep(event, "keep-not-carried-out")
    return state.stop(event, "stop-treated-in-admission", Ending.ADMITTED, day=admitted.day)


def cancellation(state: State, event: Cancellation, _: InForce) -> State:
    """A cancellation never stops a clock; one after admission undoes the admission's stop."""
    if event.admission is not None and event.admission not in {
        each.id for each in state.admissions
    }:
        state = state.find(event, Problem.UNKNOWN_REFERENCE, event.admission)
    if state.provisional and state.provisional.closed_by == event.admission:
        return state.reopen(event, "reopen-not-carried-out")
    if state.running is None:
        return state.keep(event, "none-cancelled")
    by_patient = event.by is By.PATIENT
    return state.keep(event, "keep-patient-cancelled" if by_patient else "keep-provider-cancelled")
