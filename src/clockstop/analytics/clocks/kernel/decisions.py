"""Decisions, treatment outside admissions, death: ``core.rtt.folding.decisions``."""

from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.attendances import died
from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.monitoring import resume
from clockstop.analytics.clocks.kernel.moves import take_planned
from clockstop.analytics.clocks.kernel.state import (
    find,
    has,
    has_ended,
    is_provisional,
    last,
    opened_so_far,
    runs,
    start,
    start_unknown,
    stop,
)
from clockstop.analytics.clocks.words import Ending, Flag, PlannedFor, Problem, Rule, Setting


@compiled
def treatment_started(state: State, event: Event, policy: Any) -> None:
    """First definitive treatment stops the clock wherever it begins (rule 4a)."""
    is_over = has_ended(state) and last(state).ending != Ending.NULLIFIED
    if is_over and not is_provisional(state) and not state.facts.monitored:
        take_planned(state, PlannedFor.TREATMENT, policy)
    elif event.choice == Setting.INTERFACE:
        stop(state, event, Rule.STOP_INTERFACE_TREATMENT, Ending.NON_ADMITTED, event.day)
    elif event.choice == Setting.THERAPY:
        stop(state, event, Rule.STOP_THERAPY, Ending.NON_ADMITTED, event.day)
    else:
        stop(state, event, Rule.STOP_OUTPATIENT, Ending.NON_ADMITTED, event.day)


@compiled
def decision_to_treat(state: State, event: Event, policy: Any) -> None:
    """A decision to treat starts a clock after monitoring, or for a new treatment (rule 3)."""
    if not runs(state):
        _decided(state, event, policy)


@compiled
def decision_to_admit(state: State, event: Event, policy: Any) -> None:
    """Like a decision to treat; the period is then one with a decision to admit (part 2A)."""
    if not runs(state):
        _decided(state, event, policy)
    if runs(state) and last(state).decided_to_admit == NONE:
        last(state).decided_to_admit = event.day


@compiled
def _decided(state: State, event: Event, policy: Any) -> None:
    if state.facts.monitored:
        resume(state, event, Rule.START_AFTER_MONITORING, policy)
    elif state.facts.emergency:
        start(state, event, Rule.START_AFTER_EMERGENCY, event.day)
    elif opened_so_far(state) == 0 or last(state).ending == Ending.NULLIFIED:
        start_unknown(state, event, Problem.NO_KNOWN_START)
    elif has(event, Flag.NEW_TREATMENT):
        start(state, event, Rule.START_NEW_TREATMENT, event.day)
    elif is_provisional(state):
        find(state, event, Problem.OUTCOME_UNKNOWN)


@compiled
def decision_to_refer(state: State, event: Event, policy: Any) -> None:
    """A referral with a view to treatment may start the clock before the decision to treat."""
    if runs(state) or not has(event, Flag.VIEW_TO_TREATMENT):
        return
    if has(event, Flag.SAME_PROVIDER):
        _referred_within(state, event, policy)
    else:
        state.facts.referred_outward = True


@compiled
def _referred_within(state: State, event: Event, policy: Any) -> None:
    if state.facts.monitored:
        resume(state, event, Rule.START_AFTER_MONITORING_REFERRED, policy)
    elif state.facts.emergency:
        start(state, event, Rule.START_AFTER_EMERGENCY, event.day)
    elif opened_so_far(state) > 0 and last(state).ending != Ending.NULLIFIED:
        start(state, event, Rule.START_NEW_TREATMENT_REFERRED, event.day)


@compiled
def decision_not_to_treat(state: State, event: Event, _: Any) -> None:
    """A clinical decision not to treat, told to the patient (rule 5d)."""
    _ended(state, event, Rule.STOP_NOT_TO_TREAT, Ending.NOT_TREATED)


@compiled
def returned_to_primary_care(state: State, event: Event, _: Any) -> None:
    """Back to primary care for care that is not consultant-led (rule 5a)."""
    _ended(state, event, Rule.STOP_PRIMARY_CARE, Ending.PRIMARY_CARE)


@compiled
def _ended(state: State, event: Event, rule: int, ending: int) -> None:
    if not runs(state) and state.facts.monitored:
        state.facts.monitored = False
    else:
        stop(state, event, rule, ending, event.day)


@compiled
def treatment_declined(state: State, event: Event, _: Any) -> None:
    """Only declining all treatment stops the clock (rule 5c)."""
    if has(event, Flag.ALL_TREATMENT):
        stop(state, event, Rule.STOP_DECLINED, Ending.DECLINED, event.day)


@compiled
def transplant_listed(state: State, event: Event, _: Any) -> None:
    """A matched transplant list stops the clock; an unmatched transplant waits for admission."""
    if has(event, Flag.MATCHED):
        stop(state, event, Rule.STOP_TRANSPLANT_LIST, Ending.TRANSPLANT_LIST, event.day)


@compiled
def fit_and_ready(state: State, event: Event, _: Any) -> None:
    """The second side starts when it is clinically right and the patient is available (rule 3a)."""
    is_ready = has(event, Flag.CLINICALLY_READY) and has(event, Flag.AVAILABLE)
    if is_ready and not runs(state):
        start(state, event, Rule.START_BILATERAL, event.day)


@compiled
def death(state: State, event: Event, _: Any) -> None:
    """Death before treatment ends the wait, the planned lists and the monitoring."""
    if runs(state):
        stop(state, event, Rule.STOP_DIED, Ending.DIED, event.day)
    died(state)


@compiled
def private_treatment(state: State, event: Event, _: Any) -> None:
    """The guidance is silent: only the patient's word that NHS care is not wanted ends the wait."""
    if not runs(state):
        return
    if has(event, Flag.NHS_CARE_WANTED):
        find(state, event, Problem.PRIVATE_TREATMENT)
    else:
        stop(state, event, Rule.STOP_PRIVATE, Ending.DECLINED, event.day)
