"""A004: the code lists that change with time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from http import HTTPStatus

from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.codes.ers import ErsCode, ErsList, ers_codes
from clockstop.service.directory.specialties import clinic_types, specialties, specialty_names
from clockstop.service.ers import systems
from clockstop.service.ers.errors import ErsError
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.fhir.building import Json, coding, instant, whole

_PROPERTIES = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Concept-Properties-1"
_NAMES = {
    ErsList.SPECIALTY: "e-RS Specialty",
    ErsList.CLINIC_TYPE: "e-RS Clinic Type",
    ErsList.PRIORITY: "e-RS Priority",
    ErsList.APPOINTMENT_CANCELLATION: "e-RS Appointment Cancellation Reason",
    ErsList.REFERRAL_CANCELLATION: "e-RS ReferralRequest Cancellation Reason",
    ErsList.NON_ATTENDANCE: "e-RS Appointment Non-attendance Reason",
}
_KINDS = {
    "effectiveFrom": "dateTime",
    "effectiveTo": "dateTime",
    "specialty": "Coding",
    "deferToProviderContactDays": "integer",
    "triageContactDays": "integer",
    "appointmentBookingCancellationReasonType": "Coding",
    "appointmentRequestCancellationReasonType": "Coding",
    "willCancelWholeRequest": "boolean",
    "canCancelAppointment": "boolean",
    "commentIsMandatory": "boolean",
    "businessFunction": "Coding",
    "usage": "Coding",
    "referrerUsage": "Coding",
}
_OURS_SINCE = date(2004, 6, 1)


@operation("A004")
def retrieve(call: Call, code_system: str) -> Answer:
    """A list whole, with codes that are no longer used and until when they were."""
    which = _which(code_system)
    concepts = [_concept(each, call.base) for each in _codes(which)]
    used = sorted({each["code"] for one in concepts for each in one["property"]}, key=_order)
    return Answer(
        {
            "id": which.value,
            "meta": {"profile": [_profile(which)]},
            "resourceType": "CodeSystem",
            "url": f"{call.base}/STU3/CodeSystem/{which}",
            "version": "1",
            "name": _NAMES[which],
            "status": "active",
            "experimental": False,
            "date": instant(timezone.now()),
            "description": _NAMES[which],
            "caseSensitive": True,
            "content": "complete",
            "property": [_described(name) for name in used],
            "concept": concepts,
        }
    )


def _which(name: str) -> ErsList:
    try:
        return ErsList(name)
    except ValueError as error:
        raise ErsError(status=HTTPStatus.NOT_FOUND) from error


def _profile(which: ErsList) -> str:
    if which is ErsList.SPECIALTY:
        return systems.profile("Specialty-CodeSystem")
    return "http://hl7.org/fhir/StructureDefinition/shareablecodesystem"


def _order(name: str) -> int:
    return list(_KINDS).index(name)


def _described(name: str) -> Json:
    return {"code": name, "uri": f"{_PROPERTIES}#{name}", "type": _KINDS[name]}


def _codes(which: ErsList) -> Iterable[ErsCode]:
    """Those that were published; specialties and clinic types are the directory's."""
    if which is ErsList.SPECIALTY:
        return [_ours(which, code, name) for code, name in specialty_names().items()]
    if which is ErsList.CLINIC_TYPE:
        of = {function: each.code for function, each in specialties().items()}
        return [
            _ours(which, code, each.name, of[each.function])
            for code, each in clinic_types().items()
            if each.function in of
        ]
    return ers_codes(which).values()


def _ours(which: ErsList, code: str, name: str, specialty: str = "") -> ErsCode:
    none: tuple[str, ...] = ()
    return ErsCode(
        list=which,
        code=code,
        display=name,
        party="",
        usage="",
        roles=none,
        needs_comment=False,
        cancels_referral=False,
        specialty=specialty,
        valid_from=_OURS_SINCE,
        valid_to=None,
    )


def _concept(code: ErsCode, base: str) -> Json:
    return whole(
        {
            "extension": _dated(code) if code.list is ErsList.SPECIALTY else None,
            "code": code.code,
            "display": code.display,
            "property": list(_properties(code, base)),
        }
    )


def _dated(code: ErsCode) -> list[Json]:
    since = {"url": systems.extends("EffectivefromDate"), "valueDate": code.valid_from.isoformat()}
    if code.valid_to is None:
        return [since]
    until = {"url": systems.extends("EffectivetoDate"), "valueDate": code.valid_to.isoformat()}
    return [since, until]


def _properties(code: ErsCode, base: str) -> Iterator[Json]:
    yield {"code": "effectiveFrom", "valueDateTime": _midnight(code.valid_from)}
    if code.valid_to:
        yield {"code": "effectiveTo", "valueDateTime": _midnight(code.valid_to)}
    match code.list:
        case ErsList.CLINIC_TYPE:
            told = coding(base + systems.SPECIALTY, code.specialty)
            yield {"code": "specialty", "valueCoding": told}
        case ErsList.PRIORITY:
            yield from _contact(code.code)
        case ErsList.APPOINTMENT_CANCELLATION:
            yield from _booking_reason(code)
        case ErsList.REFERRAL_CANCELLATION:
            yield from _request_reason(code)


def _midnight(day: date) -> str:
    return instant(datetime.combine(day, time(), UTC))


def _contact(priority: str) -> Iterator[Json]:
    rules = rulebook.on(timezone.localdate())
    for name, step in (("deferToProviderContactDays", "defer"), ("triageContactDays", "triage")):
        days = rules[f"ers_{step}_contact_{priority.lower()}"].value
        yield {"code": name, "valueInteger": days}


def _booking_reason(code: ErsCode) -> Iterator[Json]:
    yield _coded("appointmentBookingCancellationReasonType", code.party)
    yield {"code": "willCancelWholeRequest", "valueBoolean": code.cancels_referral}
    yield {"code": "commentIsMandatory", "valueBoolean": code.needs_comment}
    yield from _used_by(code, "usage", "AppointmentCancellationReasonUsage")


def _request_reason(code: ErsCode) -> Iterator[Json]:
    yield _coded("appointmentRequestCancellationReasonType", code.party)
    yield {"code": "commentIsMandatory", "valueBoolean": code.needs_comment}
    yield {"code": "canCancelAppointment", "valueBoolean": code.cancels_referral}
    yield from _used_by(code, "referrerUsage", "ReferralRequestCancellationReasonUsage")


def _used_by(code: ErsCode, name: str, system: str) -> Iterator[Json]:
    for role in code.roles:
        yield _coded("businessFunction", role)
    if code.usage:
        yield _coded(name, code.usage, system)


def _coded(name: str, code: str, system: str = "") -> Json:
    short = system or name[0].upper() + name[1:]
    return {"code": name, "valueCoding": coding(systems.codes(short), code)}
