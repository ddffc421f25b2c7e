"""The patient of a request, and what they may see of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Appointment

APP = UUID(int=0)  # the app acts for the patient; nobody has an account for it


def holder(number: NhsNumber) -> Actor:
    """The patient of a number, as the app shows them their own."""
    return Actor(person=APP, name="", role=Role.PATIENT, people=(number,))


def record_of(actor: Actor) -> Patient | None:
    """Their record, if there is one that may be shown: none that is marked sensitive."""
    found: Patient | None = Patient.objects.visible_to(actor).order_by("pk").first()
    return found


def appointments_of(actor: Actor) -> QuerySet[Any]:
    """Their appointments, the earliest first, with all that an answer says of them."""
    held = Appointment.objects.visible_to(actor)
    return held.select_related("service", "slot", "referral__patient").order_by("starts", "pk")
