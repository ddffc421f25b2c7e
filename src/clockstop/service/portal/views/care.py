"""Everything of a patient on one page, and what they may say: signed in, or on the phone."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.messaging import outbox, standing
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.pathway_page import own_page
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.actions import needing, reaching, reading, requesting
from clockstop.service.portal.actions.requesting import ChangeRefusedError
from clockstop.service.portal.doors import CareDoor
from clockstop.service.portal.forms import ContactForm, errors_of
from clockstop.service.portal.models import ChangeRequest, NeedSaid, OnlineChanges
from clockstop.service.portal.presenters.referrals import earlier, own_referral
from clockstop.service.portal.presenters.waits import Wait, waits
from clockstop.service.referrals.models import Referral
from clockstop.service.transfers.patient.doors import ON_THE_PHONE
from clockstop.service.transfers.patient.panel import panels
from clockstop.service.ui import figures

_READS = require_http_methods(["GET", "HEAD", "POST"])
MESSAGES = 20
WISHES = {
    "confirm": "I will be there",
    "reschedule": "I need another day",
    "change": "I need something else changed, such as a telephone appointment",
    "cancel": "I do not want this appointment",
}


@require_safe
def care(request: HttpRequest, door: CareDoor) -> HttpResponse:
    """Referrals, waits, appointments and letters of a patient, or of those a carer cares for."""
    actor = door.actor
    held = door.all_pathways.select_related("patient", "hospital_record")
    pathways = held.prefetch_related("events", "change_requests").order_by("identifier")
    names = organisations_named({each.organisation_code for each in pathways})
    mine = _referrals(door)
    today = timezone.localdate()
    young = (
        []
        if door.is_phone
        else [each for each in mine if is_too_young(each.patient.birth_date, today)]
    )
    shown = [each for each in mine if each not in young]
    context = {
        "title": f"Care of {door.caller.name}" if door.caller else "Your care",
        "section": _section(door),
        "door": door,
        "is_carer": actor.role is Role.CARER,
        "referrals": [own_referral(each) for each in shown],
        "earlier": earlier(shown),
        "waits": waits(pathways, today, names),
        "changes": _changes(pathways),
        "sooner": panels(actor, pathways, is_phone=door.is_phone),
        "moves_by_phone": actor.role in PUBLIC | set(ON_THE_PHONE),
        "letters": _letters(door),
        "people": door.patients,
        "day": figures.day,
        "is_too_young": bool(young),
    }
    return render(request, "portal/care.jinja", context)


@require_safe
def wait(request: HttpRequest, door: CareDoor, pathway_id: UUID) -> HttpResponse:
    """One wait as its patient reads it: what happens next, and what has happened."""
    if not door.all_pathways.filter(pk=pathway_id).exists():
        raise Http404
    found = open_pathway(actor=door.actor, pathway_id=pathway_id)
    context = own_page(found, timezone.localdate()) | {"section": _section(door), "door": door}
    return render(request, "portal/wait.jinja", context)


@_READS
def change(request: HttpRequest, door: CareDoor, pathway_id: UUID) -> HttpResponse:
    """Ask the hospital about an appointment that it entered; or hear whom to call."""
    about = _wait(door, pathway_id)
    errors: dict[str, str] = {}
    wanted = request.POST.get("day") or request.GET.get("day")
    found = next((each for each in about.dates if each.day.isoformat() == wanted), None)
    if found is None:
        return HttpResponseRedirect(door.home)
    if request.method == "POST":
        errors = _asked(request, door, pathway_id, found)
        if not errors:
            return HttpResponseRedirect(f"{door.home}#wait-{pathway_id}")
    context = {
        "title": f"{found.what} on {found.words}",
        "section": _section(door),
        "door": door,
        "wait": about,
        "found": found,
        "offer": OnlineChanges.objects.filter(organisation_code=about.provider_code).first(),
        "is_open": bool(found.request and found.request.is_open_on(timezone.localdate())),
        "wishes": WISHES,
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "portal/change.jinja", context, status=400 if errors else 200)


@require_http_methods(["POST"])
def withdraw(request: HttpRequest, door: CareDoor, request_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Take a request back."""
    seen = ChangeRequest.objects.visible_to(door.actor).filter(pathway__in=door.all_pathways)
    get_object_or_404(seen, pk=request_id)
    by = door.actor
    try:
        held = requesting.step(
            actor=by, request_id=request_id, action="withdraw", for_patient=door.is_phone
        )
    except ChangeRefusedError:  # it was answered meanwhile: the page says so
        return HttpResponseRedirect(door.home)
    return HttpResponseRedirect(f"{door.home}#wait-{held.pathway_id}")


@_READS
def needed(request: HttpRequest, door: CareDoor, pathway_id: UUID) -> HttpResponse:
    """Whether care is still needed: a no goes to a clinician, and nothing ends by itself."""
    about = _wait(door, pathway_id)
    pathway: Pathway = door.all_pathways.get(pk=pathway_id)
    answer = request.POST.get("needed", "")
    errors: dict[str, str] = {}
    if request.method == "POST" and answer not in {"yes", "no"}:
        errors = {"needed": "Choose yes or no"}
    elif request.method == "POST":
        needing.say(actor=door.actor, pathway=pathway, is_needed=answer == "yes")
        return HttpResponseRedirect(door.to("needed", pathway_id=pathway_id))
    context = {
        "title": "Do you still need to be seen?",
        "section": _section(door),
        "door": door,
        "wait": about,
        "said": NeedSaid.objects.visible_to(door.actor).filter(pathway=pathway).last(),
        "day": figures.day,
        "local": timezone.localdate,
        "errors": errors,
    }
    return render(request, "portal/needed.jinja", context, status=400 if errors else 200)


@_READS
def contact(request: HttpRequest, door: CareDoor, patient_id: UUID) -> HttpResponse:
    """How somebody is reached, whether they want messages, and how they need to be told."""
    patient = get_object_or_404(door.patients, pk=patient_id)
    held = standing.contact_of(patient)
    initial = (
        {} if held is None else {name: getattr(held, name) for name in ContactForm.base_fields}
    )
    form = ContactForm(request.POST if request.method == "POST" else initial)
    if request.method == "POST" and form.is_valid():
        reaching.keep(actor=door.actor, patient=patient, told=form.told)
        return HttpResponseRedirect(door.home)
    errors = errors_of(form) if request.method == "POST" else {}
    context = {
        "title": "How we reach you",
        "section": _section(door),
        "door": door,
        "patient": patient,
        "values": form.data,
        "errors": errors,
    }
    return render(request, "portal/contact.jinja", context, status=400 if errors else 200)


def _section(door: CareDoor) -> str:
    return "by_phone" if door.is_phone else "care"


def _referrals(door: CareDoor) -> list[Referral]:
    held = door.all_referrals.select_related("patient", "service")
    return list(
        held.prefetch_related("appointments__service__organisation").order_by("-created_at")
    )


def _letters(door: CareDoor) -> list[tuple[str, str, tuple[str, ...]]]:
    """What was sent, the latest first: the day, the subject and the words in the form they need."""
    found = []
    held = door.messages.select_related("patient").order_by("-changed_at")[:MESSAGES]
    if door.caller and held:
        reading.note(actor=door.actor, patient=door.caller)
    form_of = cache(standing.form_of)  # they are of one person, or of a carer's few
    for each in held:
        told = outbox.written(each, form_of(each.patient))
        found.append(
            (figures.day(timezone.localdate(each.changed_at)), told.subject, told.paragraphs)
        )
    return found


def _changes(pathways: Any) -> dict[str, OnlineChanges]:
    codes = {each.organisation_code for each in pathways}
    held = OnlineChanges.objects.filter(organisation_code__in=codes)
    return {each.organisation_code: each for each in held}


def _wait(door: CareDoor, pathway_id: UUID) -> Wait:
    if not door.all_pathways.filter(pk=pathway_id).exists():
        raise Http404
    pathway = open_pathway(actor=door.actor, pathway_id=pathway_id)
    names = organisations_named([pathway.organisation_code])
    return waits([pathway], timezone.localdate(), names)[0]


def _asked(request: HttpRequest, door: CareDoor, pathway_id: UUID, found: Any) -> dict[str, str]:
    pathway = door.all_pathways.get(pk=pathway_id)
    told = {name: request.POST.get(name, "") for name in ("wish", "words")}
    try:
        requesting.ask(actor=door.actor, pathway=pathway, day=found.day, **told)
    except ChangeRefusedError as refused:
        return refused.errors
    return {}
