"""What the views of one referral do alike: open it, take a step, and say what stood against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.presenters.who import who
from clockstop.service.referrals.access import open_referral
from clockstop.service.referrals.actions import BusyError, StaleError
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.referrer.words import need_of

WRONG, CONFLICT, LOCKED = 400, 409, 423
_STALE = "Somebody else has changed this referral since you read it: look again"
_BUSY = "Somebody else is changing this referral at this moment: try again"


def opened(actor: Actor, referral_id: UUID) -> Referral:
    """The referral, opened by the actor. Raises Http404 where they see none such."""
    try:
        return open_referral(actor=actor, referral_id=referral_id)
    except Referral.DoesNotExist:
        raise Http404 from None


def tried(step: Callable[[], Any], rest: str) -> tuple[dict[str, str], int]:
    """Take a step; what stood against it by its place on the page, and the status to answer."""
    try:
        step()
    except StepRefusedError as refused:
        return by_field(refused.refusals, rest), WRONG
    except StaleError:
        return {rest: _STALE}, CONFLICT
    except BusyError:
        return {rest: _BUSY}, LOCKED
    return {}, 200


def back_to(referral: Referral, done: str) -> HttpResponse:
    """To the page of the referral, which says what was done."""
    return HttpResponseRedirect(f"{reverse('referred', args=(referral.pk,))}?done={done}")


def page(
    request: HttpRequest,
    name: str,
    referral: Referral,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page about one referral."""
    whole = {
        "section": "refer",
        "errors": {},
        "referral": referral,
        "who": who(referral, timezone.localdate()),
        "need": need_of(referral.treatment_function),
        **context,
    }
    return render(request, f"referrals/referrer/{name}.jinja", whole, status=status)
