"""What counts, and what is wrong with corrections: ``core.rtt.corrections``."""

# mypy: no-warn-return-any
from __future__ import annotations

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NONE, State
from clockstop.analytics.clocks.kernel.state import event_of, find
from clockstop.analytics.clocks.words import Kind, Problem


@compiled
def settle(state: State) -> int:
    """Put into ``order`` the entries that count, by their day; returns how many they are."""
    entries, counting = state.facts.entries, 0
    if _has_corrections(state):
        _count_superseded(state)
        _findings(state)
    for number in range(1, entries + 1):
        event = event_of(state, number)
        if event.declined == 0 and event.kind != Kind.ENTRY_WITHDRAWN:
            counting += 1
            _put_by_day(state, counting, number)
        event.declined = 0
    return counting


@compiled
def _has_corrections(state: State) -> bool:
    for number in range(1, state.facts.entries + 1):
        if event_of(state, number).supersedes != NONE:
            return True
    return False


@compiled
def _count_superseded(state: State) -> None:
    """Count in ``declined``, not yet in use, how often each entry is superseded."""
    for number in range(1, state.facts.entries + 1):
        wrong = _superseded(state, number)
        if wrong > 0:
            event_of(state, wrong).declined += 1


@compiled
def _superseded(state: State, number: int) -> int:
    """The entry that this one supersedes; 0 if there is none of that name, NONE if it does not."""
    wrong = event_of(state, number).supersedes
    return wrong if wrong <= state.facts.entries else 0


@compiled
def _findings(state: State) -> None:
    for number in range(1, state.facts.entries + 1):
        wrong, event = _superseded(state, number), event_of(state, number)
        if wrong == NONE:
            continue
        if wrong == 0:
            find(state, event, Problem.UNKNOWN_REFERENCE)
        elif _is_circle(state, number):
            find(state, event, Problem.CORRECTION_LOOP)
        elif event_of(state, wrong).declined > 1:
            find(state, event, Problem.CORRECTED_TWICE)


@compiled
def _is_circle(state: State, number: int) -> bool:
    target = _superseded(state, number)
    for _ in range(state.facts.entries):
        if target <= 0 or target == number:
            break
        target = _superseded(state, target)
    return target == number


@compiled
def _put_by_day(state: State, at: int, number: int) -> None:
    """Put an entry after those of its day and before later ones; most stand in order already."""
    day = event_of(state, number).day
    while at > 1 and event_of(state, event_of(state, at - 1).order).day > day:
        event_of(state, at).order = event_of(state, at - 1).order
        at -= 1
    event_of(state, at).order = number
