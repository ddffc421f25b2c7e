"""A010: services for a patient, nearest or soonest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from clockstop.service.directory.choices import RequestType
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints import asking
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources.criteria import Sought, sought
from clockstop.service.ers.resources.services import summary, waits
from clockstop.service.fhir.building import Json, coding, extension, identifier
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals.criteria import for_patient
from clockstop.service.referrals.menu import Offered, Sort, described, menu

_PROFILE = systems.profile("PatientServiceSearch-Parameters")
_REQUESTS = (RequestType.APPOINTMENT.value, RequestType.ADVICE.value)
_SORTS = {"DISTANCE": Sort.DISTANCE, "IWT": Sort.APPOINTMENT}
_EXPECTED = (
    Named("requestType", "valueCoding", systems.codes("RequestType"), _REQUESTS, required=True),
    Named("sortBy", "valueCoding", systems.codes("SortBy"), tuple(_SORTS), required=True),
    asking.PATIENT,
    asking.CLINICIAN,
    Named("commissioningRuleOrganisation", "valueIdentifier", systems.ODS),
    Named("searchCriteria", "resource", required=True),
)
MOST = 100


@operation("A010")
def search(call: Call) -> Answer:
    """The single menu, cut after it was sorted (rule E2)."""
    told = read(call.body, _PROFILE, _EXPECTED)
    sent = sought(told["searchCriteria"], "searchCriteria/")
    asking.clinician(call, told.get("referringClinician"))
    found = _menu(call, told, sent)
    details = described([each.service for each in found])
    entries = [_entry(each, details[each.service], call.base) for each in found]
    return Answer(
        {
            "meta": {"profile": [systems.profile("FetchServices-List")]},
            "resourceType": "List",
            "status": "current",
            "mode": "snapshot",
            "entry": entries,
        }
        | ({} if entries else {"emptyReason": {"coding": [_nothing()]}})
    )


def _menu(call: Call, told: dict[str, Any], sent: Sought) -> list[Offered]:
    patient = asking.patient(call, told["patient"])
    wanted = replace(sent.criteria, request_type=RequestType(told["requestType"]))
    lines: Sequence[Offered] = menu(
        for_patient(wanted, patient, timezone.localdate()),
        place=asking.place(patient, sent),
        sort=_SORTS[told["sortBy"]],
        within_miles=sent.limits.miles,
    )
    within = sent.limits.days
    if within is not None:
        lines = [each for each in lines if each.days is not None and each.days <= within]
    return list(lines[:MOST])


def _nothing() -> Json:
    return coding("http://hl7.org/fhir/ValueSet/list-empty-reason", "nilknown", "no results")


def _entry(each: Offered, service: Any, base: str) -> Json:
    return {
        "extension": [
            extension(systems.extends("ServiceSearch-ListItem"), extension=list(_line(each)))
        ],
        "item": {
            "extension": [
                extension(
                    systems.extends("ServiceSummaryView"),
                    extension=[*summary(service, base), *waits(each, service)],
                )
            ],
            "identifier": identifier(systems.SERVICE, str(each.service)),
        },
    }


def _line(each: Offered) -> Iterator[Json]:
    yield {"url": "displayProminently", "valueBoolean": False}
    if each.miles is not None:
        yield {"url": "distance", "valueUnsignedInt": round(each.miles)}
    if each.days is not None:
        yield {"url": "indicativeAppointmentWaitTime", "valueUnsignedInt": each.days}
    elif each.code is not None:
        told = {"coding": [coding(systems.codes("IWT"), each.code.value)]}
        yield {"url": "indicativeAppointmentWaitTime", "valueCodeableConcept": told}
