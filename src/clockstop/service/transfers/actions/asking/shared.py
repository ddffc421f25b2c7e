"""What the steps of a patient's request do alike: lock, ask who, judge, set deadlines, note."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.rulebook.eligibility import Profile, profile_of
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.referrals.actions.stepping import locked
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.worklists import review_was_due
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.locking import hold_pathways, hold_places
from clockstop.service.transfers.actions.stepping import Hand, check, hand_of, note
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.states import AID_ENDED, Asked, Party

# Within which limit each state is left again: a rule of the rulebook, in working days.
LIMITS = {
    Asked.REQUESTED: "asked_review",
    Asked.SUITABLE: "asked_search",
    Asked.ICB_SEARCH: "asked_search",
    Asked.DMAS_NATIONAL: "asked_national",
    Asked.CHOOSING: "asked_choice",
    Asked.PROVIDER_ASKED: "asked_provider",
    Asked.OFFER_TO_PATIENT: "aid_decision",
}
_GOES_ON = {(Asked.SUITABLE, Asked.ICB_SEARCH)}  # one limit for both


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes to requests: those that they may have, and what they are towards one."""

    visible: Any
    hand: Callable[[PatientRequest], Hand]

    def taken_up(self, request_id: UUID, version: int | None = None) -> tuple[Hand, PatientRequest]:
        """A request locked for this transaction, its pathway and request for help before it.

        Raises PatientRequest.DoesNotExist, StaleError, BusyError.
        """
        hold_pathways(patient_requests=request_id)
        live_aid(request_id)
        request: PatientRequest = locked(self.visible, request_id, version)
        return self.hand(request), request


def way_of(actor: Actor, *, acting_for: UUID | None = None, minutes: int | None = None) -> Way:
    """That of somebody who is signed in. ``acting_for``: a clinician of their organisation."""

    def hand(request: PatientRequest) -> Hand:
        return hand_of(actor, request, acting_for=acting_for, minutes=minutes)

    return Way(PatientRequest.objects.visible_to(actor), hand)


def live_aid(request_id: UUID) -> AidRequest | None:
    """The request for help that a patient's request has led to and that goes on, locked.

    So are the places held for it: whoever frees them has written to the audit by then.
    """
    held = AidRequest.objects.select_for_update(of=("self",)).filter(patient_request=request_id)
    found: AidRequest | None = held.exclude(state__in=AID_ENDED).order_by("-created_at").first()
    if found is not None:
        hold_places([found])
    return found


def as_system(hand: Hand) -> Hand:
    """What follows from somebody's step: done by the rules, in the audit by them."""
    return Hand(by=hand.by, parties=frozenset({Party.SYSTEM}), actor=hand.actor)


def profile_for(request: PatientRequest) -> Profile:
    """The version of the profile by which the patient was found."""
    return profile_of(request.profile, request.profile_version)


def entry_of(request: PatientRequest) -> ListEntry | None:
    """The row of the tracking list of the pathway that it is about."""
    held = ListEntry.objects.filter(pathway=request.pathway_id)
    return held.select_related("pathway__patient__merged_into").first()


def go(
    action: str,
    hand: Hand,
    request: PatientRequest,
    further: Iterable[Refusal] = (),
    *,
    reason: str = "",
    comment: str = "",
) -> PatientRequest:
    """Take a step on a locked request, with what the branch, the record and the table ask for.

    Raises StepRefusedError with all reasons.
    """
    check(action, hand, request, [*_against_branch(action, request), *further])
    _set_deadline(action, request)
    note(action, hand, request, reason=reason, comment=comment)
    return request


def against_waiting(request: PatientRequest) -> Iterable[Refusal]:
    """The patient is still waited for, and lives."""
    entry = entry_of(request)
    if entry is None or entry.state != State.WAITING:
        yield Refusal("NOT_WAITING", "The patient is no longer waiting for this")


def against_review(request: PatientRequest) -> Iterable[Refusal]:
    """An overdue review of the clinical priority blocks (design §6)."""
    entry = entry_of(request)
    due = review_was_due(entry, timezone.localdate()) if entry else None
    if due:
        words = (
            f"The review of the clinical priority was due on {due:%-d %B %Y}: a clinician reviews"
            " it first"
        )
        yield Refusal("REVIEW_OVERDUE", words)


def against_cancer(request: PatientRequest) -> Iterable[Refusal]:
    """Never in a batch or a search: clinician to clinician (design §6)."""
    entry = entry_of(request)
    if request.pathway.is_suspected_cancer or (entry and entry.on_cancer_list):
        words = "Cancer is arranged one by one, from clinician to clinician"
        yield Refusal("CANCER", words)


def deadline(limit: str, today: date) -> tuple[date, date]:
    """The last day of a limit that begins today, and the day on which it is escalated."""
    rules = rulebook.on(today)
    days = rules[limit].value
    late = max(1, ceil(days * rules["asked_escalate_at"].value / 100))
    return working_days_after(today, days), working_days_after(today, late)


def _set_deadline(action: str, request: PatientRequest) -> None:
    to = Asked(states.patient_requests().rows[action].to)
    if (request.state, to) in _GOES_ON or request.state == to:
        return
    limit = LIMITS.get(to)
    request.due, request.escalate_on, request.escalated_at = None, None, None
    if limit:
        request.due, request.escalate_on = deadline(limit, timezone.localdate())


def _against_branch(action: str, request: PatientRequest) -> Iterable[Refusal]:
    guards = states.patient_requests().rows[action].guards
    is_legal = profile_for(request).is_legal
    if "legal" in guards and not is_legal:
        words = "Only who uses the right of 18 weeks chooses among all providers"
        yield Refusal("NOT_LEGAL", words)
    if "not_legal" in guards and is_legal:
        words = "Who uses the right of 18 weeks chooses the provider: nobody searches for them"
        yield Refusal("LEGAL", words)
