"""A transfer begins: the receiver found the patient fit for it, and the data set is complete."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.audit import recording
from clockstop.service.transfers.actions.moving.data_set import form_of, read, written
from clockstop.service.transfers.actions.stepping import Hand, refuse_if
from clockstop.service.transfers.models import AidRequest, Exchange, Offer, Transfer
from clockstop.service.transfers.models.aid import Reporter
from clockstop.service.transfers.states import OfferState

REQUEST = "request"


def against_start(request: AidRequest) -> tuple[Refusal, ...]:
    """All that stands against the transfer of a request: the form, the agreements, the clock."""
    offer = taken_offer(request)
    if offer is None:
        return (Refusal("NO_OFFER_TAKEN", "The patient has not accepted an offer"),)
    return tuple(_against(request, offer, transfer_of(request, offer)))


def start_transfer(request: AidRequest, hand: Hand) -> Transfer:
    """Begin the transfer of a locked request, as part of ``pass_check``; who may was asked before.

    The data set is completed and kept as it is now, and sent. A transfer that was begun is left as
    it is. Raises StepRefusedError with all that stands against it; then nothing is written.
    """
    offer = taken_offer(request)
    refuse_if(against_start(request))
    transfer = transfer_of(request, _known(offer))
    if transfer.started_at:
        return transfer
    form = form_of(request, _known(offer), read(transfer.data_set), timezone.localdate())
    transfer.data_set = written(form.values)
    transfer.started_at = timezone.now()
    change(transfer)
    _send(transfer)
    note_transfer("started", hand.by, transfer)
    return transfer


def taken_offer(request: AidRequest) -> Offer | None:
    """The offer that the patient accepted."""
    held: Offer | None = request.offers.filter(state=OfferState.TAKEN).first()
    return held


def transfer_of(request: AidRequest, offer: Offer) -> Transfer:
    """The transfer of an acceptance, not saved if it is new.

    After one that came to nothing it is the same row, with what staff gave, for the new offer.
    """
    transfer: Transfer | None = Transfer.objects.filter(request=request).first()
    if transfer is not None and transfer.offer_id == offer.pk and transfer.stopped_at is None:
        return transfer
    new = transfer or Transfer(icb_code=request.icb_code, request=request, version=0)
    new.offer = offer
    new.sender_code, new.receiver_code = request.organisation_code, offer.organisation_code
    new.started_at = new.sent_at = new.acknowledged_at = new.stopped_at = None
    new.last_error = ""
    return new


def uses_this_store(organisation_code: str) -> bool:
    """Whether people of a provider work here, so that the form is with them once it is sent."""
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=organisation_code, role__in=PROVIDING
    )
    return bool(held.exists())


def change(transfer: Transfer) -> None:
    """Save a transfer, as a version more."""
    transfer.version += 1
    transfer.save()


def note_transfer(what: str, by: recording.Actor, transfer: Transfer) -> None:
    """Say in the audit what was done; it holds references alone."""
    recording.record(
        f"transfer: {what}",
        by,
        icb_code=transfer.icb_code,
        subject=("transfer", transfer.pk),
        detail={"request": str(transfer.request_id), "version": transfer.version},
    )


def _known(offer: Offer | None) -> Offer:
    if offer is None:
        raise LookupError("no offer is taken")
    return offer


def _against(request: AidRequest, offer: Offer, transfer: Transfer) -> Iterator[Refusal]:
    form = form_of(request, offer, read(transfer.data_set), timezone.localdate())
    for fault in form.faults:
        yield Refusal("DATA_SET_INCOMPLETE", fault.words, fault.key)
    if not transfer.return_to.strip():
        words = "Name the team and contact to which the patient would return"
        yield Refusal("VALUE_IS_REQUIRED", words, "return_to")
    is_subcontract = not request.is_diagnostic and request.reported_by != Reporter.RECEIVER
    if is_subcontract and not transfer.cnst_cover.strip():
        words = "Give the statement of CNST cover of the provider that treats"
        yield Refusal("SUBCONTRACT_UNPROVEN", words, "cnst_cover")  # RTT guidance §11.2


def _send(transfer: Transfer) -> None:
    """The form is with a receiver who works here at once; to others it goes as file or message."""
    is_here = uses_this_store(transfer.receiver_code)
    now = timezone.now()
    Exchange.objects.get_or_create(
        direction="out",
        key=f"{transfer.offer_id}:{REQUEST}",
        defaults={
            "icb_code": transfer.icb_code,
            "transfer": transfer,
            "kind": REQUEST,
            "content": transfer.data_set,
            "at": now,
            "done_at": now if is_here else None,
        },
    )
    if is_here:
        transfer.sent_at = now
        transfer.save(update_fields=("sent_at",))
