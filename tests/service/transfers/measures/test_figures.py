"""The figures from the store: what was done through the actions is what is told, to whom it is."""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_member,
    an_actor,
    signed_in,
)
from tests.service.transfers.asking.asked import an_asked_request
from tests.service.transfers.made_up import (
    a_capacity,
    a_clinician,
    a_manager,
    accepted,
    an_offer,
    an_open_request,
    days_ahead,
    told,
    transferred,
    waits,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.choice_figures.reading import year_to
from clockstop.service.transfers.actions import aid, moving
from clockstop.service.transfers.actions.asking import deciding, reviewing, searching
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.measures import courses
from clockstop.service.transfers.measures import published as published_module
from clockstop.service.transfers.measures.published import published
from clockstop.service.transfers.measures.reading import By, Scope
from clockstop.service.transfers.measures.tables import gathered
from clockstop.service.transfers.measures.tables import tables as all_tables
from clockstop.service.transfers.models import AidRequest, AidStep, PatientRequestStep
from clockstop.service.transfers.states import Aid, Asked

pytestmark = pytest.mark.django_db


def scope(by=By.ICB, icb=""):
    return Scope(year_to(timezone.localdate()), by, icb)


@pytest.fixture
def some():
    """One open, one offered, two with the patient of whom one declined, one accepted."""
    an_open_request()
    an_offer()
    told()
    declined = told()
    aid.decline_all(
        actor=a_manager(HOSPITAL), request_id=declined.request_id, reason="42", close=True
    )
    accepted()


def test_how_far_providers_requests_got(some):
    found = courses.furthest(gathered(scope()).providers, courses.PROVIDERS)
    assert dict(found.cells[ICB]) == {"Help asked for": 2, "Offered": 2, "Accepted": 1}


def test_every_step_row_is_read_once(some):
    read = [step for each in gathered(scope()).providers for step in each.steps]
    assert len(read) == AidStep.objects.count()


@pytest.mark.parametrize("by", By)
def test_all_groupings_hold_the_same_requests(some, by):
    held = gathered(scope(by))
    assert len(held.providers) == 5
    assert all(each.group is not None for each in held.providers)
    assert gathered(scope(by, OTHER_ICB)).providers == ()


def test_a_decline_is_told_with_its_reason(some):
    assert any("far" in reason.lower() for reason in _table("refusals_patient").columns)


def test_a_patient_who_was_given_back_is_told_with_the_reason():
    request = transferred()
    moving.return_patient(
        actor=a_clinician(request.receiver_code), request_id=request.pk, reason="not_fit"
    )
    assert _table("refusals_check").columns == ("Given back: not fit for treatment here",)


@pytest.mark.parametrize("by", [By.AGE, By.PROVIDER])
def test_days_and_refusals_stand_by_the_group_that_was_asked_for(some, by):
    groups = {line.group for line in _table("providers", by).lines}
    assert len(groups) > 1
    for slug in ("days_of_providers_1", "refusals_patient"):
        assert {line.group for line in _table(slug, by).lines} == groups


def _table(slug, by=By.ICB):
    (table,) = [each for each in all_tables(by, timezone.localdate()) if each.slug == slug]
    return table


def test_minutes_of_a_patients_own_request_are_all_that_staff_noted():
    """With the steps of the patient's request, and with those of the help that it led to."""
    request = an_asked_request(Asked.REQUESTED, waits(), distance=None, anywhere=True)
    clinician = way_of(a_clinician(), minutes=6)
    reviewing.find_suitable(way=clinician, request_id=request.pk, social=True)
    hub = way_of(an_actor(Role.ICB_HUB, "", request.icb_code), minutes=5)
    searching.search(way=hub, request_id=request.pk)
    held = AidRequest.objects.get(patient_request=request)
    aid.widen(actor=a_manager(), request_id=held.pk, minutes=1)
    made = aid.offer(
        actor=a_clinician(OTHER_HOSPITAL),
        request_id=held.pk,
        capacity_id=a_capacity().pk,
        terms=aid.Terms(day=days_ahead(30), override="Agreed"),
        minutes=12,
    )
    aid.send_to_patient(actor=a_manager(), request_id=held.pk, minutes=3)
    way = way_of(a_manager(), minutes=8)
    deciding.accept(way=way, request_id=request.pk, offer_id=made.pk)
    (course,) = gathered(scope()).patients
    assert course.minutes == 6 + 5 + 1 + 12 + 3 + 8 == _noted(PatientRequestStep) + _noted(AidStep)
    assert list(course.reached(courses.PATIENTS)) == [
        "suitable",
        "searched",
        "offered",
        "accepted",
    ]


def _noted(rows):
    return rows.objects.aggregate(noted=Sum("minutes", default=0))["noted"]


def test_small_numbers_are_left_out_of_the_page_and_its_file(some):
    member = a_member(Role.COMMISSIONER, "QAA", ICB)
    client = signed_in(Client(), member)
    page = client.get(reverse("aid_figures"), {"by": "provider"})
    assert page.status_code == 200
    assert "too few" in page.content.decode()
    text = client.get(reverse("aid_figures_file"), {"by": "provider"}).content.decode()
    rows = list(csv.DictReader(StringIO(text)))
    assert rows
    assert not [each for each in rows if each["value"] in {"1", "2", "5"}]


@pytest.mark.parametrize("role", [Role.PROVIDER_CLINICIAN, Role.REFERRER])
def test_others_do_not_see_them(role):
    client = signed_in(Client(), a_member(role))
    assert client.get(reverse("aid_figures")).status_code == 403


def test_an_unknown_grouping_is_not_found():
    client = signed_in(Client(), a_member(Role.ANALYST, "QAA", ICB))
    assert client.get(reverse("aid_figures"), {"by": "moon"}).status_code == 404


@pytest.fixture
def a_month_later():
    """What was done is of the month before; nothing of other tests is kept."""
    cache.clear()
    today = timezone.localdate()
    later = (today.replace(day=1) + timedelta(days=40)).replace(day=2)
    with time_machine.travel(datetime.combine(later, time(9), UTC), tick=False):
        yield later
    cache.clear()


def test_everybody_reads_the_figures_of_england_without_small_numbers(some, a_month_later):
    page = Client().get(reverse("published_aid_figures"), {"by": "provider"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Open Government Licence" in text
    assert "too few" in text
    answer = Client().get(reverse("published_aid_file"), {"by": "provider"})
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert rows
    assert not [each for each in rows if each["value"] in {"1", "2", "5"}]


def test_courses_are_read_once_for_all_groupings(some, a_month_later, monkeypatch):
    scopes = []

    def once(scope):
        scopes.append(scope)
        return gathered(scope)

    monkeypatch.setattr(published_module, "gathered", once)
    for by in By:
        assert published(by, a_month_later)
    assert len(scopes) == 1


def test_made_up_patients_are_said_to_be_made_up(some, settings):
    cache.clear()
    settings.CLOCKSTOP_PERSONAS = True
    page = Client().get(reverse("published_aid_figures")).content.decode()
    assert "figures of made-up patients" in page
    answer = Client().get(reverse("published_aid_file"))
    assert "made-up-mutual-aid" in answer["Content-Disposition"]


def test_what_is_published_changes_with_the_month_alone(some, a_month_later):
    """What is done in the month that goes on is in no figure, even when it is counted anew."""
    before = published(By.ICB, a_month_later)
    held = AidRequest.objects.filter(state=Aid.OPEN).first()
    aid.withdraw(actor=a_manager(), request_id=held.pk, reason="clinical")
    told()
    cache.clear()
    assert published(By.ICB, a_month_later) == before
