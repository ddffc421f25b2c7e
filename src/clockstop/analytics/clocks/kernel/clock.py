"""One pathway's entries in, its periods out: ``core.rtt.clock``, for one pathway after another."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

import numpy as np

from clockstop.analytics.clocks.kernel.compiled import compiled, entry
from clockstop.analytics.clocks.kernel.corrections import settle
from clockstop.analytics.clocks.kernel.handlers import handle
from clockstop.analytics.clocks.kernel.layout import NONE, Event, State
from clockstop.analytics.clocks.kernel.monitoring import review_gap
from clockstop.analytics.clocks.kernel.moves import advance, first_due
from clockstop.analytics.clocks.kernel.state import (
    begun,
    event_of,
    find,
    has,
    is_marked,
    is_provisional,
    last,
    noted,
    opened_so_far,
)
from clockstop.analytics.clocks.words import Flag, Kind, Problem, Result, Status
from clockstop.core.rtt.events import KINDS, Decision
from clockstop.core.rtt.periods import Ending as EndingInCore
from clockstop.core.rtt.status_codes import Effect, status_codes

_CODES = status_codes()
_STOPPING = (Effect.STOPS, Effect.NULLIFIES)
# By the number of the status code, of the ending or of the kind.
_STARTS = np.array([False, *(_CODES[each].group == "start" for each in _CODES)])
_STOPS = np.array([False, *(_CODES[each].effect in _STOPPING for each in _CODES)])
_STATUS_OF = np.array([0, *(Status[each.status.name].value for each in EndingInCore)])
_IS_DECISION = np.array([False, *(issubclass(KINDS[kind], Decision) for kind in sorted(KINDS))])


@entry
def derive(state: State, starts: Any, policies: Any, as_of: int, by_hand: Any) -> None:
    """Fold the pathways that begin at the rows ``starts``; the last of these is where all end.

    The row after that is room for an entry in another form. ``by_hand`` says of each pathway
    whether it is for the core; nothing is then put down for it.
    """
    for pathway in range(len(starts) - 1):
        begun(state, pathway, starts[pathway], starts[pathway + 1] - starts[pathway])
        _fold(state, policies, as_of)
        facts = state.facts
        by_hand[pathway] = facts.by_hand
        if facts.by_hand:
            facts.periods, facts.findings = facts.first_period, facts.first_finding
            facts.tests = facts.first_test
        else:
            _stand(state, state.standings[pathway])


@compiled
def _fold(state: State, policies: Any, as_of: int) -> None:
    counting = settle(state)
    for at in range(1, counting + 1):
        event = event_of(state, event_of(state, at).order)
        if as_of != NONE and event.day > as_of:
            break
        _after(state, event, _on(policies, event.day))
    if as_of != NONE:
        _at(state, as_of, _on(policies, as_of))


@compiled
def _stand(state: State, standing: Any) -> None:
    """What goes on beside the periods."""
    facts = state.facts
    standing.pathway, standing.died = facts.pathway, facts.died
    standing.monitoring_since = standing.monitoring_reviewed = NONE
    if facts.monitored:
        standing.monitoring_since = facts.monitoring_since
        standing.monitoring_reviewed = facts.monitoring_reviewed
    standing.planned_due = first_due(state)


@compiled
def _on(policies: Any, day: int) -> Any:
    at = len(policies) - 1
    while at > 0 and policies[at].since > day:
        at -= 1
    return policies[at]


@compiled
def _at(state: State, as_of: int, policy: Any) -> None:
    advance(state, as_of, policy)
    facts = state.facts
    if review_gap(state, as_of, policy) != 0:
        noted(state, facts.monitoring_event, Problem.REVIEW_OVERDUE, facts.monitoring_reviewed)
    if is_provisional(state):
        noted(state, last(state).closed_by, Problem.OUTCOME_UNKNOWN, last(state).end)


@compiled
def _after(state: State, event: Event, policy: Any) -> None:
    advance(state, event.day, policy)
    if state.facts.died and not _confirms(event):
        find(state, event, Problem.AFTER_DEATH)
    elif event.kind == Kind.DECISION_COMMUNICATED:
        _told(state, event, policy)
    elif _IS_DECISION[event.kind] and not has(event, Flag.COMMUNICATED):
        event.mark = 1
        find(state, event, Problem.NOT_COMMUNICATED)
    else:
        periods = opened_so_far(state)
        handle(state, event, policy)
        _with_status_checked(state, event, periods)


@compiled
def _confirms(event: Event) -> bool:
    return event.kind == Kind.ADMISSION_OUTCOME and event.choice == Result.TREATED


@compiled
def _told(state: State, event: Event, policy: Any) -> None:
    if not _is_held(state, event.refers):
        find(state, event, Problem.UNKNOWN_REFERENCE)
        return
    held, told = event_of(state, event.refers), state.rows[len(state.rows) - 1]
    held.mark = 0
    _copy(held, told)
    told.day = event.day
    handle(state, told, policy)


@compiled
def _copy(event: Event, to: Event) -> None:
    to.number, to.kind, to.status, to.provider = (
        event.number,
        event.kind,
        event.status,
        event.provider,
    )
    to.flags, to.choice, to.other_choice = event.flags, event.choice, event.other_choice
    to.refers, to.other_day, to.to, to.name = event.refers, event.other_day, event.to, event.name


@compiled
def _is_held(state: State, number: int) -> bool:
    if not 1 <= number <= state.facts.entries:
        return False
    kind = event_of(state, number).kind
    return _IS_DECISION[kind] and is_marked(state, number, kind)


@compiled
def _with_status_checked(state: State, event: Event, periods_before: int) -> None:
    is_outcome = event.kind in (Kind.ATTENDANCE, Kind.ADMINISTRATIVE_OUTCOME)
    if event.status == 0 or is_outcome:
        return
    if opened_so_far(state) > 0 and last(state).closed_by == event.number:
        agrees = event.status == _STATUS_OF[last(state).ending]
    elif opened_so_far(state) > periods_before:
        agrees = _STARTS[event.status]
    else:
        agrees = not _STOPS[event.status]
    if not agrees:
        find(state, event, Problem.STATUS_DISAGREES)
