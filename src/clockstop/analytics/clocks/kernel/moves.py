"""Moves between providers and planned lists: ``core.rtt.folding.moves``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import NOBODY, NONE, Event, State
from clockstop.analytics.clocks.kernel.referrals import compare_start, start_passed_on
from clockstop.analytics.clocks.kernel.state import (
    event_of,
    find,
    has,
    is_marked,
    last,
    opened_so_far,
    runs,
    start,
    start_unknown,
)
from clockstop.analytics.clocks.words import (
    Flag,
    Handover,
    Kind,
    PlannedFor,
    Problem,
    ReportedBy,
    Rule,
)


@compiled
def transfer_sent(state: State, event: Event, _: Any) -> None:
    """Passing responsibility ends the sender's listing (21); an opinion or subcontract does not."""
    if not runs(state) or event.choice == Handover.OPINION:
        return
    if event.choice == Handover.SUBCONTRACT:
        _subcontracted(state, event)
    else:
        hand_over(state, event.to)


@compiled
def _subcontracted(state: State, event: Event) -> None:
    if event.other_choice == ReportedBy.TREATING:
        hand_over(state, event.to)
    elif event.other_choice == 0:
        find(state, event, Problem.SUBCONTRACT_SILENT)
        state.facts.subcontractor = event.to
    elif not (has(event, Flag.AGREED_IN_ADVANCE) and has(event, Flag.SHOWN_SAFE)):
        find(state, event, Problem.SUBCONTRACT_UNPROVEN)
        hand_over(state, event.to)
    else:
        state.facts.subcontractor = event.to


@compiled
def hand_over(state: State, to: int) -> None:
    """From this day the running period is on another provider's list."""
    state.facts.subcontractor = NOBODY
    if runs(state):
        last(state).listed_by = to


@compiled
def transfer_received(state: State, event: Event, _: Any) -> None:
    """The receiver goes on from the sender's start; without one the start is unknown (§11.3)."""
    _same_pathway(state, event)
    if runs(state):
        _taken_on(state, event)
    elif has(event, Flag.FROM_OUTSIDE_ENGLAND):
        start(state, event, Rule.START_OUTSIDE_ENGLAND, event.day)
    elif event.other_day != NONE:
        start_passed_on(state, event, event.other_day)
    elif opened_so_far(state) == 0:
        start_unknown(state, event, Problem.FORM_MISSING)
    else:
        find(state, event, Problem.FORM_MISSING)


@compiled
def _taken_on(state: State, event: Event) -> None:
    if event.other_day != NONE:
        compare_start(state, event, event.other_day)
    if event.provider != NOBODY and event.provider == state.facts.subcontractor:
        return
    if last(state).listed_by != event.provider:
        hand_over(state, event.provider)


@compiled
def _same_pathway(state: State, event: Event) -> None:
    """Whether two identifiers hold one booking reference is a question for the core: by hand."""
    if event.name == 0:
        return
    known = state.facts.name
    if known == 0 or known == event.name:  # noqa: PLR1714 - compiled
        state.facts.name = event.name
    elif known % 2 == 1 and event.name % 2 == 1:
        state.facts.by_hand = True
    else:
        find(state, event, Problem.PATHWAY_ID_CHANGED)


@compiled
def planned_listed(state: State, event: Event, _: Any) -> None:
    """Planned care is outside RTT, but nobody leaves a running clock by way of a planned list."""
    if runs(state):
        find(state, event, Problem.PLANNED_WHILE_RUNNING)
        return
    event.mark = 1
    state.facts.planned += 1


@compiled
def planned_removed(state: State, event: Event, _: Any) -> None:
    """Off the planned list before its due date."""
    if is_marked(state, event.refers, Kind.PLANNED_LISTED):
        _unlist(state, event_of(state, event.refers))
    else:
        find(state, event, Problem.UNKNOWN_REFERENCE)


@compiled
def _unlist(state: State, listing: Event) -> None:
    listing.mark = 0
    state.facts.planned -= 1


@compiled
def advance(state: State, day: int, policy: Any) -> None:
    """Let time pass to a day: planned care that was due before it and not done is overdue."""
    while state.facts.planned > 0:
        number = _first_due(state, 0, day, policy)
        if number == 0:
            return
        listing = event_of(state, number)
        _overdue(state, listing, _due(listing, policy))


@compiled
def _due(listing: Event, policy: Any) -> int:
    return max(listing.other_day + policy.planned_grace, listing.day)


@compiled
def _first_due(state: State, planned_for: int, before: int, policy: Any) -> int:
    """The listing due first: of all that are overdue on a day, or else of those for one thing."""
    found = 0
    for number in range(1, state.facts.entries + 1):
        if not is_marked(state, number, Kind.PLANNED_LISTED):
            continue
        listing = event_of(state, number)
        is_meant = listing.choice == planned_for or (
            planned_for == 0 and _due(listing, policy) < before
        )
        if is_meant and (found == 0 or _is_earlier(listing, event_of(state, found))):
            found = number
    return found


@compiled
def first_due(state: State) -> int:
    """The earliest due date on the planned lists, or none."""
    due = NONE
    if state.facts.planned > 0:
        for number in range(1, state.facts.entries + 1):
            if is_marked(state, number, Kind.PLANNED_LISTED):
                day = event_of(state, number).other_day
                if due == NONE or day < due:
                    due = day
    return due


@compiled
def _is_earlier(listing: Event, other: Event) -> bool:
    return (listing.other_day, listing.day, listing.number) < (
        other.other_day,
        other.day,
        other.number,
    )


@compiled
def _overdue(state: State, listing: Event, due: int) -> None:
    _unlist(state, listing)
    if listing.choice == PlannedFor.FOLLOW_UP:
        return
    if listing.choice == PlannedFor.TEST:
        test = state.tests[state.facts.tests]
        test.pathway = state.facts.pathway
        test.start, test.opened_by, test.end = due, listing.number, NONE
        state.facts.tests += 1
    elif not runs(state):
        start(state, listing, Rule.START_PLANNED_OVERDUE, due)


@compiled
def test_done(state: State, day: int, policy: Any) -> None:
    """A test was done: it ends a diagnostic wait, or takes a planned test off its list."""
    for at in range(state.facts.first_test, state.facts.tests):
        if state.tests[at].end == NONE:
            state.tests[at].end = day
            return
    take_planned(state, PlannedFor.TEST, policy)


@compiled
def take_planned(state: State, planned_for: int, policy: Any) -> None:
    """The planned care that falls due first has been done."""
    if state.facts.planned > 0:
        number = _first_due(state, planned_for, 0, policy)
        if number != 0:
            _unlist(state, event_of(state, number))
