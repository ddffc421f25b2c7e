"""The clock engine: one pathway's events in, its RTT periods out, with the reasons.

It folds the events in the order of their days (the order given decides within a day). It never
fails on any list of events: what cannot be, or cannot be known, becomes a finding.

Source: NHS England, RTT recording and reporting guidance 5.0 (11 February 2025); see ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from clockstop.core.rtt.corrections import Correction, settle
from clockstop.core.rtt.events import (
    AdministrativeOutcome,
    AdmissionOutcome,
    Attendance,
    Decision,
    DecisionCommunicated,
    Event,
    Result,
)
from clockstop.core.rtt.findings import Finding, Problem
from clockstop.core.rtt.folding.handlers import HANDLERS
from clockstop.core.rtt.folding.monitoring import review_gap
from clockstop.core.rtt.folding.moves import advance
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.periods import DiagnosticWait, Period, Standing, Step
from clockstop.core.rtt.policy import DEFAULT, InForce, Policy
from clockstop.core.rtt.status_codes import Effect, status_codes

_OUTCOMES = (Attendance, AdministrativeOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What a pathway's events come to.

    ``steps`` say for each event which rule decided; ``corrections`` the wrong entries, still
    visible; ``not_yet`` the events after the day asked about. ``events`` are all that were given,
    ``policy`` the one they were read by. ``identifier`` is the pathway's, with its issuer, if a
    booking reference or a transfer form gave one. ``standing`` is what goes on beside the periods.
    """

    periods: tuple[Period, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    diagnostic_waits: tuple[DiagnosticWait, ...]
    corrections: tuple[Correction, ...]
    not_yet: tuple[Event, ...]
    events: tuple[Event, ...]
    policy: Policy
    identifier: tuple[str, str | None] | None
    standing: Standing

    @property
    def running(self) -> Period | None:
        """The period whose clock runs, if any."""
        return self.periods[-1] if self.periods and self.periods[-1].runs else None


def derive(
    events: Iterable[Event], *, policy: Policy = DEFAULT, as_of: date | None = None
) -> Derivation:
    """The RTT periods of one pathway, as they stood at the end of ``as_of``.

    Corrections count whenever they were made: the question is what was so, not what was known.
    Without ``as_of`` the last event's day is the last day looked at. Planned care that was due
    before that day counts as overdue (§5.2). Where the guidance leaves a choice, that of the
    ``policy`` counts, else the one that the rulebook holds on the day of the event.
    """
    given = tuple(events)
    settled = settle(given)
    later = tuple(event for event in settled.counting if as_of and event.day > as_of)
    state = State(findings=settled.findings)
    for event in sorted(settled.counting, key=lambda each: each.day):
        if as_of is None or event.day <= as_of:
            state = _after(state, event, policy.on(event.day))
    if as_of is not None:
        state = _at(state, as_of, policy.on(as_of))
    return Derivation(
        periods=state.periods,
        steps=state.steps,
        findings=state.findings,
        diagnostic_waits=state.tests,
        corrections=settled.corrections,
        not_yet=later,
        events=given,
        policy=policy,
        identifier=state.pathway,
        standing=_standing(state),
    )


def _standing(state: State) -> Standing:
    monitoring = state.monitoring
    return Standing(
        died=state.died,
        monitoring_since=monitoring.since if monitoring else None,
        monitoring_reviewed=monitoring.reviewed if monitoring else None,
        planned_due=min((each.due for each in state.planned), default=None),
    )


def _at(state: State, as_of: date, policy: InForce) -> State:
    state = advance(state, as_of, policy)
    monitoring = state.monitoring
    if monitoring and review_gap(monitoring, as_of, policy):
        late = Finding(Problem.REVIEW_OVERDUE, monitoring.event, monitoring.reviewed)
        state = state.changed(findings=(*state.findings, late))
    if state.provisional and state.provisional.closed_by and state.provisional.end:
        closed_by, end = state.provisional.closed_by, state.provisional.end
        unknown = Finding(Problem.OUTCOME_UNKNOWN, closed_by, end)
        state = state.changed(findings=(*state.findings, unknown))
    return state


def _after(state: State, event: Event, policy: InForce) -> State:
    state = advance(state, event.day, policy)
    if state.died and not _confirms(event):
        return state.find(event, Problem.AFTER_DEATH).keep(event, "none-noted")
    if isinstance(event, DecisionCommunicated):
        return _told(state, event, policy)
    if isinstance(event, Decision) and not event.communicated:
        held = state.changed(held=(*state.held, event)).find(event, Problem.NOT_COMMUNICATED)
        return held.keep(event, "keep-not-communicated")
    after = HANDLERS[type(event)](state, event, policy)
    return _with_status_checked(state, after, event)


def _confirms(event: Event) -> bool:
    return isinstance(event, AdmissionOutcome) and event.result is Result.TREATED


def _told(state: State, event: DecisionCommunicated, policy: InForce) -> State:
    """A decision counts from the day on which the patient is told of it (§4.4.1.2)."""
    decision = next((each for each in state.held if each.id == event.decision), None)
    if not isinstance(decision, Decision):
        found = state.find(event, Problem.UNKNOWN_REFERENCE, event.decision)
        return found.keep(event, "none-noted")
    left = tuple(each for each in state.held if each is not decision)
    told = replace(decision, day=event.day, communicated=True)
    return HANDLERS[type(told)](state.changed(held=left), told, policy)


def _with_status_checked(before: State, after: State, event: Event) -> State:
    """Hold the code recorded with an event against what the event did; outcomes are their code."""
    if event.status is None or isinstance(event, _OUTCOMES):
        return after
    closed = after.last if after.last and after.last.closed_by == event.id else None
    if closed is not None and closed.ending is not None:
        agrees = event.status is closed.ending.status
    elif len(after.periods) > len(before.periods):
        agrees = status_codes()[event.status].group == "start"
    else:
        stops = (Effect.STOPS, Effect.NULLIFIES)
        agrees = status_codes()[event.status].effect not in stops
    return after if agrees else after.find(event, Problem.STATUS_DISAGREES, event.status)
