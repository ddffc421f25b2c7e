"""FHIR: the request loses nothing on its way, answers come once, refusals say everything."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.task import Task
from hypothesis import given
from hypothesis import strategies as st
from tests.service.people import a_member
from tests.service.transfers.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_clinician,
    an_offer,
    told,
    transferring,
)

from clockstop.core.codes.iptamds import elements, problems
from clockstop.service.accounts import tokens
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope
from clockstop.service.fhir.faults import FaultyError
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.moving.answering import Answer, Told
from clockstop.service.transfers.actions.moving.data_set import read
from clockstop.service.transfers.handover.fhir_views import message_of
from clockstop.service.transfers.handover.messages import (
    read_request,
    request_message,
    response_message,
)
from clockstop.service.transfers.handover.tasks import of_answer, read_answer
from clockstop.service.transfers.models import AidRequest, Exchange
from clockstop.service.transfers.states import Aid

AT = "2026-03-27T09:00:00.000Z"
WORDS = st.text("abcdefghijklmnop ", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(elements(), WORDS)))
def test_no_element_is_lost_on_the_way_there_and_back(values):
    needed = values | {"pathway_identifier": "1" * 20, "pathway_issuer": "X09"}
    bundle = json.loads(json.dumps(request_message("key", "MA-1", needed, AT)))
    assert read_request(bundle) == needed


@pytest.mark.parametrize("told_", list(Told))
def test_an_answer_is_read_as_it_was_written(told_):
    answer = Answer(
        reference="MA-1",
        told=told_,
        day=timezone.localdate(),
        setting="admitted" if told_ is Told.TREATED else "",
        reason="not_fit" if told_ is Told.RETURNED else "",
        result="No stenosis" if told_ is Told.RESULTED else "",
    )
    bundle = response_message("k", "m", of_answer(answer), ("RAA", "RBB"), AT)
    Bundle.model_validate(json.loads(json.dumps(bundle)))
    assert read_answer(bundle) == answer


def test_all_that_is_wrong_with_an_answer_is_told_at_once():
    with pytest.raises(FaultyError) as refused:
        read_answer({"entry": [{"resource": {"resourceType": "Task"}}]})
    assert len(refused.value.faults) == 3


def a_client(organisation_code=OTHER_HOSPITAL, scope=Scope.TRANSFERS, role=Role.PROVIDER_CLINICIAN):
    member = a_member(role, organisation_code)
    _, token = tokens.make(owner=member, name="t", scopes=[scope], lasts=timedelta(days=1))
    return Client(headers={"Authorization": f"Bearer {token}"})


def send(client, bundle):
    return client.post(
        reverse("transfer_fhir"), json.dumps(bundle), content_type="application/fhir+json"
    )


def an_answer(request, told_, **more):
    answer = Answer(reference=request.reference, told=told_, day=timezone.localdate(), **more)
    return response_message(str(uuid4()), "m", of_answer(answer), (HOSPITAL, OTHER_HOSPITAL), AT)


@pytest.mark.django_db
def test_the_message_of_a_transfer_is_whole_and_valid():
    request = transferring()
    bundle = json.loads(json.dumps(message_of(request.reference, request.transfer)))
    Bundle.model_validate(bundle)
    values = read_request(bundle)
    assert values == read(request.transfer.data_set)
    assert not problems(values)


@pytest.mark.django_db
def test_a_receiver_answers_by_message_and_once_for_its_key():
    request, client = transferring(), a_client()
    told_ = an_answer(request, Told.RECEIVED)
    first = send(client, told_)
    assert first.status_code == 200
    Bundle.model_validate(first.json())
    length = Pathway.objects.get(pk=request.pathway_id).length
    assert send(client, told_).json() == first.json()
    assert Pathway.objects.get(pk=request.pathway_id).length == length
    assert Exchange.objects.filter(direction="in").count() == 1
    assert send(client, an_answer(request, Told.TREATED, setting="outpatient")).status_code == 200
    assert AidRequest.objects.get(pk=request.pk).state == Aid.COMPLETED


@pytest.mark.django_db
def test_a_patient_comes_back_by_message():
    request, client = transferring(), a_client()
    send(client, an_answer(request, Told.RECEIVED))
    refused = send(client, an_answer(request, Told.RETURNED, reason="other"))
    assert refused.status_code == 422
    assert "Say why" in refused.json()["issue"][0]["diagnostics"]
    assert send(client, an_answer(request, Told.RETURNED, reason="not_fit")).status_code == 200
    assert Pathway.objects.get(pk=request.pathway_id).organisation_code == HOSPITAL


@pytest.mark.django_db
def test_who_has_no_token_scope_or_part_in_it_is_refused():
    request = transferring()
    told_ = an_answer(request, Told.RECEIVED)
    assert send(Client(), told_).status_code == 401
    assert send(a_client(scope=Scope.FHIR_READ), told_).status_code == 403
    assert send(a_client("RCC"), told_).status_code == 422
    assert send(a_client(HOSPITAL), told_).status_code == 422  # the receiver works on this store
    assert AidRequest.objects.get(pk=request.pk).state == Aid.TRANSFERRING


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "[]", "{}", '{"resourceType":"Bundle","type":"message"}'])
def test_what_is_no_message_is_refused(body):
    answer = a_client().post(reverse("transfer_fhir"), body, content_type="application/fhir+json")
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.django_db
@pytest.mark.parametrize("task", [7, {"identifier": 7}, {"businessStatus": []}, {"output": ["x"]}])
def test_a_task_of_any_shape_is_answered(task):
    resource = ({"resourceType": "Task"} | task) if isinstance(task, dict) else task
    header = an_answer(transferring(), Told.RECEIVED)["entry"][0]
    bundle = {"resourceType": "Bundle", "type": "message", "id": "k"}
    answer = send(a_client(), bundle | {"entry": [header, {"resource": resource}]})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_each_offer_is_a_task_that_says_why_it_was_not_taken():
    made = told()
    other = an_offer()
    client = a_client()
    aid.withdraw_offer(actor=a_clinician(OTHER_HOSPITAL), offer_id=other.pk, reason="staff")
    found = client.get(reverse("transfer_tasks")).json()
    statuses = {each["resource"]["id"]: each["resource"] for each in found["entry"]}
    for each in statuses.values():
        Task.model_validate(each)
    assert statuses[str(made.pk)]["status"] == "requested"
    assert statuses[str(other.pk)]["status"] == "cancelled"
    assert statuses[str(other.pk)]["statusReason"]["text"]
    one = client.get(reverse("transfer_task", args=[other.pk]))
    assert one.json()["id"] == str(other.pk)
    assert a_client("RCC").get(reverse("transfer_task", args=[other.pk])).status_code == 404
