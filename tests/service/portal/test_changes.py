"""Asking a hospital about its appointment: every step of the table, every refusal."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_member,
    a_patient,
    signed_in,
    signed_in_patient,
)
from tests.service.portal.made_up import SOON, a_change_request, a_hospital_date, online

from clockstop.service.accounts.roles import Role
from clockstop.service.messaging.models import Message
from clockstop.service.portal.actions.requesting import expire_past
from clockstop.service.portal.changes import (
    OPEN,
    State,
    against,
    against_asking,
    transitions,
)
from clockstop.service.portal.models import ChangeRequest, OnlineChanges

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
STEPS = [each for each in transitions().values() if each.starts]


@pytest.fixture
def asked():
    """A client of the patient, one of the booking office, and the pathway with its date."""
    pathway = a_hospital_date()
    online()
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    return signed_in_patient(Client(), pathway.patient), office, pathway


def ask(client, pathway, **typed):
    at = f"/your-care/waits/{pathway.pk}/change/"
    return client.post(at, {"day": SOON.isoformat(), "wish": "cancel", "words": "Away"} | typed)


def answer(office, request, **typed):
    return office.post(f"/change-requests/{request.pk}/", typed)


@pytest.mark.parametrize(
    ("row", "state"),
    list(product(STEPS, State)),
    ids=lambda each: getattr(each, "action", str(each)),
)
def test_a_step_is_taken_from_its_states_by_its_party_alone(row, state):
    for by in ("patient", "provider", "clock"):
        refused = list(against(row.action, state, by, day=TODAY, today=TODAY))
        assert (not refused) == (state in row.starts and by in row.by)


def test_after_the_day_only_the_clock_acts():
    for row in STEPS:
        late = list(
            against(row.action, row.starts[0], row.by[0], day=TODAY, today=date(2026, 6, 2))
        )
        assert (not late) == (row.action == "expire")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"wish": "swap"}, "Choose what"),
        ({"is_offered": False}, "does not change appointments online"),
        ({"day": date(2026, 5, 31)}, "has passed"),
        ({"is_open": True}, "earlier request"),
        ({}, ""),
    ],
)
def test_what_stands_against_asking(values, words):
    plain = {"wish": "cancel", "day": TODAY, "is_offered": True, "is_open": False}
    told = plain | values
    found = against_asking(
        told["wish"], told["day"], TODAY, is_offered=told["is_offered"], is_open=told["is_open"]
    )
    assert words in found
    assert bool(words) == bool(found)


def test_a_request_is_seen_answered_and_told(asked):
    client, office, pathway = asked
    length = pathway.length
    assert ask(client, pathway).status_code == 302
    request = ChangeRequest.objects.get()
    assert "has not seen your request yet" in client.get("/your-care/").content.decode()
    assert "Away" in office.get(f"/change-requests/{request.pk}/").content.decode()
    answer(office, request, action="acknowledge")
    assert "is looking at it" in client.get("/your-care/").content.decode()
    answer(office, request, action="approve", answer="Now on 4 May at 10am")
    page = client.get("/your-care/").content.decode()
    assert "has done what you asked" in page
    assert "Now on 4 May at 10am" in page
    assert [each.action for each in request.steps.all()] == ["ask", "acknowledge", "approve"]
    assert Message.objects.get().template == "change_answered"
    pathway.refresh_from_db()
    assert pathway.length == length  # no request and no answer touches the wait


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose an answer"),
        ({"action": "withdraw"}, "Choose an answer"),
        ({"action": "decline"}, "Choose why"),
        ({"action": "decline", "reason": "other"}, "Say why in words"),
        ({"action": "approve"}, "Say what you have changed"),
    ],
)
def test_an_answer_that_tells_the_patient_nothing_is_refused(asked, typed, words):
    client, office, pathway = asked
    ask(client, pathway)
    request = ChangeRequest.objects.get()
    refused = answer(office, request, **typed)
    assert refused.status_code == 400
    assert words in refused.content.decode()
    request.refresh_from_db()
    assert request.state == State.REQUESTED
    assert not Message.objects.exists()


def test_a_declined_request_says_why_and_can_be_made_anew(asked):
    client, office, pathway = asked
    ask(client, pathway)
    answer(office, ChangeRequest.objects.get(), action="decline", reason="too_late")
    assert "It is too late to change this" in client.get("/your-care/").content.decode()
    assert ask(client, pathway).status_code == 302
    assert ChangeRequest.objects.open().count() == 1


def test_one_request_at_a_time(asked):
    client, _, pathway = asked
    ask(client, pathway)
    assert ask(client, pathway).status_code == 400
    assert ChangeRequest.objects.count() == 1


def test_to_confirm_needs_no_words(asked):
    client, _, pathway = asked
    assert ask(client, pathway, words="").status_code == 400
    assert ask(client, pathway, wish="confirm", words="").status_code == 302


def test_the_patient_takes_it_back_until_it_is_answered(asked):
    client, office, pathway = asked
    ask(client, pathway)
    request = ChangeRequest.objects.get()
    at = f"/your-care/requests/{request.pk}/withdraw/"
    client.post(at)
    request.refresh_from_db()
    assert request.state == State.WITHDRAWN
    late = answer(office, request, action="approve", answer="Done")
    assert late.status_code == 400
    client.post(at)
    assert request.steps.count() == 2


def test_what_nobody_answered_expires(asked):
    _, office, pathway = asked
    request = a_change_request(pathway)
    assert expire_past() == 0
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert str(request.pk) not in office.get("/change-requests/").content.decode()
        assert (
            answer(office, request, action="acknowledge").status_code == 302
        )  # signed out by then
        assert expire_past() == 1
        assert expire_past() == 0
    request.refresh_from_db()
    assert request.state == State.EXPIRED
    assert request.state not in OPEN


@pytest.mark.parametrize("offer", [None, {"is_offered": False}])
def test_a_hospital_that_does_not_offer_it_says_whom_to_call(offer):
    pathway = a_hospital_date()
    if offer:
        online(**offer)
    client = signed_in_patient(Client(), pathway.patient)
    at = f"/your-care/waits/{pathway.pk}/change/"
    page = client.get(at, {"day": SOON.isoformat()}).content.decode()
    assert "does not change appointments online" in page
    assert ("01632 960001" if offer else "the number on your letter") in page
    assert ask(client, pathway).status_code == 400
    assert not ChangeRequest.objects.exists()


def test_a_day_that_the_hospital_did_not_enter_is_not_asked_about(asked):
    client, _, pathway = asked
    ask(client, pathway, day="2031-01-01")
    assert not ChangeRequest.objects.exists()


def test_another_hospital_sees_none_of_it(asked):
    client, _, pathway = asked
    ask(client, pathway)
    request = ChangeRequest.objects.get()
    other = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, OTHER_HOSPITAL))
    assert pathway.patient.family_name not in other.get("/change-requests/").content.decode()
    assert answer(other, request, action="acknowledge").status_code == 404
    stranger = signed_in_patient(Client(), a_patient())
    assert stranger.post(f"/your-care/requests/{request.pk}/withdraw/").status_code == 404
    assert ask(stranger, pathway).status_code == 404


def test_a_booking_office_says_whether_it_takes_requests():
    office = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))
    at = "/change-requests/offer/"
    assert office.post(at, {}).status_code == 400
    assert "number that patients call" in office.post(at, {"is_offered": "no"}).content.decode()
    assert office.post(at, {"is_offered": "yes", "phone": "01632 960002"}).status_code == 302
    held = OnlineChanges.objects.get()
    assert (held.organisation_code, held.is_offered, held.phone) == (HOSPITAL, True, "01632 960002")
