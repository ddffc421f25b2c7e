"""A patient's own request, for the hub: searched for, left to the patient's choice, or ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.asking import searching
from clockstop.service.transfers.actions.asking.reasons import NONE_FOUND
from clockstop.service.transfers.actions.asking.shared import profile_for, way_of
from clockstop.service.transfers.hub import rows
from clockstop.service.transfers.hub.request_views import CHANGED, CONFLICT, WRONG
from clockstop.service.transfers.hub.views import page
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.reviewing.access import open_asked
from clockstop.service.ui.sent import read_version

Step = Callable[..., object]
# By the action of the table: what is called, the words of its button, what comes of it.
STEPS: dict[str, tuple[Step, str, str]] = {
    "search": (
        searching.search,
        "Search for a provider",
        "The request stands on the board, and providers of the ICB read it under its reference.",
    ),
    "let_choose": (
        searching.let_choose,
        "Let the patient choose",
        "By the right of 18 weeks the patient picks among all suitable providers.",
    ),
    "go_national": (
        searching.go_national,
        "Ask the whole country",
        "Every provider in England reads the request under its reference.",
    ),
    "find_none": (
        searching.find_none,
        "Nothing was found",
        "The search ends and the patient is told. Their place on the list is as it was.",
    ),
}


@signed_in(Role.ICB_HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def asked_page(request: HttpRequest, actor: Actor, asked_id: UUID) -> HttpResponse:
    """The request under its reference, with what can be done about it."""
    try:
        held = open_asked(actor=actor, request_id=asked_id)
    except PatientRequest.DoesNotExist:
        raise Http404 from None
    errors, status = _tried(request, actor, held) if request.method == "POST" else ({}, 200)
    if request.method == "POST" and not errors:
        at = reverse("hub_asked_one", args=(held.pk,))
        return HttpResponseRedirect(f"{at}?saved=yes")
    held.refresh_from_db()
    barred = _barred(actor, held)
    context = {
        "title": held.reference,
        "held": held,
        "row": rows.asked_lines(actor, [held], timezone.localdate())[0],
        "steps": [(name, *STEPS[name][1:]) for name in _possible(held) if name not in barred],
        "barred": sorted(set(barred.values())),
        "reasons": tuple(NONE_FOUND.items()),
        "reason": request.POST.get("reason", ""),
        "errors": errors,
        "saved": not errors and request.GET.get("saved") == "yes",
    }
    return page(request, "asked_one", context, status)


def _possible(held: PatientRequest) -> list[str]:
    table, is_legal = states.patient_requests().rows, profile_for(held).is_legal
    makes_sense = {
        "search": not is_legal,
        "let_choose": is_legal,
        "go_national": held.anywhere,
        "find_none": True,
    }
    return [name for name in STEPS if makes_sense[name] and held.state in table[name].starts]


def _barred(actor: Actor, held: PatientRequest) -> dict[str, str]:
    """Steps that wait until a place that is held is taken or gone, and why."""
    aid = AidRequest.objects.visible_to(actor).filter(patient_request=held)
    is_held = any(searching.is_held(each) for each in aid)
    words = searching.PLACE_IS_HELD.words
    return dict.fromkeys(("go_national", "find_none"), words) if is_held else {}


def _tried(request: HttpRequest, actor: Actor, held: PatientRequest) -> tuple[dict[str, str], int]:
    wanted = request.POST.get("act", "")
    if wanted not in STEPS:
        return {"act": "Choose what to do"}, WRONG
    way = way_of(actor, minutes=minutes_in(request.POST))
    told: dict[str, Any] = {"way": way, "request_id": held.pk}
    told["version"] = read_version(request)
    if wanted == "find_none":
        told["reason"] = request.POST.get("reason", "")
    try:
        STEPS[wanted][0](**told)
    except StepRefusedError as refused:
        return by_field(refused.refusals, "act"), WRONG
    except (StaleError, BusyError):
        return {"act": CHANGED}, CONFLICT
    return {}, 200
