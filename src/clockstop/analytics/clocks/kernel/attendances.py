"""Outcome codes recorded at an activity: ``core.rtt.folding.attendances``."""

from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NOBODY, Event, State
from clockstop.analytics.clocks.kernel.monitoring import begin, known_near, resume, soon_after
from clockstop.analytics.clocks.kernel.moves import hand_over, test_done
from clockstop.analytics.clocks.kernel.state import (
    event_of,
    find,
    has,
    is_marked,
    is_provisional,
    last,
    opened_so_far,
    runs,
    start,
    start_unknown,
    stop,
)
from clockstop.analytics.clocks.words import Ending, Flag, Kind, Problem, Rule, Status


@compiled
def attendance(state: State, event: Event, policy: Any) -> None:
    """An attendance does what its outcome code says; from then on the patient has been seen."""
    if has(event, Flag.IS_TEST):
        soon_after(state, event, policy)
        test_done(state, event.day, policy)
    by_status(state, event, policy)
    if runs(state):
        state.facts.seen = True


@compiled
def administrative_outcome(state: State, event: Event, policy: Any) -> None:
    """An outcome outside any attendance can only close a running period (Annex E)."""
    if event.status in (
        Status.MONITORING_BY_PATIENT,
        Status.MONITORING_BY_PROFESSIONAL,
        Status.NOT_TREATED,
        Status.DECLINED,
        Status.DIED,
    ):
        by_status(state, event, policy)
    else:
        find(state, event, Problem.STATUS_DISAGREES)


@compiled
def by_status(state: State, event: Event, policy: Any) -> None:  # noqa: C901, PLR0912
    """What the code recorded does; without one the outcome is not known."""
    status = event.status
    if status in (Status.FIRST_ACTIVITY, Status.LATER_ACTIVITY):
        _activity(state, event)
    elif status == Status.MONITORING_ENDED:
        _monitoring_ended(state, event, policy)
    elif status == Status.CONSULTANT_REFERRAL:
        _separate_condition(state, event)
    elif status == Status.TRANSFER:
        _transferred(state, event)
    elif status == Status.TREATED:
        stop(state, event, Rule.STOP_OUTPATIENT, Ending.NON_ADMITTED, event.day)
    elif status == Status.MONITORING_BY_PATIENT:
        begin(state, event, Rule.STOP_MONITORING_PATIENT, Ending.MONITORING_BY_PATIENT)
    elif status == Status.MONITORING_BY_PROFESSIONAL:
        known_near(state, event, policy)
        begin(state, event, Rule.STOP_MONITORING_PROFESSIONAL, Ending.MONITORING_BY_PROFESSIONAL)
    elif status == Status.DID_NOT_ATTEND:
        find(state, event, Problem.STATUS_DISAGREES)
    elif status == Status.NOT_TREATED:
        stop(state, event, Rule.STOP_NOT_TO_TREAT, Ending.NOT_TREATED, event.day)
    elif status == Status.DECLINED:
        stop(state, event, Rule.STOP_DECLINED, Ending.DECLINED, event.day)
    elif status == Status.DIED:
        stop(state, event, Rule.STOP_DIED, Ending.DIED, event.day)
        died(state)
    elif status == 0 or status == Status.NOT_YET_KNOWN:  # noqa: PLR1714 - compiled
        find(state, event, Problem.STATUS_MISSING)
    else:
        _outside(state, event)


@compiled
def _activity(state: State, event: Event) -> None:
    if runs(state):
        return
    if is_provisional(state):
        find(state, event, Problem.OUTCOME_UNKNOWN)
    elif state.facts.monitored or state.facts.emergency:
        find(state, event, Problem.STATUS_DISAGREES)
    elif opened_so_far(state) == 0 or last(state).ending == Ending.NULLIFIED:
        start_unknown(state, event, Problem.NO_KNOWN_START)
    else:
        find(state, event, Problem.STATUS_DISAGREES)


@compiled
def _monitoring_ended(state: State, event: Event, policy: Any) -> None:
    if state.facts.monitored:
        resume(state, event, Rule.START_AFTER_MONITORING, policy)
    elif runs(state):
        find(state, event, Problem.STATUS_DISAGREES)
    else:
        find(state, event, Problem.NOT_MONITORED)


@compiled
def _separate_condition(state: State, event: Event) -> None:
    if opened_so_far(state) > 0:
        find(state, event, Problem.OWN_PATHWAY_NEEDED)
    if not runs(state):
        start(state, event, Rule.START_SEPARATE_CONDITION, event.day)


@compiled
def _transferred(state: State, event: Event) -> None:
    if runs(state):
        hand_over(state, NOBODY)
    else:
        find(state, event, Problem.STATUS_DISAGREES)


@compiled
def died(state: State) -> None:
    """After a death nothing is planned and nothing monitored."""
    state.facts.died = True
    state.facts.monitored = False
    if state.facts.planned > 0:
        state.facts.planned = 0
        for number in range(1, state.facts.entries + 1):
            if is_marked(state, number, Kind.PLANNED_LISTED):
                event_of(state, number).mark = 0


@compiled
def _outside(state: State, event: Event) -> None:
    if runs(state):
        find(state, event, Problem.STATUS_DISAGREES)
    elif event.status == Status.DURING_MONITORING and not state.facts.monitored:
        find(state, event, Problem.NOT_MONITORED)
