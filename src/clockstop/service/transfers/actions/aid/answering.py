"""What the patient says to offers: told of them, one chosen, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from clockstop.core.codes.decline_reasons import Decliner
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.persons import records_of
from clockstop.service.referrals.actions.stepping import BusyError
from clockstop.service.transfers import policies
from clockstop.service.transfers.actions.aid.holding import move_offers, offers_of
from clockstop.service.transfers.actions.aid.offering import overridden_codes
from clockstop.service.transfers.actions.aid.relating import begin_seeing
from clockstop.service.transfers.actions.aid.shared import (
    against_other_hub,
    against_standing,
    taken_up,
)
from clockstop.service.transfers.actions.stepping import Hand, check, note
from clockstop.service.transfers.facts import renew
from clockstop.service.transfers.fitting import judged
from clockstop.service.transfers.models import AidRequest, Offer
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import AID_ENDED, AID_TAKEN, CapacityState, OfferState


@transaction.atomic
def send_to_patient(
    *, actor: Actor, request_id: UUID, version: int | None = None, minutes: int | None = None
) -> AidRequest:
    """Tell the patient of every offer that is held: day, provider, team."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return send_to_patient_by(hand, request)


def send_to_patient_by(hand: Hand, request: AidRequest) -> AidRequest:
    """The same, of a request that is locked for this transaction. Holds last while they decide."""
    today, now = timezone.localdate(), timezone.now()
    held = offers_of(request, OfferState.HELD)
    further = [
        *against_other_hub(hand, request),
        *_against_telling(held),
        *against_standing(request),
    ]
    check("send_to_patient", hand, request, further)
    for each in held:
        each.sent_at, each.changed_at = now, now
        each.held_until = max(each.held_until, policies.decided_by(today))
        each.save(update_fields=("sent_at", "changed_at", "held_until"))
    note("send_to_patient", hand, request)
    return request


@transaction.atomic
def choose(
    *,
    actor: Actor,
    request_id: UUID,
    offer_id: UUID,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """The patient takes an offer, themselves or on the phone; the others are let go.

    Raises AidRequest.DoesNotExist, StaleError, BusyError and StepRefusedError.
    """
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return choose_by(hand, request, offer_id)


def choose_by(hand: Hand, request: AidRequest, offer_id: UUID) -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    held = offers_of(request, OfferState.HELD)
    chosen = [each for each in held if each.pk == offer_id]
    further = [
        *_against_choosing(request, chosen),
        *_against_another(request),
        *against_standing(request),
    ]
    check("choose", hand, request, further)
    # Places are freed before anything is audited: whoever offers locks in that order too.
    move_offers("release", hand, [each for each in held if each.pk != offer_id], "another")
    move_offers("take", hand, chosen)
    request.receiver_code = chosen[0].organisation_code
    begin_seeing(request)
    note("choose", hand, request)
    return request


@transaction.atomic
def decline_all(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    comment: str = "",
    close: bool = False,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """The patient takes none: the search goes on, or with ``close`` they stay where they wait.

    The place in the queue is as it was either way.
    """
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return decline_all_by(hand, request, reason, comment, close=close)


def decline_all_by(
    hand: Hand, request: AidRequest, reason: str, comment: str = "", *, close: bool = False
) -> AidRequest:
    """The same, of a request that is locked for this transaction."""
    action = "decline_and_close" if close else "decline_all"
    further = policies.against_reason(Decliner.PATIENT, reason, comment)
    check(action, hand, request, further)
    move_offers("release", hand, offers_of(request, OfferState.HELD), reason)
    request.declines += 1
    note(action, hand, request, reason=reason, comment=comment)
    return request


def _against_telling(held: Sequence[Offer]) -> Iterable[Refusal]:
    if not held:
        yield Refusal("NO_LIVE_OFFER", "No offer is held any more", "offer")
    today = timezone.localdate()
    for each in held:
        if each.day is None or not each.team.strip():
            words = "An offer states the day, the provider and the team"
            yield Refusal("OFFER_INCOMPLETE", words, "offer")
        elif each.day < today:
            yield Refusal("DAY_HAS_PASSED", "The day of an offer has passed", "offer")


def _against_choosing(request: AidRequest, chosen: Sequence[Offer]) -> Iterable[Refusal]:
    if not chosen:
        yield Refusal("NO_LIVE_OFFER", "This offer is not held any more", "offer")
        return
    today, offer = timezone.localdate(), chosen[0]
    if offer.sent_at is None:
        yield Refusal("NOT_TOLD", "The patient was not told of this offer yet", "offer")
    if offer.held_until < today or offer.capacity.state == CapacityState.WITHDRAWN:
        yield Refusal("NO_LIVE_OFFER", "This offer is not held any more", "offer")
    yield from against_criteria(request, offer)


def against_criteria(request: AidRequest, offer: Offer, override: str = "") -> Iterable[Refusal]:
    """What the receiver cannot treat, by what is known of the patient now.

    What was overridden when the offer was made stays so; ``override`` lifts what is new.
    """
    today = timezone.localdate()
    renew(request, today)
    found = judged(request, offer.capacity, today, one_by_one=True, day=offer.day)
    overridden = overridden_codes(offer)
    for each in found.of_the_receiver:
        if each.code.value not in overridden and not override.strip():
            words = f"The provider cannot take the patient any more: {each.words}"
            yield Refusal(f"CRITERIA_{each.code.upper()}", words, "override")


def _against_another(request: AidRequest) -> Iterable[Refusal]:
    """One live acceptance of a person. Their other requests are locked, so that two cannot race."""
    if request.kind != Kind.TREATMENT:
        return
    others = AidRequest.objects.filter(patient__in=records_of(request.patient), kind=request.kind)
    live = others.exclude(pk=request.pk).exclude(state__in=AID_ENDED).order_by("pk")
    is_quick = connection.features.has_select_for_update_nowait
    try:
        held = list(live.select_for_update(nowait=is_quick, of=("self",)))
    except OperationalError as error:
        raise BusyError(str(request.pk)) from error
    for each in held:
        if each.state in AID_TAKEN:
            words = f"The patient has accepted another offer that is not through: {each.reference}"
            yield Refusal("ACCEPTED_ALREADY", words)
