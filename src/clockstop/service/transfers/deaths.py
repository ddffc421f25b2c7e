"""After a death no help is asked for and nothing is held: what others could use is free."""

from __future__ import annotations

from typing import Any

from clockstop.service.audit.recording import Actor
from clockstop.service.pathways.models import Patient
from clockstop.service.transfers.actions.aid.ending import end_by
from clockstop.service.transfers.actions.stepping import Hand
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import AID_ENDED, Party

REASON = "PATIENT_DIED"


def close_requests(*, patient: Patient, by: Actor, **_: Any) -> None:
    """End every live request for somebody who has died, as part of noting the death."""
    hand = Hand(by=by, parties=frozenset({Party.SYSTEM}))
    held = AidRequest.objects.select_for_update().filter(patient=patient)
    for request in held.exclude(state__in=AID_ENDED).order_by("pk"):
        end_by("close_died", hand, request, reason=REASON)
