"""How a patient wants to be reached and told."""

from __future__ import annotations

from dataclasses import dataclass

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.messaging.models import Contact
from clockstop.service.pathways.models import Patient
from clockstop.service.portal.actions.behalf import on_behalf


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What is told of a patient: how to reach them, what they need."""

    mobile: str = ""
    email: str = ""
    no_messages: bool = False
    large_print: bool = False
    easy_read: bool = False
    sign_language: bool = False
    interpreter: str = ""
    other_needs: str = ""


@transaction.atomic
def keep(*, actor: Actor, patient: Patient, told: Reached) -> Contact:
    """Keep how a patient is reached; the audit says that it changed. Raises PermissionDenied.

    Staff do so for a patient who calls.
    """
    if not rules.has_perm("portal.reach", actor, patient):
        raise PermissionDenied
    values = {name: getattr(told, name) for name in told.__slots__}
    made, _ = Contact.objects.update_or_create(
        patient=patient,
        defaults={
            "icb_code": patient.icb_code,
            "changed_at": timezone.now(),
            "changed_by": str(actor.person),
            **values,
        },
    )
    what = "opted out of messages" if told.no_messages else "wants messages"
    detail: dict[str, str | int | bool | None] = {"said": what, "needs": bool(made.needs)}
    detail |= on_behalf(actor)
    subject = ("patient", patient.pk)
    by = actor.for_audit
    record(
        "changed how to be reached", by, icb_code=patient.icb_code, subject=subject, detail=detail
    )
    return made
