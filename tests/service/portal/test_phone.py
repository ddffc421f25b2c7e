"""Every function by phone: staff check who calls, then do what the patient could do."""

import pytest
from django.test import Client
from tests.service.people import HOSPITAL, OTHER_PRACTICE, PRACTICE, a_member, signed_in
from tests.service.portal.made_up import referred

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.referrals.states import State

pytestmark = pytest.mark.django_db
ENOUGH = ["name", "birth", "reference"]


def a_secretary(code=PRACTICE):
    return signed_in(Client(), a_member(Role.REFERRING_ADMINISTRATOR, code))


def test_once_they_know_who_calls_they_act_as_the_patient():
    _, referral, (slot, _) = referred()
    client = a_secretary()
    answer = client.post("/by-phone/", {"ubrn": referral.spaced_ubrn, "checks": ENOUGH})
    assert answer["Location"] == "/by-phone/referral/"
    assert "You act for" in client.get("/by-phone/referral/").content.decode()
    client.post("/by-phone/times/", {"service": slot.service_id, "slot": slot.pk, "version": 1})
    client.post("/by-phone/referral/", {"offered": "no"})
    referral.refresh_from_db()
    assert referral.state == State.BOOKED
    assert referral.steps.last().role == Role.REFERRING_ADMINISTRATOR
    assert referral.choice.patient_says == "no"
    client.post("/by-phone/cancel/", {"reason": "PATIENT_ILL", "version": 2})
    referral.refresh_from_db()
    assert referral.state == State.APPT_CANCELLED_BY_PATIENT
    told = Entry.objects.get(action="checked who was calling")
    assert told.detail == '{"birth":true,"name":true,"reference":true}'


@pytest.mark.parametrize("checks", [[], ["name"], ["name", "birth"]])
def test_too_few_checks_open_nothing(checks):
    _, referral, _ = referred()
    client = a_secretary()
    answer = client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": checks})
    assert answer.status_code == 400
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"


def test_another_practices_referral_is_not_found():
    _, referral, _ = referred()
    client = a_secretary(OTHER_PRACTICE)
    answer = client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": ENOUGH})
    assert "No referral that you can see" in answer.content.decode()


def test_a_booking_office_acts_for_those_sent_to_it():
    patient, referral, _ = referred(slots=0)
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    told = {"ubrn": referral.ubrn, "checks": ENOUGH}
    assert office.post("/by-phone/", told).status_code == 400
    service = referral.shortlist.get().service
    at = f"/your-care/{referral.pk}/times/"
    patient.post(at, {"service": service.pk, "step": "hand_on", "version": 1})
    assert office.post("/by-phone/", told).status_code == 302
    assert office.get("/by-phone/referral/").status_code == 200


def test_the_call_ends():
    _, referral, _ = referred()
    client = a_secretary()
    client.post("/by-phone/", {"ubrn": referral.ubrn, "checks": ENOUGH})
    client.post("/by-phone/end/")
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"
