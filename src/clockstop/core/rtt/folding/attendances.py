"""What an outcome code recorded at an activity does to the clock (Annex D, Annex E)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clockstop.core.rtt.events import AdministrativeOutcome, Attendance
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.monitoring import begin, known_near, resume, soon_after
from clockstop.core.rtt.folding.moves import hand_over, test_done
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import InForce
from clockstop.core.rtt.status_codes import Status

Outcome = Attendance | AdministrativeOutcome


def attendance(state: State, event: Attendance, policy: InForce) -> State:
    """An attendance does what its outcome code says; from then on the patient has been seen."""
    if event.is_test:
        state = test_done(soon_after(state, event, policy), event.day)
    status = event.status or Status.NOT_YET_KNOWN
    after = _BY_STATUS[status](state, event, policy)
    return after.changed(seen=after.seen or after.running is not None)


def administrative_outcome(state: State, event: AdministrativeOutcome, policy: InForce) -> State:
    """An outcome outside any attendance can only close a running period (Annex E)."""
    if event.status not in _ADMINISTRATIVE:
        return state.find(event, Problem.STATUS_DISAGREES).keep(event, "none-noted")
    return _BY_STATUS[event.status](state, event, policy)


def _activity(state: State, event: Outcome, _: InForce) -> State:
    if state.running is not None:
        return state.keep(event, "keep-activity")
    if state.provisional is not None:
        return state.find(event, Problem.OUTCOME_UNKNOWN).keep(event, "none-noted")
    if state.monitoring is not None:
        return _disagrees(state, event, "none-monitoring-check")
    if state.emergency:
        return _disagrees(state, event, "none-emergency")
    if state.last is None or state.last.nullified:
        return state.start_unknown(event, Problem.NO_KNOWN_START)
    return _disagrees(state, event, "none-after-treatment")


def _monitoring_ended(state: State, event: Outcome, policy: InForce) -> State:
    if state.monitoring is not None:
        return resume(state, event, "start-after-monitoring", policy)
    if state.running is not None:
        return _disagrees(state, event, "keep-activity")
    return state.find(event, Problem.NOT_MONITORED).keep(event, "none-noted")


def _separate_condition(state: State, event: Outcome, _: InForce) -> State:
    if state.periods:
        state = state.find(event, Problem.OWN_PATHWAY_NEEDED)
    if state.running is not None:
        return state.keep(event, "keep-activity")
    return state.start(event, "start-separate-condition")


def _transferred(state: State, event: Outcome, _: InForce) -> State:
    if state.running is None:
        return _disagrees(state, event, "none-noted")
    return hand_over(state, event, None, "keep-transfer")


def _treated(state: State, event: Outcome, _: InForce) -> State:
    return state.stop(event, "stop-outpatient", Ending.NON_ADMITTED)


def _monitoring_by_patient(state: State, event: Outcome, _: InForce) -> State:
    return begin(state, event, "stop-monitoring-patient", Ending.MONITORING_BY_PATIENT)


def _monitoring_by_professional(state: State, event: Outcome, policy: InForce) -> State:
    state = known_near(state, event, policy)
    ending = Ending.MONITORING_BY_PROFESSIONAL
    return begin(state, event, "stop-monitoring-professional", ending)


def _not_treated(state: State, event: Outcome, _: InForce) -> State:
    return state.stop(event, "stop-not-to-treat", Ending.NOT_TREATED)


def _declined(state: State, event: Outcome, _: InForce) -> State:
    return state.stop(event, "stop-declined", Ending.DECLINED)


def _died(state: State, event: Outcome, _: InForce) -> State:
    stopped = state.stop(event, "stop-died", Ending.DIED)
    return stopped.changed(died=True, planned=(), monitoring=None)


def _not_attended(state: State, event: Outcome, _: InForce) -> State:
    return _disagrees(state, event, "keep-activity" if state.running else "none-noted")


def _outside(rule: str) -> Callable[[State, Outcome, InForce], State]:
    def outside(state: State, event: Outcome, _: InForce) -> State:
        if state.running is not None:
            return _disagrees(state, event, "keep-activity")
        if event.status is Status.DURING_MONITORING and state.monitoring is None:
            state = state.find(event, Problem.NOT_MONITORED)
        return state.keep(event, rule)

    return outside


def _unknown(state: State, event: Outcome, _: InForce) -> State:
    intended = event.intended_status
    detail = f"only {intended} was intended" if intended else ""
    found = state.find(event, Problem.STATUS_MISSING, detail)
    return found.keep(event, "keep-activity" if state.running else "none-status-unknown")


def _disagrees(state: State, event: Outcome, rule: str) -> State:
    code = event.status.value if event.status else ""
    return state.find(event, Problem.STATUS_DISAGREES, code).keep(event, rule)


_BY_STATUS: Mapping[Status, Callable[[State, Outcome, InForce], State]] = {
    Status.FIRST_ACTIVITY: _activity,
    Status.MONITORING_ENDED: _monitoring_ended,
    Status.CONSULTANT_REFERRAL: _separate_condition,
    Status.LATER_ACTIVITY: _activity,
    Status.TRANSFER: _transferred,
    Status.TREATED: _treated,
    Status.MONITORING_BY_PATIENT: _monitoring_by_patient,
    Status.MONITORING_BY_PROFESSIONAL: _monitoring_by_professional,
    Status.DID_NOT_ATTEND: _not_attended,
    Status.NOT_TREATED: _not_treated,
    Status.DECLINED: _declined,
    Status.DIED: _died,
    Status.AFTER_TREATMENT: _outside("none-after-treatment"),
    Status.DURING_MONITORING: _outside("none-monitoring-check"),
    Status.NOT_YET_REFERRED: _outside("none-outside"),
    Status.NOT_APPLICABLE: _outside("none-outside"),
    Status.NOT_YET_KNOWN: _unknown,
}
_ADMINISTRATIVE = {
    Status.MONITORING_BY_PATIENT,
    Status.MONITORING_BY_PROFESSIONAL,
    Status.NOT_TREATED,
    Status.DECLINED,
    Status.DIED,
}
