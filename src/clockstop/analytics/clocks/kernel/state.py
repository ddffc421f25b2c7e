"""What is known of a pathway, held in arrays, and the few ways in which that changes.

As in ``core.rtt.folding.state``, handlers ask to start, stop, reopen, keep or find. There are no
steps here, so to keep is to do nothing. What is put down for a pathway follows what was put down
for those before it in the same arrays; ``facts`` is one record of the type FACTS.
"""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

import numpy as np

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NOBODY, NONE, Event, State
from clockstop.analytics.clocks.words import Problem, Rule


@compiled
def event_of(state: State, number: int) -> Event:
    """The entry with a number."""
    return state.rows[state.facts.row + number - 1]


@compiled
def has(event: Event, flag: int) -> bool:
    """Whether a field of yes or no says yes."""
    return event.flags & np.int64(flag) != 0


@compiled
def begun(state: State, pathway: int, row: int, entries: int) -> None:
    """Nothing is known yet of a pathway, whose entries begin at a row."""
    facts = state.facts
    facts.pathway, facts.row, facts.entries = pathway, row, entries
    facts.first_period, facts.first_finding = facts.periods, facts.findings
    facts.first_test, facts.planned = facts.tests, 0
    facts.died = facts.by_hand = False
    facts.name = 0
    _forget_clock(state)


@compiled
def _forget_clock(state: State) -> None:
    facts = state.facts
    facts.two_dates_possible = facts.interface = facts.seen = facts.rebookable = False
    facts.emergency = facts.referred_outward = facts.monitored = False
    facts.declined, facts.last_missed, facts.subcontractor = 0, NONE, NOBODY


@compiled
def opened_so_far(state: State) -> int:
    """How many periods the pathway has."""
    return state.facts.periods - state.facts.first_period


@compiled
def last(state: State) -> Any:
    """The latest period; only where there is one."""
    return state.periods[state.facts.periods - 1]


@compiled
def runs(state: State) -> bool:
    """Whether a clock runs."""
    return opened_so_far(state) > 0 and last(state).ending == 0


@compiled
def is_provisional(state: State) -> bool:
    """Whether the latest period ended by an admission whose outcome is not known."""
    return opened_so_far(state) > 0 and last(state).provisional


@compiled
def has_ended(state: State) -> bool:
    """Whether the latest period, if any, is over."""
    return opened_so_far(state) > 0 and last(state).ending != 0


@compiled
def find(state: State, event: Event, problem: int) -> None:
    """A finding at the event."""
    noted(state, event.number, problem, event.day)


@compiled
def noted(state: State, number: int, problem: int, day: int) -> None:
    """A finding at an entry, of a day."""
    found = state.findings[state.facts.findings]
    found.pathway = state.facts.pathway
    found.number = number
    found.problem = problem
    found.day = day
    state.facts.findings += 1


@compiled
def start(state: State, event: Event, rule: int, day: int, in_returns: bool = True) -> None:
    """A clock starts on a day. Only where none runs."""
    period = _opened(state, event)
    period.start = period.since = day
    period.start_rule = rule
    period.in_returns = in_returns


@compiled
def start_unknown(state: State, event: Event, problem: int) -> None:
    """A clock runs whose start nobody knows."""
    find(state, event, problem)
    period = _opened(state, event)
    period.start = period.since = NONE
    period.start_rule = Rule.START_UNKNOWN
    period.in_returns = True


@compiled
def _opened(state: State, event: Event) -> Any:
    _forget_clock(state)
    state.facts.periods += 1
    period = last(state)
    period.pathway = state.facts.pathway
    period.opened_by = event.number
    period.opened_on = event.day
    period.listed_by = event.provider
    period.decided_to_admit = NONE
    period.days_brought = 0
    _run_on(period)
    return period


@compiled
def _run_on(period: Any) -> None:
    period.end = NONE
    period.ending = period.stop_rule = period.closed_by = 0
    period.provisional = False


@compiled
def stop(
    state: State, event: Event, rule: int, ending: int, day: int, provisional: bool = False
) -> None:
    """The running clock stops; where none runs, a finding says so and nothing is applied."""
    if not runs(state):
        if is_provisional(state):
            find(state, event, Problem.OUTCOME_UNKNOWN)
        else:
            find(state, event, Problem.STOP_WITHOUT_CLOCK)
        return
    period = last(state)
    period.end = day
    period.ending = ending
    period.stop_rule = rule
    period.closed_by = event.number
    period.provisional = provisional


@compiled
def reopen(state: State) -> None:
    """A provisional stop turns out to be none: the clock ran on all the time."""
    _run_on(last(state))


@compiled
def confirm(state: State) -> None:
    """A provisional stop becomes final."""
    last(state).provisional = False


@compiled
def is_marked(state: State, number: int, kind: int) -> bool:
    """Whether a number is that of an entry of a kind that is remembered."""
    if not 1 <= number <= state.facts.entries:
        return False
    event = event_of(state, number)
    return event.mark != 0 and event.kind == kind
