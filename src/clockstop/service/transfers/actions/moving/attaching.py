"""Documents that go with a transfer: letters, images, the report of a test."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import NOT_FROM_HERE, NOT_YOURS, Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.referrals.attachments import MOST, File, against_files
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.moving.receiving import side_of_receiver
from clockstop.service.transfers.actions.moving.starting import note_transfer
from clockstop.service.transfers.actions.stepping import refuse_if
from clockstop.service.transfers.models import AidRequest, Transfer, TransferDocument
from clockstop.service.transfers.states import Aid, Party

_OPEN = frozenset({Aid.ACCEPTED, Aid.TRANSFERRING, Aid.TRANSFERRED, Aid.RESULTED})


@transaction.atomic
def attach(*, actor: Actor, request_id: UUID, files: Sequence[File]) -> Transfer:
    """Put files to a transfer, by either side; all or none.

    Raises AidRequest.DoesNotExist, BusyError and StepRefusedError.
    """
    request = aid_held(AidRequest.objects.visible_to(actor), request_id)
    held = Transfer.objects.filter(request=request, stopped_at=None)
    transfer: Transfer | None = held.first()
    found = [*_against(actor, request, transfer), *_about(files, transfer)]
    if transfer is None or found:
        refuse_if(found)
        raise LookupError(str(request.pk))
    for each in files:
        _put(actor, transfer, each)
    note_transfer("put documents to it", actor.for_audit, transfer)
    return transfer


def _against(actor: Actor, request: AidRequest, transfer: Transfer | None) -> list[Refusal]:
    found = []
    if not side_of_receiver(actor, request).parties & {Party.SENDER, Party.RECEIVER}:
        found.append(Refusal(NOT_YOURS, "Only the two sides may do this"))
    if transfer is None:
        found.append(Refusal("NOT_STARTED", "Complete the data set first", "files"))
    if request.state not in _OPEN:
        found.append(Refusal(NOT_FROM_HERE, "The transfer has ended", "files"))
    return found


def _about(files: Sequence[File], transfer: Transfer | None) -> list[Refusal]:
    held = transfer.documents.count() if transfer else 0
    found = [
        Refusal("FILE_REFUSED", each.words, "files") for each in against_files(files) if each.words
    ]
    if held + len(files) > MOST:
        found.append(Refusal("TOO_MANY", f"A transfer holds up to {MOST} files", "files"))
    if not files:
        found.append(Refusal("VALUE_IS_REQUIRED", "Choose a file", "files"))
    return found


def _put(actor: Actor, transfer: Transfer, file: File) -> None:
    TransferDocument.objects.create(
        icb_code=transfer.icb_code,
        transfer=transfer,
        title=file.title,
        content_type=file.kind,
        size=len(file.content),
        content=file.content,
        organisation_code=actor.organisation_code,
        attached_at=timezone.now(),
        attached_by=actor.for_audit.id,
    )
