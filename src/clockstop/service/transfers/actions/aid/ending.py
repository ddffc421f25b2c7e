"""How a request for help ends before the patient moves, runs out, and is opened again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers import policies
from clockstop.service.transfers.actions.aid.holding import move_offers, offers_of
from clockstop.service.transfers.actions.aid.relating import stop_seeing
from clockstop.service.transfers.actions.aid.shared import against_standing, taken_up
from clockstop.service.transfers.actions.stepping import SYSTEM, Hand, check, note
from clockstop.service.transfers.facts import standing_of
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import AID_MOVED, AID_TAKEN, OfferState


@transaction.atomic
def withdraw(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    comment: str = "",
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Ask no more; what is held is free, and the place in the queue is as it was."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    further = policies.against_choice(reason, policies.WITHDRAWALS, comment)
    return end_by("withdraw", hand, request, reason=reason, comment=comment, further=further)


@transaction.atomic
def close_treated(
    *, actor: Actor, request_id: UUID, version: int | None = None, minutes: int | None = None
) -> AidRequest:
    """The hospital treated the patient itself: nothing is waited for any more."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    return end_by("close_treated", hand, request, further=_against_treated(request))


def end_by(
    action: str,
    hand: Hand,
    request: AidRequest,
    *,
    reason: str = "",
    comment: str = "",
    further: Iterable[Refusal] = (),
) -> AidRequest:
    """End a locked request by ``withdraw``, ``close_treated`` or ``close_died``: all is let go.

    Once the patient has moved, the receiver keeps the record and the place stays taken.
    """
    check(action, hand, request, further)
    let_go(request, reason or action)
    if request.state in AID_TAKEN:
        stop_seeing(request)
    note(action, hand, request, reason=reason, comment=comment)
    return request


def let_go(request: AidRequest, reason: str) -> None:
    """Free every place that a locked request still holds."""
    move_offers("release", SYSTEM, offers_of(request, OfferState.HELD), reason)
    if request.state not in AID_MOVED:
        move_offers("give_back", SYSTEM, offers_of(request, OfferState.TAKEN), reason)


def expire_by(request: AidRequest) -> AidRequest:
    """A locked request that nobody answered in time."""
    today = timezone.localdate()
    is_over = request.expires_on is not None and request.expires_on < today
    further = [] if is_over else [Refusal("NOT_OVER", "Its time has not run out")]
    check("expire", SYSTEM, request, further)
    note("expire", SYSTEM, request)
    return request


@transaction.atomic
def reopen(
    *, actor: Actor, request_id: UUID, version: int | None = None, minutes: int | None = None
) -> AidRequest:
    """Ask once more, once, for as long again."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    further = [*against_standing(request)]
    if request.reopened:
        words = "It was opened again before: make a new request"
        further.append(Refusal("REOPENED_BEFORE", words))
    check("reopen", hand, request, further)
    request.reopened = True
    request.expires_on = policies.open_until(timezone.localdate())
    note("reopen", hand, request)
    return request


def _against_treated(request: AidRequest) -> Iterable[Refusal]:
    if standing_of(request, timezone.localdate()).waiting and request.pathway_id:
        words = "The patient still waits: enter the treatment on the pathway first"
        yield Refusal("STILL_WAITING", words)


def is_over(request: AidRequest) -> bool:
    """Whether the patient no longer waits for what was asked, by the tracking list."""
    return not standing_of(request, timezone.localdate()).waiting
