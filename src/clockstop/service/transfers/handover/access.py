"""Whose transfers a provider has part in, and opening one: which the audit keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.audit.recording import record
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.states import AID_MOVED, AID_TAKEN

_SHOWN = sorted(AID_TAKEN | AID_MOVED)


def handed_over(actor: Actor) -> Any:
    """Requests whose patient has accepted or moved, of the two sides: these pages name patients."""
    seen = AidRequest.objects.visible_to(actor)
    if actor.role not in PROVIDING or not actor.organisation_code:
        return seen.none()
    code = actor.organisation_code
    sides = Q(organisation_code=code) | Q(receiver_code=code)
    held = seen.filter(sides, state__in=_SHOWN)
    return held.select_related("patient", "pathway")


def transfer_of(actor: Actor, request: AidRequest) -> Transfer | None:
    """The transfer of a request, as far as the actor sees it."""
    held: Transfer | None = Transfer.objects.visible_to(actor).filter(request=request).first()
    return held


def transfers_of(actor: Actor, requests: Iterable[AidRequest]) -> Mapping[UUID, Transfer]:
    """The same of many, by the request's key; one question."""
    held = Transfer.objects.visible_to(actor).filter(request__in=list(requests))
    return {each.request_id: each for each in held}


@transaction.atomic
def open_handover(*, actor: Actor, request_id: UUID) -> AidRequest:
    """One of them, opened by the actor. Raises AidRequest.DoesNotExist where they see none such."""
    request: AidRequest = handed_over(actor).get(pk=request_id)
    record(
        "opened a transfer",
        actor.for_audit,
        icb_code=request.icb_code,
        subject=("aid request", request.pk),
    )
    return request
