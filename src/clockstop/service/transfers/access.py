"""Opening a request for help, which the audit keeps like every change; finding whom it is for."""

from uuid import UUID

from django.db import transaction

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.persons import patient_of_number
from clockstop.service.transfers.models import AidRequest

VIEWED = "viewed a request for help"


@transaction.atomic
def open_request(*, actor: Actor, request_id: UUID) -> AidRequest:
    """A request that the actor may see. Raises AidRequest.DoesNotExist."""
    visible = AidRequest.objects.visible_to(actor)
    found: AidRequest = visible.select_related("patient", "pathway").get(pk=request_id)
    record(VIEWED, actor.for_audit, icb_code=found.icb_code, subject=("aid request", found.pk))
    return found


def patient_of(actor: Actor, typed: str) -> Patient:
    """Somebody whose record the actor holds, by NHS number. Raises StepRefusedError."""
    try:
        is_they = patient_of_number(NhsNumber("".join(typed.split())))
    except ValueError:
        raise _unknown("Enter an NHS number, like 943 476 5919") from None
    found: Patient | None = Patient.objects.visible_to(actor).filter(is_they).first()
    if found is None:
        raise _unknown("You hold no record with this NHS number")
    return found


def _unknown(words: str) -> StepRefusedError:
    return StepRefusedError([Refusal("UNKNOWN_PATIENT", words, "nhs_number")])
