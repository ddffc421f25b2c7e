"""Each record as a UK Core resource: a plain dictionary out of each row.

Profiles: UK Core Patient 2.6.1, ServiceRequest and Organization 2.5.1, Location 2.3.0, Appointment,
HealthcareService and Slot 1.3.0, Task 1.2.0 (draft). Specialties are treatment functions, which are
the practice setting codes of England.
"""

from __future__ import annotations

from typing import Any

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.service.directory.choices import SlotStatus
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.fhir.building import Json, concept, identifier, instant, whole
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import State
from clockstop.service.registry.models import Organisation, Site

_PROFILE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-{}"
_ID = "https://fhir.nhs.uk/Id/{}"
_PRACTICE_SETTING = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode"
_STATE = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralState-1"
_REFERRAL_METHOD = {
    "system": "http://terminology.hl7.org/CodeSystem/service-referral-method",
    "code": "elec",
    "display": "Secure Messaging",
}
_TASK_CODE = "http://hl7.org/fhir/CodeSystem/task-code"
_GENDERS = {"1": "male", "2": "female", "9": "other"}
_PRIORITIES = {"routine": "routine", "urgent": "urgent", "two_week_wait": "asap"}
_SLOTS = {
    SlotStatus.FREE: "free",
    SlotStatus.HELD: "busy-tentative",
    SlotStatus.BOOKED: "busy",
    SlotStatus.WITHDRAWN: "busy-unavailable",
}
# What waits for a provider to act, and how far that is.
TASKS = {
    State.AWAITING_TRIAGE: "requested",
    State.DEFERRED_TO_PROVIDER: "requested",
    State.TRIAGED_PROVIDER_TO_ACTION: "accepted",
    State.BOOKED: "in-progress",
    State.REJECTED: "rejected",
    State.CANCELLED_REFERRAL: "cancelled",
}


def organization(row: Organisation) -> Json:
    """An Organization, by its ODS code."""
    address = {"postalCode": row.postcode} if row.postcode else None
    return _resource(
        "Organization",
        row.code,
        identifier=[identifier(_ID.format("ods-organization-code"), row.code)],
        active=row.closed is None and not row.dormant,
        name=row.name,
        address=[address] if address else None,
    )


def location(row: Site) -> Json:
    """A Location: a site of an organisation."""
    position = None
    if row.latitude is not None and row.longitude is not None:
        position = {"longitude": row.longitude, "latitude": row.latitude}
    return _resource(
        "Location",
        row.code,
        identifier=[identifier(_ID.format("ods-site-code"), row.code)],
        status="active",
        name=row.name,
        address={"postalCode": row.postcode} if row.postcode else None,
        position=position,
        managingOrganization=_refer("Organization", row.organisation_id),
    )


def healthcare_service(row: HealthcareService) -> Json:
    """A HealthcareService, as it is published."""
    where = {"display": row.site_name} if row.site_name else {}
    if row.site_code:
        where = _refer("Location", row.site_code) | where
    phone = [{"system": "phone", "value": row.patient_phone}] if row.patient_phone else None
    return _resource(
        "HealthcareService",
        str(row.pk),
        version=row.version,
        identifier=[identifier("http://fhir.nhs.net/Id/ers-service", str(row.pk))],
        active=row.status == "published",
        providedBy=_refer("Organization", row.organisation_id),
        specialty=_specialty(row.treatment_function),
        location=[where] if where else None,
        name=row.name,
        comment=row.conditions_treated,
        extraDetails=row.instructions,
        telecom=phone,
        referralMethod=[{"coding": [_REFERRAL_METHOD]}] if _takes_referrals(row) else None,
        appointmentRequired=bool(row.takes_appointments),
    )


def _takes_referrals(row: HealthcareService) -> bool:
    """Whether it can be referred to, which is done here; not where it gives advice alone."""
    return row.takes_appointments or row.takes_triage


def slot(row: Slot) -> Json:
    """A Slot; its schedule is that of the service."""
    return _resource(
        "Slot",
        str(row.pk),
        identifier=[identifier(_ID.format("USRN"), row.usrn)],
        specialty=_specialty(row.service.treatment_function),
        schedule={
            "identifier": identifier("http://fhir.nhs.net/Id/ers-service", str(row.service_id)),
            "display": row.service.name,
        },
        status=_SLOTS[SlotStatus(row.status)],
        start=instant(row.starts),
        end=instant(row.ends),
    )


def patient(row: Patient) -> Json:
    """A Patient. One whose record is marked sensitive has no address here."""
    numbers = [identifier(_ID.format("nhs-number"), row.nhs_number)] if row.nhs_number else None
    address = None
    if row.postcode and not row.sensitive:
        address = [whole({"use": "home", "text": row.address, "postalCode": row.postcode})]
    return _resource(
        "Patient",
        str(row.pk),
        identifier=numbers,
        name=[{"use": "official", "family": row.family_name, "given": row.given_name.split()}],
        gender=_GENDERS.get(row.sex, "unknown"),
        birthDate=row.birth_date.isoformat(),
        deceasedDateTime=row.died_on.isoformat() if row.died_on else None,
        address=address,
        generalPractitioner=[_refer("Organization", row.practice_code)]
        if row.practice_code
        else None,
    )


def service_request(row: Referral) -> Json:
    """A ServiceRequest: a referral. Its state is a tag, since FHIR knows fewer."""
    ended = row.state == State.CANCELLED_REFERRAL
    found = _resource(
        "ServiceRequest",
        str(row.pk),
        version=row.version,
        identifier=[identifier(_ID.format("UBRN"), row.ubrn)],
        status="revoked" if ended else "active",
        intent="order",
        category=[concept("http://snomed.info/sct", "3457005", "Patient referral")],
        priority=_PRIORITIES[row.priority],
        code={"text": row.condition} if row.condition else None,
        subject=_refer("Patient", str(row.patient_id)),
        authoredOn=instant(row.created_at),
        requester=_refer("Organization", row.organisation_code),
        performer=[_refer("HealthcareService", str(row.service_id))] if row.service_id else None,
    )
    state = {"system": _STATE, "code": row.state, "display": State(row.state).label}
    found["meta"] |= {"tag": [state], "lastUpdated": instant(row.changed_at)}
    return found


def appointment(row: Appointment) -> Json:
    """An Appointment of a referral, with the patient and the service that take part."""
    part = "accepted" if row.status in {"booked", "fulfilled"} else "declined"
    return _resource(
        "Appointment",
        str(row.pk),
        version=row.version,
        status=row.status,
        specialty=_specialty(row.service.treatment_function),
        reasonCode=[{"text": row.reason}] if row.reason and row.status == "noshow" else None,
        cancelationReason={"text": row.reason}
        if row.reason and row.status == "cancelled"
        else None,
        start=instant(row.starts),
        end=instant(row.ends),
        slot=[_refer("Slot", str(row.slot_id))] if row.slot_id else None,
        created=instant(row.created_at),
        basedOn=[_refer("ServiceRequest", str(row.referral_id))],
        participant=[
            {"actor": _refer("Patient", str(row.referral.patient_id)), "status": part},
            {"actor": _refer("HealthcareService", str(row.service_id)), "status": "accepted"},
        ],
    )


def task(row: Referral) -> Json:
    """A Task: what a provider has to do with a referral that it was sent."""
    found = _resource(
        "Task",
        str(row.pk),
        version=row.version,
        status=TASKS[State(row.state)],
        businessStatus=concept(_STATE, row.state, State(row.state).label),
        intent="order",
        priority=_PRIORITIES[row.priority],
        code=concept(_TASK_CODE, "fulfill", "Fulfill the focal request"),
        focus=_refer("ServiceRequest", str(row.pk)),
        authoredOn=instant(row.created_at),
        lastModified=instant(row.changed_at),
        requester=_refer("Organization", row.organisation_code),
        owner=_refer("Organization", row.provider_code),
        restriction={"period": {"end": row.contact_by.isoformat()}} if row.contact_by else None,
    )
    found["for"] = _refer("Patient", str(row.patient_id))
    return found


def _resource(kind: str, key: str, *, version: int | None = None, **values: Any) -> Json:
    meta: Json = {"profile": [_PROFILE.format(kind)]}
    if version is not None:
        meta["versionId"] = str(version)
    return whole({"resourceType": kind, "id": key, "meta": meta, **values})


def _refer(kind: str, key: str) -> Json:
    return {"reference": f"{kind}/{key}"}


def _specialty(function: str) -> list[Json] | None:
    """As filed: C_110; none for the lines of the return that are no one specialty."""
    code = function.removeprefix("C_")
    if not code.isdigit():
        return None
    try:
        name = treatment_function(function).official_name
    except UnknownFunctionError:
        name = ""
    return [concept(_PRACTICE_SETTING, code, name)]
