"""A015, A016, A034, A038: slots, booking one, deferring, cancelling, reading."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.ers.bodies import USER_ID, appointment, at, on
from tests.service.ers.calling import a_booking_office, a_gp, codes_of, state_of
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    a_patient,
    a_referral,
    a_service,
    a_slot,
    begun,
    booked,
)

from clockstop.service.referrals.models import Appointment

pytestmark = pytest.mark.django_db
SLOTS, APPOINTMENTS = "/STU3/Slot", "/STU3/Appointment"


def reason(code, system="https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1"):
    return {"coding": [{"system": system, "code": code}]}


def clinician(user_id):
    return {"actor": {"identifier": {"system": USER_ID, "value": user_id}}, "status": "accepted"}


def asked(service, **more):
    return {
        "schedule.actor:HealthcareService": str(service.pk),
        "appointmentType": "ROUTINE",
        "status": "free",
        "_count": "5",
        "page": "1",
    } | more


def slots(query, caller=None, org="QAA"):
    return (caller or a_gp()).get(SLOTS, query, NHSD_eRS_Comm_Rule_Org=org)


def resources(response, kind):
    entries = response.json()["entry"]
    return [each["resource"] for each in entries if each["resource"]["resourceType"] == kind]


def test_free_slots_come_page_by_page_with_their_schedules():
    service = a_service()
    days = [timezone.now() + timedelta(days=each) for each in range(1, 8)]
    made = [a_slot(service, day, "021600556514" if at < 2 else "") for at, day in enumerate(days)]
    first = slots(asked(service))
    assert first.json()["total"] == 7
    assert [each["id"] for each in resources(first, "Slot")] == [str(s.pk) for s in made[:5]]
    assert {each["id"] for each in resources(first, "Schedule")} == {
        f"{service.pk}-021600556514",
        str(service.pk),
    }
    assert [each["relation"] for each in first.json()["link"]] == ["self", "next"]
    second = slots(asked(service, page="2"))
    assert [each["id"] for each in resources(second, "Slot")] == [str(s.pk) for s in made[5:]]
    assert [each["relation"] for each in second.json()["link"]] == ["self"]
    assert codes_of(slots(asked(service, page="3"))) == ["INVALID_VALUE"]


def test_slots_are_those_of_the_priority_and_the_clinician_asked_for():
    service = a_service()
    a_slot(service, routine=False)
    mine = a_slot(service, clinician="021600556514")
    ask = asked(service)
    assert [each["id"] for each in resources(slots(ask), "Slot")] == [str(mine.pk)]
    named = ask | {"schedule.actor:Practitioner": "111111111111"}
    assert slots(named).json()["total"] == 0


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"page": None, "_count": None}, ["MISSING_PARAMETER", "MISSING_PARAMETER"]),
        ({"_count": "101"}, ["INVALID_VALUE"]),
        ({"_count": "0"}, ["INVALID_VALUE"]),
        ({"page": "-1"}, ["INVALID_VALUE"]),
        ({"page": "٣"}, ["INVALID_VALUE"]),
        ({"status": "busy"}, ["INVALID_VALUE"]),
        ({"appointmentType": "NOW"}, ["INVALID_CODE"]),
        ({"schedule.actor:HealthcareService": "x"}, ["REFERENCE_NOT_FOUND"]),
        ({"schedule.actor:HealthcareService": "9" * 30}, ["REFERENCE_NOT_FOUND"]),
    ],
)
def test_a_question_for_slots_that_is_wrong_is_refused(change, codes):
    query = {k: v for k, v in (asked(a_service()) | change).items() if v is not None}
    response = slots(query)
    assert (response.status_code, codes_of(response)) == (400, codes)


def test_the_organisation_whose_rules_hold_must_be_named():
    assert codes_of(slots(asked(a_service()), org=None)) == ["MISSING_HEADER"]
    withdrawn = a_service(status="withdrawn")
    assert codes_of(slots(asked(withdrawn))) == ["SERVICE_UNAVAILABLE"]


def test_a_slot_is_booked_and_the_booking_comes_back():
    service = a_service()
    slot, referral = a_slot(service, clinician="021600556514"), a_referral(service)
    caller = a_gp()
    response = caller.post(APPOINTMENTS, appointment(referral, service, slot=slot))
    told = response.json()
    assert (response.status_code, response["ETag"]) == (201, 'W/"1"')
    assert told["slot"] == [{"reference": f"Slot/{slot.pk}"}]
    users = [each["actor"]["identifier"]["value"] for each in told["participant"]]
    assert users == [str(service.pk), referral.patient.nhs_number, "021600556514"]
    assert state_of(caller.get(at(referral)).json())[0] == "BOOKED"
    assert caller.get(f"{APPOINTMENTS}/{told['id']}").json() == told
    assert caller.get(f"{APPOINTMENTS}/{told['id']}/_history/1").json() == told
    assert caller.get(f"{APPOINTMENTS}/{told['id']}/_history/2").status_code == 404


def test_a_slot_that_somebody_else_has_is_refused():
    service = a_service()
    slot, referral = a_slot(service), a_referral(service)
    body = appointment(referral, service, slot=slot)
    assert a_gp().post(APPOINTMENTS, body).status_code == 201
    other = a_referral(service)
    response = a_gp().post(APPOINTMENTS, appointment(other, service, slot=slot))
    assert codes_of(response) == ["SLOT_NOT_AVAILABLE"]


def test_a_booking_on_an_old_version_is_in_conflict():
    service = a_service()
    slot, referral = a_slot(service), a_referral(service)
    body = appointment(referral, service, slot=slot)
    reference = f"ReferralRequest/{referral.ubrn}/_history/{referral.version + 1}"
    body["incomingReferral"] = [{"reference": reference}]
    assert a_gp().post(APPOINTMENTS, body).status_code == 409
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda body: body.pop("slot"), "MISSING_VALUE"),
        (lambda body: body.update(slot=[{"reference": "Slot/9999999"}]), "REFERENCE_NOT_FOUND"),
        (lambda body: body.update(start="2030-01-01T10:00:00Z"), "INAPPROPRIATE_VALUE"),
        (lambda body: body.update(start="soon"), "INVALID_VALUE"),
        (lambda body: body.pop("participant"), "INVALID_VALUE"),
        (lambda body: body["participant"].pop(), "MISSING_VALUE"),
        (lambda body: body.update(status="arrived"), "INVALID_CODE"),
        (lambda body: body.update(incomingReferral=[]), "INVALID_VALUE"),
        (lambda body: body.update(resourceType="Slot"), "INVALID_VALUE"),
        (lambda body: body.update(meta={}), "INVALID_VALUE"),
        (lambda body: body.update(comment=3), "INVALID_VALUE"),
        (lambda body: body.update(language="cy"), "INVALID_VALUE"),
        (lambda body: body.update(description="Clinic"), "INVALID_VALUE"),
        (lambda body: body.update(reason=[reason("TRIAGE")]), "INAPPROPRIATE_VALUE"),
        (lambda body: body.update(reason=[reason("TRIAGE", "x")]), "INVALID_VALUE"),
        (lambda body: body["participant"].append(clinician("1")), "INAPPROPRIATE_VALUE"),
        (lambda body: body["participant"].append(body["participant"][0]), "INVALID_VALUE"),
        (lambda body: body["participant"].append({"actor": {"display": "x"}}), "INVALID_VALUE"),
        (lambda body: body.update(reason=[{"coding": []}]), "INVALID_VALUE"),
        (
            lambda body: body.update(
                incomingReferral=[{"reference": "ReferralRequest/000000000000/_history/1"}]
            ),
            "REFERENCE_NOT_FOUND",
        ),
    ],
)
def test_a_booking_that_is_wrong_is_refused_and_nothing_is_booked(change, code):
    service = a_service()
    body = appointment(a_referral(service), service, slot=a_slot(service))
    change(body)
    response = a_gp().post(APPOINTMENTS, body)
    assert (response.status_code, codes_of(response)) == (422, [code])
    assert not Appointment.objects.exists()


def test_a_booking_for_somebody_else_is_refused():
    service = a_service()
    referral = a_referral(service)
    body = appointment(referral, service, slot=a_slot(service))
    body["participant"][1]["actor"]["identifier"]["value"] = a_patient().nhs_number
    assert codes_of(a_gp().post(APPOINTMENTS, body)) == ["INAPPROPRIATE_VALUE"]


@pytest.mark.parametrize("reason", ["NO_SLOTS_AT_SERVICE", "BOOKING_ATTEMPT_PROBLEM"])
def test_a_service_without_a_slot_is_to_book(reason):
    service = a_service()
    referral = a_referral(service)
    caller = a_gp()
    body = appointment(referral, service, reason=reason, comment="Not before 3pm")
    response = caller.post(APPOINTMENTS, body)
    told = response.json()
    assert (response.status_code, told["status"]) == (201, "proposed")
    assert told["reason"][0]["coding"][0]["code"] == reason
    kept = ("DEFERRED_TO_PROVIDER", reason, "Not before 3pm")
    assert state_of(caller.get(at(referral)).json()) == kept
    assert caller.get(f"{APPOINTMENTS}/{told['id']}").json() == told


def test_what_can_be_booked_is_not_deferred():
    service = a_service()
    slot, referral = a_slot(service), a_referral(service)
    body = appointment(referral, service, reason="NO_SLOTS_AT_SERVICE")
    assert codes_of(a_gp().post(APPOINTMENTS, body)) == ["SLOTS_CURRENTLY_AVAILABLE"]
    body = appointment(referral, service, reason="SLOT_NOT_AVAILABLE", slot=slot)
    assert codes_of(a_gp().post(APPOINTMENTS, body)) == ["THIS_SLOT_IS_AVAILABLE"]


@pytest.mark.parametrize(
    ("why", "change", "code"),
    [
        ("NO_SLOTS_AT_SERVICE", {"start": "2030-01-01T10:00:00Z"}, "INAPPROPRIATE_VALUE"),
        ("NO_SLOTS_AT_SERVICE", {"slot": [{"reference": "Slot/999"}]}, "REFERENCE_NOT_FOUND"),
        ("TRIAGE", {"slot": [{"reference": "Slot/999"}]}, "INAPPROPRIATE_VALUE"),
    ],
)
def test_what_does_not_go_with_a_deferral_is_refused_and_not_dropped(why, change, code):
    service = a_service(takes_triage=why == "TRIAGE")
    referral = a_referral(service)
    body = appointment(referral, service, reason=why) | change
    assert codes_of(a_gp().post(APPOINTMENTS, body)) == [code]
    named = appointment(referral, service, reason=why)
    named["participant"].append(clinician("021600556514"))
    assert codes_of(a_gp().post(APPOINTMENTS, named)) == ["INAPPROPRIATE_VALUE"]
    referral.refresh_from_db()
    assert referral.state == "NOT_BOOKED"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "999"},
        {"slot": [{"reference": "Slot/999"}]},
        {"start": "2030-01-01T10:00:00Z"},
        {"end": "2030-01-01T10:00:00Z"},
        {"incomingReferral": [{"reference": "ReferralRequest/000000000000/_history/2"}]},
    ],
)
def test_an_appointment_is_cancelled_and_in_nothing_else_changed(change):
    referral = booked()
    path, body, held = cancelling(referral, "PATIENT_HOLIDAY")
    caller = a_gp()
    assert codes_of(caller.put(path, body | change, **on(held))) == ["INAPPROPRIATE_VALUE"]
    whole = caller.get(path).json()
    same = body | {key: whole[key] for key in ("id", "slot", "start", "end")}
    same["participant"] = [*body["participant"], clinician("1")]
    assert codes_of(caller.put(path, same, **on(held))) == ["INAPPROPRIATE_VALUE"]
    same["participant"].pop()
    assert caller.put(path, same, **on(held)).status_code == 200


def test_a_referral_is_sent_for_triage():
    service = a_service(takes_triage=True)
    referral = a_referral(service)
    told = a_gp().post(APPOINTMENTS, appointment(referral, service, reason="TRIAGE")).json()
    assert told["reason"][0]["coding"][0]["code"] == "TRIAGE"
    assert state_of(a_gp().get(at(referral)).json())[0] == "AWAITING_TRIAGE"


def cancelling(referral, reason, comment="Cancellation comment"):
    held = referral.appointments.get()
    body = appointment(referral, held.service, status="cancelled", comment=comment)
    system = "x/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON"
    body["reason"] = [{"coding": [{"system": system, "code": reason}]}]
    return f"{APPOINTMENTS}/{held.pk}", body, held


def test_an_appointment_is_cancelled_and_its_slot_is_free_again():
    referral = booked()
    path, body, held = cancelling(referral, "PATIENT_HOLIDAY")
    caller = a_gp()
    response = caller.put(path, body, **on(held))
    told = response.json()
    assert (response.status_code, told["status"]) == (200, "cancelled")
    assert told["comment"] == "Cancellation comment"
    assert "slot" not in told
    held.slot.refresh_from_db()
    assert held.slot.status == "free"
    assert caller.put(path, body, If_Match='W/"1"').status_code == 409


@pytest.mark.parametrize(
    ("reason", "comment", "code"),
    [
        ("COLOUR", "x", "INVALID_VALUE"),
        ("SERVICE_INAPPROPRIATE", "x", "INAPPROPRIATE_VALUE"),
        ("PATIENT_APPOINTMENT_CANCELLATION_OTHER", "", "MISSING_VALUE"),
    ],
)
def test_a_reason_that_does_not_go_with_cancelling_is_refused(reason, comment, code):
    referral = booked()
    path, body, held = cancelling(referral, reason, comment)
    assert codes_of(a_gp().put(path, body, **on(held))) == [code]


def test_an_appointment_that_has_begun_is_not_cancelled():
    referral = begun(booked())
    path, body, held = cancelling(referral, "PATIENT_HOLIDAY")
    refused = a_gp().put(path, body, **on(held))
    assert (refused.status_code, codes_of(refused)) == (422, ["UNABLE_TO_CANCEL_APPOINTMENT"])
    assert "call Hospital RAA" in refused.content.decode()


def test_cancelling_asks_for_the_version_and_a_reason():
    referral = booked()
    path, body, held = cancelling(referral, "PATIENT_HOLIDAY")
    assert a_gp().put(path, body).status_code == 412
    body.pop("reason")
    assert codes_of(a_gp().put(path, body, **on(held))) == ["MISSING_VALUE"]


def test_an_appointment_elsewhere_or_no_longer_current_is_not_there():
    referral = booked()
    held = referral.appointments.get()
    for caller in (a_gp("A81002"), a_booking_office(OTHER_HOSPITAL)):
        assert caller.get(f"{APPOINTMENTS}/{held.pk}").status_code == 404
    for key in ("0", "x", "step-x", "step-1", "9" * 40, "-1"):
        assert a_gp().get(f"{APPOINTMENTS}/{key}").status_code == 404
    begun(referral)
    assert a_booking_office().get(f"{APPOINTMENTS}/{held.pk}").status_code == 200
