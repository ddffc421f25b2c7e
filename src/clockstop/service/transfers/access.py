"""Opening a request for help, which the audit keeps like every change."""

from uuid import UUID

from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.transfers.models import AidRequest

VIEWED = "viewed a request for help"


@transaction.atomic
def open_request(*, actor: Actor, request_id: UUID) -> AidRequest:
    """A request that the actor may see. Raises AidRequest.DoesNotExist."""
    visible = AidRequest.objects.visible_to(actor)
    found: AidRequest = visible.select_related("patient", "pathway").get(pk=request_id)
    record(VIEWED, actor.for_audit, icb_code=found.icb_code, subject=("aid request", found.pk))
    return found
