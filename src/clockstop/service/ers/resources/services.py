"""A service of the directory, as it stands in the list of a search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clockstop.service.directory.models import HealthcareService
from clockstop.service.ers import systems
from clockstop.service.fhir.building import Json, concept, logical
from clockstop.service.referrals.menu import Offered

_TEXTS = {
    "referrerAlert": "referrer_alert",
    "exclusions": "exclusions",
    "suggestedInvestigations": "suggested_investigations",
    "conditionsTreated": "conditions_treated",
}
_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12


def summary(service: HealthcareService, base: str) -> Iterator[Json]:
    """What the directory says of it, in the inner extensions of the summary."""
    yield {"url": "serviceName", "valueString": service.name}
    yield _coded("specialty", base + systems.SPECIALTY, service.specialty)
    yield _coded("genderTreated", systems.codes("GenderTreated"), service.sex_treated)
    yield _coded("bookableType", systems.codes("BookableType"), service.bookable)
    kind = service.appointment_type
    yield _coded("supportedAppointmentType", systems.codes("AppointmentType"), kind)
    yield {"url": "referralLetterRequired", "valueBoolean": service.letter_required}
    code = service.site_code or service.organisation.code
    name = service.site_name or service.organisation.name
    yield {"url": "location", "valueReference": logical(systems.PLACE, code, name)}
    if service.website:
        yield {"url": "linkToNHSWebsite", "valueString": service.website}
    for each in service.request_types:
        yield _coded("supportedRequestFlowType", systems.codes("RequestFlowType"), each.value)
    for code in service.additional_requirements:
        system = systems.codes("AdditionalRequirementType")
        yield _coded("additionalRequirementSupported", system, code)
    for name, column in _TEXTS.items():
        text = getattr(service, column)
        if text.strip():
            yield {"url": name, "valueString": text.strip()}
    yield from _ages(service)


def waits(line: Offered, service: HealthcareService) -> Iterator[Json]:
    """Within how many days 8 in 10 are treated, or that there is little capacity."""
    if line.waits.expected_most is not None:
        days = round(line.waits.expected_most * _DAYS_A_WEEK)
        yield {"url": "indicativeTreatmentWaitTime", "valueUnsignedInt": days}
    elif service.capacity_alert:
        told = concept(systems.codes("CapacityAlert"), "LOW")
        yield {"url": "indicativeTreatmentWaitTime", "valueCodeableConcept": told}


def _ages(service: HealthcareService) -> Iterator[Json]:
    ends = {"low": service.min_age_months, "high": service.max_age_months}
    told = {name: _age(months) for name, months in ends.items() if months is not None}
    if len(told) == len(ends):
        yield {"url": "ageTreated", "valueRange": told}


def _age(months: int) -> Json:
    if months % _MONTHS_A_YEAR:
        return {"value": months, "unit": "MONTHS"}
    return {"value": months // _MONTHS_A_YEAR, "unit": "YEARS"}


def _coded(url: str, system: str, code: Any) -> Json:
    return {"url": url, "valueCodeableConcept": concept(system, str(code))}
