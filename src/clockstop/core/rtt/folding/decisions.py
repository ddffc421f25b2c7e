"""Decisions, treatment outside admissions, death: rules 3 to 5 (§3.4, §4.3, §4.4)."""

from __future__ import annotations

from clockstop.core.rtt.events import (
    Death,
    Decision,
    DecisionNotToTreat,
    DecisionToAdmit,
    DecisionToRefer,
    DecisionToTreat,
    FitAndReady,
    PlannedFor,
    PrivateTreatment,
    ReturnedToPrimaryCare,
    Setting,
    TransplantListed,
    TreatmentDeclined,
    TreatmentStarted,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.monitoring import resume
from clockstop.core.rtt.folding.moves import take_planned
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import InForce

_BY_SETTING = {
    Setting.OUTPATIENT: "stop-outpatient",
    Setting.INTERFACE: "stop-interface-treatment",
    Setting.THERAPY: "stop-therapy",
}


def treatment_started(state: State, event: TreatmentStarted, _: InForce) -> State:
    """First definitive treatment stops the clock wherever it begins (rule 4a)."""
    if state.running is not None:
        return state.stop(event, _BY_SETTING[event.setting], Ending.NON_ADMITTED)
    ended = state.last is not None and not (state.last.nullified or state.last.provisional)
    if ended and not state.monitoring:
        return take_planned(state, PlannedFor.TREATMENT).keep(event, "none-care-plan")
    return state.stop(event, _BY_SETTING[event.setting], Ending.NON_ADMITTED)


def decision_to_treat(state: State, event: DecisionToTreat, policy: InForce) -> State:
    """A decision to treat starts a clock after monitoring, or for a new treatment (rule 3)."""
    if state.running is not None:
        return state.keep(event, "keep-decision-to-treat")
    return _decided(state, event, policy, is_new=event.new_treatment)


def decision_to_admit(state: State, event: DecisionToAdmit, policy: InForce) -> State:
    """Like a decision to treat; the period is then one with a decision to admit (part 2A)."""
    if state.running is None:
        state = _decided(state, event, policy, is_new=event.new_treatment)
    first = state.running.decided_to_admit if state.running else None
    return state.amend(event, "keep-decision-to-admit", decided_to_admit=first or event.day)


def _decided(state: State, event: Decision, policy: InForce, *, is_new: bool) -> State:
    if state.monitoring is not None:
        return resume(state, event, "start-after-monitoring", policy)
    if state.emergency:
        return state.start(event, "start-after-emergency")
    if state.last is None or state.last.nullified:
        return state.start_unknown(event, Problem.NO_KNOWN_START)
    if is_new:
        return state.start(event, "start-new-treatment")
    if state.provisional is not None:
        state = state.find(event, Problem.OUTCOME_UNKNOWN)
    return state.keep(event, "none-care-plan")


def decision_to_refer(state: State, event: DecisionToRefer, policy: InForce) -> State:
    """A referral with a view to treatment may start the clock before the decision to treat."""
    if state.running is not None:
        return state.keep(event, "keep-activity")
    if not event.view_to_treatment:
        return state.keep(event, "none-no-view-to-treatment")
    if not event.same_provider:
        return state.changed(referred_outward=True).keep(event, "none-receiver-starts")
    return _referred_within(state, event, policy)


def _referred_within(state: State, event: DecisionToRefer, policy: InForce) -> State:
    if state.monitoring is not None:
        return resume(state, event, "start-after-monitoring-referred", policy)
    if state.emergency:
        return state.start(event, "start-after-emergency")
    if state.last is None or state.last.nullified:
        return state.keep(event, "none-noted")
    return state.start(event, "start-new-treatment-referred")


def decision_not_to_treat(state: State, event: DecisionNotToTreat, _: InForce) -> State:
    """A clinical decision not to treat, told to the patient (rule 5d)."""
    return _ended(state, event, "stop-not-to-treat", Ending.NOT_TREATED)


def returned_to_primary_care(state: State, event: ReturnedToPrimaryCare, _: InForce) -> State:
    """Back to primary care for care that is not consultant-led (rule 5a)."""
    return _ended(state, event, "stop-primary-care", Ending.PRIMARY_CARE)


def _ended(state: State, event: Decision, rule: str, ending: Ending) -> State:
    if state.running is None and state.monitoring is not None:
        return state.changed(monitoring=None).keep(event, "none-noted")
    return state.stop(event, rule, ending)


def treatment_declined(state: State, event: TreatmentDeclined, _: InForce) -> State:
    """Only declining all treatment stops the clock (rule 5c)."""
    if event.all_treatment:
        return state.stop(event, "stop-declined", Ending.DECLINED)
    return state.keep(event, "keep-one-treatment-declined" if state.running else "none-noted")


def transplant_listed(state: State, event: TransplantListed, _: InForce) -> State:
    """A matched transplant list stops the clock; an unmatched transplant waits for admission."""
    if event.matched:
        return state.stop(event, "stop-transplant-list", Ending.TRANSPLANT_LIST)
    return state.keep(event, "keep-unmatched-transplant" if state.running else "none-noted")


def fit_and_ready(state: State, event: FitAndReady, _: InForce) -> State:
    """The second side starts when it is clinically right and the patient is available (rule 3a)."""
    if state.running is not None:
        return state.keep(event, "keep-activity")
    if not (event.clinically_ready and event.available):
        return state.keep(event, "none-not-ready")
    return state.start(event, "start-bilateral")


def death(state: State, event: Death, _: InForce) -> State:
    """Death before treatment ends the wait, the planned lists and the monitoring."""
    if state.running is not None:
        state = state.stop(event, "stop-died", Ending.DIED)
    else:
        state = state.keep(event, "none-died")
    return state.changed(died=True, planned=(), monitoring=None)


def private_treatment(state: State, event: PrivateTreatment, _: InForce) -> State:
    """The guidance is silent: only the patient's word that NHS care is not wanted ends the wait."""
    if state.running is None:
        return state.keep(event, "none-noted")
    if event.nhs_care_wanted:
        return state.find(event, Problem.PRIVATE_TREATMENT).keep(event, "keep-private")
    return state.stop(event, "stop-private", Ending.DECLINED)
