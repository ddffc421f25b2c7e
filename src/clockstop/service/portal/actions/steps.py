"""A patient's steps on a referral, through any door, by the actions of referrals."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from clockstop.core.codes.ers import ErsCode
from clockstop.service.audit.recording import record
from clockstop.service.portal.doors import Door
from clockstop.service.referrals import policies
from clockstop.service.referrals.access import VIEWED
from clockstop.service.referrals.actions import booking
from clockstop.service.referrals.actions.choosing import patient_says
from clockstop.service.referrals.actions.stepping import locked
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import State

_NO_SLOTS = "NO_SLOTS_AT_SERVICE"


@transaction.atomic
def look(door: Door) -> Referral:
    """The referral behind a door; the audit keeps that it was opened."""
    visible = door.visible.select_related("patient", "service__organisation", "pathway")
    found: Referral = visible.get(pk=door.referral_id)
    record(VIEWED, door.by, icb_code=found.icb_code, subject=("referral", found.pk))
    return found


@transaction.atomic
def book(
    door: Door, slot_id: int, version: int | None, *, reason: str = "", comment: str = ""
) -> Appointment:
    """Book a time; where there is one already it is given back, and all or nothing is done.

    Raises what the actions of referrals raise: StepRefusedError, StaleError, BusyError.
    """
    referral = _locked(door, version)
    if referral.state == State.BOOKED:
        booking.cancel_appointment_by(door.hand, referral, reason, comment)
    return booking.book_by(door.hand, referral, slot_id)


@transaction.atomic
def cancel(door: Door, version: int | None, *, reason: str, comment: str) -> Referral:
    """Cancel the appointment: the patient keeps their place."""
    return booking.cancel_appointment_by(door.hand, _locked(door, version), reason, comment)


@transaction.atomic
def hand_on(door: Door, service_id: int, version: int | None) -> Referral:
    """Send the referral to a service that reviews it first, or has no time to book."""
    referral = _locked(door, version)
    held = referral.shortlist.filter(replaced=False, service=service_id)
    chosen = held.select_related("service").first()
    if chosen and chosen.service.takes_triage:
        return booking.send_for_triage_by(door.hand, referral, service_id)
    return booking.defer_by(door.hand, referral, service_id, _NO_SLOTS)


@transaction.atomic
def say_offered(door: Door, *, offered: bool) -> None:
    """Keep what the patient says about having been offered a choice."""
    patient_says(door.hand, _locked(door, None), offered=offered)


def reasons() -> dict[str, ErsCode]:
    """Why patients cancel, by the national list of the day."""
    return policies.reasons_for("patient_reason", timezone.localdate())


def _locked(door: Door, version: int | None) -> Any:
    return locked(door.visible, door.referral_id, version)
