"""Who is told of a transfer: the practice by a notice, the patient by a message or letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clockstop.service.directory.models import HealthcareService
from clockstop.service.messaging.models import Message
from clockstop.service.messaging.outbox import queue
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.models import AidRequest, PracticeNotice, Transfer
from clockstop.service.transfers.states import AID_MOVED, Aid

MOVED, TREATED, RETURNED, RESULT = "moved", "treated", "returned", "result"
NOT_TREATED = "not_treated"  # what was told of a treatment was entered by mistake
ABOUT = "transfer"
ON_THE_LETTER = "the number on your letter"
_TEMPLATES = {MOVED: "care_moved", RETURNED: "care_returned"}


@dataclass(frozen=True, slots=True)
class Days:
    """When what happened that a practice is told of; nothing else of a transfer is."""

    received_on: date | None = None
    treated_on: date | None = None
    returned_on: date | None = None


def days_of(request: AidRequest) -> Days:
    """The days of a request's transfer."""
    held = Transfer.objects.filter(request=request).first()
    return Days(held.received_on, held.treated_on, held.returned_on) if held else Days()


def tell_practice(transfer: Transfer, kind: str, *, again: bool = False) -> None:
    """Put it on the practice's list, once for each kind, where the practice is known.

    ``again``: what was told before has changed since, and is to be read anew.
    """
    code = transfer.request.patient.practice_code
    if not code:
        return
    notice, is_new = PracticeNotice.objects.get_or_create(
        icb_code=transfer.icb_code,
        request=transfer.request,
        kind=kind,
        defaults={"practice_code": code, "told_at": timezone.now()},
    )
    if again and not is_new:
        notice.told_at, notice.read_at, notice.read_by = timezone.now(), None, ""
        notice.save(update_fields=("told_at", "read_at", "read_by"))
    if kind == MOVED:
        transfer.practice_told_at = timezone.now()
        transfer.save(update_fields=("practice_told_at",))


def tell_move(transfer: Transfer, kind: str = MOVED) -> None:
    """Tell the patient who looks after them now; nobody who must not be contacted."""
    code = transfer.sender_code if kind == RETURNED else transfer.receiver_code
    queue(
        _TEMPLATES[kind],
        transfer.request.patient,
        (ABOUT, transfer.pk),
        {"provider": name_of([code])[code], "phone": phone_of(code)},
        key=f"{kind} {transfer.offer_id}",
    )


def phone_of(organisation_code: str) -> str:
    """A number on which patients reach a provider, as its services give one."""
    told = HealthcareService.objects.filter(organisation=organisation_code).exclude(
        patient_phone=""
    )
    found: str | None = told.order_by("pk").values_list("patient_phone", flat=True).first()
    return found or ON_THE_LETTER


def still_holds(message: Message) -> str:
    """Why a message about a transfer is true no more; empty where it is."""
    request: AidRequest | None = AidRequest.objects.filter(transfer__pk=message.about).first()
    if request is None or request.state not in AID_MOVED:
        return "The transfer did not come about"
    is_back = request.state == Aid.RETURNED
    if (message.template == _TEMPLATES[RETURNED]) != is_back:
        return "The patient's care has moved again since"
    return ""
