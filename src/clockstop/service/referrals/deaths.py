"""After a death no referral stays open and nobody is expected: what others could use is free."""

from typing import Any

from clockstop.service.audit.recording import Actor
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.actions.booking import booked, free_again
from clockstop.service.referrals.actions.stepping import Hand, note
from clockstop.service.referrals.models import Referral

REASON = "PATIENT_DIED"


def cancel_referrals(*, patient: Patient, by: Actor, **_: Any) -> None:
    """Cancel all that is open for somebody who has died, as part of noting the death."""
    hand = Hand(by=by, parties=frozenset())
    held = Referral.objects.select_for_update().filter(patient=patient).open()
    for referral in held.order_by("pk"):
        free_again(booked(referral), REASON, "", "provider")
        note("cancel_referral", hand, referral, reason=REASON)
