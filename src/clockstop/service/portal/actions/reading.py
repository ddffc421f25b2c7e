"""What is read out to a patient who calls, as the audit keeps it."""

from __future__ import annotations

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.pathways.models import Patient
from clockstop.service.portal.actions.behalf import on_behalf


@transaction.atomic
def note(*, actor: Actor, patient: Patient) -> None:
    """Keep that staff had a patient's messages before them. Raises PermissionDenied."""
    if not rules.has_perm("portal.reach", actor, patient):
        raise PermissionDenied
    about = ("patient", patient.pk)
    detail = {**on_behalf(actor)}
    by = actor.for_audit
    record("read a patient's messages", by, icb_code=patient.icb_code, subject=about, detail=detail)
