"""The booking office's list of what patients ask for, and its answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.messaging import standing
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.portal.actions import requesting
from clockstop.service.portal.actions.requesting import ChangeRefusedError
from clockstop.service.portal.changes import WHY_DECLINED
from clockstop.service.portal.models import ChangeRequest, OnlineChanges
from clockstop.service.portal.permissions import BOOKS
from clockstop.service.ui import figures

OFFICE = tuple(sorted(BOOKS))
LISTED = 200
WISHES = {
    "cancel": "Cancel",
    "reschedule": "Another day",
    "change": "Something else changed",
    "confirm": "Will be there",
}


@signed_in(*OFFICE)
@require_safe
def requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for an answer, the nearest appointment first."""
    held = ChangeRequest.objects.visible_to(actor).open().filter(day__gte=timezone.localdate())
    context = {
        "title": "Patients' requests",
        "section": "change_requests",
        "rows": held.select_related("pathway__patient")[:LISTED],
        "total": held.count(),
        "wishes": WISHES,
        "day": figures.day,
        "local": timezone.localdate,
        "specialty": specialty,
        "offer": OnlineChanges.objects.filter(organisation_code=actor.organisation_code).first(),
    }
    return render(request, "portal/requests.jinja", context)


@signed_in(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:
    """One request and its answer. The appointment is changed in the hospital's own system."""
    held = ChangeRequest.objects.visible_to(actor).select_related("pathway__patient")
    found: ChangeRequest = get_object_or_404(held, pk=request_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _answered(request, actor, request_id)
        if not errors:
            return HttpResponseRedirect(reverse("change_requests"))
    else:
        open_pathway(actor=actor, pathway_id=found.pathway_id)
    contact = standing.contact_of(found.pathway.patient)
    context = {
        "title": WISHES[found.wish],
        "section": "change_requests",
        "found": found,
        "is_open": found.is_open_on(timezone.localdate()),
        "specialty": specialty(found.pathway.treatment_function),
        "needs": contact.needs if contact else (),
        "day": figures.day,
        "why_declined": WHY_DECLINED,
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "portal/answer.jinja", context, status=400 if errors else 200)


@signed_in(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether the organisation takes requests online, and whom patients call."""
    held = OnlineChanges.objects.filter(organisation_code=actor.organisation_code).first()
    values = (
        {"is_offered": "yes" if held.is_offered else "no", "phone": held.phone, "hours": held.hours}
        if held
        else {"is_offered": "", "phone": "", "hours": ""}
    )
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in values}
        errors = _offered(actor, values)
        if not errors:
            return HttpResponseRedirect(reverse("change_requests"))
    context = {
        "title": "Requests online",
        "section": "change_requests",
        "values": values,
        "errors": errors,
    }
    return render(request, "portal/offer.jinja", context, status=400 if errors else 200)


def _offered(actor: Actor, values: dict[str, str]) -> dict[str, str]:
    if values["is_offered"] not in {"yes", "no"}:
        return {"is_offered": "Choose yes or no"}
    try:
        requesting.offer(
            actor=actor,
            is_offered=values["is_offered"] == "yes",
            phone=values["phone"],
            hours=values["hours"],
        )
    except ChangeRefusedError as refused:
        return refused.errors
    return {}


def _answered(request: HttpRequest, actor: Actor, request_id: UUID) -> dict[str, str]:
    action = request.POST.get("action", "")
    if action not in {"acknowledge", "approve", "decline"}:
        return {"action": "Choose an answer"}
    reason, words = (request.POST.get(name, "") for name in ("reason", "answer"))
    try:
        requesting.step(
            actor=actor, request_id=request_id, action=action, reason=reason, answer=words
        )
    except ChangeRefusedError as refused:
        return refused.errors
    return {}
