"""Each kind of resource: whose rows somebody sees, and what it is searched by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import SlotStatus
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.fhir.building import Json
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.persons import patients_of
from clockstop.service.referrals.states import ENDED, State
from clockstop.service.registry.models import Organisation, Site
from clockstop.service.ukcore import resources
from clockstop.service.ukcore.filters import (
    code,
    moment,
    number,
    reference,
    starting,
    token,
    unique,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter: its FHIR type, what it means, and the filter of one value.

    ``private``: it could name a person, so that it comes by POST alone and stands in no address.
    """

    type: str
    words: str
    filter: Callable[[str], Q]
    private: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: how a row is written, whose rows somebody sees, what is searched by.

    ``is_open``: it concerns no patient, and needs no token.
    """

    name: str
    build: Callable[[Any], Json]
    rows: Callable[[Actor | None], QuerySet[Any]]
    key: Callable[[str], Any]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    is_open: bool = False


def _referrals(actor: Actor | None) -> QuerySet[Any]:
    return Referral.objects.visible_to(actor) if actor else Referral.objects.none()


def _patients(actor: Actor | None) -> QuerySet[Any]:
    return patients_of(actor) if actor else Patient.objects.none()


def _appointments(actor: Actor | None) -> QuerySet[Any]:
    held = Appointment.objects.visible_to(actor) if actor else Appointment.objects.none()
    return held.select_related("service", "referral")


def _tasks(actor: Actor | None) -> QuerySet[Any]:
    return _referrals(actor).filter(state__in=resources.TASKS).exclude(provider_code="")


_UBRN = Parameter("token", "The booking reference", token("ubrn"))
_OF_PATIENT = Parameter("reference", "Whose", reference("Patient", "patient", unique))
_SLOT_STATUS = {"free": SlotStatus.FREE, "busy": SlotStatus.BOOKED}
_STATUS = {each: each for each in Appointment.Status.values}
_REFERRAL_STATUS = {"active": set(State) - ENDED, "revoked": ENDED}

KINDS = {
    each.name: each
    for each in (
        Kind(
            "Organization",
            resources.organization,
            lambda _actor: Organisation.objects.order_by("pk"),
            code,
            {
                "name": Parameter("string", "How the name begins", starting("name")),
                "identifier": Parameter("token", "ODS code", token("code")),
                "active": Parameter(
                    "token", "Open", token("closed__isnull", {"true": True, "false": False})
                ),
            },
            is_open=True,
        ),
        Kind(
            "Location",
            resources.location,
            lambda _actor: Site.objects.order_by("pk"),
            code,
            {
                "name": Parameter("string", "How the name begins", starting("name")),
                "identifier": Parameter("token", "ODS site code", token("code")),
                "organization": Parameter(
                    "reference", "Whose site", reference("Organization", "organisation", code)
                ),
            },
            is_open=True,
        ),
        Kind(
            "HealthcareService",
            resources.healthcare_service,
            lambda _actor: HealthcareService.objects.published().order_by("pk"),
            number,
            {
                "name": Parameter("string", "How the name begins", starting("name")),
                "organization": Parameter(
                    "reference", "Whose service", reference("Organization", "organisation", code)
                ),
                "specialty": Parameter(
                    "token",
                    "Treatment function, like 110",
                    lambda text: Q(treatment_function=f"C_{text.rpartition('|')[2]}"),
                ),
                "location": Parameter(
                    "reference", "Where", reference("Location", "site_code", code)
                ),
            },
            is_open=True,
        ),
        Kind(
            "Slot",
            resources.slot,
            lambda actor: (
                Slot.objects.filter(service__status="published").select_related("service")
                if actor
                else Slot.objects.none()
            ),
            number,
            {
                "service": Parameter(
                    "reference",
                    "Of which service",
                    reference("HealthcareService", "service", number),
                ),
                "status": Parameter("token", "free or busy", token("status", _SLOT_STATUS)),
                "start": Parameter("date", "When it starts", moment("starts")),
            },
        ),
        Kind(
            "Patient",
            resources.patient,
            _patients,
            unique,
            {
                "identifier": Parameter("token", "NHS number", token("nhs_number"), private=True),
                "family": Parameter(
                    "string", "How the family name begins", starting("family_name"), private=True
                ),
            },
        ),
        Kind(
            "ServiceRequest",
            resources.service_request,
            _referrals,
            unique,
            {
                "patient": _OF_PATIENT,
                "identifier": _UBRN,
                "status": Parameter(
                    "token",
                    "active or revoked",
                    token("state__in", _REFERRAL_STATUS),
                ),
                "authored": Parameter("date", "When it was made", moment("created_at")),
                "requester": Parameter(
                    "reference",
                    "Which practice",
                    reference("Organization", "organisation_code", code),
                ),
            },
        ),
        Kind(
            "Appointment",
            resources.appointment,
            _appointments,
            number,
            {
                "patient": Parameter(
                    "reference", "Whose", reference("Patient", "referral__patient", unique)
                ),
                "based-on": Parameter(
                    "reference",
                    "Of which referral",
                    reference("ServiceRequest", "referral", unique),
                ),
                "status": Parameter("token", "Its status", token("status", _STATUS)),
                "date": Parameter("date", "When it starts", moment("starts")),
            },
        ),
        Kind(
            "Task",
            resources.task,
            _tasks,
            unique,
            {
                "patient": _OF_PATIENT,
                "owner": Parameter(
                    "reference", "Who is to act", reference("Organization", "provider_code", code)
                ),
                "focus": Parameter(
                    "reference", "On which referral", reference("ServiceRequest", "pk", unique)
                ),
                "authored-on": Parameter("date", "When it was made", moment("created_at")),
            },
        ),
    )
}
