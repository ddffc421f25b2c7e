"""Mutual aid for programs: the same steps as the pages, by a token, with problems as answers."""

from datetime import timedelta

import pytest
from tests.service.people import HOSPITAL, ICB, OTHER_HOSPITAL, a_member
from tests.service.transfers.made_up import (
    FUNCTION,
    a_capacity,
    accepted,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    waits,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.tokens import Scope, make
from clockstop.service.transfers.models import AidRequest, Capacity

pytestmark = pytest.mark.django_db
BASE = "/api/mutual-aid/v1"


class Caller:
    """A program with a token."""

    def __init__(self, client, organisation_code, scope=Scope.TRANSFERS):
        member = a_member(Role.PROVIDER_CLINICIAN, organisation_code, ICB)
        _, token = make(owner=member, name="P", scopes=[scope], lasts=timedelta(days=1))
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.client.get(BASE + path, headers=self.headers)

    def post(self, path, told):
        return self.client.post(BASE + path, told, "application/json", headers=self.headers)


@pytest.fixture
def sender(client):
    return Caller(client, HOSPITAL)


@pytest.fixture
def helper(client):
    return Caller(client, OTHER_HOSPITAL)


def test_a_request_goes_from_a_draft_to_an_accepted_offer(sender, helper):
    pathway = waits()
    told = {"pathway_identifier": pathway.identifier, "pathway_issuer": pathway.issuer, "bmi": 31}
    told["minutes"] = 7
    made = sender.post("/requests", told)
    assert made.status_code == 201, made.content
    key, version = made.json()["id"], 1
    for action in ("record_consent", "sign_clinical", "sign_social", "submit"):
        step = {"action": action, "version": version}
        answer = sender.post(f"/requests/{key}/transitions", step)
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    capacity = helper.post(
        "/capacity",
        {
            "kind": "treatment",
            "treatment_function": FUNCTION,
            "team": "Hips",
            "places": 1,
            "first_date": str(days_ahead(1)),
            "last_date": str(days_ahead(40)),
            "expires_on": str(days_ahead(20)),
            "price_basis": "local",
            "price": 120_000,
            "minutes": 6,
        },
    )
    assert capacity.status_code == 201, capacity.content
    assert Capacity.objects.get().minutes == 6
    told = {"capacity": capacity.json()["id"], "day": str(days_ahead(10)), "version": version}
    told["minutes"] = 5
    offer = helper.post(f"/requests/{key}/offers", told)
    assert offer.status_code == 201, offer.content
    assert helper.get("/capacity").json()[0]["left"] == 0
    assert [each["state"] for each in helper.get(f"/requests/{key}/offers").json()] == ["HELD"]
    for step in (
        {"action": "send_to_patient", "version": version + 1},
        {"action": "choose", "version": version + 2, "offer": offer.json()["id"]},
    ):
        assert sender.post(f"/requests/{key}/transitions", step).status_code == 200
    held = AidRequest.objects.get()
    noted = dict(held.steps.exclude(minutes=None).values_list("action", "minutes"))
    assert (held.state, noted) == ("ACCEPTED", {"create": 7, "offer": 5})


def test_a_direct_access_test_is_asked_for_like_other_requests(sender, helper):
    patient = waits().patient
    told = {
        "nhs_number": patient.nhs_number,
        "diagnostic_test": "MRI",
        "waiting_since": str(days_ago(20)),
        "protocol": "Lumbar spine: is there stenosis?",
    }
    made = sender.post("/tests", told)
    assert made.status_code == 201, made.content
    key, version = made.json()["id"], 1
    for action in ("record_consent", "sign_clinical", "sign_social", "submit"):
        step = {"action": action, "version": version}
        answer = sender.post(f"/requests/{key}/transitions", step)
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    shown = helper.get(f"/requests/{key}")
    assert patient.nhs_number not in shown.content.decode()
    assert (shown.json()["kind"], shown.json()["diagnostic_test"]) == ("diagnostic", "MRI")
    held = AidRequest.objects.get()
    assert (held.pathway, held.patient, held.waiting_since) == (None, patient, days_ago(20))
    again = sender.post("/tests", told)
    assert [each["parameter"] for each in again.json()["wrong"]] == ["ASKED_ALREADY"]


@pytest.mark.parametrize(
    ("wrong", "parameters"),
    [
        ({"nhs_number": "9434765918"}, {"nhs_number"}),
        ({"nhs_number": "9434765919"}, {"nhs_number"}),
        (
            {"diagnostic_test": "XRAY", "waiting_since": "soon"},
            {"diagnostic_test", "waiting_since"},
        ),
        ({"waiting_since": str(days_ahead(1))}, {"waiting_since"}),
        ({"kind": "treatment"}, {"kind"}),
    ],
)
def test_what_is_wrong_with_a_direct_access_test_is_told_by_its_field(sender, wrong, parameters):
    told = {"nhs_number": waits().patient.nhs_number, "diagnostic_test": "MRI"}
    told["waiting_since"] = str(days_ago(20))
    answer = sender.post("/tests", told | wrong)
    assert answer.status_code == 400
    assert {each["parameter"] for each in answer.json()["wrong"]} == parameters
    assert not AidRequest.objects.exists()


def test_others_see_no_name_and_only_what_is_open(helper):
    request = an_open_request()
    text = helper.get("/requests").content.decode()
    assert request.reference in text
    assert request.patient.nhs_number not in text
    assert request.pathway.identifier not in text
    assert helper.get(f"/requests/{request.pk}").json()["reference"] == request.reference


@pytest.mark.parametrize("path", ["/requests", "/capacity"])
def test_without_a_token_of_the_scope_nothing_is_answered(client, path):
    assert client.get(BASE + path).status_code == 401
    assert Caller(client, HOSPITAL, Scope.FHIR_READ).get(path).status_code == 401


def test_what_cannot_be_is_a_problem_with_every_field(helper):
    answer = helper.post("/capacity", {"kind": "treatment", "places": "many"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {"places", "team"} <= {each["parameter"] for each in answer.json()["wrong"]}
    assert not Capacity.objects.exists()


def test_an_older_version_is_a_conflict_and_a_strange_key_is_not_there(sender, helper):
    request = an_open_request()
    step = {"action": "withdraw", "version": 1, "reason": "error"}
    assert sender.post(f"/requests/{request.pk}/transitions", step).status_code == 409
    strange = a_capacity()
    assert helper.get(f"/requests/{strange.pk}").status_code == 404
    refused = helper.post(
        f"/requests/{request.pk}/transitions", step | {"version": request.version}
    )
    assert refused.status_code == 400
    assert refused.json()["wrong"][0]["parameter"] == "NOT_YOURS"


def test_withdrawn_capacity_frees_what_is_held_of_it_at_once(sender, helper):
    capacity = a_capacity(places=3)
    held, taken = an_offer(capacity=capacity), accepted(capacity=capacity)
    path = f"/capacity/{capacity.pk}/withdrawal"
    assert sender.post(path, {"version": 1, "reason": "staff"}).status_code == 404
    assert helper.post(path, {"version": 9, "reason": "staff"}).status_code == 409
    refused = helper.post(path, {"version": 1, "reason": "no such reason"})
    assert refused.status_code == 400
    answer = helper.post(path, {"version": 1, "reason": "staff"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["left"]) == ("WITHDRAWN", 2)
    for each in (held, taken):
        each.refresh_from_db()
    assert (held.state, held.request.state, taken.state) == ("WITHDRAWN", "OPEN", "TAKEN")


def test_the_document_describes_every_address(client, sender):
    found = sender.get("/openapi.json").json()
    assert set(found["paths"]) == {
        f"{BASE}{path}"
        for path in (
            "/requests",
            "/tests",
            "/requests/{aid_id}",
            "/requests/{aid_id}/offers",
            "/requests/{aid_id}/transitions",
            "/capacity",
            "/capacity/{capacity_id}/withdrawal",
        )
    }
