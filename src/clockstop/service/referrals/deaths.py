"""After a death no referral stays open and nobody is expected: what others could use is free."""

from collections.abc import Collection
from typing import Any

from clockstop.service.audit.recording import Actor
from clockstop.service.directory.models import Slot
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.actions.booking import booked, free_again
from clockstop.service.referrals.actions.stepping import Hand, note
from clockstop.service.referrals.models import Appointment, Referral

REASON = "PATIENT_DIED"


def hold_referrals(*, patients: Collection[Patient], **_: Any) -> None:
    """Lock what a death will cancel: referrals before pathways, and all rows before the audit."""
    held = Referral.objects.select_for_update().filter(patient__in=patients).open()
    ending = list(held.order_by("pk").values_list("pk", flat=True))
    expected = Appointment.objects.filter(referral__in=ending, status=Appointment.Status.BOOKED)
    slots = Slot.objects.select_for_update().filter(pk__in=expected.values("slot"))
    list(slots.order_by("pk").values_list("pk"))


def cancel_referrals(*, patient: Patient, by: Actor, **_: Any) -> None:
    """Cancel all that is open for somebody who has died, as part of noting the death."""
    hand = Hand(by=by, parties=frozenset())
    held = Referral.objects.select_for_update().filter(patient=patient).open()
    for referral in held.order_by("pk"):
        free_again(booked(referral), REASON, "", "provider")
        note("cancel_referral", hand, referral, reason=REASON)
