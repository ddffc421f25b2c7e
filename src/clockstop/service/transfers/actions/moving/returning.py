"""The receiver gives the patient back: the clock goes on, on the sender's list again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.moving.entering import enter_return
from clockstop.service.transfers.actions.moving.receiving import side_of_receiver, started
from clockstop.service.transfers.actions.moving.starting import change
from clockstop.service.transfers.actions.moving.telling import RETURNED, tell_move, tell_practice
from clockstop.service.transfers.actions.stepping import Hand, check, note
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.states import Aid

# Ours: why a patient comes back. Words beside it are kept as a comment.
REASONS = {
    "not_fit": "Not fit for treatment here",
    "out_of_scope": "Needs more than we can give",
    "patient_wishes": "The patient wishes to go back",
    "no_capacity": "We can no longer treat in time",
    "other": "Another reason",
}


@transaction.atomic
def return_patient(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    comment: str = "",
    on: date | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Give a patient back by the named return route, on a day (today).

    One that was given back is left as it is. Raises as ``receive`` does.
    """
    visible = AidRequest.objects.visible_to(actor)
    request = aid_held(visible, request_id)
    if request.state == Aid.RETURNED:
        return request
    request = aid_held(visible, request_id, version)
    hand = side_of_receiver(actor, request, acting_for=acting_for, minutes=minutes)
    return_by(hand, request, request.pathway, on or timezone.localdate(), reason, comment)
    return request


def return_by(
    hand: Hand,
    request: AidRequest,
    pathway: Pathway | None,
    on: date,
    reason: str,
    comment: str = "",
) -> None:
    """The same of a pathway and a request that are locked, in the caller's transaction."""
    further = _against(request, pathway, on, reason, comment)
    check("return_patient", hand, request, further)
    transfer = started(request)
    transfer.returned_on = on
    change(transfer)
    enter_return(request, pathway, hand.by, on)
    tell_practice(transfer, RETURNED)
    note("return_patient", hand, request, reason=reason, comment=comment)
    tell_move(transfer, RETURNED)


def _against(
    request: AidRequest, pathway: Pathway | None, on: date, reason: str, comment: str
) -> Iterator[Refusal]:
    if reason not in REASONS:
        yield Refusal("VALUE_IS_REQUIRED", "Choose why the patient comes back", "reason")
    if reason == "other" and not comment.strip():
        yield Refusal("VALUE_IS_REQUIRED", "Say why in a few words", "comment")
    transfer = Transfer.objects.filter(request=request).exclude(received_on=None).first()
    today = timezone.localdate()
    received = transfer.received_on if transfer else None
    if received and not received <= on <= today:
        words = f"The day must lie between {received.isoformat()} and today"
        yield Refusal("DAY_OUT_OF_RANGE", words, "on")
    if request.patient.died_on:
        yield Refusal("PATIENT_DIED", "The patient has died")
    waits = not pathway or clock_on(pathway.events.all(), today).running
    if not request.is_diagnostic and not waits:
        yield Refusal("NOT_WAITING", "The clock has stopped: nobody waits on this pathway")
