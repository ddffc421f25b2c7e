"""Pages on which a trust keeps services, patients, appointments and letters out of the NHS App."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.aggregator import actions
from clockstop.service.aggregator.actions import NotHiddenError
from clockstop.service.aggregator.models import OF_SERVICES, OFFICE, WHY, Hidden, Kind
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.presenters import offered_name
from clockstop.service.directory.querysets import DEFINING
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Appointment, Document
from clockstop.service.referrals.persons import patients_of
from clockstop.service.registry.models import Organisation
from clockstop.service.ui import figures

NOT_FOUND = "No patient that you can see has this NHS number"
_READS = require_http_methods(["GET", "HEAD", "POST"])


@_READS
@signed_in(*sorted(DEFINING | OFFICE))
def in_the_app(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the NHS App does not show of the organisation; the office finds a patient here too."""
    errors: dict[str, str] = {}
    is_office = rules.has_perm("aggregator.hide", actor, Kind.PATIENT)
    if request.method == "POST" and "nhs_number" in request.POST and is_office:
        found = _of_number(actor, request.POST["nhs_number"])
        if found is not None:
            return HttpResponseRedirect(reverse("patient_in_the_app", args=(found.pk,)))
        errors = {"nhs_number": NOT_FOUND}
    elif request.method == "POST":
        errors = _changed(request, actor)
        if not errors:
            return HttpResponseRedirect(reverse("in_the_app"))
    hidden = list(Hidden.objects.of(actor))
    context = {
        "title": "What the NHS App shows",
        "section": "directory",
        "services": _services(actor, hidden),
        "patients": _patients(actor, hidden) if is_office else None,
        "is_trust": Organisation.objects.filter(
            pk=actor.organisation_code, sector=Sector.NHS_TRUST
        ).exists(),
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "aggregator/in_the_app.jinja", context, status=400 if errors else 200)


@_READS
@signed_in(*sorted(OFFICE))
def patient_in_the_app(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """What the NHS App shows of one patient: all, an appointment or a letter may be hidden."""
    patient: Patient = get_object_or_404(patients_of(actor), pk=patient_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _changed(request, actor)
        if not errors:
            return HttpResponseRedirect(reverse("patient_in_the_app", args=(patient.pk,)))
    else:
        actions.look(actor=actor, patient=patient)
    hidden = {(each.kind, each.key): each for each in Hidden.objects.of(actor)}
    context = {
        "title": "What the NHS App shows",
        "section": "directory",
        "patient": patient,
        "lines": list(_lines(actor, patient)),
        "hidden": hidden,
        "why": {kind.value: reasons for kind, reasons in WHY.items()},
        "day": lambda when: figures.day(timezone.localdate(when)),
        "errors": errors,
    }
    template = "aggregator/patient_in_the_app.jinja"
    return render(request, template, context, status=400 if errors else 200)


def _changed(request: HttpRequest, actor: Actor) -> dict[str, str]:
    """Hide or show what the form names; the errors if that cannot be."""
    given = request.POST
    if given.get("kind") not in Kind.values or given.get("act") not in {"hide", "show"}:
        raise BadRequest
    kind, key = Kind(given["kind"]), given.get("key", "")
    if given["act"] == "show":
        actions.show(actor=actor, kind=kind, key=key)
        return {}
    try:
        actions.hide(actor=actor, kind=kind, key=key, reason=given.get("reason", ""))
    except NotHiddenError as refused:
        return {kind.value if kind in OF_SERVICES else f"{kind}-{key}": str(refused)}
    return {}


def _services(actor: Actor, hidden: list[Hidden]) -> list[dict[str, Any]]:
    """Specialties and services: those that are hidden, and those that may be."""
    held = list(HealthcareService.objects.visible_to(actor).order_by("name", "site_name", "pk"))
    offered = {each.treatment_function or each.diagnostic_test: offered_name(each) for each in held}
    named = {
        Kind.SPECIALTY: dict(sorted(offered.items(), key=lambda each: each[1])),
        Kind.CLINIC: {
            str(each.pk): ", ".join(filter(None, (each.name, each.site_name))) for each in held
        },
    }
    off = {(each.kind, each.key) for each in hidden}
    return [
        {
            "kind": kind.value,
            "label": str(kind.label),
            "hidden": [(key, words) for key, words in names.items() if (kind, key) in off],
            "shown": [(key, words) for key, words in names.items() if (kind, key) not in off],
        }
        for kind, names in named.items()
    ]


def _patients(actor: Actor, hidden: list[Hidden]) -> list[Patient]:
    """Those of whom anything is hidden by itself; of the others there is no list."""
    keys = [UUID(each.key) for each in hidden if each.kind == Kind.PATIENT]
    return list(patients_of(actor).filter(pk__in=keys).order_by("family_name", "given_name", "pk"))


def _lines(actor: Actor, patient: Patient) -> Any:
    """What may be hidden of a patient: kind, key, words."""
    yield Kind.PATIENT.value, str(patient.pk), "Everything of this patient at your organisation"
    code = actor.organisation_code
    appointments = Appointment.objects.visible_to(actor).filter(
        referral__patient=patient, service__organisation=code
    )
    for each in appointments.select_related("service").order_by("-starts", "pk"):
        day = figures.day(timezone.localdate(each.starts))
        yield Kind.APPOINTMENT.value, str(each.pk), f"Appointment: {each.service.name}, {day}"
    letters = Document.objects.visible_to(actor).filter(
        referral__patient=patient, organisation_code=code
    )
    for each in letters.exclude(shared_on=None).defer("content").order_by("-shared_on", "title"):
        yield Kind.LETTER.value, str(each.pk), f"Letter: {each.title}"


def _of_number(actor: Actor, typed: str) -> Patient | None:
    digits = "".join(filter(str.isdigit, typed))
    found: Patient | None = patients_of(actor).filter(nhs_number=digits).first() if digits else None
    return found
