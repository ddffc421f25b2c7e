"""A010: the single menu, nearest or soonest first."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.ers.bodies import (
    USER_ID,
    coded,
    find_services,
    identified,
    search,
)
from tests.service.ers.calling import a_gp, a_secretary, codes_of
from tests.service.referrals.made_up import OTHER_HOSPITAL, a_patient, a_service, a_slot

from clockstop.service.directory.specialties import clinic_types

pytestmark = pytest.mark.django_db
AT = "/STU3/HealthcareService/$ers.searchHealthcareServicesForPatient"
CLINIC = next(iter(clinic_types()))


def found(body, caller=None):
    response = (caller or a_gp()).post(AT, body)
    assert response.status_code == 200, response.content
    return [int(each["item"]["identifier"]["value"]) for each in response.json()["entry"]]


def line_of(body):
    (entry,) = a_gp().post(AT, body).json()["entry"]
    told = {each["url"]: each for each in entry["extension"][0]["extension"]}
    summary = {each["url"]: each for each in entry["item"]["extension"][0]["extension"]}
    return told, summary


def test_the_soonest_comes_first_and_coded_waits_after_all_numbers():
    late, soon, full = (a_service(code) for code in ("RAA", OTHER_HOSPITAL, "RCC"))
    a_slot(late, timezone.now() + timedelta(days=20))
    a_slot(soon, timezone.now() + timedelta(days=3))
    assert found(find_services(a_patient())) == [soon.pk, late.pk, full.pk]


def test_the_wait_is_days_to_the_services_own_free_slot_or_a_code():
    service = a_service()
    told, _ = line_of(find_services(a_patient()))
    waits = told["indicativeAppointmentWaitTime"]["valueCodeableConcept"]["coding"]
    assert waits[0]["code"] == "LIMITED_AVAILABILITY"
    a_slot(service, timezone.now() + timedelta(days=3, hours=1))
    told, _ = line_of(find_services(a_patient()))
    assert told["indicativeAppointmentWaitTime"]["valueUnsignedInt"] == 3


def test_what_the_directory_says_stands_in_the_line():
    a_service(
        referrer_alert="Send a scan",
        exclusions="Children",
        min_age_months=18 * 12,
        max_age_months=100 * 12 + 6,
        capacity_alert=True,
        website="https://hospital.test/",
        additional_requirements=("INTERPRETER",),
        takes_advice=True,
    )
    _, summary = line_of(find_services(a_patient()))
    assert summary["referrerAlert"]["valueString"] == "Send a scan"
    assert summary["ageTreated"]["valueRange"]["low"] == {"value": 18, "unit": "YEARS"}
    assert summary["ageTreated"]["valueRange"]["high"] == {"value": 1206, "unit": "MONTHS"}
    (alert,) = summary["indicativeTreatmentWaitTime"]["valueCodeableConcept"]["coding"]
    assert alert["code"] == "LOW"


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"clinic_types": ("HIP",)}, [coded("clinicType", "ClinicType", CLINIC)]),
        ({}, [{"name": "indicativeAppointmentWaitTimeLimit", "valueUnsignedInt": 2}]),
        ({}, [identified("namedClinician", USER_ID, "021600556514")]),
        ({"sex_treated": "MALE"}, []),
        ({"max_age_months": 16 * 12}, []),
        ({"specialty": "UROLOGY"}, []),
        ({"routine": False}, []),
        ({"status": "withdrawn"}, []),
    ],
)
def test_what_does_not_fit_is_not_in_the_list(values, more):
    service = a_service(**values)
    a_slot(service, timezone.now() + timedelta(days=4))
    body = find_services(a_patient(), criteria=search("ROUTINE", "ORTHOPAEDICS", *more))
    response = a_gp().post(AT, body)
    assert response.json()["entry"] == []
    assert response.json()["emptyReason"]["coding"][0]["code"] == "nilknown"


def test_services_for_advice_are_found_apart():
    advice = a_service(takes_advice=True, takes_appointments=False, bookable="UNSPECIFIED")
    a_service()
    body = find_services(a_patient(), kind="ADVICE_AND_GUIDANCE_REQUEST")
    assert found(body) == [advice.pk]


def test_a_secretary_searches_for_a_clinician_of_the_practice():
    service = a_service()
    clinician = a_gp().member.person_id
    said = identified("referringClinician", USER_ID, clinician)
    assert found(find_services(a_patient(), more=[said]), a_secretary()) == [service.pk]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"meta": {"profile": []}}, ["INVALID_VALUE"]),
        ({"parameter": "x"}, ["INVALID_FHIR_STRUCTURE"]),
        ({"resourceType": "List"}, ["INVALID_FHIR_STRUCTURE"]),
        ({"parameter": [{"name": "colour", "valueString": "red"}]}, None),
    ],
)
def test_a_body_of_another_shape_is_refused_with_all_that_is_wrong(change, codes):
    response = a_gp().post(AT, find_services(a_patient()) | change)
    assert response.status_code == 422
    if codes is None:
        codes = ["UNEXPECTED_FIELD", *["MISSING_VALUE"] * 4]
    assert codes_of(response) == codes


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        (search(specialty="COLOURS"), "INVALID_CODE"),
        (search(priority="NOW"), "INVALID_CODE"),
        (search("ROUTINE", "ORTHOPAEDICS", coded("clinicType", "ClinicType", "X")), "INVALID_CODE"),
        (
            search(
                "ROUTINE",
                "ORTHOPAEDICS",
                {
                    "name": "clinicalTerm",
                    "valueCoding": {"system": "http://snomed.info/sct", "code": "1003"},
                },
            ),
            "SNOMED_NOT_FOUND",
        ),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(criteria, code):
    response = a_gp().post(AT, find_services(a_patient(), criteria=criteria))
    assert (response.status_code, codes_of(response)) == (422, [code])


def test_a_patient_of_another_practice_is_not_known():
    body = find_services(a_patient(practice_code="A81002"))
    assert codes_of(a_gp().post(AT, body)) == ["REFERENCE_NOT_FOUND"]
    body = find_services(a_patient(nhs_number="9990000018"))
    body["parameter"][2]["valueIdentifier"]["value"] = "9990000019"
    assert codes_of(a_gp().post(AT, body)) == ["INVALID_VALUE"]


def test_who_the_clinician_is_must_fit_the_business_function():
    patient, clinician = a_patient(), a_gp().member.person_id
    said = identified("referringClinician", USER_ID, clinician)
    assert codes_of(a_gp().post(AT, find_services(patient, more=[said]))) == ["FIELD_NOT_PERMITTED"]
    assert codes_of(a_secretary().post(AT, find_services(patient))) == ["VALUE_IS_REQUIRED"]
    other = identified("referringClinician", USER_ID, a_gp("A81002").member.person_id)
    response = a_secretary().post(AT, find_services(patient, more=[other]))
    assert codes_of(response) == ["REFERENCED_USER_IS_NOT_RC_AT_ORG"]
    nobody = identified("referringClinician", USER_ID, "021600556514")
    response = a_secretary().post(AT, find_services(patient, more=[nobody]))
    assert codes_of(response) == ["REFERENCE_NOT_FOUND"]


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff", b"null", b"3", b'"x"'])
def test_a_body_that_is_no_resource_is_refused(body):
    response = a_gp().post(AT, body)
    assert (response.status_code, codes_of(response)) == (422, ["INVALID_FHIR_STRUCTURE"])


def test_another_media_type_is_not_read():
    body = b"<Parameters/>"
    assert a_gp().post(AT, body, Content_Type="application/fhir+xml").status_code == 415
