"""What the steps of a request for help do alike: lock and ask who, and judge what they share."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers import policies
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.stepping import Hand, hand_of
from clockstop.service.transfers.facts import standing_of
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import Party


def taken_up(
    actor: Actor,
    request_id: UUID,
    version: int | None,
    *,
    acting_for: UUID | None = None,
    minutes: int | None = None,
) -> tuple[Hand, AidRequest]:
    """A request that the actor sees, locked, and what they are towards it.

    Raises AidRequest.DoesNotExist, StaleError (409) and BusyError (423).
    """
    request = aid_held(AidRequest.objects.visible_to(actor), request_id, version)
    return hand_of(actor, request, acting_for=acting_for, minutes=minutes), request


def against_standing(request: AidRequest) -> Iterable[Refusal]:
    """The patient still waits, and the priority was reviewed in time."""
    standing = standing_of(request, timezone.localdate())
    yield from policies.against_waiting(waiting=standing.waiting, review_due=standing.review_due)


def against_other_hub(hand: Hand, request: AidRequest) -> Iterable[Refusal]:
    """A hub acts for the patients of its own ICB."""
    is_hub = Party.HUB in hand.parties and hand.actor is not None
    if is_hub and hand.actor and hand.actor.icb_code != request.icb_code:
        yield Refusal("NOT_YOURS", "Only the hub of the patient's own ICB may do this")


def against_other_receiver(hand: Hand, request: AidRequest) -> Iterable[Refusal]:
    """Only the provider whom the patient accepted checks and receives."""
    is_receiver = Party.RECEIVER in hand.parties and hand.actor is not None
    if is_receiver and hand.actor and hand.actor.organisation_code != request.receiver_code:
        yield Refusal("NOT_YOURS", "Only the provider whom the patient accepted may do this")
