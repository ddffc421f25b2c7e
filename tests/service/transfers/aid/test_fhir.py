"""Mutual aid by a provider's own system: asked, offered, answered and declined as FHIR, by a token."""

import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task
from jsonschema import Draft202012Validator
from tests.service.people import OTHER_ICB, a_member, a_patient, signed_in
from tests.service.transfers.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_capacity,
    a_clinician,
    accepted,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    told,
    transferring,
    waits,
    with_form,
)

from clockstop.core.codes.decline_reasons import decline_reasons
from clockstop.service.accounts import tokens
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.moving.answering import Answer
from clockstop.service.transfers.actions.moving.answering import Told as Moved
from clockstop.service.transfers.handover.messages import (
    DEFINITIONS,
    EVENTS,
    REQUEST,
    response_message,
)
from clockstop.service.transfers.handover.proposals import Proposal, Said, of_proposal
from clockstop.service.transfers.handover.tasks import of_answer
from clockstop.service.transfers.models import AidRequest, Offer, TakenMessage
from clockstop.service.transfers.states import Aid, OfferState

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[4]
BASE = "/mutual-aid/FHIR/R4"
AT = "2026-03-27T09:00:00.000Z"
MODELS = {each.__name__: each for each in (Bundle, OperationOutcome, ServiceRequest, Task)}
DRAFT = ("new", "draft")
OPENED = ("new", "active")
SIGNED = {"clinically_suitable": True, "socially_suitable": True}
CONSENT = {
    "resourceType": "Consent",
    "status": "active",
    "scope": {"text": "To be treated elsewhere"},
    "category": [{"text": "Mutual aid"}],
}


class System:
    """A provider's system, with a token of one of its clinicians."""

    def __init__(self, code, role=Role.PROVIDER_CLINICIAN, scope=Scope.TRANSFERS):
        member = a_member(role, code)
        _, token = tokens.make(owner=member, name="t", scopes=[scope], lasts=timedelta(days=1))
        self.code, self.client = code, Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path, **query):
        return held(self.client.get(f"{BASE}/{path}", query))

    def send(self, bundle):
        body = bundle if isinstance(bundle, str | bytes) else json.dumps(bundle)
        address = f"{BASE}/$process-message"
        return held(self.client.post(address, body, content_type="application/fhir+json"))

    def ask(self, request, act=OPENED, *others, key=None):
        """A request message; ``others`` are what else is in it."""
        reason, status = act
        return self.send(a_message(request | {"status": status}, reason, *others, key=key))

    def say(self, said, request, key=None, **more):
        task = of_proposal(Proposal(said=said, reference=request.reference, **more))
        return self.send(response_message(key or str(uuid4()), "m", task, (self.code, ""), AT))

    def tell(self, told_, request, **more):
        answer = Answer(reference=request.reference, told=told_, day=days_ago(0), **more)
        bundle = response_message(str(uuid4()), "m", of_answer(answer), (self.code, ""), AT)
        return self.send(bundle)


def held(answer):
    """An answer that is FHIR, whatever it says."""
    assert answer["Content-Type"] == "application/fhir+json"
    resource = answer.json()
    MODELS[resource["resourceType"]].model_validate(resource)
    if answer.status_code >= 400:
        assert resource["resourceType"] == "OperationOutcome"
    return answer


def a_message(request, reason, *others, key=None):
    header = {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": EVENTS, "code": REQUEST},
        "source": {"endpoint": "urn:uuid:system"},
        "reason": {"coding": [{"code": reason}]},
        "focus": [{"reference": "urn:uuid:1"}],
    }
    resources = (header, {"resourceType": "ServiceRequest", **request}, *others)
    entries = [{"fullUrl": f"urn:uuid:{at}", "resource": each} for at, each in enumerate(resources)]
    bundle = {"resourceType": "Bundle", "type": "message", "id": key or str(uuid4())}
    return bundle | {"entry": entries}


def asks(pathway=None, **said):
    """A ServiceRequest as a system would write it; ``said`` are extensions of ours."""
    found = {"intent": "plan", "subject": {"display": "A patient"}}
    if pathway:
        issuer = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": pathway.issuer}
        found["identifier"] = [
            {
                "system": "https://fhir.nhs.uk/Id/care-pathway-id",
                "value": pathway.identifier,
                "assigner": {"identifier": issuer},
            }
        ]
    kinds = {bool: "valueBoolean", int: "valueInteger", str: "valueString"}
    found["extension"] = [
        {"url": f"urn:clockstop:aid:{name}", kinds[type(value)]: value}
        for name, value in said.items()
    ]
    return found


def the_patient(number):
    system = "https://fhir.nhs.uk/Id/nhs-number"
    return {"resourceType": "Patient", "identifier": [{"system": system, "value": number}]}


def focus_of(answer):
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["entry"][1]["resource"]


def words_of(answer):
    return [each["diagnostics"] for each in answer.json()["issue"]]


def entries_of(answer):
    return [each["resource"] for each in answer.json()["entry"]]


@pytest.fixture
def sender():
    return System(HOSPITAL)


@pytest.fixture
def helper():
    return System(OTHER_HOSPITAL)


def test_a_patient_is_asked_for_offered_a_place_and_moved_by_two_systems(sender, helper):
    pathway = waits()
    asked = focus_of(sender.ask(asks(pathway, bmi=31, **SIGNED), OPENED, CONSENT))
    assert (asked["status"], asked["intent"]) == ("active", "plan")
    request = AidRequest.objects.get()
    assert (request.state, request.bmi, request.pathway) == (Aid.OPEN, 31, pathway)
    (seen,) = entries_of(helper.get("ServiceRequest", status="active"))
    text = json.dumps(seen)
    for trace in (pathway.identifier, pathway.patient.nhs_number, pathway.patient.family_name):
        assert trace not in text
    assert seen["identifier"][0]["value"] == request.reference
    offered = focus_of(helper.say(Said.OFFERED, request, day=days_ahead(30), team="Hips"))
    assert (offered["status"], offered["executionPeriod"]) == (
        "requested",
        {"start": days_ahead(30).isoformat()},
    )
    (task,) = entries_of(sender.get("Task", focus=f"ServiceRequest/{asked['id']}"))
    assert task == offered
    assert focus_of(sender.say(Said.SENT, request))["status"] == "received"
    chosen = focus_of(sender.say(Said.CHOSEN, request, offer=Offer.objects.get().pk))
    assert chosen["status"] == "accepted"
    with_form(Offer.objects.get())
    assert focus_of(helper.say(Said.PASSED, request))["status"] == "accepted"
    message = helper.get(f"ServiceRequest/{asked['id']}/$message").json()
    assert message["entry"][2]["resource"]["name"][0]["family"] == pathway.patient.family_name
    assert helper.tell(Moved.RECEIVED, request).status_code == 200
    assert helper.tell(Moved.TREATED, request, setting="outpatient").status_code == 200
    request.refresh_from_db()
    assert request.state == Aid.COMPLETED
    assert [each["status"] for each in entries_of(sender.get("Task", status="completed"))] == [
        "completed"
    ]


def test_the_message_of_the_guide_is_taken(sender):
    guide = (ROOT / "docs/how-to/ask-for-help.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    pathway = waits()
    assert '"00000000000000000001"' in text
    text = text.replace("00000000000000000001", pathway.identifier)
    text = text.replace('"RAA"', f'"{pathway.issuer}"')
    assert focus_of(sender.send(text))["status"] == "active"
    request = AidRequest.objects.get()
    assert (request.pathway, request.bmi, request.distance) == (pathway, 31, 50)


def test_a_draft_is_read_changed_and_sent_and_the_same_changes_nothing(sender):
    drafted = focus_of(sender.ask(asks(waits(), comorbidities="diabetes copd"), DRAFT))
    assert drafted["status"] == "draft"
    key = drafted["id"]
    read = sender.get(f"ServiceRequest/{key}").json()
    assert read == drafted
    same = focus_of(sender.ask(read, ("update", "draft")))
    assert same["meta"]["versionId"] == read["meta"]["versionId"]
    read["extension"].append({"url": "urn:clockstop:aid:asa", "valueInteger": 2})
    read["occurrencePeriod"] = {"end": days_ahead(40).isoformat()}
    changed = focus_of(sender.ask(read, ("update", "draft")))
    assert changed["meta"]["versionId"] == "2"
    held_ = AidRequest.objects.get()
    assert (held_.asa, held_.needed_by) == (2, days_ahead(40))
    assert held_.comorbidities == ("diabetes", "copd")
    again = sender.ask(read, ("update", "draft"))
    assert again.status_code == 200  # it says what is there already
    read["extension"][-1]["valueInteger"] = 3
    assert sender.ask(read, ("update", "draft")).status_code == 409
    refused = sender.ask({"id": key}, ("update", "active"))
    assert refused.status_code == 422
    assert len(words_of(refused)) == 3  # consent and both signatures
    opened = focus_of(
        sender.ask(asks(national=True, **SIGNED) | {"id": key}, ("update", "active"), CONSENT)
    )
    assert opened["status"] == "active"
    held_.refresh_from_db()
    assert (held_.state, held_.national) == (Aid.OPEN, True)
    assert (held_.suitable_clinically_by, held_.asa) != ("", None)


def test_a_manager_names_the_clinician_who_signed():
    clinician = a_member(Role.PROVIDER_CLINICIAN, HOSPITAL)
    manager = System(HOSPITAL, Role.WAITING_LIST_MANAGER)
    refused = manager.ask(asks(waits(), **SIGNED), OPENED, CONSENT)
    assert "Choose the clinician" in words_of(refused)[0]
    assert not AidRequest.objects.exists()
    named = {
        "resourceType": "Practitioner",
        "identifier": [
            {"system": "urn:clockstop:transfer:person", "value": str(clinician.person_id)}
        ],
    }
    focus_of(manager.ask(asks(waits(), **SIGNED), OPENED, CONSENT, named))
    assert AidRequest.objects.get().suitable_clinically_by == str(clinician.person_id)


def test_a_direct_access_test_is_asked_for_by_the_patients_number(sender):
    patient = waits().patient
    since = {"url": "urn:clockstop:aid:waiting_since", "valueDate": days_ago(20).isoformat()}
    asked = asks(protocol="Is there stenosis?", **SIGNED)
    asked["code"] = {"coding": [{"system": "urn:clockstop:aid:test", "code": "MRI"}]}
    wrong = sender.ask(asked, OPENED, CONSENT)
    assert wrong.status_code == 400
    assert len(words_of(wrong)) == 2  # nobody, and no day
    asked["extension"].append(since)
    made = focus_of(sender.ask(asked, OPENED, CONSENT, the_patient(patient.nhs_number)))
    assert made["code"]["coding"][0]["code"] == "MRI"
    held_ = AidRequest.objects.get()
    assert (held_.patient, held_.pathway, held_.waiting_since) == (patient, None, days_ago(20))


PROVIDERS_CODES = [code for code, each in decline_reasons().items() if "provider" in each.by]
PATIENTS_CODES = [code for code, each in decline_reasons().items() if "patient" in each.by]


@pytest.mark.parametrize("code", PROVIDERS_CODES)
def test_a_provider_declines_by_each_of_its_codes(helper, code):
    request = an_open_request()
    task = focus_of(helper.say(Said.REFUSED, request, reason=code, comment="Theatre closed"))
    assert task["status"] == "rejected"
    assert task["statusReason"]["coding"][0]["code"] == code
    step = request.steps.order_by("-version")[0]
    assert (step.action, step.reason, step.comment) == ("refuse", code, "Theatre closed")


@pytest.mark.parametrize("code", PATIENTS_CODES)
@pytest.mark.parametrize("said", [Said.DECLINED, Said.STAYS])
def test_a_patient_declines_by_each_of_their_codes(sender, said, code):
    made = told()
    sender.say(said, made.request, reason=code, comment="Too far")
    made.refresh_from_db()
    after = Aid.OPEN if said is Said.DECLINED else Aid.CLOSED_PATIENT_DECLINED
    assert (made.state, made.request.state, made.request.reason) == (
        OfferState.RELEASED,
        after,
        code,
    )


@pytest.mark.parametrize(
    ("reason", "comment", "words"),
    [
        ("", "", "Choose a reason"),
        ("41", "", "expected 22, 23"),
        ("99", "", "needs a few words"),
        ("26", "", "Choose a reason from the list"),  # the patient's alone
    ],
)
def test_a_decline_without_a_fitting_code_is_refused(helper, reason, comment, words):
    request = an_open_request()
    refused = helper.say(Said.REFUSED, request, reason=reason, comment=comment)
    assert refused.status_code == 422
    assert words in words_of(refused)[0]
    assert not request.steps.filter(action="refuse").exists()


def test_the_check_fails_and_the_search_goes_on(helper):
    made = accepted()
    task = focus_of(helper.say(Said.FAILED, made.request, reason="23"))
    assert (task["status"], task["statusReason"]["coding"][0]["code"]) == ("rejected", "23")
    made.request.refresh_from_db()
    assert made.request.state == Aid.OPEN


def test_a_place_of_posted_capacity_is_offered_and_taken_back(helper, sender):
    request, capacity = an_open_request(), a_capacity()
    offered = focus_of(helper.say(Said.OFFERED, request, day=days_ahead(9), capacity=capacity.pk))
    capacity.refresh_from_db()
    assert capacity.taken == 1
    task = focus_of(helper.say(Said.WITHDRAWN, request, offer=offered["id"], reason="staff"))
    assert (task["status"], task["statusReason"]["text"]) == ("cancelled", "Staff")
    request.refresh_from_db()
    assert request.state == Aid.OPEN
    other = an_offer(request)
    refused = System("RCC").say(Said.WITHDRAWN, request, offer=other.pk, reason="staff")
    assert refused.status_code in {404, 422}
    assert sender.say(Said.CHOSEN, request, offer=uuid4()).status_code == 404


@pytest.mark.parametrize(
    ("act", "reason", "after", "why"),
    [
        (("update", "revoked"), "patient", Aid.CLOSED_WITHDRAWN, "patient"),
        (("delete", "entered-in-error"), "", Aid.CLOSED_WITHDRAWN, "error"),
    ],
)
def test_a_sender_asks_no_more(sender, act, reason, after, why):
    request = an_open_request()
    system = "urn:clockstop:transfer:withdrawal"
    coded = {"coding": [{"system": system, "code": reason}]}
    url = "http://hl7.org/fhir/StructureDefinition/request-statusReason"
    said = {
        "identifier": [{"system": "urn:clockstop:transfer:reference", "value": request.reference}],
        "extension": [{"url": url, "valueCodeableConcept": coded}] if reason else [],
    }
    assert focus_of(sender.ask(said, act))["status"] == "revoked"
    request.refresh_from_db()
    assert (request.state, request.reason) == (after, why)


def test_a_message_that_comes_twice_acts_once(sender, helper):
    asked, key = asks(waits(), bmi=31), str(uuid4())
    first = sender.ask(asked, DRAFT, key=key)
    assert sender.ask(asked, DRAFT, key=key).json() == first.json()
    assert AidRequest.objects.count() == 1
    other = sender.ask(asks(waits(), bmi=32), DRAFT, key=key)
    assert (other.status_code, other.json()["issue"][0]["code"]) == (409, "duplicate")
    request = an_open_request()
    offer = {"day": days_ahead(9), "team": "Hips", "key": key}  # of another provider: another one
    again = [helper.say(Said.OFFERED, request, **offer).json() for _ in range(2)]
    assert again[0] == again[1]
    assert Offer.objects.filter(request=request).count() == 1
    assert TakenMessage.objects.count() == 2


def test_a_message_that_was_refused_can_be_sent_again(sender, helper):
    request, key = an_open_request(), str(uuid4())
    offer = {"day": days_ago(1), "team": "Hips"}
    assert helper.say(Said.OFFERED, request, key=key, **offer).status_code == 422
    assert not TakenMessage.objects.exists()
    offer["day"] = days_ahead(9)
    assert helper.say(Said.OFFERED, request, key=key, **offer).status_code == 200


def test_white_space_that_fhir_does_not_know_is_told_as_spaces(helper):
    request = an_open_request()
    offered = helper.say(Said.OFFERED, request, day=days_ahead(9), team="Hips\x1fand\xa0knees")
    assert focus_of(offered)["input"][0]["valueString"] == "Hips and knees"
    nameless = focus_of(helper.say(Said.OFFERED, an_open_request(), day=days_ahead(9)))
    assert "input" not in nameless  # nor can the patient be told of it


def test_the_id_of_a_message_is_one_of_fhir(sender):
    refused = sender.ask(asks(waits()), DRAFT, key="é?")
    assert (refused.status_code, words_of(refused)[0][:9]) == (400, "Bundle.id")


def test_all_that_is_wrong_with_a_request_is_told_at_once(sender):
    asked = asks(waits(), bmi="heavy", critical_care="perhaps", colour="red", asa=2)
    asked["occurrencePeriod"] = {"end": "soon"}
    refused = sender.ask(asked, ("new", "completed"))
    assert refused.status_code == 400
    asked_right = sender.ask(asked, DRAFT)
    for words in ("heavy", "perhaps", "colour", "soon"):
        assert sum(words in each for each in words_of(asked_right)) == 1
    assert "new completed" in words_of(refused)[0]
    assert {each["details"]["coding"][0]["code"] for each in refused.json()["issue"]} == {
        "REC_BAD_REQUEST"
    }
    assert not AidRequest.objects.exists()


def test_all_that_is_wrong_with_an_offer_is_told_at_once(helper):
    task = of_proposal(Proposal(said=Said.OFFERED, reference="", team="T" * 101))
    task |= {"status": "accepted", "input": [*task["input"]]}
    task["input"].append({"type": {"text": "capacity"}, "valueString": "mine"})
    refused = helper.send(response_message("k", "m", task, (helper.code, ""), AT))
    assert refused.status_code == 400
    assert len(words_of(refused)) == 5
    assert not Offer.objects.exists()


def test_nobody_asks_for_others_patients(sender, helper):
    pathway, stranger = waits(), a_patient(OTHER_ICB)
    refused = helper.ask(asks(pathway), DRAFT)
    assert "no such pathway of your own list" in words_of(refused)[0]
    refused = sender.ask(asks(pathway), DRAFT, the_patient(stranger.nhs_number))
    assert "another NHS number" in words_of(refused)[0]
    assert stranger.nhs_number not in refused.content.decode()
    bundle = a_message(asks(pathway) | {"status": "draft"}, "new")
    ods = "https://fhir.nhs.uk/Id/ods-organization-code"
    organisation = {
        "resourceType": "Organization",
        "identifier": [{"system": ods, "value": OTHER_HOSPITAL}],
    }
    bundle["entry"].append({"fullUrl": "urn:uuid:sender", "resource": organisation})
    bundle["entry"][0]["resource"]["sender"] = {"reference": "urn:uuid:sender"}
    assert sender.send(bundle).status_code == 403
    request = an_open_request(pathway)
    withdrawn = helper.ask({"id": str(request.pk)}, ("delete", "entered-in-error"))
    assert withdrawn.status_code == 404
    assert AidRequest.objects.count() == 1


@pytest.mark.parametrize("path", ["ServiceRequest", "Task", "$process-message"])
def test_a_token_of_the_scope_is_needed(path):
    def ask(system_client):
        call = system_client.post if path.startswith("$") else system_client.get
        return held(call(f"{BASE}/{path}")).status_code

    assert ask(Client()) == 401
    assert ask(System(HOSPITAL, scope=Scope.FHIR_READ).client) == 403


def test_searches_go_page_by_page_and_say_all_that_they_do_not_know(sender):
    made = [an_open_request() for _ in range(3)]
    answer, found = sender.get("ServiceRequest", _count=2, requester=HOSPITAL), []
    assert answer.json()["total"] == 3
    while True:
        found += entries_of(answer)
        links = {each["relation"]: each["url"] for each in answer.json()["link"]}
        if "next" not in links:
            break
        answer = held(sender.client.get(links["next"]))
    assert {each["id"] for each in found} == {str(each.pk) for each in made}
    one = sender.get(
        "ServiceRequest", identifier=made[0].reference, _lastUpdated="ge2020-01-01T00:00:00Z"
    )
    assert [each["id"] for each in entries_of(one)] == [str(made[0].pk)]
    later = sender.get("ServiceRequest", _lastUpdated="ge2999-01-01T00:00:00+00:00")
    assert later.json()["total"] == 0
    wrong = sender.get("Task", status="perhaps", _count="many", patient="9", focus="x")
    assert wrong.status_code == 400
    assert len(words_of(wrong)) == 4


def test_the_request_message_of_a_transfer_is_had_by_a_token(client, sender, helper):
    request = transferring()
    path = f"ServiceRequest/{request.pk}/$message"
    by_token = helper.get(path).json()
    browser = signed_in(client, a_member(Role.WAITING_LIST_MANAGER, OTHER_HOSPITAL))
    assert browser.get(reverse("transfer_message", args=[request.pk])).json() == by_token
    assert sender.get(path).json() == by_token
    assert System("RCC").get(path).status_code == 404
    waiting = accepted()
    assert sender.get(f"ServiceRequest/{waiting.request_id}/$message").status_code == 404


def test_ids_of_calls_come_back(sender):
    key = str(uuid4())
    headers = {"X-Request-Id": key, "X-Correlation-Id": "no key"}
    answer = sender.client.get(f"{BASE}/Task", headers=headers)
    assert answer["X-Request-Id"] == key
    assert "X-Correlation-Id" not in answer


def test_what_is_not_there_is_told_as_fhir(sender):
    for path in ("Patient", f"Task/{uuid4()}", f"ServiceRequest/{uuid4()}", "Task/first"):
        assert sender.get(path).status_code == 404
    assert held(sender.client.put(f"{BASE}/Task")).status_code == 405


def test_the_statement_lists_what_can_be_done(client):
    answer = client.get(f"{BASE}/metadata")
    stated = answer.json()
    CapabilityStatement.model_validate(stated)
    (rest,) = stated["rest"]
    assert {each["type"] for each in rest["resource"]} == {"ServiceRequest", "Task"}
    assert [each["name"] for each in rest["operation"]] == ["process-message"]
    supported = {each["definition"] for each in stated["messaging"][0]["supportedMessage"]}
    assert supported == set(DEFINITIONS.values())
    assert stated["implementation"]["url"].endswith(BASE)


def test_answers_are_as_bars_publishes_them(specs, client, sender, helper):
    """The documents of BaRS say little of a body; its example says which elements a header has."""
    document = json.loads((specs / "bars/openapi-1.0.0.bundled.json").read_text(encoding="utf-8"))

    def hold(answer, path, method):
        responses = document["paths"][path][method]["responses"]
        said = responses.get(str(answer.status_code), responses["4XX"])
        if "$ref" in said:
            said = document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        schema = said["content"]["application/fhir+json"]["schema"]
        whole = schema | {"components": document["components"]}
        assert not list(Draft202012Validator(whole).iter_errors(answer.json()))

    request = transferring()
    asked = sender.ask(asks(waits()), DRAFT)
    hold(asked, "/$process-message", "post")
    hold(sender.ask({}, DRAFT), "/$process-message", "post")
    hold(helper.tell(Moved.RECEIVED, request), "/$process-message", "post")
    hold(sender.get("ServiceRequest"), "/ServiceRequest", "get")
    hold(sender.get("ServiceRequest", wrong=1), "/ServiceRequest", "get")
    hold(sender.get(f"ServiceRequest/{request.pk}"), "/ServiceRequest/{id}", "get")
    hold(client.get(f"{BASE}/metadata"), "/metadata", "get")
    name = "bars/examples-1.4.0/process_message/request/ValidationRequest (POST) .json"
    example = json.loads((specs / name).read_text(encoding="utf-8"))
    theirs = example["entry"][0]["resource"]
    ours = sender.get(f"ServiceRequest/{request.pk}/$message").json()["entry"][0]["resource"]
    assert set(theirs) - {"id", "meta", "extension"} <= set(ours)
    assert set(focus_of(asked)["category"][0]["coding"][0]) >= {"system", "code"}
    listed = json.loads(
        (specs / "bars/examples-1.4.0/service_request/GET-success.json").read_text(encoding="utf-8")
    )
    coding = listed["entry"][0]["category"][0]["coding"][0]
    assert focus_of(asked)["category"][0]["coding"][0] == coding
    assert focus_of(asked)["intent"] == listed["entry"][0]["intent"]


def test_a_published_message_of_another_kind_is_refused_as_fhir(specs, sender):
    body = (specs / "bars/examples-1.4.0/process_message/POST-body.json").read_bytes()
    refused = sender.send(body)
    assert refused.status_code == 400
    assert "servicerequest-request" in words_of(refused)[0]


def test_a_refusal_reaches_the_one_request_and_an_action_of_the_pages_agrees(helper):
    """What a program says is what the page would have said."""
    by_program, by_page = an_open_request(), an_open_request()
    helper.say(Said.REFUSED, by_program, reason="22")
    actor = a_clinician(OTHER_HOSPITAL)
    aid.refuse(actor=actor, request_id=by_page.pk, reason="22")
    assert [(each.action, each.after, each.reason) for each in by_program.steps.all()] == [
        (each.action, each.after, each.reason) for each in by_page.steps.all()
    ]
