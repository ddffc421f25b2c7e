"""Whatever a program sends, the answer is one that the document promises, and no fault of ours."""

import json
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from tests.service.transfers.aid.test_api import BASE, Caller
from tests.service.transfers.aid.test_fhir import (
    CONSENT,
    OPENED,
    SIGNED,
    System,
    a_message,
    asks,
    the_patient,
)
from tests.service.transfers.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_capacity,
    an_open_request,
    days_ago,
    days_ahead,
    told,
    waits,
)
from tests.sizes import SOAK

from clockstop.service.api.mutual_aid import api
from clockstop.service.transfers.handover.messages import response_message
from clockstop.service.transfers.handover.proposals import Proposal, Said, of_proposal
from clockstop.service.ui.limits import Limit

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]  # the latter: more in the long runs
ANY = settings(
    max_examples=200 if SOAK else 6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


DOCUMENT = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = [
    (path, method.upper())
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
]


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.CLOCKSTOP_LIMITS = {}


def promised(answer, path, method):
    """The answer is one that the document has, in its media type and shape."""
    said = DOCUMENT["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in said, answer.content
    content = said[str(answer.status_code)]["content"]
    kind = answer["Content-Type"].partition(";")[0]
    assert kind in content
    schema = content[kind]["schema"] | {"components": DOCUMENT["components"]}
    errors = [each.message for each in Draft202012Validator(schema).iter_errors(answer.json())]
    assert errors == []


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.value)
def test_any_call_is_answered_as_promised(client, path, method, mode):
    callers = [Caller(client, HOSPITAL), Caller(client, OTHER_HOSPITAL)]
    pathway, offered, capacity = waits(), told(), a_capacity()
    real = {"aid_id": str(offered.request_id), "capacity_id": str(capacity.pk)}
    known = {
        "pathway_identifier": pathway.identifier,
        "pathway_issuer": pathway.issuer,
        "nhs_number": pathway.patient.nhs_number,
        "version": offered.request.version,
    }
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    cases = schema[path][method].as_strategy(generation_mode=mode)

    @ANY
    @given(case=cases, is_real=st.booleans(), caller=st.sampled_from(callers))
    def answered(case, is_real, caller):
        address, query, body = path, dict(case.query or {}), case.body
        for name, value in (case.path_parameters or {}).items():
            text = real[name] if is_real else str(value)
            address = address.replace(f"{{{name}}}", quote(text, safe=""))
        if is_real and isinstance(body, dict):
            body |= {name: known[name] for name in body.keys() & known.keys()}
        address = f"{address.removeprefix(BASE)}?{urlencode(query)}"
        answer = caller.get(address) if method == "GET" else caller.post(address, as_json(body))
        promised(answer, path, method)

    answered()


def as_json(body):
    try:
        json.dumps(body)
    except TypeError:  # nothing was generated
        return None
    return body


ALTERED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just("\x00"),
    st.just("x" * 3_000),
    st.just("9999-12-31"),
    st.just("0001-01-01"),
)


def ways(value, way=()):
    """The way to each place of a message."""
    yield way
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ways(inner, (*way, name))
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ways(inner, (*way, at))


def altered(value, way, to):
    if not way:
        return to
    made = dict(value) if isinstance(value, dict) else list(value)
    made[way[0]] = altered(made[way[0]], way[1:], to)
    return made


@pytest.mark.parametrize("kind", ["request", "test", "offer", "choice", "decline"])
def test_any_message_is_answered_as_fhir(kind):
    """One or two places of a right message are anything."""
    sender, helper = System(HOSPITAL), System(OTHER_HOSPITAL)
    offered = told()
    request = an_open_request()
    since = {"url": "urn:clockstop:aid:waiting_since", "valueDate": days_ago(9).isoformat()}
    test = asks(protocol="Why?", **SIGNED)
    test["extension"].append(since)
    test["code"] = {"coding": [{"system": "urn:clockstop:aid:test", "code": "MRI"}]}
    number = the_patient(waits().patient.nhs_number)
    said = {
        "offer": Proposal(
            said=Said.OFFERED, reference=request.reference, day=days_ahead(9), team="Hips"
        ),
        "choice": Proposal(said=Said.CHOSEN, reference=offered.request.reference, offer=offered.pk),
        "decline": Proposal(
            said=Said.REFUSED, reference=request.reference, reason="99", comment="No"
        ),
    }
    right = {
        "request": a_message(
            asks(waits(), bmi=31, asa=2) | {"status": "active"}, OPENED[0], CONSENT
        ),
        "test": a_message(test | {"status": "active"}, OPENED[0], CONSENT, number),
    }
    for name, each in said.items():
        right[name] = response_message("m", "m", of_proposal(each), (HOSPITAL, ""), "2026-03-27")
    message = right[kind]
    places = [way for way in ways(message) if way]

    @settings(ANY, max_examples=200 if SOAK else 25)
    @given(first=st.sampled_from(places), second=st.sampled_from(places), to=ALTERED, again=ALTERED)
    def answered(first, second, to, again):
        told_ = altered(message | {"id": str(uuid4())}, first, to)
        if second[: len(first)] != first:
            told_ = altered(told_, second, again)
        answer = (helper if kind == "offer" else sender).send(json.dumps(told_))
        assert answer.status_code in {200, 400, 403, 404, 409, 422}

    answered()


@pytest.mark.parametrize("path", ["ServiceRequest", "Task"])
def test_any_search_is_answered_as_fhir(path):
    sender = System(HOSPITAL)
    an_open_request()
    names = [
        "_id",
        "_count",
        "_after",
        "_lastUpdated",
        "status",
        "identifier",
        "requester",
        "focus",
    ]

    @settings(ANY, max_examples=200 if SOAK else 25)
    @given(
        asked=st.dictionaries(
            st.sampled_from([*names, "x"]),
            st.one_of(st.text(max_size=40), st.sampled_from(["ge9999-12-31T23:59:59-14:00", "1"])),
            max_size=3,
        )
    )
    def answered(asked):
        assert sender.get(path, **asked).status_code in {200, 400}

    answered()


def test_without_a_token_every_operation_says_so_as_promised():
    for path, method in OPERATIONS:
        address = path.replace("{aid_id}", str(uuid4())).replace("{capacity_id}", str(uuid4()))
        answer = Client().generic(method, address, "{}", "application/json")
        assert answer.status_code == 401
        promised(answer, path, method)


def test_who_calls_too_often_is_told_when_to_come_back(client, settings):
    once = Limit(address=1, session=1)
    settings.CLOCKSTOP_LIMITS = {"post": once, "fhir": once}
    cache.clear()
    caller, system = Caller(client, HOSPITAL), System(HOSPITAL)
    answers = [caller.post("/capacity", {}) for _ in range(2)]
    assert [each.status_code for each in answers] == [400, 429]
    promised(answers[1], f"{BASE}/capacity", "POST")
    assert int(answers[1]["Retry-After"]) > 0
    answers = [system.get("Task") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 0
    cache.clear()
