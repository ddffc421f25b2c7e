"""Every function by phone: staff act for a patient once they know who is calling."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.carer_views import Desk
from clockstop.service.accounts.guards import signed_in
from clockstop.service.pathways.callers import ENOUGH
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.doors import (
    ON_THE_PHONE,
    CareDoor,
    CarePage,
    View,
    open_by_phone,
    phoned_care,
    shut,
    take_up,
)
from clockstop.service.portal.forms import CallForm, errors_of
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.persons import patients_of
from clockstop.service.transfers.actions.asking import asking
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.patient.doors import ON_THE_PHONE as SOONER_BY_PHONE
from clockstop.service.transfers.patient.doors import open_by_phone as open_move
from clockstop.service.transfers.patient.views import RIGHT

NOT_FOUND = "No referral or patient that you can see has this reference or NHS number"


@signed_in(*ON_THE_PHONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who calls, and how you know that it is them."""
    form = CallForm(request.POST if request.method == "POST" else None)
    errors = errors_of(form) if form.is_bound else {}
    if form.is_bound and not errors:
        patient, referral = _caller(actor, form.digits)
        if patient is None:
            errors = {"ubrn": NOT_FOUND}
        else:
            about = referral or patient
            kind = "referral" if referral else "patient"
            form.note_checks(actor, icb_code=about.icb_code, subject=(kind, about.pk))
            open_by_phone(request, patient, referral)
            return HttpResponseRedirect(reverse("phoned_referral" if referral else "phoned_care"))
    context = {
        "title": "Act for a patient on the phone",
        "section": "by_phone",
        "checks": form.offered,
        "enough": ENOUGH,
        "ticked": request.POST.getlist("checks"),
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "portal/by_phone.jinja", context, status=400 if errors else 200)


@signed_in(*ON_THE_PHONE)
@require_POST
def end_call(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """The call is over."""
    shut(request)
    return HttpResponseRedirect(reverse("by_phone"))


@require_POST
def choose(request: HttpRequest, door: CareDoor) -> HttpResponse:
    """Go on to one of the caller's referrals."""
    wanted = request.POST.get("referral", "")
    found = next((each for each in door.all_referrals if str(each.pk) == wanted), None)
    if found is None:
        return HttpResponseRedirect(door.home)
    take_up(request, found)
    return HttpResponseRedirect(reverse("phoned_referral"))


def of_caller(page: CarePage) -> View:
    """A page of carers for the patient who calls: theirs alone, and kept as done for them."""

    @phoned_care
    def view(request: HttpRequest, door: CareDoor, **keys: UUID) -> HttpResponse:
        caller = door.caller
        if caller is None or not caller.nhs_number:
            return HttpResponseRedirect(door.home)
        desk = Desk(
            replace(door.actor, people=(caller.number,)),
            before="phoned_",
            folder="portal",
            against=_against_carers(caller),
            shown={"section": "by_phone", "door": door},
        )
        return page(request, desk, **keys)

    return view


def _against_carers(caller: Patient) -> str:
    if caller.sensitive:
        return "This record is not shown online, so no carer can be let in."
    if is_too_young(caller.birth_date, timezone.localdate()):
        return "Care of people under 16 is not shown online, so no carer can be let in."
    return ""


@require_POST
def sooner(request: HttpRequest, door: CareDoor, pathway_id: UUID) -> HttpResponse:
    """Go on to the request of a wait to be treated sooner elsewhere, or begin one."""
    if door.actor.role not in SOONER_BY_PHONE:
        raise PermissionDenied
    pathway = get_object_or_404(door.all_pathways, pk=pathway_id)
    asked = PatientRequest.objects.visible_to(door.actor).filter(pathway=pathway)
    found = asked.order_by("created_at").last()
    if request.POST.get("begin") or found is None:
        try:
            found = asking.begin(actor=door.actor, pathway_id=pathway.pk, profile=RIGHT)
        except StepRefusedError as refused:
            context = {
                "title": "They cannot ask yet",
                "section": "by_phone",
                "why": refused.refusals,
            }
            return render(request, "transfers/patient/not_yet.jinja", context, status=409)
    open_move(request, found)
    return HttpResponseRedirect(reverse("phoned_sooner_tracker"))


def _caller(actor: Actor, digits: str) -> tuple[Patient | None, Referral | None]:
    """The patient who calls, with the referral where its reference was read out."""
    held = Referral.objects.visible_to(actor).filter(patient__died_on=None, ubrn=digits)
    referral = held.select_related("patient").first()
    if referral is not None:
        return referral.patient, referral
    return patients_of(actor).filter(nhs_number=digits, died_on=None).first(), None
