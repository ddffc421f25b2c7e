"""A016, A034, A038: booking or deferring, cancelling an appointment, and reading one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.codes.ers import ErsList, ers_codes
from clockstop.core.state_tables import Refusal
from clockstop.service.directory.models import Slot
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints.asking import number, service_key
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources import appointments
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.fhir.parameters import has_profile
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.policies import reasons_for

_PROFILE = systems.profile("Appointment")
_REFERRAL = re.compile(r"ReferralRequest/([0-9]{1,20})/_history/([0-9]{1,9})")
_SLOT = re.compile(r"Slot/([0-9]{1,18})")
_BOOKED, _PROPOSED, _CANCELLED = "booked", "proposed", "cancelled"
_TRIAGE = "TRIAGE"
_REASONS = (ErsList.APPOINTMENT_CANCELLATION, ErsList.REFERRAL_CANCELLATION)
_ALWAYS = {"language": "en", "description": "e-Referral Appointment"}


@dataclass(slots=True)
class Sent:
    """An appointment that was sent, as far as it could be read, and what is wrong with it."""

    status: str
    ubrn: str = ""
    version: int = 0
    slot: int | None = None
    service: int | None = None
    patient: str = ""
    clinician: str = ""
    reason: str = ""
    comment: str = ""
    times: tuple[datetime | None, datetime | None] = (None, None)
    faults: list[Fault] = field(default_factory=list)


@operation("A016")
def book_or_defer(call: Call) -> Answer:
    """A slot is booked; or a service is to book, since nothing could be, or since it triages."""
    sent = _read(call.body, (_BOOKED, _PROPOSED))
    referral = _referral(call, sent)
    if refusals := [*_against(sent)]:
        raise ErsError(*refusals)
    if sent.status == _BOOKED:
        _book(call, sent, referral.pk)
    elif sent.reason == _TRIAGE:
        actions.send_for_triage(
            actor=call.actor,
            referral_id=referral.pk,
            service_id=sent.service or 0,
            comment=sent.comment,
            version=sent.version,
        )
    else:
        actions.defer(
            actor=call.actor,
            referral_id=referral.pk,
            service_id=sent.service or 0,
            reason=sent.reason,
            comment=sent.comment,
            wanted_slot=sent.slot,
            version=sent.version,
        )
    return _current(call, referral.pk, HTTPStatus.CREATED)


@operation("A034")
def update(call: Call, key: str) -> Answer:
    """The appointment is cancelled for the patient; the referral stays open."""
    found = _found(call, key)
    sent = _read(call.body, (_CANCELLED,))
    if not sent.reason:
        raise refuse("MISSING_VALUE", "'reason' is missing")
    if found.version != call.version:
        raise ErsError(status=HTTPStatus.CONFLICT)
    if refusals := [*_against_another(sent, found, call.body.get("id", key) == key)]:
        raise ErsError(*refusals)
    if found.row is None:
        words = "The appointment is proposed: only one that is booked can be cancelled"
        raise refuse("UNABLE_TO_CANCEL_APPOINTMENT", words)
    _check_reason(sent.reason)
    actions.cancel_appointment(
        actor=call.actor,
        referral_id=found.referral.pk,
        reason=sent.reason,
        comment=sent.comment,
        version=sent.version,
    )
    return _current(call, found.referral.pk)


def _against(sent: Sent) -> Iterator[Refusal]:
    """What does not go with booking, or with leaving that to the service: nothing is dropped."""
    stray: dict[str, object] = {"reason": sent.reason}
    if sent.status == _PROPOSED:
        stray = {"start": sent.times[0], "end": sent.times[1], "participant": sent.clinician}
        stray |= {"slot": sent.slot} if sent.reason == _TRIAGE else {}
    for name, value in stray.items():
        if value:
            words = f"'{name}' does not go with an appointment that is {sent.status}"
            yield Refusal("INAPPROPRIATE_VALUE", words)


def _against_another(sent: Sent, found: appointments.Current, is_it: bool) -> Iterator[Refusal]:
    """An appointment can be cancelled and in nothing else changed."""
    row = found.row
    same = {"id": is_it, "incomingReferral": sent.ubrn == found.referral.ubrn}
    same["participant"] = (
        sent.patient == found.referral.patient.nhs_number
        and sent.service == found.service.pk
        and sent.clinician in {"", found.clinician}
    )
    if row is not None:
        same["slot"] = sent.slot in {None, row.slot_id}
        same["start"] = sent.times[0] is None or _is_then(sent.times[0], row.starts)
        same["end"] = sent.times[1] is None or _is_then(sent.times[1], row.ends)
    for name, is_same in same.items():
        if not is_same:
            yield Refusal("INAPPROPRIATE_VALUE", f"'{name}' is not that of the appointment")


def _is_then(sent: datetime | None, held: datetime) -> bool:
    """Whether a moment that was sent is the one here, as exactly as it is told."""
    return sent is not None and abs(sent - held) < timedelta(milliseconds=1)


def _check_reason(code: str) -> None:
    """Two codes of this operation alone: a reason that is none, and one that is not for this."""
    if not any(code in ers_codes(each) for each in _REASONS):
        raise refuse("INVALID_VALUE", "'reason' is no reason for cancelling")
    if code not in reasons_for("patient_reason", timezone.localdate()):
        raise refuse("INAPPROPRIATE_VALUE", "'reason' is not one that the patient can have")


@operation("A038")
def retrieve(call: Call, key: str, version: str = "") -> Answer:
    """The current appointment of a referral; an earlier version is not to be had."""
    found = _found(call, key)
    if version and version != str(found.version):
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return _answer(call, found)


def _found(call: Call, key: str) -> appointments.Current:
    found = appointments.find(call.actor, key)
    if found is None:
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return found


def _current(call: Call, key: UUID, status: int = HTTPStatus.OK) -> Answer:
    rows = Referral.objects.visible_to(call.actor).select_related("patient")
    found = appointments.current(rows.get(pk=key))
    if found is None:
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return _answer(call, found, status)


def _answer(call: Call, found: appointments.Current, status: int = HTTPStatus.OK) -> Answer:
    return Answer(appointments.resource(found, call.base), status, version=found.version)


def _book(call: Call, sent: Sent, key: UUID) -> None:
    if sent.slot is None:
        raise refuse("MISSING_VALUE", "'slot' is missing")
    slot = Slot.objects.select_related("schedule").filter(pk=sent.slot).first()
    if slot is None:
        raise refuse("REFERENCE_NOT_FOUND", "'slot' is no slot")
    are_then = map(_is_then, sent.times, (slot.starts, slot.ends))
    if slot.service_id != sent.service or not all(are_then):
        raise refuse("INAPPROPRIATE_VALUE", "Service, 'start' or 'end' is not that of the slot")
    if sent.clinician not in {"", slot.schedule.clinician_id}:
        raise refuse("INAPPROPRIATE_VALUE", "'participant' is not the clinician of the slot")
    actions.book(
        actor=call.actor,
        referral_id=key,
        slot_id=slot.pk,
        comment=sent.comment,
        version=sent.version,
    )


def _referral(call: Call, sent: Sent) -> Referral:
    rows = Referral.objects.visible_to(call.actor).select_related("patient")
    referral: Referral | None = rows.filter(ubrn=sent.ubrn).first()
    if referral is None:
        raise refuse("REFERENCE_NOT_FOUND", "'incomingReferral' is no referral of yours")
    if sent.patient != referral.patient.nhs_number:
        raise refuse("INAPPROPRIATE_VALUE", "'participant' is not the patient of the referral")
    if sent.status == _PROPOSED and not sent.reason:
        raise refuse("MISSING_VALUE", "'reason' is missing")
    return referral


def _read(body: Any, statuses: Iterable[str]) -> Sent:
    """The appointment in a body. Raises FaultyError with everything that is wrong."""
    if not isinstance(body, dict) or body.get("resourceType") != "Appointment":
        raise FaultyError([Fault(Wrong.STRUCTURE, "'resourceType' must be Appointment")])
    sent = Sent(str(body.get("status")))
    if sent.status not in statuses:
        sent.faults.append(Fault(Wrong.CODE, f"'status' must be {' or '.join(statuses)}"))
    if not has_profile(body, _PROFILE):
        sent.faults.append(Fault(Wrong.VALUE, f"'meta/profile' must hold {_PROFILE}"))
    for name, value in _ALWAYS.items():
        if body.get(name, value) != value:
            sent.faults.append(Fault(Wrong.VALUE, f"'{name}' must be {value}"))
    _read_references(body, sent)
    _read_participants(body.get("participant"), sent)
    _read_reason(body, sent)
    sent.times = (_moment(body, "start", sent), _moment(body, "end", sent))
    if sent.faults:
        raise FaultyError(sent.faults)
    return sent


def _read_references(body: dict[str, Any], sent: Sent) -> None:
    found = _REFERRAL.fullmatch(_reference(body.get("incomingReferral")))
    if found is None:
        words = "'incomingReferral' must be one ReferralRequest/{ubrn}/_history/{version}"
        sent.faults.append(Fault(Wrong.VALUE, words))
    else:
        sent.ubrn, sent.version = found[1], int(found[2])
    if "slot" in body:
        slot = _SLOT.fullmatch(_reference(body["slot"]))
        sent.slot = number(slot[1]) if slot else None
        if slot is None:
            sent.faults.append(Fault(Wrong.VALUE, "'slot' must be one Slot/{id}"))


def _reference(value: Any) -> str:
    is_one = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)
    return str(value[0].get("reference", "")) if is_one else ""


def _read_participants(value: Any, sent: Sent) -> None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        sent.faults.append(Fault(Wrong.STRUCTURE, "'participant' must be a list"))
        return
    for place, each in enumerate(value):
        actor = each.get("actor")
        found = actor.get("identifier") if isinstance(actor, dict) else None
        said = found if isinstance(found, dict) else {}
        kind = said.get("system")
        if kind == systems.NHS_NUMBER and not sent.patient:
            sent.patient = str(said.get("value"))
        elif kind == systems.USER_ID and not sent.clinician:
            sent.clinician = str(said.get("value"))
        elif kind == systems.SERVICE and sent.service is None:
            sent.service = service_key(actor)
        else:
            words = f"'participant[{place}]' is no patient, service or clinician, or one too many"
            sent.faults.append(Fault(Wrong.VALUE, words))
    if sent.service is None or not sent.patient:
        words = "'participant' must hold the service and the patient"
        sent.faults.append(Fault(Wrong.MISSING, words))


def _read_reason(body: dict[str, Any], sent: Sent) -> None:
    comment = body.get("comment", "")
    if not isinstance(comment, str) or "\x00" in comment:
        sent.faults.append(Fault(Wrong.STRUCTURE, "'comment' must be a text"))
    else:
        sent.comment = comment
    if "reason" not in body:
        return
    try:
        (coding,) = body["reason"][0]["coding"]
        sent.reason, system = str(coding["code"]), str(coding.get("system"))
    except (KeyError, TypeError, ValueError, IndexError):
        sent.faults.append(Fault(Wrong.STRUCTURE, "'reason' must have one coding"))
        return
    wanted = systems.CANCELLATION if sent.status == _CANCELLED else systems.REVIEW_REASON
    if not system.endswith(wanted):
        sent.faults.append(Fault(Wrong.VALUE, f"'reason' must be of the system {wanted}"))


def _moment(body: dict[str, Any], name: str, sent: Sent) -> datetime | None:
    if name not in body:
        return None
    try:
        found = datetime.fromisoformat(body[name])
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        sent.faults.append(Fault(Wrong.VALUE, f"'{name}' must be a moment with its time zone"))
        return None
    return found
