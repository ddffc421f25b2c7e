"""No NHS number, postcode or name in an address, a redirect or a log."""

import logging
import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from tests.service.people import a_member, a_pathway, a_patient, signed_in
from tests.service.safety.routes import GUARDED, every_route

from clockstop.interfaces.config import gunicorn
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.ui.logs import DiscreetFormatter

pytestmark = pytest.mark.django_db
# What an address may hold besides the key of a record: codes and words of lists that are public.
WORDS = {"code", "kind", "way", "folder", "topic", "function", "panel", "extension", "number"}
WORDS |= {"provider"}  # by its code
WORDS |= {"key", "version", "code_system"}  # of a resource: of one that names a person, no number
WORDS |= {"ubrn"}  # a booking reference, to programs with a token that see the referral
WORDS |= {"worklist", "name", "act"}  # of a worklist, of a file of a return, of a step
WORDS |= {"sheet"}  # which file of transfers: requests, data sets, answers
NUMBER, POSTCODE = "9990000018", "ZZ99 7ZZ"


def test_an_address_holds_keys_and_the_words_of_public_lists_and_nothing_else():
    named = {name for route in every_route() for name in route.parameters}
    assert {name for name in named if not name.endswith("_id")} <= WORDS


@pytest.mark.parametrize("route", [r for r in GUARDED if r.parameters], ids=lambda r: r.pattern)
@pytest.mark.parametrize("typed", [NUMBER, POSTCODE])
def test_no_guarded_address_takes_a_number_or_a_postcode_for_a_record(route, typed):
    for name in route.parameters:
        if name.endswith("_id"):
            path = "/" + route.pattern.replace(f"<uuid:{name}>", typed)
            with pytest.raises(Resolver404):
                resolve(path.replace("<slug:kind>", "death").replace("<int:number>", "1"))


@pytest.fixture
def journey(caplog):
    """All that is logged, as it is printed, while somebody works; and where they were sent."""
    caplog.set_level(logging.DEBUG)
    patient = a_patient(family_name="Featherstonehaugh", postcode=POSTCODE)
    pathway = a_pathway(patient)
    client = signed_in(Client(raise_request_exception=False), a_member(Role.PROVIDER_CLINICIAN))
    answers = [
        client.get(reverse("pathways")),
        client.post(reverse("find_patient"), {"nhs_number": patient.nhs_number}),
        client.post(reverse("find_patient"), {"nhs_number": patient.nhs_number + "x"}),
        client.get(reverse("find_patient"), {"nhs_number": patient.nhs_number}),
        client.get(reverse("pathway", args=(pathway.pk,))),
        *_recorded(client, pathway),
        client.get(f"/pathways/{patient.nhs_number}/"),
        client.get(f"/pathways/{POSTCODE}/"),
        client.get(f"/nothing?number={patient.nhs_number}"),
        Client(enforce_csrf_checks=True).post("/pathways/find/", {"q": patient.nhs_number}),
    ]
    printed = [
        DiscreetFormatter().format(record)
        for record in caplog.records
        if not record.name.startswith("django.db.backends")  # never on: see the test below
    ]
    return patient, answers, printed


def _recorded(client, pathway):
    """The form, its effect, and saved."""
    at = reverse("record_event", args=(pathway.pk, "death"))
    page = client.get(at)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    day = {"day-day": "6", "day-month": "1", "day-year": "2025"}
    yield page
    yield client.post(at, hidden | day)
    yield client.post(at, hidden | day | {"step": "save"})
    assert pathway.events.count() == 1


def test_nothing_of_the_patient_is_logged(journey):
    patient, answers, printed = journey
    assert {each.status_code for each in answers} >= {200, 403, 404}
    assert any("404 Not Found" in line for line in printed)
    for line in printed:
        for trace in (patient.nhs_number, patient.number.spaced, "Feather", POSTCODE, "ZZ99"):
            assert trace not in line


def test_nobody_is_sent_to_an_address_that_tells_whose_record_it_is(journey):
    patient, answers, _ = journey
    for answer in answers:
        headers = str(answer.headers)
        assert patient.nhs_number not in headers
        assert "Feather" not in headers
        assert "ZZ99" not in headers.replace("%20", " ")


def test_a_bug_while_a_number_is_searched_logs_no_number(caplog, monkeypatch):
    from clockstop.service.pathways import views

    def fail(*_, **__):
        raise ValueError(f"something about {NUMBER}")

    monkeypatch.setattr(views, "_listed", fail)
    client = signed_in(Client(raise_request_exception=False), a_member(Role.PROVIDER_CLINICIAN))
    answer = client.post(reverse("find_patient"), {"nhs_number": NUMBER})
    assert answer.status_code == 500
    assert NUMBER not in answer.content.decode()
    printed = [DiscreetFormatter().format(record) for record in caplog.records]
    assert any("ValueError" in line for line in printed)
    assert not any(NUMBER in line for line in printed)


def test_questions_to_the_store_and_requests_are_not_logged(settings):
    loggers = settings.LOGGING["loggers"]
    assert loggers["django"]["level"] == "WARNING"
    assert not [name for name in loggers if name.startswith("django.db")]
    assert getattr(gunicorn, "accesslog", None) is None


def test_records_do_not_print_whose_they_are():
    pathway = a_pathway(a_patient(family_name="Featherstonehaugh"))
    records = (pathway, pathway.patient, PathwayEvent())
    for text in (*map(str, records), *map(repr, records), repr(pathway.patient.number)):
        assert "Feather" not in text
        assert pathway.patient.nhs_number not in text


def test_an_error_about_a_number_does_not_repeat_it():
    from clockstop.core.types import NhsNumber

    with pytest.raises(ValueError, match="digit") as refused:
        NhsNumber("9990000019")
    assert "9990000019" not in str(refused.value)
