"""The patient's answer to an offer: it is that of the request for help, which this one follows."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.transfers.actions.aid import choose_by, decline_all_by
from clockstop.service.transfers.actions.asking.shared import Way, live_aid, profile_for
from clockstop.service.transfers.actions.stepping import Hand, check
from clockstop.service.transfers.models import AidRequest, Offer, PatientRequest
from clockstop.service.transfers.states import Aid, OfferState, Party

GONE = Refusal("NO_LIVE_OFFER", "This offer is not there any more", "offer")


@transaction.atomic
def accept(
    *, way: Way, request_id: UUID, offer_id: UUID, version: int | None = None
) -> PatientRequest:
    """The patient takes an offer: the place is theirs, and others are let go."""
    hand, request, aid = _with_aid(way, request_id, version)
    check("accept", hand, request)
    choose_by(_towards(hand), aid, offer_id)
    request.refresh_from_db()
    return request


@transaction.atomic
def decline(
    *,
    way: Way,
    request_id: UUID,
    reason: str,
    comment: str = "",
    stays: bool = False,
    version: int | None = None,
) -> PatientRequest:
    """The patient takes no offer and says why. The place on the list is as it was.

    The search goes on once, unless the patient ``stays``; after that they stay. In the right of 18
    weeks they choose again, as often as they like.
    """
    hand, request, aid = _with_aid(way, request_id, version)
    is_legal = profile_for(request).is_legal
    closes = not is_legal and (stays or request.declines > 0)
    action = "decline_choice" if is_legal else "decline_again" if closes else "decline"
    check(action, hand, request)
    decline_all_by(_towards(hand), aid, reason, comment, close=closes)
    request.refresh_from_db()
    return request


def offers_to(request: PatientRequest) -> list[Offer]:
    """The places that are held for a patient and that they were told of."""
    aid = AidRequest.objects.filter(patient_request=request, state=Aid.WITH_PATIENT)
    held = Offer.objects.filter(request__in=aid, state=OfferState.HELD)
    return list(held.exclude(sent_at=None).select_related("capacity").order_by("day", "pk"))


def move_of(request: PatientRequest) -> AidRequest | None:
    """The request for help by which the patient took an offer, if they have."""
    held = AidRequest.objects.filter(patient_request=request).exclude(receiver_code="")
    found: AidRequest | None = held.order_by("-created_at").first()
    return found


def _with_aid(
    way: Way, request_id: UUID, version: int | None
) -> tuple[Hand, PatientRequest, AidRequest]:
    hand, request = way.taken_up(request_id, version)
    aid = live_aid(request.pk)
    if aid is None:
        raise StepRefusedError([GONE])
    return hand, request, aid


def _towards(hand: Hand) -> Hand:
    """What whoever acts is towards the request for help: the patient's provider is its sender."""
    parties = {Party.SENDER if each is Party.PROVIDER else each for each in hand.parties}
    return Hand(
        by=hand.by,
        parties=frozenset(parties),
        actor=hand.actor,
        clinician=hand.clinician,
        minutes=hand.minutes,
    )
