"""The wait that is left where the patient waits: of people who have waited as long, not of all."""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import ICB, signed_in_patient
from tests.service.transfers.asking.asked import an_asked_request
from tests.service.transfers.made_up import (
    a_capacity,
    a_clinician,
    an_offer,
    an_open_request,
    days_ago,
    waits,
)

from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.actions import record_event
from clockstop.service.referrals import figures
from clockstop.service.transfers import facts
from clockstop.service.transfers.actions import matching
from clockstop.service.transfers.facts import facts_of
from clockstop.service.transfers.fitting import judged
from clockstop.service.transfers.models import AidRequest, Match
from clockstop.service.transfers.provider import rows
from clockstop.service.transfers.providers import estimate_for
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
LONG = 50  # weeks; nothing is told of waits over twice as long


@pytest.fixture
def ahead(monkeypatch):
    """Tables in which who joins waits 40 weeks, and who has waited long 6 more, 8 in 10 within 9."""

    def expected(provider, function, waited=0):
        half, most = (6.0, 9.0) if waited >= LONG else (40.0, 60.0)
        within = {"all": SimpleNamespace(p50=half, p80=most, p92=None)}
        return SimpleNamespace(within={} if waited > 2 * LONG else within)

    monkeypatch.setattr(figures, "current_waits", lambda: SimpleNamespace(expected=expected))


def waiting(weeks):
    return waits(since=days_ago(7 * weeks))


def test_what_is_expected_here_is_of_those_who_have_waited_as_long(ahead):
    today = timezone.localdate()
    assert [facts_of(waiting(weeks), today)["weeks_here"] for weeks in (0, 49, 50)] == [40, 40, 6]


def test_where_the_tables_tell_nothing_of_so_long_a_wait_it_is_of_those_who_join(
    ahead, monkeypatch
):
    pathway = waiting(2 * LONG + 1)
    joins = {pathway.organisation_code: figures.Waits(expected_half=30)}
    monkeypatch.setattr(facts, "waits_of", lambda _function: joins)
    assert facts_of(pathway, timezone.localdate())["weeks_here"] == 30


def test_no_time_is_gained_for_somebody_who_would_soon_be_treated_here(ahead):
    late = {"first_date": days_ago(-70), "last_date": days_ago(-90)}
    a_capacity(**late)
    soon, joined = an_open_request(waiting(LONG + 2)), an_open_request(waiting(20))
    AidRequest.objects.filter(pk=soon.pk).update(weeks_here=40)  # as it was told for who joins
    run = matching.run(ICB, SYSTEM)
    found = {each.request_id: each for each in Match.objects.filter(run=run)}
    assert found[soon.pk].binding == "no_time_gained"
    why = json.loads(found[soon.pk].why)["against"]
    assert why == ["No time gained: 10 weeks there, 6 here"]
    assert (found[joined.pk].binding, found[joined.pk].weeks_gained) == ("", 30)


def test_with_a_day_that_is_offered_weeks_are_gained_until_that_day(ahead):
    request, capacity = an_open_request(waiting(LONG + 2)), a_capacity()
    day = days_ago(-28)
    found = judged(request, capacity, timezone.localdate(), day=day)
    assert found.fit.weeks_gained == 2
    assert an_offer(request, capacity, day=day).weeks_gained == 2


def shown(request):
    facts = dict(rows.facts_shown(request, timezone.localdate(), own=True))
    return facts["Expected wait here"]


def test_the_wait_that_is_shown_is_the_one_that_is_left_today(ahead):
    """Nothing is written as time goes by: by the tables, and without them by what has passed."""
    request, told = an_open_request(waiting(LONG - 5)), an_open_request(waiting(2 * LONG - 4))
    AidRequest.objects.filter(pk=told.pk).update(weeks_here=30)
    told.refresh_from_db()
    assert (shown(request), shown(told)) == ("40 more weeks", "6 more weeks")
    with time_machine.travel(timezone.now() + timedelta(weeks=5), tick=False):
        assert (shown(request), shown(told)) == ("6 more weeks", "25 more weeks")


def test_a_start_that_is_corrected_is_that_of_the_request_too(ahead):
    request = an_open_request(waiting(20))
    assert shown(request) == "40 more weeks"
    day = days_ago(7 * LONG)
    values = {"kind": "referral_received", "day": day.isoformat(), "referrer": "professional"}
    record_event(
        actor=a_clinician(),
        pathway=request.pathway,
        values=values | {"supersedes": "e1"},
        reason="Mistyped",
        submission=uuid4(),
    )
    request.refresh_from_db()
    assert (request.waiting_since, request.weeks_here) == (day, 6)
    assert shown(request) == "6 more weeks"


def test_the_patient_is_told_of_people_who_have_waited_as_long(ahead):
    asked = an_asked_request(Asked.INVITED, waiting(LONG), clock_start=days_ago(7 * LONG))
    told = estimate_for(asked)
    assert (told.here, told.as_long, told.told["as_long"]) == (9, True, True)
    client = signed_in_patient(Client(), asked.patient)
    text = client.get(reverse("own_sooner_tracker", args=(asked.pk,))).content.decode()
    assert "8 in 10 people who have waited as long as you are treated within" in text
    assert "The waits at other places are estimates for people who join a list now" in text


def test_without_tables_nothing_is_told():
    told = estimate_for(an_asked_request())
    assert (told.here, told.as_long) == (None, False)
