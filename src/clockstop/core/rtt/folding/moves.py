"""Moves between providers, teams, commissioners and planned lists; no start moves (§5, §11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from clockstop.core.rtt.events import (
    CommissionerChanged,
    CommissionerRecorded,
    Event,
    Handover,
    PlannedFor,
    PlannedListed,
    PlannedRemoved,
    ReportedBy,
    TeamChanged,
    TransferReceived,
    TransferRequested,
    TransferRequestFailed,
    TransferSent,
)
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.folding.referrals import compare_start, start_passed_on
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.identifiers import ERS_ISSUER, UBRN_LENGTH
from clockstop.core.rtt.periods import DiagnosticWait, Listing
from clockstop.core.rtt.policy import InForce


def transfer_sent(state: State, event: TransferSent, _: InForce) -> State:
    """Passing responsibility ends the sender's listing (21); an opinion or subcontract does not."""
    if state.running is None:
        return state.keep(event, "none-noted")
    if event.handover is Handover.OPINION:
        return state.keep(event, "keep-opinion")
    if event.handover is Handover.SUBCONTRACT:
        return _subcontracted(state, event)
    return hand_over(state, event, event.to, "keep-transfer")


def _subcontracted(state: State, event: TransferSent) -> State:
    """Whom the contract names reports; the original provider only by an exception (§11.2)."""
    if event.reported_by is ReportedBy.TREATING:
        return hand_over(state, event, event.to, "keep-subcontract-treating")
    if event.reported_by is None:
        silent = state.find(event, Problem.SUBCONTRACT_SILENT)
        return silent.changed(subcontractor=event.to).keep(event, "keep-subcontract")
    needs = {
        "the commissioner's agreement in advance": event.agreed_in_advance,
        "evidence that it is safe": event.shown_safe,
    }
    lacking = ", ".join(name for name, is_met in needs.items() if not is_met)
    if lacking:
        found = state.find(event, Problem.SUBCONTRACT_UNPROVEN, lacking)
        return hand_over(found, event, event.to, "keep-subcontract-unproven")
    return state.changed(subcontractor=event.to).keep(event, "keep-subcontract-original")


def hand_over(state: State, event: Event, to: str | None, rule: str) -> State:
    """From this day the running period is on another provider's list."""
    state = state.changed(subcontractor=None)
    listings = state.running.listings if state.running else ()
    if listings and listings[-1].until is None:
        listings = (*listings[:-1], replace(listings[-1], until=event.day))
    return state.amend(event, rule, listings=(*listings, Listing(to, event.day)))


def transfer_received(state: State, event: TransferReceived, _: InForce) -> State:
    """The receiver goes on from the sender's start; without one the start is unknown (§11.3)."""
    state = _same_pathway(state, event)
    if state.running is not None:
        return _taken_on(state, event)
    if event.from_outside_england:
        return state.start(event, "start-outside-england")
    if event.original_start is not None:
        return start_passed_on(state, event, event.original_start)
    if not state.periods:
        return state.start_unknown(event, Problem.FORM_MISSING)
    return state.find(event, Problem.FORM_MISSING).keep(event, "none-noted")


def _taken_on(state: State, event: TransferReceived) -> State:
    if event.original_start is not None:
        state = compare_start(state, event, event.original_start)
    listed = state.running.listed_by if state.running else None
    if event.provider is not None and event.provider == state.subcontractor:
        return state.keep(event, "keep-subcontract-received")
    if listed == event.provider:
        return state.keep(event, "keep-received")
    return hand_over(state, event, event.provider, "keep-received")


def _same_pathway(state: State, event: TransferReceived) -> State:
    """The pathway identifier and its issuer never change on transfer (Annex C)."""
    if event.pathway_id is None:
        return state
    sent = (event.pathway_id, event.issuer)
    if state.pathway not in (None, sent) and not _is_same_ubrn(state.pathway, sent):
        return state.find(event, Problem.PATHWAY_ID_CHANGED)
    return state.changed(pathway=sent)


def _is_same_ubrn(known: tuple[str, str | None] | None, sent: tuple[str, str | None]) -> bool:
    """Whether both hold one booking reference: each provider pads it in its own way (Annex C)."""
    if known is None or known[1] != ERS_ISSUER or sent[1] != ERS_ISSUER:
        return False
    return known[0][-UBRN_LENGTH:] in sent[0]


def transfer_requested(
    state: State, event: TransferRequested | TransferRequestFailed, _: InForce
) -> State:
    """A request to be treated elsewhere changes nothing, and so does its failure."""
    return state.keep(event, "keep-request" if state.running else "none-noted")


def team_changed(state: State, event: TeamChanged, _: InForce) -> State:
    """Another team, without a fresh referral."""
    return state.keep(event, "keep-team-change" if state.running else "none-noted")


def commissioner_recorded(state: State, event: CommissionerRecorded, _: InForce) -> State:
    """Who commissions decides under whom the wait is reported, not how long it is (§10.1.8)."""
    return state.keep(event, "keep-commissioner-known" if state.running else "none-noted")


def commissioner_changed(state: State, event: CommissionerChanged, _: InForce) -> State:
    """Another commissioner pays; the wait is the same."""
    return state.keep(event, "keep-commissioner" if state.running else "none-noted")


def planned_listed(state: State, event: PlannedListed, _: InForce) -> State:
    """Planned care is outside RTT, but nobody leaves a running clock by way of a planned list."""
    if state.running is not None:
        return state.find(event, Problem.PLANNED_WHILE_RUNNING).keep(event, "keep-unfit")
    return state.changed(planned=(*state.planned, event)).keep(event, "none-planned")


def planned_removed(state: State, event: PlannedRemoved, _: InForce) -> State:
    """Off the planned list before its due date."""
    left = tuple(each for each in state.planned if each.id != event.listing)
    if len(left) == len(state.planned):
        state = state.find(event, Problem.UNKNOWN_REFERENCE, event.listing)
    return state.changed(planned=left).keep(event, "none-planned")


def advance(state: State, day: date, policy: InForce) -> State:
    """Let time pass to a day: planned care that was due before it and not done is overdue."""
    for listing in sorted(state.planned, key=lambda each: each.due):
        due = max(listing.due + timedelta(days=policy.planned_grace), listing.day)
        if due < day:
            state = _overdue(state, listing, due)
    return state


def _overdue(state: State, listing: PlannedListed, due: date) -> State:
    number = state.running.number if state.running else None
    state = state.changed(planned=tuple(each for each in state.planned if each != listing))
    if listing.planned_for is PlannedFor.FOLLOW_UP:
        return state.stepped(listing, due, "none-follow-up-overdue", None)
    if listing.planned_for is PlannedFor.TEST:
        waits = (*state.tests, DiagnosticWait(due, listing.id))
        return state.changed(tests=waits).stepped(listing, due, "none-planned-overdue-test", None)
    if state.running is not None:
        return state.stepped(listing, due, "keep-planned-overdue", number)
    return state.start(listing, "start-planned-overdue", day=due)


def test_done(state: State, day: date) -> State:
    """A test was done: it ends a diagnostic wait, or takes a planned test off its list."""
    for number, wait in enumerate(state.tests):
        if wait.end is None:
            ended = replace(wait, end=day)
            return state.changed(tests=(*state.tests[:number], ended, *state.tests[number + 1 :]))
    return take_planned(state, PlannedFor.TEST)


def take_planned(state: State, planned_for: PlannedFor) -> State:
    """The planned care that falls due first has been done."""
    fitting = [each for each in state.planned if each.planned_for is planned_for]
    if not fitting:
        return state
    done = min(fitting, key=lambda each: each.due)
    return state.changed(planned=tuple(each for each in state.planned if each != done))
