"""Every function by phone: staff check who calls, then do what the patient could do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    OTHER_PRACTICE,
    PRACTICE,
    a_member,
    an_event,
    signed_in,
    signed_in_patient,
)
from tests.service.portal.made_up import SOON, a_change_request, a_hospital_date, online, referred

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.messaging.models import Contact
from clockstop.service.portal.models import ChangeRequest, NeedSaid
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
    assert "No referral or patient that you can see" in answer.content.decode()


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


def called(client, patient):
    """The pages of a patient whom staff know by their NHS number."""
    told = {"ubrn": str(patient.nhs_number), "checks": ["name", "birth", "address"]}
    return client.post("/by-phone/", told)


def acting_for_patient():
    """What the audit says that staff did for the patient."""
    found = Entry.objects.filter(detail__contains='"acting_for":"patient"')
    return set(found.values_list("action", flat=True))


@pytest.fixture
def waiting():
    """A patient whose hospital entered a day, and the office of that hospital on the phone."""
    pathway = a_hospital_date()
    an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=9))
    online()
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    assert called(office, pathway.patient)["Location"] == "/by-phone/care/"
    return office, pathway


def test_staff_ask_the_hospital_for_the_patient_and_take_it_back(waiting):
    office, pathway = waiting
    at = f"/by-phone/waits/{pathway.pk}/change/"
    page = office.get("/by-phone/care/").content.decode()
    assert f"{at}?day=" in page
    assert "You act for" in page
    typed = {"day": SOON.isoformat(), "wish": "cancel", "words": "Away"}
    assert office.post(at, typed).status_code == 302
    request = ChangeRequest.objects.get()
    assert request.steps.get().role == Role.PROVIDER_ADMINISTRATOR
    office.post(f"/by-phone/requests/{request.pk}/withdraw/")
    request.refresh_from_db()
    assert request.state == "WITHDRAWN"
    assert acting_for_patient() == {"change request: ask", "change request: withdraw"}


def test_a_practice_does_so_for_its_own_referral(waiting):
    _, pathway = waiting
    secretary = a_secretary()
    called(secretary, pathway.patient)
    typed = {"day": SOON.isoformat(), "wish": "confirm"}
    secretary.post(f"/by-phone/waits/{pathway.pk}/change/", typed)
    assert ChangeRequest.objects.get().wish == "confirm"
    assert "has not seen your request yet" in secretary.get("/by-phone/care/").content.decode()


def test_contact_needs_and_opt_out_are_kept_by_phone(waiting):
    office, pathway = waiting
    at = f"/by-phone/reached/{pathway.patient.pk}/"
    assert office.get(at).status_code == 200
    office.post(at, {"mobile": "07700 900123", "no_messages": "on", "large_print": "on"})
    held = Contact.objects.get(patient=pathway.patient)
    assert (held.mobile, held.no_messages, held.large_print) == ("07700900123", True, True)
    assert acting_for_patient() == {"changed how to be reached"}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_whether_care_is_needed_is_written_down_and_a_no_goes_to_a_clinician(waiting, answer):
    office, pathway = waiting
    at = f"/by-phone/waits/{pathway.pk}/needed/"
    pathway.refresh_from_db()
    length = pathway.length
    assert office.post(at, {}).status_code == 400
    assert office.post(at, {"needed": answer})["Location"] == at
    page = office.get(at).content.decode()
    assert ("still need this care. Thank you" in page) == (answer == "yes")
    said = NeedSaid.objects.get()
    assert (said.is_needed, said.role) == (answer == "yes", Role.PROVIDER_ADMINISTRATOR)
    assert pathway.reviews.count() == (answer == "no")
    pathway.refresh_from_db()
    assert pathway.length == length
    assert len(acting_for_patient()) == 1


def test_a_patient_answers_too(waiting):
    _, pathway = waiting
    client = signed_in_patient(Client(), pathway.patient)
    at = f"/your-care/waits/{pathway.pk}/needed/"
    assert at in client.get("/your-care/").content.decode()
    client.post(at, {"needed": "yes"})
    assert NeedSaid.objects.get().role == Role.PATIENT
    assert not acting_for_patient()


def test_from_all_care_staff_go_on_to_a_referral():
    _, referral, _ = referred()
    client = a_secretary()
    called(client, referral.patient)
    assert client.get("/by-phone/referral/")["Location"] == "/by-phone/"
    client.post("/by-phone/choose/", {"referral": str(referral.pk)})
    assert client.get("/by-phone/referral/").status_code == 200
    client.post("/by-phone/referral/", {"offered": "no"})
    assert acting_for_patient() == {"patient said whether choice was offered"}
    client.post("/by-phone/choose/", {"referral": "nonsense"})
    client.post("/by-phone/end/")
    assert client.get("/by-phone/care/")["Location"] == "/by-phone/"


def test_only_the_caller_is_open_and_only_while_they_are_cared_for(waiting):
    office, pathway = waiting
    other = a_hospital_date()  # of the same hospital, and not on the phone
    for at in (f"waits/{other.pk}/change/", f"waits/{other.pk}/needed/"):
        assert office.get(f"/by-phone/{at}").status_code == 404
    assert office.get(f"/by-phone/reached/{other.patient.pk}/").status_code == 404
    request = a_change_request(other)
    assert office.post(f"/by-phone/requests/{request.pk}/withdraw/").status_code == 404
    yesterday = timezone.localdate() - timedelta(days=1)
    pathway.relationships.filter(part="provider").update(ends=yesterday)
    assert office.get("/by-phone/care/")["Location"] == "/by-phone/"


def test_somebody_elses_patient_is_not_found_by_number(waiting):
    _, pathway = waiting
    stranger = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL))
    assert called(stranger, pathway.patient).status_code == 400
    died = a_hospital_date()
    died.patient.died_on = timezone.localdate()
    died.patient.save()
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    assert called(office, died.patient).status_code == 400
