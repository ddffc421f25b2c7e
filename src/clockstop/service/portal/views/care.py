"""“Your care”: everything of a patient on one page, and how they want to be reached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.messaging import outbox, standing
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.names import organisations_named
from clockstop.service.portal.actions import reaching, requesting
from clockstop.service.portal.actions.requesting import ChangeRefusedError
from clockstop.service.portal.doors import is_too_young
from clockstop.service.portal.forms import ContactForm, errors_of
from clockstop.service.portal.models import ChangeRequest, OnlineChanges
from clockstop.service.portal.presenters.referrals import own_referral
from clockstop.service.portal.presenters.waits import Wait, waits
from clockstop.service.referrals.models import Referral
from clockstop.service.ui import figures

PEOPLE = tuple(sorted(PUBLIC))
MESSAGES = 20
WISHES = {
    "confirm": "I will be there",
    "reschedule": "I need another day",
    "change": "I need something else changed, such as a telephone appointment",
    "cancel": "I do not want this appointment",
}


@signed_in(*PEOPLE)
@require_safe
def care(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Referrals, waits, appointments and letters of a patient, or of those a carer cares for."""
    held = Pathway.objects.visible_to(actor).select_related("patient", "hospital_record")
    pathways = held.prefetch_related("events", "change_requests").order_by("identifier")
    names = organisations_named({each.organisation_code for each in pathways})
    mine = _referrals(actor)
    context = {
        "title": "Your care",
        "section": "care",
        "is_carer": actor.role is Role.CARER,
        "referrals": [own_referral(each) for each in mine if not is_too_young(each)],
        "waits": waits(pathways, timezone.localdate(), names),
        "changes": _changes(pathways),
        "letters": _letters(actor),
        "people": Patient.objects.visible_to(actor),
        "day": figures.day,
        "is_too_young": any(is_too_young(each) for each in mine),
    }
    return render(request, "portal/care.jinja", context)


@signed_in(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Ask the hospital about an appointment that it entered; or hear whom to call."""
    wait, found = _wait(actor, pathway_id), None
    errors: dict[str, str] = {}
    wanted = request.POST.get("day") or request.GET.get("day")
    found = next((each for each in wait.dates if each.day.isoformat() == wanted), None)
    if found is None:
        return HttpResponseRedirect(reverse("care"))
    if request.method == "POST":
        errors = _asked(request, actor, pathway_id, found)
        if not errors:
            return HttpResponseRedirect(f"{reverse('care')}#wait-{pathway_id}")
    context = {
        "title": f"{found.what} on {found.words}",
        "section": "care",
        "wait": wait,
        "found": found,
        "offer": OnlineChanges.objects.filter(organisation_code=wait.provider_code).first(),
        "is_open": bool(found.request and found.request.is_open_on(timezone.localdate())),
        "wishes": WISHES,
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "portal/change.jinja", context, status=400 if errors else 200)


@signed_in(*PEOPLE)
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Take a request back."""
    try:
        held = requesting.step(actor=actor, request_id=request_id, action="withdraw")
    except ChangeRequest.DoesNotExist:
        raise Http404 from None
    except ChangeRefusedError:  # it was answered meanwhile: the page says so
        return HttpResponseRedirect(reverse("care"))
    return HttpResponseRedirect(f"{reverse('care')}#wait-{held.pathway_id}")


@signed_in(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """How somebody is reached, whether they want messages, and how they need to be told."""
    patient = get_object_or_404(Patient.objects.visible_to(actor), pk=patient_id)
    held = standing.contact_of(patient)
    initial = (
        {} if held is None else {name: getattr(held, name) for name in ContactForm.base_fields}
    )
    form = ContactForm(request.POST if request.method == "POST" else initial)
    if request.method == "POST" and form.is_valid():
        reaching.keep(actor=actor, patient=patient, told=form.told)
        return HttpResponseRedirect(reverse("care"))
    errors = errors_of(form) if request.method == "POST" else {}
    context = {
        "title": "How we reach you",
        "section": "care",
        "patient": patient,
        "values": form.data,
        "errors": errors,
    }
    return render(request, "portal/contact.jinja", context, status=400 if errors else 200)


def _referrals(actor: Actor) -> list[Referral]:
    held = Referral.objects.visible_to(actor).select_related("patient", "service")
    return list(
        held.prefetch_related("appointments__service__organisation").order_by("-created_at")
    )


def _letters(actor: Actor) -> list[tuple[str, str, tuple[str, ...]]]:
    """What was sent, the latest first: the day, the subject and the words."""
    found = []
    for each in Message.objects.visible_to(actor).order_by("-changed_at")[:MESSAGES]:
        told = outbox.written(each)
        found.append(
            (figures.day(timezone.localdate(each.changed_at)), told.subject, told.paragraphs)
        )
    return found


def _changes(pathways: Any) -> dict[str, OnlineChanges]:
    codes = {each.organisation_code for each in pathways}
    held = OnlineChanges.objects.filter(organisation_code__in=codes)
    return {each.organisation_code: each for each in held}


def _wait(actor: Actor, pathway_id: UUID) -> Wait:
    try:
        pathway = open_pathway(actor=actor, pathway_id=pathway_id)
    except Pathway.DoesNotExist:
        raise Http404 from None
    names = organisations_named([pathway.organisation_code])
    return waits([pathway], timezone.localdate(), names)[0]


def _asked(request: HttpRequest, actor: Actor, pathway_id: UUID, found: Any) -> dict[str, str]:
    pathway = Pathway.objects.visible_to(actor).get(pk=pathway_id)
    told = {name: request.POST.get(name, "") for name in ("wish", "words")}
    try:
        requesting.ask(actor=actor, pathway=pathway, day=found.day, **told)
    except ChangeRefusedError as refused:
        return refused.errors
    return {}
