"""A005: a referral as it stands, for those whom it concerns."""

import pytest
from tests.service.ers.calling import (
    a_consultant,
    a_gp,
    contained,
    extensions,
    state_of,
)
from tests.service.referrals import made_up
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    a_referral,
    a_service,
    begun,
    booked,
)

from clockstop.service.audit.models import Entry
from clockstop.service.referrals import actions

pytestmark = pytest.mark.django_db


def at(referral, version=None):
    tail = f"/_history/{version}" if version else ""
    return f"/STU3/ReferralRequest/{referral.ubrn}{tail}"


def test_a_referral_says_what_it_is_and_where_it_stands():
    service = a_service()
    referral = a_referral(service)
    response = a_gp().get(at(referral))
    told = response.json()
    assert (response.status_code, response["ETag"]) == (200, 'W/"1"')
    assert (told["id"], told["meta"]["versionId"]) == (referral.ubrn, "1")
    assert told["subject"]["identifier"]["value"] == referral.patient.nhs_number
    assert state_of(told) == ("NOT_BOOKED", "", "")
    (listed,) = contained(told, "List")
    assert [each["item"]["identifier"]["value"] for each in listed["entry"]] == [str(service.pk)]
    assert not contained(told, "Appointment")
    assert "Appointment-Reference" not in extensions(told)


def test_a_booking_stands_in_it_with_its_slot():
    referral = booked()
    told = a_gp().get(at(referral)).json()
    (appointment,) = contained(told, "Appointment")
    row = referral.appointments.get()
    assert appointment["status"] == "booked"
    assert appointment["slot"] == [{"reference": f"Slot/{row.slot_id}"}]
    reference = extensions(told)["Appointment-Reference"]["reference"]
    assert reference == f"Appointment/{row.pk}"
    assert "eReferralPathwayStart" in extensions(told)


def _referred(**_):
    return a_referral()


def _triaged(**_):
    return a_referral(a_service(takes_triage=True), triage=True)


def _deferred(**_):
    referral = a_referral()
    service = referral.shortlist.get().service_id
    actor = made_up.a_referrer()
    return actions.defer(
        actor=actor, referral_id=referral.pk, service_id=service, reason="NO_SLOTS_AT_SERVICE"
    )


def _accepted(**_):
    return actions.accept_book_later(actor=made_up.a_clinician(), referral_id=_triaged().pk)


def _returned(**_):
    return actions.return_with_advice(
        actor=made_up.a_clinician(), referral_id=_triaged().pk, comment="Try rest"
    )


def _rejected(**_):
    return actions.reject(
        actor=made_up.a_clinician(),
        referral_id=booked().pk,
        reason="SERVICE_INAPPROPRIATE",
        comment="Not ours",
    )


def _cancelled_appointment(**_):
    return actions.cancel_appointment(
        actor=made_up.a_referrer(), referral_id=booked().pk, reason="PATIENT_HOLIDAY"
    )


def _cancelled(**_):
    return actions.cancel_referral(
        actor=made_up.a_referrer(),
        referral_id=booked().pk,
        reason="REFERRER_CANCELLATION",
        comment="Not needed",
    )


def _missed(**_):
    return actions.not_attended(
        actor=made_up.a_booking_office(), referral_id=begun(booked()).pk, reason="PATIENT_FORGOT"
    )


def _rebooking(**_):
    return actions.cancel_action_later(
        actor=made_up.a_booking_office(), referral_id=booked().pk, comment="Clinic moved"
    )


MADE = (
    _referred,
    booked,
    _triaged,
    _deferred,
    _accepted,
    _returned,
    _rejected,
    _cancelled_appointment,
    _cancelled,
    _missed,
    _rebooking,
)


@pytest.mark.parametrize("made", MADE)
def test_every_state_goes_out_in_the_published_shape(made):
    """The caller holds each answer to the published schema."""
    referral = made()
    referral.refresh_from_db()
    told = a_gp().get(at(referral)).json()
    state, reason, comments = state_of(told)
    assert state == referral.state
    assert reason == referral.reason
    assert comments == referral.comment
    held = contained(told, "Appointment")
    assert bool(held) == (state != "NOT_BOOKED")
    assert told["status"] == ("cancelled" if state == "CANCELLED_REFERRAL" else "active")


def test_the_current_version_is_to_be_had_by_its_number_and_no_other():
    referral = booked()
    caller = a_gp()
    assert caller.get(at(referral, referral.version)).json()["id"] == referral.ubrn
    for other in (referral.version - 1, referral.version + 1, "x"):
        assert caller.get(at(referral, other)).status_code == 404


def test_somebody_elses_referral_is_not_there():
    referral = booked()
    assert a_consultant().get(at(referral)).status_code == 200
    assert a_consultant(OTHER_HOSPITAL).get(at(referral)).status_code == 404
    assert a_gp("A81002").get(at(referral)).status_code == 404
    assert a_gp().get("/STU3/ReferralRequest/000000000000").status_code == 404


def test_that_it_was_read_is_in_the_audit():
    referral = a_referral()
    caller = a_gp()
    caller.get(at(referral))
    entry = Entry.objects.filter(subject=str(referral.pk)).last()
    assert (entry.action, entry.actor) == ("viewed a referral", str(caller.member.person_id))
