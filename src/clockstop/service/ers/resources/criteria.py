"""A search for services, as the resource that goes with a shortlist; there and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clockstop.core.codes.ers import ErsList, ers_codes
from clockstop.core.geography.postcodes import PlaceError, parse_place
from clockstop.core.state_tables import Refusal
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.specialties import clinic_types, specialty_names
from clockstop.service.ers import systems
from clockstop.service.ers.errors import ErsError
from clockstop.service.fhir.building import Json, coding, identifier
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals.criteria import NO_LIMITS, Limits

PROFILE = systems.profile("ServiceSearchCriteria-Parameters")
PRIORITIES = [each.value.upper() for each in Priority]
_DISPLAYS = {"ROUTINE": "Routine", "URGENT": "Urgent", "TWO_WEEK_WAIT": "2 Week Wait"}
_COMMISSIONING = (
    "ALL_AVAILABLE_FOR_BOOKING",
    "ALL_SERVICES",
    "LOCALLY_COMMISSIONABLE",
    "NATIONALLY_AVAILABLE",
)
_EXPECTED = (
    Named("priority", "valueCoding", systems.PRIORITY, PRIORITIES, required=True),
    Named("specialty", "valueCoding", systems.SPECIALTY),
    Named("clinicType", "valueCoding", systems.CLINIC_TYPE),
    Named("indicativeAppointmentWaitTimeLimit", "valueUnsignedInt"),
    Named("postcode", "valueString"),
    Named("distanceLimit", "valueUnsignedInt"),
    Named("clinicalTerm", "valueCoding", systems.SNOMED),
    Named("namedClinician", "valueIdentifier", systems.USER_ID),
    Named("ageAndGenderAppropriate", "valueBoolean", required=True),
    Named(
        "commissioningProvisioning",
        "valueCoding",
        systems.codes("CommissioningProvisioning"),
        _COMMISSIONING,
    ),
    Named("organisation", "valueIdentifier", systems.PLACE),
    Named("place", "valueString"),
)
_NARROWING = ("specialty", "clinicType", "namedClinician", "organisation", "clinicalTerm")


@dataclass(frozen=True, slots=True)
class Sought:
    """A search: what services must do, and how near and how soon."""

    criteria: Criteria
    limits: Limits = NO_LIMITS


def sought(sent: Any, at: str) -> Sought:
    """The search in a resource. Raises FaultyError and ErsError with all that is wrong."""
    told = read(sent, PROFILE, _EXPECTED, at)
    if refusals := _against(told):
        raise ErsError(*refusals)
    criteria = Criteria(
        specialty=told.get("specialty", ""),
        clinic_type=told.get("clinicType", ""),
        priority=Priority(told["priority"].lower()),
        clinician=told.get("namedClinician", ""),
        organisation=told.get("organisation", ""),
    )
    limits = Limits(
        postcode=told.get("postcode", ""),
        miles=told.get("distanceLimit"),
        days=told.get("indicativeAppointmentWaitTimeLimit"),
        suits=told["ageAndGenderAppropriate"],
    )
    return Sought(criteria, limits)


def _against(told: dict[str, Any]) -> list[Refusal]:
    found = []
    if not any(told.get(name) for name in _NARROWING):
        words = "'specialty', 'clinicType', 'namedClinician' or 'organisation' is needed"
        found.append(Refusal("VALUE_IS_REQUIRED", words))
    if told.get("specialty") and told["specialty"] not in specialties():
        found.append(Refusal("INVALID_CODE", "'specialty' is no specialty of the directory"))
    if told.get("clinicType") and told["clinicType"] not in clinic_types_known():
        found.append(Refusal("INVALID_CODE", "'clinicType' is no clinic type of the directory"))
    if told.get("clinicalTerm"):  # whichever operation: a shortlist must fit all that was sought
        found.append(Refusal("SNOMED_NOT_FOUND", "Services are not found by clinical terms here"))
    if "postcode" in told and not _is_place(told["postcode"]):
        found.append(Refusal("INVALID_VALUE", "'postcode' is no postcode"))
    if told.get("place"):
        found.append(Refusal("INVALID_VALUE", "'place': give a postcode instead of a name"))
    return found


def _is_place(text: str) -> bool:
    try:
        parse_place(text)
    except PlaceError:
        return False
    return True


def specialties() -> dict[str, str]:
    """The specialties that may be asked for: the directory's, and the few that were published."""
    return _named(ErsList.SPECIALTY) | dict(specialty_names())


def clinic_types_known() -> dict[str, str]:
    """The clinic types that may be asked for."""
    ours = {code: each.name for code, each in clinic_types().items()}
    return _named(ErsList.CLINIC_TYPE) | ours


def _named(which: ErsList) -> dict[str, str]:
    return {code: each.display for code, each in ers_codes(which).items()}


def resource(criteria: Criteria, base: str, limits: Limits = NO_LIMITS) -> Json:
    """A search as it goes out with a shortlist: as published, without the organisation."""
    told: list[Json] = []
    if criteria.priority:
        told.append(_coding("priority", systems.PRIORITY, criteria.priority.value.upper()))
    if criteria.specialty:
        told.append(_coding("specialty", base + systems.SPECIALTY, criteria.specialty))
    if criteria.clinic_type:
        told.append(_coding("clinicType", systems.CLINIC_TYPE, criteria.clinic_type))
    if criteria.clinician:
        told.append(_identifier("namedClinician", systems.USER_ID, criteria.clinician))
    numbers = {"indicativeAppointmentWaitTimeLimit": limits.days, "distanceLimit": limits.miles}
    told += [
        {"name": name, "valueUnsignedInt": value}
        for name, value in numbers.items()
        if value is not None
    ]
    if limits.postcode:
        told.append({"name": "postcode", "valueString": limits.postcode})
    told.append({"name": "ageAndGenderAppropriate", "valueBoolean": limits.suits})
    told.append(
        _coding(
            "commissioningProvisioning",
            systems.codes("CommissioningProvisioning"),
            _COMMISSIONING[0],
        )
    )
    return {
        "id": "serviceSearchCriteria",
        "meta": {"profile": [PROFILE]},
        "resourceType": "Parameters",
        "parameter": told,
    }


def priority_display(code: str) -> str:
    """A priority as it is displayed."""
    return _DISPLAYS[code]


def _coding(name: str, system: str, code: str) -> Json:
    return {"name": name, "valueCoding": coding(system, code)}


def _identifier(name: str, system: str, value: str) -> Json:
    return {"name": name, "valueIdentifier": identifier(system, value)}
