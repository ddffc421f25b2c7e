"""The appointment of a referral: one that was booked, or one that is proposed.

Where the provider is to book there is no appointment yet, but the API has one that is proposed: it
has the key of the step that led there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clockstop.service.accounts.actor import Actor
from clockstop.service.ers import systems
from clockstop.service.ers.resources.reasons import reason_coding
from clockstop.service.fhir.building import Json, coding, identifier, instant, whole
from clockstop.service.referrals.models import Appointment, Referral, Step
from clockstop.service.referrals.states import State

_PROFILES = [systems.profile("Appointment"), systems.care_connect("Appointment")]
_PROPOSED = {
    State.AWAITING_TRIAGE,
    State.DEFERRED_TO_PROVIDER,
    State.TRIAGED_PROVIDER_TO_ACTION,
    State.TRIAGE_RESPONSE,
}
_NONE = {State.NOT_BOOKED}
_STEP = "step-"
_CLINICIAN = "http://hl7.org/fhir/ValueSet/encounter-participant-type"


@dataclass(frozen=True, slots=True)
class Current:
    """The current appointment of a referral, booked or proposed, as the API has it."""

    key: str
    version: int
    status: str
    referral: Referral
    service: Any
    created: datetime
    reason: str = ""
    comment: str = ""
    row: Appointment | None = None

    @property
    def clinician(self) -> str:
        """Whose clinic it is in, by user ID; empty where none is named."""
        return self.row.slot.schedule.clinician_id if self.row and self.row.slot else ""


def current(referral: Referral) -> Current | None:
    """The appointment that a referral has now, or had last; none while nothing was asked for."""
    state = State(referral.state)
    if state in _NONE:
        return None
    if state in _PROPOSED:
        step = referral.steps.select_related("service").order_by("version").last()
        return _proposed(referral, step) if step and step.service else None
    rows = referral.appointments.select_related("service", "slot__schedule")
    row = rows.order_by("created_at", "pk").last()
    return _booked(referral, row) if row else None


def find(actor: Actor, key: str) -> Current | None:
    """The appointment of a key, if it is the current one of a referral that the actor sees."""
    visible = Referral.objects.visible_to(actor).select_related("patient")
    number = key.removeprefix(_STEP)
    if not number.isascii() or not number.isdecimal() or len(number) > 18:  # noqa: PLR2004
        return None
    through = "steps__pk" if key.startswith(_STEP) else "appointments__pk"
    referral: Referral | None = visible.filter(**{through: int(number)}).first()
    found = current(referral) if referral else None
    return found if found and found.key == key else None


def _proposed(referral: Referral, step: Step) -> Current:
    reason = step.reason or ("TRIAGE" if referral.state == State.AWAITING_TRIAGE else "")
    return Current(
        key=f"{_STEP}{step.pk}",
        version=1,
        status="proposed",
        referral=referral,
        service=step.service,
        created=step.at,
        reason=reason,
        comment=step.comment,
    )


def _booked(referral: Referral, row: Appointment) -> Current:
    return Current(
        key=str(row.pk),
        version=row.version,
        status=row.status,
        referral=referral,
        service=row.service,
        created=row.created_at,
        reason=row.reason,
        comment=row.comment,
        row=row,
    )


def resource(found: Current, base: str, key: str = "") -> Json:
    """The resource; ``key`` where it is contained in another."""
    referral = found.referral
    is_timed = found.row is not None and found.status != Appointment.Status.CANCELLED
    row = found.row if is_timed else None
    return whole(
        {
            "id": key or found.key,
            "meta": {"versionId": str(found.version), "profile": _PROFILES},
            "language": "en",
            "resourceType": "Appointment",
            "status": found.status,
            "reason": _reason(found, base),
            "description": "e-Referral Appointment",
            "start": instant(row.starts) if row else None,
            "end": instant(row.ends) if row else None,
            "slot": [{"reference": f"Slot/{row.slot_id}"}] if row and row.slot_id else None,
            "created": instant(found.created),
            "comment": found.comment,
            "incomingReferral": [
                {"reference": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}"}
            ],
            "participant": _participants(found),
        }
    )


def _reason(found: Current, base: str) -> list[Json] | None:
    state = State(found.referral.state)
    told = reason_coding(found.reason, state if found.row is None else _state_of(found), base)
    return [{"coding": [told]}] if told else None


def _state_of(found: Current) -> State:
    missed = found.status == Appointment.Status.NO_SHOW
    return State.DID_NOT_ATTEND if missed else State.APPT_CANCELLED_BY_PROVIDER


def _participants(found: Current) -> list[Json]:
    number = found.referral.patient.nhs_number
    service = {
        "identifier": identifier(systems.SERVICE, str(found.service.pk)),
        "display": found.service.name,
    }
    told: list[Json] = [
        {"actor": service, "status": "accepted"},
        {"actor": {"identifier": identifier(systems.NHS_NUMBER, number)}, "status": "accepted"},
    ]
    if found.clinician:
        told.append(
            {
                "type": {"coding": [coding(_CLINICIAN, "CON")]},
                "actor": {"identifier": identifier(systems.USER_ID, found.clinician)},
                "status": "accepted",
            }
        )
    return told
