"""The patient of a request, and what they may see of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from clockstop.core.types import NhsNumber, Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.portal.models import NeedSaid
from clockstop.service.portal.telling import clock_runs
from clockstop.service.referrals.models import Appointment, Document
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


def appointments_of(actor: Actor) -> QuerySet[Any]:
    """Those at NHS trusts, the earliest first, with all that an answer says of them."""
    held = Appointment.objects.visible_to(actor).filter(
        service__organisation__sector=Sector.NHS_TRUST
    )
    return held.select_related("service", "slot", "referral__patient").order_by("starts", "pk")


def letters_of(actor: Actor) -> QuerySet[Any]:
    """What NHS trusts shared with them: letters (PDF), not pictures or what a practice attached."""
    held = Document.objects.visible_to(actor).filter(
        referral__service__organisation__sector=Sector.NHS_TRUST,
        attached_as="PROVIDER",
        content_type=PDF,
    )
    related = held.select_related("referral__patient", "referral__service__organisation")
    return related.defer("content").order_by("attached_at", "pk")


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
    """What NHS trusts ask of them, the earliest first, with the trust."""
    found = [*_about_moving(actor), *_about_need(actor)]
    codes = {each.pathway.organisation_code for each in found}
    trusts = Organisation.objects.filter(sector=Sector.NHS_TRUST).in_bulk(codes)
    return [
        (each, trusts[each.pathway.organisation_code])
        for each in sorted(found, key=lambda each: (each.since, each.key))
        if each.pathway.organisation_code in trusts
    ]


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
