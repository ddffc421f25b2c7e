"""Admissions and cancellations: ``core.rtt.folding.admissions``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.monitoring import soon_after
from clockstop.analytics.clocks.kernel.moves import take_planned, test_done
from clockstop.analytics.clocks.kernel.state import (
    confirm,
    event_of,
    find,
    is_marked,
    is_provisional,
    last,
    reopen,
    runs,
    stop,
)
from clockstop.analytics.clocks.words import (
    Ending,
    Kind,
    PlannedFor,
    Problem,
    Purpose,
    Result,
    Rule,
)


@compiled
def admission(state: State, event: Event, policy: Any) -> None:
    """An admission for first definitive treatment stops the clock, provisionally."""
    event.mark = 1
    if event.choice != Purpose.EMERGENCY:
        soon_after(state, event, policy)
    if event.choice == Purpose.TEST:
        test_done(state, event.day, policy)
    if _is_awaited(state, event):
        stop(state, event, Rule.STOP_ADMISSION, Ending.ADMITTED, event.day, True)
    elif not runs(state):
        _without_clock(state, event, policy)


@compiled
def _is_awaited(state: State, event: Event) -> bool:
    if not runs(state):
        return False
    if event.choice == Purpose.PLANNED:
        return last(state).start_rule == Rule.START_PLANNED_OVERDUE
    return event.choice == Purpose.TREATMENT


@compiled
def _without_clock(state: State, event: Event, policy: Any) -> None:
    if event.choice not in (Purpose.PLANNED, Purpose.TREATMENT):
        return
    was_planned = state.facts.planned
    take_planned(state, PlannedFor.TREATMENT, policy)
    if event.choice == Purpose.PLANNED or state.facts.planned != was_planned:
        return
    if is_provisional(state):
        find(state, event, Problem.OUTCOME_UNKNOWN)
    else:
        find(state, event, Problem.STOP_WITHOUT_CLOCK)


@compiled
def admission_outcome(state: State, event: Event, _: Any) -> None:
    """The outcome makes a provisional stop final, or shows that there was none."""
    if not is_marked(state, event.refers, Kind.ADMISSION):
        find(state, event, Problem.UNKNOWN_REFERENCE)
        return
    is_treated = event.choice == Result.TREATED
    if is_provisional(state) and last(state).closed_by == event.refers:
        if is_treated:
            confirm(state)
        else:
            reopen(state)
    elif is_treated:
        _treated_after_all(state, event, event_of(state, event.refers))
    else:
        _not_carried_out(state, event)


@compiled
def _not_carried_out(state: State, event: Event) -> None:
    for at in range(state.facts.first_period, state.facts.periods):
        if state.periods[at].closed_by == event.refers:
            find(state, event, Problem.OUTCOME_TOO_LATE)
            return


@compiled
def _treated_after_all(state: State, event: Event, admitted: Event) -> None:
    if not runs(state):
        return
    period = last(state)
    began = period.start if period.start != NONE else period.opened_on
    if admitted.choice == Purpose.TREATMENT or admitted.day < began:
        find(state, event, Problem.STATUS_DISAGREES)
        return
    stop(state, event, Rule.STOP_TREATED_IN_ADMISSION, Ending.ADMITTED, admitted.day)


@compiled
def cancellation(state: State, event: Event, _: Any) -> None:
    """A cancellation never stops a clock; one after admission undoes the admission's stop."""
    if event.refers != NONE and not is_marked(state, event.refers, Kind.ADMISSION):
        find(state, event, Problem.UNKNOWN_REFERENCE)
    if is_provisional(state) and last(state).closed_by == event.refers:
        reopen(state)
