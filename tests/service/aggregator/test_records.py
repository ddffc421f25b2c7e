"""Telling the record service who has records here: held to its published document."""

import json
import re
from datetime import date, timedelta
from functools import cache

import httpx
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from tests.service.directory.made_up import an_organisation
from tests.service.ers.published import folder
from tests.service.people import OTHER_HOSPITAL, OTHER_ICB, a_pathway, a_patient
from tests.service.referrals.made_up import booked

from clockstop.core.types import Sector
from clockstop.service.aggregator import telling
from clockstop.service.aggregator.calling import NotTakenError, RecordClient
from clockstop.service.aggregator.models import RecordCall, RecordTold
from clockstop.service.aggregator.record_service import MOST, RecordService, record_service
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.protections import is_too_young

DOCUMENT = "pca/record-service.bundled.json"
EXAMPLE = "pca/examples/RecordServiceSendPatientList{}.json"
URL, KEY = "https://records.example/records/records", "6b882ddf-82f5-4611-9390-71ca6a045a60"
ENVIRONMENT = {
    "CLOCKSTOP_RECORD_SERVICE_URL": URL,
    "CLOCKSTOP_RECORD_SERVICE_KEY": KEY,
    "CLOCKSTOP_RECORD_SERVICE_APPOINTMENTS": "pep-01",
}


def example(name):
    return json.loads((folder() / EXAMPLE.format(name)).read_text(encoding="utf-8"))


@cache
def operation():
    document = json.loads((folder() / DOCUMENT).read_text(encoding="utf-8"))
    return document["paths"]["/records"]["post"]


def faults(body):
    """What the published document has against a request; nothing where there is no document."""
    if folder() is None:
        return []
    schema = operation()["requestBody"]["content"]["application/json"]["schema"]
    return [each.message for each in Draft4Validator(schema).iter_errors(body)]


class Service:
    """The record service: takes lists, or answers as it was told, one answer after the other."""

    def __init__(self, *answers, most=MOST, **clients):
        self.answers, self.taken, self.bodies = list(answers), {}, []
        self.known = RecordService(
            url=URL, key=KEY, clients=clients or {"appointments": "pep-01"}, most=most
        )

    def tell(self, **how):
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return telling.tell(RecordClient(self.known, client), **how)

    def answer(self, request):
        body = json.loads(request.content)
        assert (request.method, str(request.url)) == ("POST", URL)
        assert request.headers["Authorization"] == f"Bearer {KEY}"
        assert faults(body) == []
        assert len(body["nhsNumbers"]) <= self.known.most
        self.bodies.append(body)
        given = self.answers.pop(0) if self.answers else 200
        if isinstance(given, Exception):
            raise given
        if isinstance(given, tuple):
            return httpx.Response(given[0], json=given[1])
        if given == 200:
            self.taken.setdefault(body["clientId"], []).extend(body["nhsNumbers"])
            return httpx.Response(200, json={"result": "success"})
        return httpx.Response(given)


@pytest.fixture
def trust():
    return an_organisation(sector=Sector.NHS_TRUST)


def known_here(number=1, **values):
    """The NHS numbers of so many patients with a pathway at the trust."""
    return {a_pathway(a_patient(**values)).patient.nhs_number for _ in range(number)}


class TestTheDocument:
    def test_our_body_is_that_of_the_example(self, specs):
        told = example("Request")
        assert faults(told) == []
        sent = []

        def answer(request):
            sent.append(json.loads(request.content))
            return httpx.Response(200, json=example("ResponseHappyPath"))

        known = RecordService(url=URL, key=KEY, clients={"appointments": told["clientId"]})
        client = httpx.Client(transport=httpx.MockTransport(answer))
        RecordClient(known, client).tell("appointments", told["nhsNumbers"])
        assert sent == [told]

    def test_the_error_of_the_example_says_which_numbers_were_wrong(self, specs):
        def answer(_):
            return httpx.Response(400, json=example("ResponseError"))

        client = httpx.Client(transport=httpx.MockTransport(answer))
        known = RecordService(url=URL, key=KEY, clients={"appointments": "pep-01"})
        with pytest.raises(NotTakenError) as refused:
            RecordClient(known, client).tell("appointments", ["9000000009"] * 5)
        assert refused.value.refused == (1, 2, 3, 4)
        assert not re.search(r"\d{9}|abc", str(refused.value))

    @pytest.mark.parametrize("body", [{}, {"result": "failure"}, [], "text"], ids=str)
    def test_success_is_what_the_document_calls_so(self, body):
        def answer(_):
            return httpx.Response(200, json=body)

        client = httpx.Client(transport=httpx.MockTransport(answer))
        known = RecordService(url=URL, key=KEY, clients={"appointments": "pep-01"})
        with pytest.raises(NotTakenError):
            RecordClient(known, client).tell("appointments", ["9000000009"])


class TestTheSettings:
    def test_they_are_all_there_or_none(self):
        assert record_service({}) is None
        found = record_service(ENVIRONMENT)
        assert (found.clients, found.most) == ({"appointments": "pep-01"}, 5000)
        assert KEY not in repr(found)
        for name in ENVIRONMENT:
            some = {key: value for key, value in ENVIRONMENT.items() if key != name}
            with pytest.raises(ValueError, match="CLOCKSTOP_RECORD_SERVICE_"):
                record_service(some)

    @pytest.mark.parametrize("most", ["0", "5001", "-1", "many"])
    def test_a_call_holds_no_more_than_the_service_takes(self, most):
        with pytest.raises(ValueError, match="from 1 to 5000"):
            record_service(ENVIRONMENT | {"CLOCKSTOP_RECORD_SERVICE_MOST": most})


@given(
    born=st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    day=st.dates(date(2021, 1, 1), date(2060, 1, 1)),
)
def test_who_is_old_enough_is_as_everywhere(born, day):
    assert (born <= telling.born_by(day)) is not is_too_young(born, day)


@pytest.mark.django_db
class TestWhoIsTold:
    def told(self):
        service = Service()
        service.tell()
        return set(service.taken.get("pep-01", ()))

    def test_everybody_with_a_pathway_or_a_referral_at_a_trust(self, trust):
        numbers = known_here(2)
        referral = booked()
        type(referral.pathway).objects.filter(pk=referral.pathway_id).update(organisation_code="X")
        assert self.told() == numbers | {referral.patient.nhs_number}

    def test_none_at_other_providers_and_none_without_records(self, trust):
        an_organisation(OTHER_HOSPITAL, sector=Sector.INDEPENDENT)
        a_pathway(a_patient(), OTHER_HOSPITAL)
        a_patient()
        assert self.told() == set()

    @pytest.mark.parametrize(
        "values",
        [
            {"sensitive": True},
            {"died_on": date(2026, 1, 1)},
            {"nhs_number": ""},
            {"birth_date": timezone.localdate() - timedelta(days=15 * 365)},
        ],
        ids=lambda values: next(iter(values)),
    )
    def test_nobody_who_must_be_left_out(self, trust, values):
        known_here(1, **values)
        assert self.told() == set()

    def test_no_number_that_is_sensitive_in_another_record(self, trust):
        (number,) = known_here()
        a_patient(OTHER_ICB, nhs_number=number, sensitive=True)
        assert self.told() == set()

    def test_a_record_that_was_joined_counts_for_the_one_that_stands(self, trust):
        joined, stands = a_pathway().patient, a_patient()
        joined.merged_into = stands
        joined.save()
        assert self.told() == {stands.nhs_number}

    def test_a_sixteenth_birthday_adds_somebody(self, trust, time_machine):
        numbers = known_here(1, birth_date=date(2011, 3, 1))
        time_machine.move_to("2027-02-28T12:00:00+00:00", tick=False)
        assert self.told() == set()
        time_machine.move_to("2027-03-01T00:00:01+00:00", tick=False)
        assert self.told() == numbers


@pytest.mark.django_db
class TestTelling:
    def test_the_changes_since_last_time_in_calls_of_no_more_than_allowed(self, trust, monkeypatch):
        monkeypatch.setattr(telling, "_AHEAD", 2)
        numbers, service = known_here(5), Service(most=2)
        (found,) = service.tell()
        assert [len(each["nhsNumbers"]) for each in service.bodies] == [2, 2, 1]
        assert set(service.taken["pep-01"]) == numbers
        assert (found.told, found.calls, found.waiting, found.words) == (5, 3, 0, "")
        assert service.tell()[0].calls == 0
        later = known_here()
        service.tell()
        assert set(service.bodies[-1]["nhsNumbers"]) == later
        told = Entry.objects.filter(action="told the record service of patients")
        assert [each.detail for each in told.order_by("pk")] == [
            '{"records":2,"resource":"appointments"}',
            '{"records":2,"resource":"appointments"}',
            '{"records":1,"resource":"appointments"}',
            '{"records":1,"resource":"appointments"}',
        ]

    def test_each_kind_of_record_has_its_own_list(self, trust):
        numbers = known_here(2)
        service = Service(appointments="pep-01", documents="pep-02", questionnaires="pep-03")
        service.tell()
        assert {key: set(each) for key, each in service.taken.items()} == dict.fromkeys(
            ("pep-01", "pep-02", "pep-03"), numbers
        )
        rows = telling.counts()
        assert [(row["told"], row["waiting"]) for row in rows] == [(2, 0)] * 3

    @pytest.mark.parametrize(
        "failure", [500, 504, 429, 401, (400, {"code": "error.bad-request"}), httpx.ReadTimeout("")]
    )
    def test_what_was_not_taken_is_sent_again_after_longer_and_longer(
        self, trust, time_machine, failure
    ):
        time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)
        numbers, service = known_here(3), Service(200, failure, failure, most=2)
        (found,) = service.tell()
        assert (found.told, found.waiting) == (2, 1)
        assert found.words
        (kept,) = service.tell()
        assert (kept.calls, kept.told) == (0, 0)
        assert "until 12:01:00" in kept.words
        time_machine.shift(61)
        assert service.tell()[0].calls == 1
        time_machine.shift(61)
        assert service.tell()[0].calls == 0  # two minutes, the second time
        time_machine.shift(60)
        assert service.tell()[0].words == ""
        assert sorted(service.taken["pep-01"]) == sorted(numbers)
        calls = RecordCall.objects.values_list("is_taken", flat=True)
        assert list(calls) == [True, False, False, True]

    def test_it_need_not_wait(self, trust):
        known_here()
        service = Service(500)
        service.tell()
        assert service.tell(at_once=True)[0].told == 1

    def test_wrong_numbers_are_named_by_patient_and_stop_no_others(self, trust):
        numbers = known_here(4)
        wrong = (400, {"code": "error.bad-request", "data": '"nhsNumbers[1]" fails'})
        service = Service(wrong)
        (found,) = service.tell()
        (refused,) = found.refused
        first, second = (each["nhsNumbers"] for each in service.bodies)
        assert second == [each for at, each in enumerate(first) if at != 1]
        assert set(service.taken["pep-01"]) == numbers - {first[1]}
        assert not RecordTold.objects.filter(patient=refused).exists()
        assert found.waiting == 1
        service.tell()
        assert service.bodies[-1]["nhsNumbers"] == [first[1]]  # it is tried again

    def test_a_replay_tells_all_again_those_who_are_new_first(self, trust):
        old, service = known_here(3), Service(most=2)
        service.tell()
        first = dict(RecordTold.objects.values_list("patient", "first_at"))
        new = known_here()
        service.taken.clear()
        service.tell(replay=True)
        assert set(service.taken["pep-01"][:1]) == new
        assert set(service.taken["pep-01"]) == old | new
        assert first.items() <= dict(RecordTold.objects.values_list("patient", "first_at")).items()

    def test_a_replay_that_was_broken_off_goes_on(self, trust):
        numbers, service = known_here(3), Service(200, 200, 200, 500, most=2)
        service.tell()
        service.taken.clear()
        (broken,) = service.tell(replay=True)
        assert (broken.told, broken.waiting) == (2, 1)
        service.tell(at_once=True)
        assert sorted(service.taken["pep-01"]) == sorted(numbers)
        assert not RecordTold.objects.filter(again=True).exists()

    def test_distinct_numbers_are_counted_up_to_a_moment(self, trust, time_machine):
        time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)
        (number,) = known_here()
        a_pathway(a_patient(OTHER_ICB, nhs_number=number))
        Service().tell()
        time_machine.shift(60)
        known_here()
        Service().tell()
        assert telling.counts()[0]["told"] == 2
        assert telling.counts(timezone.now() - timedelta(seconds=30))[0]["told"] == 1
        known_here()
        assert telling.counts()[0]["waiting"] == 1
