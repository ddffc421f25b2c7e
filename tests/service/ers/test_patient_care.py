"""The patient's own view: their open referrals, and no one else's."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.service.ers.calling import a_gp
from tests.service.ers.published import hold
from tests.service.ers.test_retrieving import MADE, _deferred, _triaged
from tests.service.referrals.made_up import a_referral, a_service, booked

from clockstop.service.accounts.models import Person
from clockstop.service.accounts.tokens import Scope, make
from clockstop.service.audit.models import Entry
from clockstop.service.ui.limits import Limit

pytestmark = pytest.mark.django_db
BASE = "/referrals/patient-care"
AT = "/FHIR/R4/ServiceRequest"


def asked(number, **more):
    return {
        "patient:identifier": f"https://fhir.nhs.uk/Id/nhs-number|{number}",
        "category": "http://snomed.info/sct|3457005",
        "_revinclude": ["Appointment:based-on", "Task:focus"],
    } | more


def token_of(patient):
    person, _ = Person.objects.get_or_create(
        nhs_number=patient.nhs_number, defaults={"name": patient.name}
    )
    _, token = make(owner=person, name="App", scopes=[Scope.PATIENT_CARE], lasts=timedelta(days=1))
    return token


def get(path, token, query=None):
    headers = {"Authorization": f"Bearer {token}", "X-Correlation-ID": "abc"}
    response = Client().get(BASE + path, query_params=query or {}, headers=headers)
    hold(response, "GET", BASE + path, "ers-patient-care", BASE)
    return response


def resources(response, kind):
    entries = response.json().get("entry", [])
    return [each["resource"] for each in entries if each["resource"]["resourceType"] == kind]


def test_a_patient_sees_their_referral_and_its_appointment():
    referral = booked()
    patient = referral.patient
    response = get(AT, token_of(patient), asked(patient.nhs_number))
    (request,) = resources(response, "ServiceRequest")
    assert request["identifier"][0]["value"] == referral.ubrn
    (appointment,) = resources(response, "Appointment")
    assert appointment["slot"][0]["identifier"]["value"].startswith("USRN-")
    assert response["X-Correlation-ID"] == "abc"
    assert Entry.objects.filter(action="viewed a referral", role="patient").count() == 1
    query = asked(patient.nhs_number, _revinclude=[])
    assert not resources(get(AT, token_of(patient), query), "Appointment")


@pytest.mark.parametrize(
    ("made", "code"), [(_deferred, "APPOINTMENT_DEFERRAL"), (_triaged, "TRIAGE_DEFERRAL")]
)
def test_a_patient_sees_by_when_somebody_will_be_in_touch(made, code):
    referral = made()
    response = get(AT, token_of(referral.patient), asked(referral.patient.nhs_number))
    (task,) = resources(response, "Task")
    assert task["code"]["coding"][0]["code"] == code
    assert task["restriction"]["period"]["end"] == referral.contact_by.isoformat()


@pytest.mark.parametrize("made", MADE)
def test_every_state_goes_out_in_the_published_shape(made):
    referral = made()
    patient = referral.patient
    told = get(AT, token_of(patient), asked(patient.nhs_number)).json()
    left_out = {"CANCELLED_REFERRAL", "DID_NOT_ATTEND"}
    assert told["total"] == int(referral.state not in left_out)


def test_nobody_sees_anybody_elses():
    mine, other = a_referral(), a_referral()
    token = token_of(mine.patient)
    assert get(AT, token, asked(other.patient.nhs_number)).status_code == 403
    assert get(AT, a_gp().token, asked(mine.patient.nhs_number)).status_code == 401
    assert get(AT, "cst_x", asked(mine.patient.nhs_number)).status_code == 401


def test_a_sensitive_record_has_no_such_view():
    referral = a_referral()
    token = token_of(referral.patient)
    referral.patient.sensitive = True
    referral.patient.save()
    assert get(AT, token, asked(referral.patient.nhs_number)).json()["total"] == 0


@pytest.mark.parametrize(
    "change", [{"category": "1"}, {"patient:identifier": ""}, {"_revinclude": ["Colour:red"]}]
)
def test_a_question_that_is_wrong_is_refused(change):
    referral = a_referral()
    query = asked(referral.patient.nhs_number) | change
    assert get(AT, token_of(referral.patient), query).status_code == 400


def test_who_asks_too_often_is_told_to_wait(settings):
    settings.CLOCKSTOP_LIMITS = {"fhir": Limit(address=1, session=1)}
    referral = a_referral()
    token, query = token_of(referral.patient), asked(referral.patient.nhs_number)
    # Of three calls at least two fall into one minute.
    assert 429 in [get(AT, token, query).status_code for _ in range(3)]


def test_a_service_is_described_to_patients():
    service = a_service()
    token = token_of(a_referral().patient)
    at = f"/FHIR/R4/HealthcareService/{service.pk}"
    assert get(at, token).json()["name"] == service.name
    for key in ("0", "x", "9" * 40, a_service(status="draft").pk):
        assert get(f"/FHIR/R4/HealthcareService/{key}", token).status_code == 404
