"""Putting files to a referral, and taking them off again: the row stays, marked as removed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.referrals.actions.stepping import Hand, hand_of, locked
from clockstop.service.referrals.attachments import File, against_files
from clockstop.service.referrals.models import Document, Referral
from clockstop.service.referrals.states import Party


@transaction.atomic
def attach(
    *, actor: Actor, referral_id: UUID, files: Sequence[File], version: int | None = None
) -> Referral:
    """Put files to an open referral; the letter is no longer due once the practice did.

    Raises Referral.DoesNotExist, StaleError, BusyError and StepRefusedError; then none is kept.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    hand = hand_of(actor, referral)
    held = referral.documents.filter(removed=False).count()
    refusals = [*_against(hand, referral), *against_files(files, held)]
    if not files:
        refusals.append(Refusal("MISSING_VALUE", "Choose a file", "files"))
    if refusals:
        raise StepRefusedError(refusals)
    attach_by(hand, referral, files)
    return referral


def attach_by(hand: Hand, referral: Referral, files: Sequence[File]) -> None:
    """The same, of files that were looked at and a referral that is locked."""
    side = "REFERRER" if Party.REFERRER in hand.parties else "PROVIDER"
    for each in files:
        document = Document.objects.create(
            icb_code=referral.icb_code,
            referral=referral,
            title=each.title,
            content_type=each.kind,
            size=len(each.content),
            content=each.content,
            attached_at=timezone.now(),
            attached_by=hand.by.id,
            organisation_code=hand.by.organisation_code,
            attached_as=side,
        )
        _note("referral: attached a file", hand, document)
    if files and side == "REFERRER" and referral.letter_due:
        referral.letter_due = False
        referral.save(update_fields=("letter_due",))


@transaction.atomic
def share(*, actor: Actor, referral_id: UUID, document_id: UUID, shared: bool) -> Document:
    """Let the patient read a file of one's own organisation, from today; or no more.

    A referral that has ended may still have a letter to read. Raises Referral.DoesNotExist,
    BusyError and StepRefusedError.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, None)
    hand = hand_of(actor, referral)
    held = referral.documents.filter(pk=document_id, removed=False)
    document: Document | None = held.filter(organisation_code=actor.organisation_code).first()
    if document is None or not hand.parties & {Party.REFERRER, Party.PROVIDER}:
        words = "There is no such file of your organisation"
        raise StepRefusedError([Refusal("REFERENCE_NOT_FOUND", words, "files")])
    document.shared_on = (document.shared_on or timezone.localdate()) if shared else None
    document.shared_by = hand.by.id if shared else ""
    document.save(update_fields=("shared_on", "shared_by"))
    what = "shared a file with the patient" if shared else "ended sharing a file with the patient"
    _note(f"referral: {what}", hand, document)
    return document


@transaction.atomic
def remove(*, actor: Actor, referral_id: UUID, document_id: UUID) -> Referral:
    """Take a file off that one's own organisation had put there."""
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, None)
    hand = hand_of(actor, referral)
    document = referral.documents.filter(pk=document_id, removed=False).first()
    refusals = _against(hand, referral)
    if document is None or document.organisation_code != actor.organisation_code:
        words = "There is no such file of your organisation"
        refusals.append(Refusal("REFERENCE_NOT_FOUND", words, "files"))
    if refusals or document is None:
        raise StepRefusedError(refusals)
    document.removed = True
    document.save(update_fields=("removed",))
    _note("referral: removed a file", hand, document)
    return referral


def _against(hand: Hand, referral: Referral) -> list[Refusal]:
    found = []
    if not hand.parties & {Party.REFERRER, Party.PROVIDER}:
        found.append(Refusal("NO_RELATIONSHIP", "Only referrer and provider may do this"))
    if not referral.is_open:
        found.append(Refusal("INVALID_REQUEST_STATE", "The referral has ended"))
    return found


def _note(what: str, hand: Hand, document: Document) -> None:
    """The audit holds which file, never its name or content."""
    record(
        what,
        hand.by,
        icb_code=document.icb_code,
        subject=("referral", document.referral_id or ""),
        detail={"document": str(document.pk), "size": document.size},
    )
