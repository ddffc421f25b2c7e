"""The receiver's clinical check of whom a patient accepted: passed, or failed with its reason."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from clockstop.core.codes.decline_reasons import Decliner
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers import policies
from clockstop.service.transfers.actions.aid.answering import against_criteria
from clockstop.service.transfers.actions.aid.holding import move_offers, offers_of
from clockstop.service.transfers.actions.aid.relating import stop_seeing
from clockstop.service.transfers.actions.aid.shared import (
    against_other_receiver,
    against_standing,
    taken_up,
)
from clockstop.service.transfers.actions.moving.starting import against_start, start_transfer
from clockstop.service.transfers.actions.stepping import Hand, check, note
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import Aid, OfferState


@transaction.atomic
def pass_check(
    *,
    actor: Actor,
    request_id: UUID,
    acting_for: UUID | None = None,
    override: str = "",
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """The patient can be treated here: the transfer starts, if its data set is complete.

    ``override`` says why criteria that are not met are no hindrance.
    """
    hand, request = taken_up(actor, request_id, version, acting_for=acting_for, minutes=minutes)
    return pass_check_by(hand, request, override)


def pass_check_by(hand: Hand, request: AidRequest, override: str = "") -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    further = [*against_other_receiver(hand, request)]
    if request.state == Aid.ACCEPTED:
        further += _against_moving(request, override)
    check("pass_check", hand, request, further)
    start_transfer(request, hand)
    note("pass_check", hand, request, comment=override)
    return request


@transaction.atomic
def fail_check(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    comment: str = "",
    acting_for: UUID | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """The patient cannot be treated here: the place is free, and the search goes on."""
    hand, request = taken_up(actor, request_id, version, acting_for=acting_for, minutes=minutes)
    return fail_check_by(hand, request, reason, comment)


def fail_check_by(hand: Hand, request: AidRequest, reason: str, comment: str = "") -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    further = [
        *against_other_receiver(hand, request),
        *policies.against_reason(Decliner.PROVIDER, reason, comment),
    ]
    check("fail_check", hand, request, further)
    move_offers("give_back", hand, offers_of(request, OfferState.TAKEN), reason)
    stop_seeing(request)
    request.receiver_code = ""
    note("fail_check", hand, request, reason=reason, comment=comment)
    return request


def _against_moving(request: AidRequest, override: str) -> list[Refusal]:
    """The patient still waits, fits by what is known now, and the data set is complete."""
    found = [*against_standing(request), *against_start(request)]
    for offer in offers_of(request, OfferState.TAKEN):
        found += against_criteria(request, offer, override)
    return found
