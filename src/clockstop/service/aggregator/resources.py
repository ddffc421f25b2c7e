"""Appointments, letters and questions as the aggregator reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.service.aggregator.patients import PDF, Question
from clockstop.service.fhir.building import Json, coding, extension, identifier, instant
from clockstop.service.referrals.models import Appointment
from clockstop.service.registry.models import Organisation

_EXTENSION = "https://fhir.nhs.uk/StructureDefinition/Extension-{}"
_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_PATHWAY = "https://fhir.nhs.uk/Id/PathwayId"
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
            _actor("Patient", _NHS_NUMBER, row.referral.patient.nhs_number),
            _actor(
                "Location",
                _ODS,
                row.service.organisation_id,
            ),
            {
                "actor": {"type": "Location", "display": _where(row)},
                "status": "accepted",
            },
        ],
    }


def letter(row: Any, base: str, portal: str) -> Json:
    """A file with a referral that a trust shared; ``portal`` is where it is read."""
    referral = row.referral
    return {
        "resourceType": "DocumentReference",
        "id": str(row.pk),
        "identifier": [identifier(f"{base}DocumentReference", str(row.pk))],
        "basedOn": [_of("CarePlan", _PATHWAY, PathwayId.from_ubrn(referral.ubrn).number)],
        "status": "current",
        "docStatus": "final",
        "subject": _of("Patient", _NHS_NUMBER, referral.patient.nhs_number),
        "date": instant(row.attached_at),
        "custodian": _trust(referral.service.organisation),
        "description": f"{_name(referral.service.treatment_function)}: {row.title}",
        "content": [{"attachment": {"contentType": PDF, "url": portal}}],
    }


def question(asked: Question, trust: Organisation, number: str, base: str, portal: str) -> Json:
    """What a trust asks of the patient; ``portal`` is where it is answered.

    The standard's text has ``authored`` where its example, like FHIR, has ``authoredOn``.
    """
    since = instant(asked.since)
    made: Json = {
        "resourceType": "Task",
        "id": asked.key,
        "identifier": identifier(f"{base}Task", asked.key),
        "basedOn": [_of("CarePlan", _PATHWAY, asked.pathway.identifier)],
        "status": "completed" if asked.answered else "requested",
        "intent": "plan",
        "description": f"{_name(asked.pathway.treatment_function)}: {asked.title}",
        "for": _of("Patient", _NHS_NUMBER, number),
        "authored": since,
        "authoredOn": since,
        "reasonReference": {"type": "Questionnaire", "reference": portal},
        "owner": _trust(trust),
        "reasonCode": {
            "coding": coding(_EXTENSION.format("Questionnaire-Type"), asked.kind, asked.title),
            "text": asked.title,
        },
    }
    return made | ({"lastModified": instant(asked.answered)} if asked.answered else {})


def _of(kind: str, system: str, value: str) -> Json:
    return {"type": kind, "identifier": identifier(system, value)}


def _trust(organisation: Organisation) -> Json:
    return _of("Organization", _ODS, organisation.pk) | {"display": organisation.name}


def _priority(value: str) -> Json:
    return {"system": "https://fhir.nhs.uk/CodeSystem/eRS-Priority", "code": value.upper()}


def _based_on(row: Appointment) -> Iterable[Json]:
    yield identifier("https://fhir.nhs.uk/Id/UBRN", row.referral.ubrn)
    pathway = PathwayId.from_ubrn(row.referral.ubrn)
    yield identifier(_PATHWAY, pathway.number)


def _actor(kind: str, system: str, value: str) -> Json:
    return {"actor": _of(kind, system, value), "status": "accepted"}


def _where(row: Appointment) -> str:
    return ", ".join(filter(None, (row.service.site_name, row.service.name)))


def _name(function: str) -> str:
    try:
        return treatment_function(function).name
    except UnknownFunctionError:
        return "Appointment"
