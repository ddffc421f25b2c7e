"""Opening a patient's request, which the audit keeps like every change."""

from uuid import UUID

from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.transfers.models import PatientRequest

VIEWED = "viewed a patient's request to move"


@transaction.atomic
def open_asked(*, actor: Actor, request_id: UUID) -> PatientRequest:
    """A request that the actor may see. Raises PatientRequest.DoesNotExist."""
    visible = PatientRequest.objects.visible_to(actor)
    found: PatientRequest = visible.select_related("patient", "pathway").get(pk=request_id)
    about = ("patient request", found.pk)
    record(VIEWED, actor.for_audit, icb_code=found.icb_code, subject=about)
    return found
