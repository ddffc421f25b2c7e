"""Without an account: one referral, for a while, in a session that opens nothing else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import a_pathway, a_patient, signed_in_patient
from tests.service.portal.made_up import opened, referred

from clockstop.service.portal.doors import LASTS
from clockstop.service.referrals.states import State

pytestmark = pytest.mark.django_db


def test_the_right_three_open_it_and_it_can_be_booked():
    _, referral, (slot, _) = referred()
    client, answer, _ = opened(referral)
    assert answer["Location"] == "/booking/referral/"
    page = client.get("/booking/referral/")
    assert page["Cache-Control"] == "no-store"
    assert "You opened this one referral" in page.content.decode()
    wanted = {"service": slot.service_id, "slot": slot.pk, "version": 1}
    client.post("/booking/times/", wanted)
    referral.refresh_from_db()
    assert referral.state == State.BOOKED
    step = referral.steps.last()
    assert (step.by, step.role) == ("booking reference", "patient")
    client.post("/booking/cancel/", {"reason": "PATIENT_ILL", "version": 2})
    referral.refresh_from_db()
    assert referral.state == State.APPT_CANCELLED_BY_PATIENT


def test_whatever_is_wrong_the_answer_is_the_same():
    _, referral, _ = referred()
    _, _, typed = opened(referral)
    pages = set()
    for wrong in ({"ubrn": "900099990000"}, {"code": "ABCD EFGH"}, {"born-day": 1}):
        answer = Client().post("/booking/", typed | wrong)
        assert answer.status_code == 400
        error = answer.content.decode().split("nhsuk-error-summary__list")[1].split("</ul>")[0]
        pages.add(error)
    assert len(pages) == 1


def test_it_opens_nothing_else():
    own, referral, _ = referred()
    other = a_pathway(a_patient())
    client, _, _ = opened(referral)
    for page in ("/your-care/", f"/your-care/{referral.pk}/", f"/pathways/{other.pk}/", "/carers/"):
        assert client.get(page)["Location"].startswith("/sign-in/")
    assert own.get("/booking/referral/")["Location"] == "/booking/"


def test_it_signs_out_whoever_was_signed_in():
    _, referral, _ = referred()
    client = signed_in_patient(Client(), a_patient())
    assert client.get("/your-care/").status_code == 200
    opened(referral, client)
    assert client.get("/your-care/")["Location"].startswith("/sign-in/")


def test_it_closes_by_itself_and_by_hand():
    _, referral, _ = referred()
    client, _, _ = opened(referral)
    with time_machine.travel(timezone.now() + LASTS + timedelta(minutes=1), tick=False):
        assert client.get("/booking/referral/")["Location"] == "/booking/"
    client, _, _ = opened(referral)
    client.post("/booking/close/")
    assert client.get("/booking/referral/")["Location"] == "/booking/"


@pytest.mark.parametrize("changed", [{"sensitive": True}, {"died_on": date(2026, 1, 1)}])
def test_it_closes_when_the_record_must_not_be_open(changed):
    _, referral, _ = referred()
    client, _, _ = opened(referral)
    type(referral.patient).objects.update(**changed)
    for page in ("referral", "times", "cancel"):
        assert client.get(reverse(f"opened_{page}"))["Location"] == "/booking/"


def test_a_parent_calls_for_a_child():
    _, referral, _ = referred(patient=a_patient(birth_date=date(2015, 5, 17)))
    client, answer, _ = opened(referral)
    assert "A parent or carer can call" in answer.content.decode()
    assert client.get("/booking/referral/")["Location"] == "/booking/"


def test_tries_are_limited(settings):
    from clockstop.service.ui.limits import Limit

    settings.CLOCKSTOP_LIMITS = {"sign_in": Limit(address=3, session=3)}
    client = Client(REMOTE_ADDR="192.0.2.77")
    codes = [client.post("/booking/", {"ubrn": "1"}).status_code for _ in range(5)]
    assert codes == [400, 400, 400, 429, 429]
