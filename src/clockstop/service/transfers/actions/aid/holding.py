"""Places: held, taken, freed. One conditional write each, so that none is given twice.

Whoever calls these has locked the request first. What is counted in a capacity is written before
the audit, whose chain stays locked until the transaction ends: in that order nobody blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.audit import recording
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.stepping import Hand, refuse_if
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.states import CapacityState, OfferState

NO_PLACE = Refusal("NO_PLACE", "The last place has just been taken: choose another")


def take_place(capacity: Capacity, today: date) -> None:
    """Count one place more as given; raise StepRefusedError where none is left."""
    held = Capacity.objects.filter(
        pk=capacity.pk,
        state=CapacityState.POSTED,
        expires_on__gte=today,
        taken__lt=F("places"),
    )
    if not held.update(taken=F("taken") + 1):
        refuse_if([NO_PLACE])


def offers_of(request: AidRequest, *states_: OfferState) -> list[Offer]:
    """Offers of a locked request, locked, in a fixed order."""
    held = Offer.objects.select_for_update(of=("self",)).filter(request=request, state__in=states_)
    return list(held.select_related("capacity").order_by("capacity_id", "pk"))


def move_offers(action: str, hand: Hand, offers: Iterable[Offer], reason: str = "") -> None:
    """Bring offers to where the action leads; the places of those that end are free again.

    Raises StepRefusedError, before anything is written, where one cannot go there.
    """
    moving = list(offers)
    row = states.offers().rows[action]
    parties = [each.value for each in hand.parties]
    refuse_if(
        refusal
        for each in moving
        for refusal in states.offers().against(action, each.state, parties)
    )
    for each in moving:
        each.state, each.reason, each.changed_at = row.to, reason, timezone.now()
        each.save(update_fields=("state", "reason", "changed_at"))
        if row.to != OfferState.TAKEN:
            _free_place(each)
    for each in moving:
        audit_offer(row.label, hand, each)


def audit_offer(what: str, hand: Hand, offer: Offer) -> None:
    """What was done to an offer, in the chain of its request."""
    recording.record(
        f"offer: {what.lower()}",
        hand.by,
        icb_code=offer.icb_code,
        subject=("offer", offer.pk),
        detail={"request": str(offer.request_id), "state": offer.state, "reason": offer.reason},
    )


def _free_place(offer: Offer) -> None:
    """What was made for one request alone is nobody else's, and ends with its offer."""
    held = Capacity.objects.filter(pk=offer.capacity_id, taken__gt=0)
    held.update(taken=F("taken") - 1)
    made_for_it = Capacity.objects.filter(pk=offer.capacity_id).exclude(for_request=None)
    made_for_it.update(state=CapacityState.WITHDRAWN)
