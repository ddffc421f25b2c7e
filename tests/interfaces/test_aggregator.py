"""``clockstop aggregator``: who has records here, told to the record service."""

import json

import httpx
import pytest
from tests.service.directory.made_up import an_organisation
from tests.service.people import a_pathway

from clockstop.core.types import Sector
from clockstop.service.aggregator import calling
from clockstop.service.aggregator.record_service import RecordService

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings, monkeypatch):
    """What the service takes; ``answers`` are its statuses, one after the other."""
    known = RecordService(
        url="https://records.example", key="k", clients={"appointments": "pep-01"}
    )
    settings.CLOCKSTOP_RECORD_SERVICE, settings.CLOCKSTOP_PERSONAS = known, False
    taken, answers, real = [], [], httpx.Client

    def answer(request):
        taken.extend(json.loads(request.content)["nhsNumbers"])
        return httpx.Response(answers.pop(0) if answers else 200, json={"result": "success"})

    monkeypatch.setattr(
        calling.httpx, "Client", lambda **_: real(transport=httpx.MockTransport(answer))
    )
    an_organisation(sector=Sector.NHS_TRUST)
    return taken, answers


def test_it_is_told_and_counted(clockstop, service):
    taken, _ = service
    number = a_pathway().patient.nhs_number
    assert clockstop("aggregator", "tell").stdout == "appointments: 1 told, 0 wait\n"
    assert taken == [number]
    (row,) = json.loads(clockstop("aggregator", "tell", "--json").stdout)
    assert (row["told"], row["calls"]) == (0, 0)
    clockstop("aggregator", "tell", "--replay")
    assert taken == [number, number]
    assert "appointments: 1 told, 0 wait" in clockstop("aggregator", "count").stdout
    rows = json.loads(clockstop("aggregator", "count", "--until", "2020-01-01", "--json").stdout)
    assert rows[0] == {"resource": "appointments", "told": 0, "waiting": 0}


def test_a_failure_ends_the_command_with_its_reason(clockstop, service):
    _, answers = service
    answers.append(503)
    number = a_pathway().patient.nhs_number
    failed = clockstop("aggregator", "tell")
    assert failed.exit_code == 1
    assert "answered 503" in failed.output
    assert number not in failed.output
    assert "nothing is sent until" in clockstop("aggregator", "tell").output
    assert clockstop("aggregator", "tell", "--now").exit_code == 0


def test_without_settings_or_beside_made_up_people_nothing_is_told(clockstop, service, settings):
    settings.CLOCKSTOP_PERSONAS = True
    refused = clockstop("aggregator", "tell")
    assert refused.exit_code == 1
    assert "CLOCKSTOP_PERSONAS" in refused.output
    settings.CLOCKSTOP_RECORD_SERVICE = None
    refused = clockstop("aggregator", "tell")
    assert refused.exit_code == 1
    assert "not set up" in refused.output
    assert service[0] == []
