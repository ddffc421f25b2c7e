"""What time does: holds, capacity and requests run out; who no longer waits is closed.

Each in a transaction of its own, so that a stop in between leaves the rest to the next run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.actions.aid.ending import end_by, expire_by, is_over
from clockstop.service.transfers.actions.aid.holding import move_offers
from clockstop.service.transfers.actions.aid.offering import lose_if_none_is_left
from clockstop.service.transfers.actions.aid.posting import expire_capacity, withdraw_capacity
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.stepping import SYSTEM
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.states import (
    AID_ENDED,
    AID_MOVED,
    Aid,
    CapacityState,
    OfferState,
)


def tick() -> Mapping[str, int]:
    """Do all that is due by today; how many of each there were."""
    done = Counter[str]()
    for name, find, act in (
        ("capacities ran out", _capacities, _expire_capacity),
        ("holds taken back", _withdrawn_holds, _take_back),
        ("holds ran out", _old_holds, _end_hold),
        ("requests ran out", _old_requests, _expire),
        ("no longer waiting", _not_waiting, _close),
    ):
        done[name] = sum(_once(act, pk) for pk in find())
    return done


def _once(act: Callable[[Any], bool], pk: UUID) -> bool:
    with transaction.atomic():
        return act(pk)


def _capacities() -> list[Any]:
    over = Capacity.objects.filter(state=CapacityState.POSTED, expires_on__lt=timezone.localdate())
    return list(over.order_by("pk").values_list("pk", flat=True))


def _expire_capacity(pk: UUID) -> bool:
    held = Capacity.objects.select_for_update().filter(pk=pk, state=CapacityState.POSTED)
    capacity = held.filter(expires_on__lt=timezone.localdate()).first()
    if capacity:
        expire_capacity(capacity)
    return capacity is not None


def _withdrawn() -> Q:
    return Q(state=OfferState.HELD, capacity__state=CapacityState.WITHDRAWN)


def _old() -> Q:
    return Q(state=OfferState.HELD, held_until__lt=timezone.localdate())


def _withdrawn_holds() -> list[Any]:
    return list(Offer.objects.filter(_withdrawn()).order_by("pk").values_list("pk", flat=True))


def _old_holds() -> list[Any]:
    return list(Offer.objects.filter(_old()).order_by("pk").values_list("pk", flat=True))


def _take_back(pk: UUID) -> bool:
    return _end_offer(pk, _withdrawn(), "withdraw", "capacity")


def _end_hold(pk: UUID) -> bool:
    return _end_offer(pk, _old(), "expire", "")


def _end_offer(pk: UUID, still: Q, action: str, reason: str) -> bool:
    """The request first, then the offer: the order in which everybody locks."""
    key = Offer.objects.values_list("request", flat=True).get(pk=pk)
    request = aid_held(AidRequest.objects.all(), key)
    held = Offer.objects.select_for_update(of=("self",)).filter(still, pk=pk)
    offer = held.select_related("capacity").first()
    if offer is None:
        return False
    move_offers(action, SYSTEM, [offer], reason)
    lose_if_none_is_left(request)
    return True


def _old_requests() -> list[Any]:
    over = AidRequest.objects.filter(state=Aid.OPEN, expires_on__lt=timezone.localdate())
    return list(over.order_by("pk").values_list("pk", flat=True))


def _expire(pk: UUID) -> bool:
    request = aid_held(AidRequest.objects.all(), pk)
    today = timezone.localdate()
    is_due = request.state == Aid.OPEN and request.expires_on and request.expires_on < today
    if is_due:
        expire_by(request)
    return bool(is_due)


def _not_waiting() -> list[Any]:
    """Candidates; each is looked at again once it is locked."""
    waiting = ListEntry.objects.filter(state__in=(State.WAITING, State.TEST))
    live = AidRequest.objects.exclude(state__in=[*AID_ENDED, *AID_MOVED]).exclude(pathway=None)
    return list(
        live.exclude(pathway__in=waiting.values("pathway"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _close(pk: UUID) -> bool:
    request = aid_held(AidRequest.objects.all(), pk)
    if request.state in {*AID_ENDED, *AID_MOVED} or not is_over(request):
        return False
    end_by("close_treated", SYSTEM, request)
    return True


def withdraw_at_once(*, capacity_id: UUID, **told: Any) -> Capacity:
    """Withdraw capacity as ``withdraw_capacity`` does, and take back what is only held of it.

    Each hold on its own: where that breaks off, ``tick`` goes on.
    """
    capacity = withdraw_capacity(capacity_id=capacity_id, **told)
    for pk in Offer.objects.filter(_withdrawn(), capacity=capacity).values_list("pk", flat=True):
        _once(_take_back, pk)
    capacity.refresh_from_db()
    return capacity
