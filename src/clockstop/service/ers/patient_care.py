"""The patient's own view of their referrals, as the patient care API of e-RS is published.

The NHS number is in the question, as published: it must be the caller's own, and no address is
logged. Sensitive records have no such view.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.tokens import Scope, holder_of
from clockstop.service.directory.choices import Status
from clockstop.service.directory.models import HealthcareService
from clockstop.service.ers.endpoints.asking import number
from clockstop.service.ers.gate import FHIR_JSON, serve
from clockstop.service.ers.people import user_id_of
from clockstop.service.ers.resources import appointments
from clockstop.service.ers.resources.criteria import priority_display, specialties
from clockstop.service.fhir.building import (
    Json,
    bundle,
    coding,
    concept,
    extension,
    found,
    identifier,
    instant,
    whole,
)
from clockstop.service.fhir.outcome import Issue, outcome
from clockstop.service.referrals.access import open_referral
from clockstop.service.referrals.menu import described
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import State

BASE = "referrals/patient-care/FHIR/R4"
_NHS = "https://fhir.nhs.uk"
_NHS_NUMBER = f"{_NHS}/Id/nhs-number"
_SERVICE = f"{_NHS}/Id/ers-service"
_ODS = f"{_NHS}/Id/ods-organization-code"
_REFERRAL = {"3457005", "http://snomed.info/sct|3457005"}
_INCLUDED = ["Appointment:based-on", "Task:focus"]
_PRIORITIES = {"ROUTINE": "routine", "URGENT": "urgent", "TWO_WEEK_WAIT": "asap"}
_DEFERRED = {
    State.DEFERRED_TO_PROVIDER: "APPOINTMENT_DEFERRAL",
    State.AWAITING_TRIAGE: "TRIAGE_DEFERRAL",
}
# As this API spells the states; it has no code for those that are not here, and leaves them out.
# What two of them abbreviate is our reading: ARBL, accept, book later; CARL, cancel, rebook later.
_STATES = {
    State.NOT_BOOKED: "NOT_BOOKED",
    State.AWAITING_TRIAGE: "AWAITING_TRIAGE",
    State.DEFERRED_TO_PROVIDER: "DEFER_TO_PROVIDER",
    State.TRIAGED_PROVIDER_TO_ACTION: "ARBL",
    State.BOOKED: "BOOKED",
    State.REJECTED: "REJECTED",
    State.TRIAGE_RESPONSE: "TRIAGE_RESPONSE",
    State.APPT_CANCELLED_BY_PATIENT: "APPOINTMENT_CANCELLED_BY_PATIENT",
    State.APPT_CANCELLED_BY_PROVIDER: "APPOINTMENT_CANCELLED_BY_PROVIDER",
}
_CANCELLED = "CANCEL_APPOINTMENT_ACTION_LATER"
_CODES: dict[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("required", "REC_BAD_REQUEST"),
    HTTPStatus.UNAUTHORIZED: ("forbidden", "ACCESS_DENIED"),
    HTTPStatus.FORBIDDEN: ("forbidden", "REC_FORBIDDEN"),
    HTTPStatus.NOT_FOUND: ("not-found", "REC_NOT_FOUND"),
    HTTPStatus.TOO_MANY_REQUESTS: ("exception", "TOO_MANY_REQUESTS"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("exception", "REC_SERVER_ERROR"),
}
View = Callable[..., HttpResponse]


class _RefusedError(Exception):
    """A question that is not answered: the status and the words."""


def _profile(name: str) -> Json:
    return {"profile": [f"{_NHS}/StructureDefinition/NHSDigital-{name}"]}


def _answering(answering: Callable[..., Json]) -> View:
    """Let patients in by their tokens, and send the resource or why there is none."""

    @wraps(answering)
    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            told, status = answering(request, _patient(request), **named), HTTPStatus.OK
        except _RefusedError as error:
            status, words = error.args
            told = refusal(status, words)
        response = HttpResponse(json.dumps(told, ensure_ascii=False), FHIR_JSON, status)
        if said := request.headers.get("X-Correlation-ID"):
            response["X-Correlation-ID"] = said
        response["X-Request-ID"] = str(uuid4())
        response["Cache-Control"] = "no-store"
        return response

    return view


def _patient(request: HttpRequest) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = holder_of(token.strip()) if scheme.lower() == "bearer" else None
    if held is None or Scope.PATIENT_CARE not in held[1]:
        words = "The token is missing, unknown, has ended or is for something else"
        raise _RefusedError(HTTPStatus.UNAUTHORIZED, words)
    return held[0]


def refusal(status: int, words: str) -> Json:
    """The resource that refuses; a status that was not published is told as a fault."""
    kind, code = _CODES.get(status, _CODES[HTTPStatus.INTERNAL_SERVER_ERROR])
    of_access = f"{_NHS}/CodeSystem/NHSD-API-ErrorOrWarningCode"
    system = (
        of_access
        if code in {"ACCESS_DENIED", "TOO_MANY_REQUESTS"}
        else f"{_NHS}/CodeSystem/http-error-codes"
    )
    meta = _profile("OperationOutcome") | {"lastUpdated": instant(timezone.now())}
    return outcome([Issue(kind, system, code, "", words)], meta)


@_answering
def search(request: HttpRequest, actor: Actor) -> Json:
    """The patient's open referrals, with their appointments and what providers are to do."""
    _check(request, actor)
    here = request.build_absolute_uri(f"/{BASE}")
    visible = (
        Referral.objects.visible_to(actor).filter(state__in=list(_STATES)).order_by("created_at")
    )
    keys = list(visible.values_list("pk", flat=True))
    rows = [open_referral(actor=actor, referral_id=each) for each in keys]
    entries = [
        found(f"{here}/ServiceRequest/r.{each.pk}", _referral(each, request)) for each in rows
    ]
    included = request.GET.getlist("_revinclude")
    entries += [entry for each in rows for entry in _with(each, here, included)]
    now = timezone.now()
    told = bundle(
        str(uuid4()),
        entries,
        now,
        request.build_absolute_uri(),
        timestamp=instant(now),
        total=len(rows),
        meta={"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Bundle"]},
    )
    return {name: value for name, value in told.items() if value != []}


def _check(request: HttpRequest, actor: Actor) -> None:
    asked = request.GET
    number_said = asked.get("patient:identifier", "").removeprefix(f"{_NHS_NUMBER}|")
    if not number_said or asked.get("category") not in _REFERRAL:
        words = "'patient:identifier' and 'category' must be given as published"
        raise _RefusedError(HTTPStatus.BAD_REQUEST, words)
    if set(asked.getlist("_revinclude")) - set(_INCLUDED):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "'_revinclude' is none that was published")
    if number_said not in {str(each) for each in actor.people}:
        raise _RefusedError(HTTPStatus.FORBIDDEN, "Patients see their own referrals alone")


def _referral(row: Referral, request: HttpRequest) -> Json:
    code = row.priority.upper()
    role = _role(row)
    return whole(
        {
            "resourceType": "ServiceRequest",
            "id": f"r.{row.pk}",
            "meta": {"versionId": str(row.version)} | _profile("ServiceRequest-PatientCare"),
            "extension": list(_extensions(row, code, request)),
            "contained": [role],
            "identifier": [identifier(f"{_NHS}/Id/UBRN", row.ubrn)],
            "status": "active",
            "intent": "order",
            "category": [concept("http://snomed.info/sct", "3457005")],
            "priority": _PRIORITIES[code],
            "subject": {"identifier": identifier(_NHS_NUMBER, row.patient.nhs_number)},
            "authoredOn": instant(row.created_at),
            "requester": {"reference": f"#{role['id']}"},
            "performerType": _specialty(row.service) if row.service else None,
        }
    )


def _extensions(row: Referral, priority: str, request: HttpRequest) -> Iterator[Json]:
    shapes, codes = f"{_NHS}/StructureDefinition", f"{_NHS}/CodeSystem"
    link = request.build_absolute_uri(reverse("booking"))
    yield extension(f"{shapes}/Extension-Portal-Link", valueUrl=link)
    code = "CARL" if row.reason == _CANCELLED else _STATES[State(row.state)]
    state = {"url": "state", "valueCoding": coding(f"{codes}/eRS-ReferralState", code)}
    yield extension(f"{shapes}/Extension-eRS-ServiceRequest-State", extension=[state])
    told = coding(f"{codes}/eRS-Priority", priority, priority_display(priority))
    yield extension(f"{shapes}/Extension-ServiceRequest-Priority", valueCoding=told)


def _role(row: Referral) -> Json:
    user = user_id_of(row.referrer)
    return {
        "resourceType": "PractitionerRole",
        "id": f"PractitionerRole-{row.organisation_code}-{user}",
        "meta": _profile("PractitionerRole-Minimal"),
        "practitioner": {"identifier": identifier(f"{_NHS}/Id/sds-user-id", user)},
        "organization": {"identifier": identifier(_ODS, row.organisation_code)},
    }


def _specialty(service: HealthcareService) -> Json:
    code = service.specialty
    return concept(f"{_NHS}/CodeSystem/eRS-Specialty", code, specialties().get(code, code))


def _with(row: Referral, here: str, included: list[str]) -> Iterator[Json]:
    """The appointment that is booked, or what the provider is asked for, where it is wanted."""
    held = appointments.current(row)
    if held is None:
        return
    focus = {"reference": f"{here}/ServiceRequest/r.{row.pk}"}
    if held.status == Appointment.Status.BOOKED and _INCLUDED[0] in included:
        yield found(f"{here}/Appointment/{held.key}", _appointment(held, focus), "include")
    kind = _DEFERRED.get(State(row.state))
    if kind and _INCLUDED[1] in included:
        yield found(f"{here}/Task/{held.key}", _task(held, focus, kind), "include")


def _appointment(held: appointments.Current, focus: Json) -> Json:
    row = held.row
    slot = f"{_NHS}/Id/unique-slot-reference-number"
    who = (
        identifier(_SERVICE, str(held.service.pk)),
        identifier(_NHS_NUMBER, held.referral.patient.nhs_number),
    )
    return whole(
        {
            "resourceType": "Appointment",
            "id": held.key,
            "meta": {"versionId": str(held.version)} | _profile("Appointment-PatientCare"),
            "status": "booked",
            "basedOn": [focus],
            "start": instant(row.starts) if row else None,
            "end": instant(row.ends) if row else None,
            "slot": [{"identifier": identifier(slot, row.slot.usrn)}] if row and row.slot else None,
            "participant": [{"actor": {"identifier": each}, "status": "accepted"} for each in who],
        }
    )


def _task(held: appointments.Current, focus: Json, kind: str) -> Json:
    row = held.referral
    end = row.contact_by
    return whole(
        {
            "resourceType": "Task",
            "id": held.key,
            "meta": {"versionId": str(held.version)} | _profile("Task-PatientCare"),
            "status": "requested",
            "intent": "order",
            "code": concept(f"{_NHS}/CodeSystem/Workflow-Code", kind),
            "focus": focus,
            "for": {"identifier": identifier(_NHS_NUMBER, row.patient.nhs_number)},
            "owner": {"identifier": identifier(_SERVICE, str(held.service.pk))},
            "restriction": {"period": {"end": end.isoformat()}} if end else None,
        }
    )


@_answering
def service(_request: HttpRequest, _actor: Actor, key: str) -> Json:
    """A service of the directory, as patients see it."""
    wanted = number(key)
    row = described([wanted]).get(wanted) if wanted is not None else None
    if row is None or row.status == Status.DRAFT:
        raise _RefusedError(HTTPStatus.NOT_FOUND, "There is no such service")
    kind = concept(f"{_NHS}/CodeSystem/eRS-AppointmentType", row.appointment_type)
    place = row.site_code or row.organisation.code
    return {
        "id": str(row.pk),
        "meta": {"versionId": str(row.version)} | _profile("HealthcareService-PatientCare"),
        "resourceType": "HealthcareService",
        "identifier": [identifier(_SERVICE, str(row.pk))],
        "providedBy": {"identifier": identifier(_ODS, row.organisation.code)},
        "type": [kind],
        "specialty": [_specialty(row)],
        "location": [{"identifier": identifier(f"{_NHS}/Id/ods-site-code", place)}],
        "name": row.name,
    }


urlpatterns: list[URLPattern] = [
    path(f"{BASE}/ServiceRequest", serve(GET=search)),
    path(f"{BASE}/HealthcareService/<str:key>", serve(GET=service)),
]
