"""Bodies as the published examples have them, about our own patients and services."""

STU3 = "https://fhir.nhs.uk/STU3"
_SHAPES = f"{STU3}/StructureDefinition"
_CODES = f"{STU3}/CodeSystem"
NHS_NUMBER = "http://fhir.nhs.net/Id/nhs-number"
USER_ID = "http://fhir.nhs.net/Id/sds-user-id"
SERVICE = "http://fhir.nhs.net/Id/ers-service"


def parameters(name, *told):
    profile = f"{_SHAPES}/eRS-{name}-Parameters-1"
    return {"resourceType": "Parameters", "meta": {"profile": [profile]}, "parameter": list(told)}


def coded(name, system, code):
    return {"name": name, "valueCoding": {"system": f"{_CODES}/eRS-{system}-1", "code": code}}


def listed(name, which, code):
    """A code of the reference data."""
    return {"name": name, "valueCoding": {"system": f"x/STU3/CodeSystem/{which}", "code": code}}


def text(name, value):
    return {"name": name, "valueString": value}


def identified(name, system, value):
    return {"name": name, "valueIdentifier": {"system": system, "value": str(value)}}


def search(priority="ROUTINE", specialty="ORTHOPAEDICS", *more):
    return parameters(
        "ServiceSearchCriteria",
        coded("priority", "Priority", priority),
        listed("specialty", "SPECIALTY", specialty),
        {"name": "ageAndGenderAppropriate", "valueBoolean": True},
        *more,
    ) | {"id": "ServiceSearchCriteria-1"}


def shortlist(services, criteria=None):
    profile = f"{_SHAPES}/eRS-Shortlist-List-1"
    entries = [
        {"item": {"identifier": {"system": SERVICE, "value": str(each.pk)}}} for each in services
    ]
    return {
        "name": "shortlist",
        "resource": {
            "meta": {"profile": [profile]},
            "resourceType": "List",
            "status": "current",
            "mode": "snapshot",
            "contained": [criteria or search()],
            "entry": entries,
        },
    }


def following(code="NEED_TO_ADD_LATER", days=0):
    """Whether a letter will follow, and after how many days the patient is reminded."""
    letter = coded("intentionToAddReferralLetter", "ReferralLetterIntention", code)
    return letter, {"name": "firstReminderLetterFollowUpDays", "valueUnsignedInt": days}


def new_referral(patient, *services, name="CreateReferral", criteria=None, days=0, more=()):
    who = identified("patient", NHS_NUMBER, patient.nhs_number)
    return parameters(name, who, shortlist(services, criteria), *following(days=days), *more)


def another_shortlist(
    *services, name="ChangeShortlist", criteria=None, letter="NEED_TO_ADD_LATER", days=0
):
    return parameters(name, shortlist(services, criteria), *following(letter, days))


def find_services(patient, *, sort="IWT", kind="APPOINTMENT_REQUEST", criteria=None, more=()):
    return parameters(
        "PatientServiceSearch",
        coded("requestType", "RequestType", kind),
        coded("sortBy", "SortBy", sort),
        identified("patient", NHS_NUMBER, patient.nhs_number),
        {"name": "searchCriteria", "resource": criteria or search()},
        *more,
    )


def appointment(referral, service, *, slot=None, reason="", status="", **more):
    """What books a slot, or proposes that the service books."""
    body = {
        "meta": {"profile": [f"{_SHAPES}/eRS-Appointment-1"]},
        "language": "en",
        "resourceType": "Appointment",
        "status": status or ("proposed" if reason else "booked"),
        "description": "e-Referral Appointment",
        "incomingReferral": [
            {"reference": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}"}
        ],
        "participant": [
            {
                "actor": {"identifier": {"system": SERVICE, "value": str(service.pk)}},
                "status": "accepted",
            },
            {
                "actor": {
                    "identifier": {"system": NHS_NUMBER, "value": referral.patient.nhs_number}
                },
                "status": "accepted",
            },
        ],
    }
    if slot:
        body["slot"] = [{"reference": f"Slot/{slot.pk}"}]
        if not reason:
            body |= {"start": slot.starts.isoformat(), "end": slot.ends.isoformat()}
    if reason:
        cancelled = "x/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON"
        system = cancelled if status == "cancelled" else f"{_CODES}/eRS-ReviewReason-1"
        body["reason"] = [{"coding": [{"system": system, "code": reason}]}]
    return body | more


def at(referral, step=""):
    return f"/STU3/ReferralRequest/{referral.ubrn}{step and f'/$ers.{step}'}"


def on(record):
    """The version that a change is made on."""
    record.refresh_from_db()
    return {"If-Match": f'W/"{record.version}"'}
