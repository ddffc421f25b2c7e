"""``clockstop messages`` and ``clockstop portal``: the outbox, campaigns, requests that expired."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.messaging.made_up import queued
from tests.service.people import a_pathway
from tests.service.portal.made_up import a_change_request, referred

pytestmark = pytest.mark.django_db


def told(run, *words):
    answer = run(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_what_is_due_becomes_files_and_is_counted(clockstop, settings, tmp_path):
    settings.CLOCKSTOP_HOME = tmp_path
    queued()
    assert told(clockstop, "messages", "send") == {"sent": 1}
    assert len(list((tmp_path / "messages").glob("*.json"))) == 1
    [row] = told(clockstop, "messages", "list")
    assert (row["template"], row["state"], row["messages"]) == ("appointment_booked", "sent", 1)
    shown = clockstop("messages", "list").stdout
    assert "appointment_booked" in shown


def test_nothing_live_is_sent_beside_made_up_people(clockstop, settings):
    settings.CLOCKSTOP_LIVE_MESSAGES = True
    message = queued()
    answer = clockstop("messages", "send")
    assert answer.exit_code == 1
    assert "CLOCKSTOP_PERSONAS" in answer.output
    message.refresh_from_db()
    assert message.state == "queued"


def test_campaigns_and_what_came_of_them(clockstop):
    referred()
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        found = told(clockstop, "portal", "remind", "--days", "14")
        assert found == {"cohort": 1, "in the outbox": 1}
        assert told(clockstop, "portal", "ask-still-needed")["cohort"] == 0
    assert told(clockstop, "portal", "results")["queued"] == 1
    printed = clockstop("portal", "results").stdout
    assert "booked since: 0" in printed
    assert "opted out: 0" in printed


def test_requests_whose_day_has_passed_expire(clockstop):
    a_change_request(a_pathway(), day=timezone.localdate() - timedelta(days=1))
    assert told(clockstop, "portal", "expire") == {"expired": 1}


def test_who_uses_the_app_is_asked_only_where_it_is_set_up(clockstop):
    answer = clockstop("messages", "app-users")
    assert answer.exit_code == 1
    assert "not set up" in answer.output
