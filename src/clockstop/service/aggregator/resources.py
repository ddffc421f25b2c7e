"""Appointments as the aggregator reads them."""

from __future__ import annotations

from collections.abc import Iterable

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.service.fhir.building import Json, coding, extension, identifier, instant
from clockstop.service.referrals.models import Appointment

_EXTENSION = "https://fhir.nhs.uk/StructureDefinition/Extension-{}"
_SPECIALTY = "https://fhir.nhs.uk/CodeSystem/Specialty-1"


def appointment(row: Appointment, base: str, portal: str) -> Json:
    """One appointment, with the link to its page; ``base`` is the address of our resources."""
    function = row.service.treatment_function.removeprefix("C_")
    name = _name(row.service.treatment_function)
    medium = row.slot.medium if row.slot else "FACE_TO_FACE"
    return {
        "resourceType": "Appointment",
        "id": str(row.pk),
        "extension": [
            extension(
                _EXTENSION.format("ServiceRequest-Priority"),
                valueCoding=_priority(row.referral.priority),
            ),
            extension(_EXTENSION.format("Consultation-Medium"), valueCode=medium),
            extension(_EXTENSION.format("Portal-Link"), valueUrl=portal),
        ],
        "identifier": [identifier(f"{base}Appointment", str(row.pk))],
        "status": row.status,
        "specialty": [{"coding": [coding(_SPECIALTY, function, name)]}],
        "description": name,
        "start": instant(row.starts),
        "end": instant(row.ends),
        "basedOn": [{"identifier": list(_based_on(row))}],
        "participant": [
            _actor("Patient", "https://fhir.nhs.uk/Id/nhs-number", row.referral.patient.nhs_number),
            _actor(
                "Location",
                "https://fhir.nhs.uk/Id/ods-organization-code",
                row.service.organisation_id,
            ),
            {
                "actor": {"type": "Location", "display": _where(row)},
                "status": "accepted",
            },
        ],
    }


def _priority(value: str) -> Json:
    return {"system": "https://fhir.nhs.uk/CodeSystem/eRS-Priority", "code": value.upper()}


def _based_on(row: Appointment) -> Iterable[Json]:
    yield identifier("https://fhir.nhs.uk/Id/UBRN", row.referral.ubrn)
    pathway = PathwayId.from_ubrn(row.referral.ubrn)
    yield identifier("https://fhir.nhs.uk/Id/PathwayId", pathway.number)


def _actor(kind: str, system: str, value: str) -> Json:
    return {"actor": {"type": kind, "identifier": identifier(system, value)}, "status": "accepted"}


def _where(row: Appointment) -> str:
    return ", ".join(filter(None, (row.service.site_name, row.service.name)))


def _name(function: str) -> str:
    try:
        return treatment_function(function).name
    except UnknownFunctionError:
        return "Appointment"
