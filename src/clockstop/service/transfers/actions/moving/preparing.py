"""What staff of the sender add to a transfer before it starts: the data set, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.moving.data_set import Form, form_of, written
from clockstop.service.transfers.actions.moving.starting import (
    change,
    note_transfer,
    taken_offer,
    transfer_of,
)
from clockstop.service.transfers.actions.stepping import check, hand_of, note
from clockstop.service.transfers.models import AidRequest, Transfer

SHORT = {"return_to": 200, "cnst_cover": 100}


@transaction.atomic
def complete_form(
    *,
    actor: Actor,
    request_id: UUID,
    given: Mapping[str, str],
    agreed: Mapping[str, str],
    version: int | None = None,
    minutes: int | None = None,
) -> tuple[Transfer, Form]:
    """Keep what the sender gives for the transfer of an accepted request, complete or not.

    ``given`` are elements of the data set, ``agreed`` the way back, and the CNST cover of
    a subcontract. The form says what is still missing. Raises AidRequest.DoesNotExist, StaleError,
    BusyError and StepRefusedError.
    """
    request = aid_held(AidRequest.objects.visible_to(actor), request_id, version)
    offer = taken_offer(request)
    hand = hand_of(actor, request, minutes=minutes)
    check("fill_data_set", hand, request, _against(agreed))
    if offer is None:
        raise LookupError(str(request.pk))  # an accepted request has one
    form = form_of(request, offer, given, timezone.localdate())
    transfer = transfer_of(request, offer)
    transfer.data_set = written(form.values)
    transfer.return_to = agreed.get("return_to", "").strip()
    transfer.cnst_cover = agreed.get("cnst_cover", "").strip()
    change(transfer)
    note_transfer("filled the data set", hand.by, transfer)
    note("fill_data_set", hand, request)
    return transfer, form


def _against(agreed: Mapping[str, str]) -> Iterable[Refusal]:
    for key, longest in SHORT.items():
        if len(agreed.get(key, "")) > longest:
            yield Refusal("TOO_LONG", f"Use up to {longest} characters", key)
