"""A patient looks at a referral, chooses, books, changes and cancels: only their own."""

from datetime import date

import pytest
from django.test import Client
from tests.service.people import a_patient, signed_in_carer, signed_in_patient
from tests.service.portal.made_up import referred
from tests.service.referrals.made_up import begun

from clockstop.service.accounts.models import Delegation
from clockstop.service.audit.models import Entry
from clockstop.service.directory.models import Slot
from clockstop.service.messaging.models import Message
from clockstop.service.portal.presenters.referrals import state_words
from clockstop.service.referrals.states import State

pytestmark = pytest.mark.django_db


def at(referral, page=""):
    return f"/your-care/{referral.pk}/{page}"


def text(response):
    return " ".join(response.content.decode().split())


def booking(slot, referral, **more):
    return {"service": slot.service_id, "slot": slot.pk, "version": referral.version} | more


def test_every_state_has_plain_words_without_codes():
    words = state_words()
    assert set(words) == set(State)
    for title, text in words.values():
        assert "_" not in title + text
        assert not {"RTT", "UBRN", "ASI", "triage"} & set((title + text).split())


def test_they_choose_a_time_and_are_told():
    client, referral, (slot, _) = referred()
    page = text(client.get(at(referral)))
    assert "You can choose where to go" in page
    assert "Hospital RAA" in page
    assert client.get(at(referral, "times/"), {"service": slot.service_id}).status_code == 200
    answer = client.post(at(referral, "times/"), booking(slot, referral))
    assert answer["Location"].endswith("?done=booked")
    referral.refresh_from_db()
    assert referral.state == State.BOOKED
    assert "You have an appointment" in text(client.get(at(referral)))
    [message] = Message.objects.all()
    assert (message.template, message.state) == ("appointment_booked", "queued")
    assert Slot.objects.get(pk=slot.pk).status == "booked"


def test_they_change_the_time_all_or_nothing():
    client, referral, (slot, other) = referred()
    client.post(at(referral, "times/"), booking(slot, referral))
    referral.refresh_from_db()
    Slot.objects.filter(pk=other.pk).update(status="booked")
    wanted = booking(other, referral, reason="PATIENT_ILL")
    refused = client.post(at(referral, "times/"), wanted)
    assert refused.status_code == 400
    assert "choose another" in text(refused)
    assert referral.appointments.get(status="booked").slot_id == slot.pk
    Slot.objects.filter(pk=other.pk).update(status="free")
    client.post(at(referral, "times/"), wanted)
    assert referral.appointments.get(status="booked").slot_id == other.pk
    assert Slot.objects.get(pk=slot.pk).status == "free"


def test_a_change_says_why():
    client, referral, (slot, other) = referred()
    client.post(at(referral, "times/"), booking(slot, referral))
    referral.refresh_from_db()
    answer = client.post(at(referral, "times/"), booking(other, referral))
    assert answer.status_code == 400
    assert "Choose a reason" in text(answer)


def test_they_cancel_and_stay_on_the_list():
    client, referral, (slot, _) = referred()
    client.post(at(referral, "times/"), booking(slot, referral))
    referral.refresh_from_db()
    client.post(at(referral, "cancel/"), {"reason": "PATIENT_HOLIDAY", "version": 2})
    referral.refresh_from_db()
    assert referral.state == State.APPT_CANCELLED_BY_PATIENT
    assert referral.pathway.length == 2
    page = text(client.get(at(referral)))
    assert "You are still on the list" in page
    told = Message.objects.order_by("created_at").values_list("template", "state")
    assert list(told) == [("appointment_booked", "cancelled"), ("appointment_cancelled", "queued")]


def test_an_appointment_that_has_begun_they_neither_change_nor_cancel():
    client, referral, (slot, other) = referred(patient_phone="01632 960001")
    client.post(at(referral, "times/"), booking(slot, referral))
    begun(referral)
    page = text(client.get(at(referral)))
    assert "call Hospital RAA on 01632 960001" in page
    assert "Cancel this appointment" not in page
    assert "Change the time" not in page
    for where, sent in (
        ("cancel/", {"reason": "PATIENT_HOLIDAY"}),
        ("times/", {"service": other.service_id, "slot": other.pk, "reason": "PATIENT_HOLIDAY"}),
    ):
        answer = client.post(at(referral, where), sent)
        assert answer.status_code == 400
        assert "call Hospital RAA on 01632 960001" in text(answer)
    assert referral.appointments.get().status == "booked"


def test_a_cancellation_needs_a_reason_and_words_where_the_list_says_so():
    client, referral, (slot, _) = referred()
    client.post(at(referral, "times/"), booking(slot, referral))
    for typed, words in (
        ({}, "Choose a reason"),
        ({"reason": "CLINIC_CANCELLED"}, "Choose a reason from the list"),
        ({"reason": "PATIENT_OTHER_ENGAGEMENT"}, "needs a comment"),
    ):
        answer = client.post(at(referral, "cancel/"), typed)
        assert answer.status_code == 400
        assert words in text(answer)


def test_where_no_time_is_free_the_hospital_is_asked_for_one():
    client, referral, _ = referred(slots=0)
    service = referral.shortlist.get().service
    assert "Ask this hospital for a time" in text(
        client.get(at(referral, "times/"), {"service": service.pk})
    )
    client.post(at(referral, "times/"), {"service": service.pk, "step": "hand_on", "version": 1})
    referral.refresh_from_db()
    assert referral.state == State.DEFERRED_TO_PROVIDER
    assert "be in touch by" in text(client.get(at(referral)))


def test_nobody_defers_where_times_are_free():
    client, referral, (slot, _) = referred()
    answer = client.post(at(referral, "times/"), {"service": slot.service_id, "step": "hand_on"})
    assert answer.status_code == 400
    referral.refresh_from_db()
    assert referral.state == State.NOT_BOOKED


def test_a_service_that_reads_first_gets_the_referral():
    client, referral, _ = referred(slots=0, takes_triage=True)
    service = referral.shortlist.get().service
    client.post(at(referral, "times/"), {"service": service.pk, "step": "hand_on", "version": 1})
    referral.refresh_from_db()
    assert referral.state == State.AWAITING_TRIAGE


def test_a_page_that_is_behind_changes_nothing():
    client, referral, (slot, _) = referred()
    answer = client.post(at(referral, "times/"), booking(slot, referral) | {"version": 7})
    assert answer.status_code == 400
    assert "Something has changed" in text(answer)


def test_a_place_that_is_not_on_the_shortlist_is_not_shown():
    client, referral, _ = referred()
    _, _, (slot, _) = referred(name="Elsewhere")
    answer = client.get(at(referral, "times/"), {"service": slot.service_id})
    assert answer.status_code == 302
    client.post(at(referral, "times/"), booking(slot, referral))
    referral.refresh_from_db()
    assert referral.state == State.NOT_BOOKED


def test_opening_it_is_in_the_audit():
    client, referral, _ = referred()
    before = Entry.objects.filter(subject=str(referral.pk)).count()
    client.get(at(referral))
    last = Entry.objects.filter(subject=str(referral.pk)).order_by("-number").first()
    assert (Entry.objects.filter(subject=str(referral.pk)).count(), last.role) == (
        before + 1,
        "patient",
    )


@pytest.mark.parametrize("page", ["", "times/", "cancel/"])
def test_somebody_elses_is_not_there(page):
    _, referral, _ = referred()
    other = signed_in_patient(Client(), a_patient())
    assert other.get(at(referral, page)).status_code == 404
    assert other.post(at(referral, page)).status_code == 404


def test_a_carer_acts_until_their_last_day():
    _, referral, (slot, _) = referred()
    carer = signed_in_carer(Client(), referral.patient)
    assert "for Ada" in text(carer.get(at(referral)))
    carer.post(at(referral, "times/"), booking(slot, referral))
    referral.refresh_from_db()
    assert (referral.state, referral.steps.last().role) == (State.BOOKED, "carer")
    Delegation.objects.update(ends=date(2021, 1, 1))
    for page in ("/your-care/", at(referral), at(referral, "cancel/")):
        assert carer.get(page)["Location"].startswith("/sign-in/")
        assert carer.post(page).status_code == 302


@pytest.mark.parametrize(
    "values", [{"sensitive": True}, {"birth_date": date(2015, 5, 17)}], ids=["sensitive", "child"]
)
def test_some_have_no_portal(values):
    patient = a_patient(**values)
    client, referral, _ = referred(patient=patient)
    for page in ("", "times/", "cancel/"):
        assert client.get(at(referral, page)).status_code == 404
    assert str(referral.pk) not in text(client.get("/your-care/"))
    assert not Message.objects.exists()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_they_say_whether_they_were_offered_a_choice(answer):
    client, referral, _ = referred()
    client.post(at(referral), {"offered": answer})
    referral.choice.refresh_from_db()
    assert referral.choice.patient_says == answer
    assert "You told us" in text(client.get(at(referral)))


def test_saying_nothing_is_no_answer():
    client, referral, _ = referred()
    client.post(at(referral), {})
    referral.choice.refresh_from_db()
    assert referral.choice.patient_says == ""
