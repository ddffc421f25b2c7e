"""The hospital's review: whether the patient can safely, and with their life around it, move."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from clockstop.core.state_tables import Refusal
from clockstop.service.transfers.actions.asking import reasons
from clockstop.service.transfers.actions.asking.shared import (
    Way,
    against_cancer,
    against_review,
    against_waiting,
    go,
)
from clockstop.service.transfers.models import PatientRequest


@transaction.atomic
def find_suitable(
    *, way: Way, request_id: UUID, social: bool, comment: str = "", version: int | None = None
) -> PatientRequest:
    """A clinician signs, or somebody for one, and whoever records it signs the rest of life."""
    hand, request = way.taken_up(request_id, version)
    further = [*against_waiting(request), *against_review(request), *against_cancer(request)]
    if not social:
        words = "Sign that the patient can get there and home, and has what they need"
        further.append(Refusal("SOCIAL_SUITABILITY_IS_REQUIRED", words, "social"))
    return go("find_suitable", hand, request, further, comment=comment)


@transaction.atomic
def find_unsuitable(
    *, way: Way, request_id: UUID, reason: str, comment: str = "", version: int | None = None
) -> PatientRequest:
    """A clinician finds that the patient cannot move, with the reason; the patient is told."""
    hand, request = way.taken_up(request_id, version)
    against_reason = reasons.against(reason, reasons.UNSUITABLE, comment)
    return go("find_unsuitable", hand, request, against_reason, reason=reason, comment=comment)


def signed_by(request: PatientRequest) -> tuple[str, str]:
    """Who signed clinically and who signed the rest, of a request that was found suitable."""
    step = request.steps.filter(action="find_suitable").order_by("-version").first()
    return (step.acting_for or step.by, step.by) if step else ("", "")
