"""The patient of a request, and what they may see of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from clockstop.core.types import NhsNumber, Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.aggregator.models import Hidden, Kind
from clockstop.service.directory.models import HealthcareService
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.portal.models import NeedSaid
from clockstop.service.portal.telling import clock_runs
from clockstop.service.referrals.models import Appointment, Document, Referral
from clockstop.service.registry.models import Organisation
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import Asked

PDF = "application/pdf"
_THEIR_TURN = {
    Asked.INVITED: "Do you want to be treated sooner elsewhere?",
    Asked.CHOOSING: "Choose another hospital",
    Asked.OFFER_TO_PATIENT: "Answer the offer of another hospital",
}
APP = UUID(int=0)  # the app acts for the patient; nobody has an account for it


def holder(number: NhsNumber) -> Actor:
    """The patient of a number, as the app shows them their own."""
    return Actor(person=APP, name="", role=Role.PATIENT, people=(number,))


def record_of(actor: Actor) -> Patient | None:
    """Their record, if there is one that may be shown: none that is marked sensitive."""
    found: Patient | None = Patient.objects.visible_to(actor).order_by("pk").first()
    return found


def appointments_of(actor: Actor) -> list[Appointment]:
    """Those at NHS trusts, the earliest first, with all that an answer says of them.

    None that the trust hides, of the patient, the specialty or the clinic, or by itself.
    """
    held = Appointment.objects.visible_to(actor).filter(
        service__organisation__sector=Sector.NHS_TRUST
    )
    related = held.select_related("service", "slot", "referral__patient")
    found = list(related.order_by("starts", "pk"))
    patients = _records(actor)
    organisations = {each.service.organisation_id for each in found}
    hides = Hidden.objects.among(organisations, patients | {each.pk for each in found})
    return [
        each
        for each in found
        if not hides.holds(
            each.service.organisation_id,
            patient=patients,
            appointment=[each.pk],
            **_of_service(each.service),
        )
    ]


def letters_of(actor: Actor) -> list[Document]:
    """What NHS trusts shared with them: letters (PDF), not pictures or what a practice attached.

    None that the trust hides: of the patient, the specialty or the clinic, or by itself, such as
    one that is written to a GP or a guardian.
    """
    held = Document.objects.visible_to(actor).filter(
        referral__service__organisation__sector=Sector.NHS_TRUST,
        attached_as="PROVIDER",
        content_type=PDF,
    )
    related = held.select_related("referral__patient", "referral__service__organisation")
    found = list(related.defer("content").order_by("attached_at", "pk"))
    patients = _records(actor)
    organisations = {each.referral.service.organisation_id for each in found}
    hides = Hidden.objects.among(organisations, patients | {each.pk for each in found})
    return [
        each
        for each in found
        if not hides.holds(
            each.referral.service.organisation_id,
            patient=patients,
            letter=[each.pk],
            **_of_service(each.referral.service),
        )
    ]


def _records(actor: Actor) -> set[object]:
    """The keys of all records of the person: a trust may have hidden any of them."""
    return set(Patient.objects.visible_to(actor).values_list("pk", flat=True))


def _of_service(service: HealthcareService) -> dict[str, list[object]]:
    """A service and what it offers, by the kinds that may be hidden."""
    offered = service.treatment_function or service.diagnostic_test
    return {Kind.CLINIC.value: [service.pk], Kind.SPECIALTY.value: [offered]}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that they are asked to answer: by whom, on which page of the portal, since when.

    ``answered`` is when they did; none while it waits for them.
    """

    key: str
    kind: str
    title: str
    pathway: Pathway
    page: str
    since: datetime
    answered: datetime | None = None


def questions_of(actor: Actor) -> list[tuple[Question, Organisation]]:
    """What NHS trusts ask of them, the earliest first, with the trust.

    Nothing about what the trust hides: the patient, the specialty or the clinic.
    """
    found = [*_about_moving(actor), *_about_need(actor)]
    codes = {each.pathway.organisation_code for each in found}
    trusts = Organisation.objects.filter(sector=Sector.NHS_TRUST).in_bulk(codes)
    clinics = _clinics_of(actor, {each.pathway.pk for each in found})
    patients = _records(actor)
    hides = Hidden.objects.among(trusts, patients)
    return [
        (each, trusts[each.pathway.organisation_code])
        for each in sorted(found, key=lambda each: (each.since, each.key))
        if each.pathway.organisation_code in trusts
        and not hides.holds(
            each.pathway.organisation_code,
            patient=patients,
            specialty=[each.pathway.treatment_function],
            clinic=clinics.get(each.pathway.pk, ()),
        )
    ]


def _clinics_of(actor: Actor, pathways: set[UUID]) -> Mapping[UUID, list[int]]:
    """The services that the referrals of some pathways are with."""
    held = Referral.objects.visible_to(actor).filter(pathway__in=pathways)
    found: dict[UUID, list[int]] = {}
    for pathway, service in held.exclude(service=None).values_list("pathway", "service"):
        found.setdefault(pathway, []).append(service)
    return found


def _about_moving(actor: Actor) -> Iterator[Question]:
    """Whether to be treated elsewhere, by whom, and whether to take what is offered."""
    asked = PatientRequest.objects.visible_to(actor).filter(state__in=_THEIR_TURN)
    for each in asked.select_related("pathway"):
        page = reverse("own_sooner_tracker", args=(each.pk,))
        title = _THEIR_TURN[Asked(each.state)]
        yield Question(str(each.pk), "treated-sooner", title, each.pathway, page, each.state_since)


def _about_need(actor: Actor) -> Iterator[Question]:
    """Whether they still need care: what they were asked, until they answer or wait no more."""
    sent = Message.objects.visible_to(actor).filter(template="still_needed").order_by("created_at")
    latest = {each.about: each for each in sent}
    pathways = Pathway.objects.visible_to(actor).filter(pk__in=latest).prefetch_related("events")
    said = {each.pathway_id: each.at for each in NeedSaid.objects.visible_to(actor).order_by("at")}
    for pathway in pathways:
        message, at = latest[str(pathway.pk)], said.get(pathway.pk)
        answered = at if at and at >= message.created_at else None
        if answered or clock_runs(pathway):
            page = reverse("own_needed", args=(pathway.pk,))
            yield Question(
                str(message.pk),
                "still-needed",
                "Do you still need this care?",
                pathway,
                page,
                message.created_at,
                answered,
            )
