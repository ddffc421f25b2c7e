"""The receiver has the patient: all that changes with it, in one transaction, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.actions import EntryRefusedError, record_event
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.moving.data_set import read, written
from clockstop.service.transfers.actions.moving.entering import enter_move
from clockstop.service.transfers.actions.moving.starting import (
    change,
    note_transfer,
    uses_this_store,
)
from clockstop.service.transfers.actions.moving.telling import MOVED, tell_move, tell_practice
from clockstop.service.transfers.actions.stepping import Hand, check, hand_of, note, refuse_if
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.states import AID_MOVED, Party


@transaction.atomic
def acknowledge(*, actor: Actor, request_id: UUID, minutes: int | None = None) -> Transfer:
    """The receiver says that the form has arrived; said again, it stays as it is.

    Raises AidRequest.DoesNotExist, BusyError and StepRefusedError.
    """
    request = aid_held(AidRequest.objects.visible_to(actor), request_id)
    hand = side_of_receiver(actor, request, minutes=minutes)
    if Party.RECEIVER not in hand.parties:
        refuse_if([Refusal("NOT_YOURS", "Only the receiver may do this")])
    return acknowledge_by(hand, request)


def acknowledge_by(hand: Hand, request: AidRequest) -> Transfer:
    """The same of a locked request; who may was asked before."""
    transfer = started(request)
    if transfer.acknowledged_at is None:
        check("acknowledge", hand, request)
        form_arrived(hand, transfer)
        note("acknowledge", hand, request)
    return transfer


def form_arrived(hand: Hand, transfer: Transfer) -> None:
    """Whoever receives the patient has the form too: that is no step of its own then."""
    if transfer.acknowledged_at is None:
        now = timezone.now()
        transfer.sent_at = transfer.sent_at or now  # what has arrived was sent
        transfer.acknowledged_at = now
        change(transfer)
        transfer.exchanges.filter(direction="out", done_at=None).update(done_at=now, error="")
        note_transfer("form acknowledged", hand.by, transfer)


@transaction.atomic
def receive(
    *,
    actor: Actor,
    request_id: UUID,
    on: date | None = None,
    treated: Mapping[str, object] | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
    comment: str = "",
    minutes: int | None = None,
) -> AidRequest:
    """Clinical responsibility passes on a day (today): the patient moves from list to list.

    ``treated`` is the event of a treatment at the first visit, as JSON: 30 instead of 20 stands.
    A transfer that was received is left as it is. For a receiver that does not work on this store
    the sender enters what it was told. Raises AidRequest.DoesNotExist, StaleError, BusyError,
    StepRefusedError; then nothing is written.
    """
    visible = AidRequest.objects.visible_to(actor)
    request = aid_held(visible, request_id)
    if request.state in AID_MOVED:
        return request
    request = aid_held(visible, request_id, version)
    hand = side_of_receiver(actor, request, acting_for=acting_for, minutes=minutes)
    pathway = request.pathway
    receive_by(hand, request, pathway, on or timezone.localdate(), comment)
    if treated is not None:
        _enter_treatment(actor, request, pathway, treated, acting_for)
        request.refresh_from_db()
    return request


def receive_by(
    hand: Hand, request: AidRequest, pathway: Pathway | None, on: date, comment: str = ""
) -> None:
    """The same of a pathway and a request that are locked, in the caller's transaction."""
    check("receive", hand, request, _against(request, on))
    transfer = started(request)
    form_arrived(hand, transfer)
    values = read(transfer.data_set)
    transfer.data_set = written(values | {"received_on": on.isoformat()})
    transfer.received_on = on
    change(transfer)
    enter_move(request, pathway, hand.by, on)
    tell_practice(transfer, MOVED)
    note("receive", hand, request, comment=comment)
    tell_move(transfer)  # which asks whether the patient has moved


def side_of_receiver(
    actor: Actor,
    request: AidRequest,
    *,
    acting_for: UUID | None = None,
    minutes: int | None = None,
) -> Hand:
    """The actor's hand; the sender's is the receiver's too where that one is not on this store."""
    hand = hand_of(actor, request, acting_for=acting_for, minutes=minutes)
    if Party.SENDER in hand.parties and not uses_this_store(request.receiver_code):
        return replace(hand, parties=hand.parties | {Party.RECEIVER})
    if actor.organisation_code != request.receiver_code:
        return replace(hand, parties=hand.parties - {Party.RECEIVER})
    return hand


def started(request: AidRequest) -> Transfer:
    """The transfer of a request that was started. Raises StepRefusedError where there is none."""
    held: Transfer | None = Transfer.objects.filter(request=request, stopped_at=None).first()
    if held is None or held.started_at is None:
        raise StepRefusedError([Refusal("NOT_STARTED", "The transfer has not started")])
    return held


def _against(request: AidRequest, on: date) -> Iterator[Refusal]:
    transfer = Transfer.objects.filter(request=request, stopped_at=None).first()
    if transfer is None or transfer.started_at is None:
        yield Refusal("NOT_STARTED", "The transfer has not started")
        return
    first = timezone.localtime(transfer.started_at).date()
    if not first <= on <= timezone.localdate():
        words = f"The day must lie between {first.isoformat()}, when it started, and today"
        yield Refusal("DAY_OUT_OF_RANGE", words, "on")
    if request.patient.died_on:
        yield Refusal("PATIENT_DIED", "The patient has died")


def _enter_treatment(
    actor: Actor,
    request: AidRequest,
    pathway: Pathway | None,
    treated: Mapping[str, object],
    acting_for: UUID | None,
) -> None:
    if pathway is None or actor.organisation_code != request.receiver_code:
        words = "Only the receiver enters a treatment, on a pathway"
        raise StepRefusedError([Refusal("NOT_YOURS", words, "treated")])
    try:
        record_event(
            actor=actor,
            pathway=pathway,
            values=treated,
            submission=uuid4(),
            acting_for=acting_for,
        )
    except EntryRefusedError as error:
        found = [Refusal("ENTRY_REFUSED", each.words, each.field) for each in error.refusals]
        raise StepRefusedError(found) from error
