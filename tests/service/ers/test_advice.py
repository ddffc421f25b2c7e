"""A024 to A027: advice is asked for, answered, and made a referral."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.ers.bodies import coded, on, parameters, text
from tests.service.ers.calling import (
    a_booking_office,
    a_consultant,
    a_gp,
    codes_of,
    contained,
    extensions,
    state_of,
)
from tests.service.ers.test_files import named, uploaded
from tests.service.ers.test_worklists import a_question
from tests.service.people import PRACTICE, a_member, signed_in
from tests.service.referrals import made_up
from tests.service.referrals.made_up import OTHER_HOSPITAL

from clockstop.service.accounts.roles import Role
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Referral

pytestmark = pytest.mark.django_db
CONVERT = "/STU3/ReferralRequest/$ers.createFromCommunicationRequestActionLater"
CREATE_FROM = "CreateFromCommunicationRequestActionLater-Request"


def at(question, step=""):
    return f"/STU3/CommunicationRequest/{question.ubrn}{step and f'/$ers.{step}'}"


def answering(outcome="RETURN_TO_REFERRER_WITH_ADVICE", said="Try rest", *more):
    told = coded("guidanceOutcome", "GuidanceResponseOutcome", outcome)
    intended = coded("guidanceIntendedRecommendation", "GuidanceIntendedRecommendation", "OTHER")
    recommended = [intended] if outcome == "RETURN_TO_REFERRER_WITH_ADVICE" else []
    name = "SendCommunicationToRequester-Request"
    return parameters(name, told, *recommended, text("guidance", said), *more)


def converting(question, *more):
    question.refresh_from_db()
    reference = f"CommunicationRequest/{question.ubrn}/_history/{question.version}"
    create = {"name": "createFrom", "valueReference": {"reference": reference}}
    return parameters(CREATE_FROM, create, text("reviewComments", "Book within a month"), *more)


def turns(question, caller, **change):
    question.refresh_from_db()
    reference = f"CommunicationRequest/{question.ubrn}/_history/{question.version}"
    query = {"based-on": reference} | change
    return caller.get("/STU3/Communication", {k: v for k, v in query.items() if v is not None})


def test_a_question_says_whom_it_is_for_and_whether_it_may_be_converted():
    question = a_question()
    for caller in (a_gp(), a_consultant()):
        response = caller.get(at(question))
        told = response.json()
        assert response["ETag"] == 'W/"1"'
        (category,) = told["category"]
        assert category["coding"][0]["code"] == "PROVIDER_RESPONSE_REQUIRED"
        said = extensions(told)["ProviderConversionAuthorisation"]
        assert said["code"] == "AUTHORISED_TO_CONVERT"
    assert caller.get(f"{at(question)}/_history/1").json() == told
    assert caller.get(f"{at(question)}/_history/2").status_code == 404
    assert a_consultant(OTHER_HOSPITAL).get(at(question)).status_code == 404
    assert a_gp("A81002").get(at(question)).status_code == 404


def test_a_booking_reference_of_the_other_kind_is_told_as_such():
    question, referral = a_question(), made_up.a_referral()
    refused = a_gp().get(f"/STU3/ReferralRequest/{question.ubrn}")
    assert (refused.status_code, codes_of(refused)) == (422, ["INVALID_REQUEST_TYPE"])
    refused = a_gp().get(f"/STU3/CommunicationRequest/{referral.ubrn}")
    assert (refused.status_code, codes_of(refused)) == (422, ["INVALID_REQUEST_TYPE"])
    assert a_gp("A81002").get(f"/STU3/ReferralRequest/{question.ubrn}").status_code == 404


def test_every_turn_is_told_with_who_wrote_it_the_latest_first():
    question = a_question()
    consultant = made_up.a_clinician()
    outcome = "REQUIRE_FURTHER_INFORMATION"
    actions.answer(actor=consultant, advice_id=question.pk, text="Which hip?", outcome=outcome)
    actions.reply(actor=made_up.a_referrer(), advice_id=question.pk, text="The left")
    told = turns(question, a_gp()).json()
    assert told["total"] == 3
    said = [each["resource"] for each in told["entry"] if each["search"]["mode"] == "match"]
    assert [each["note"][0]["text"] for each in said] == ["The left", "Which hip?", "What next?"]
    sides = [each["category"][0]["coding"][0]["code"] for each in said]
    assert sides == ["REQUESTER", "RESPONDER", "REQUESTER"]


@pytest.mark.parametrize(
    ("change", "status", "codes"),
    [
        ({"based-on": None}, 400, ["MISSING_PARAMETER"]),
        ({"based-on": "x"}, 400, ["INVALID_VALUE"]),
        ({"_include": "Colour:red"}, 400, ["INVALID_VALUE"]),
        ({"based-on": "CommunicationRequest/000000000000/_history/1"}, 404, None),
    ],
)
def test_a_conversation_that_cannot_be_had(change, status, codes):
    response = turns(a_question(), a_gp(), **change)
    assert response.status_code == status
    assert codes is None or codes_of(response) == codes


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("RETURN_TO_REFERRER_WITH_ADVICE", "REFERRER_TO_REVIEW_RESPONSE"),
        ("REQUIRE_FURTHER_INFORMATION", "REFERRER_TO_SUBMIT_FURTHER_INFORMATION"),
    ],
)
def test_a_provider_answers(outcome, status):
    question = a_question()
    step = at(question, "sendCommunicationToRequester")
    told = a_consultant().post(step, answering(outcome), **on(question)).json()
    updated, created = (each["resource"] for each in told["parameter"])
    assert updated["category"][0]["coding"][0]["code"] == status
    assert updated["meta"]["versionId"] == "2"
    assert created["note"] == [{"text": "Try rest"}]


@pytest.mark.parametrize(
    ("outcome", "recommended", "code"),
    [
        ("RETURN_TO_REFERRER_WITH_ADVICE", None, "VALUE_IS_REQUIRED"),
        ("RETURN_TO_REFERRER_WITH_ADVICE", "CHEER_UP", "INVALID_VALUE"),
        ("REQUIRE_FURTHER_INFORMATION", "OTHER", "INAPPROPRIATE_VALUE"),
    ],
)
def test_a_recommendation_goes_with_advice_and_with_nothing_else(outcome, recommended, code):
    """Published: 'Only available and mandatory' with advice."""
    question = a_question()
    name = "guidanceIntendedRecommendation"
    body = answering(outcome)
    body["parameter"] = [each for each in body["parameter"] if each["name"] != name]
    if recommended:
        body["parameter"].append(coded(name, "GuidanceIntendedRecommendation", recommended))
    step = at(question, "sendCommunicationToRequester")
    assert codes_of(a_consultant().post(step, body, **on(question))) == [code]
    assert question.messages.count() == 1


def test_what_a_clinician_writes_when_converting_is_the_last_turn():
    question = a_question()
    body = converting(question, text("guidance", "Rest the hip\nuntil then"))
    ubrn = a_consultant().post(CONVERT, body).json()["id"]
    told = turns(question, a_gp()).json()
    said = [each["resource"] for each in told["entry"] if each["search"]["mode"] == "match"]
    assert [each["note"][0]["text"] for each in said] == ["Rest the hip\nuntil then", "What next?"]
    assert said[0]["category"][0]["coding"][0]["code"] == "RESPONDER"
    assert Referral.objects.get(ubrn=ubrn).comment == "Book within a month"
    gp = signed_in(Client(), a_member(Role.REFERRER, PRACTICE))
    page = gp.get(reverse("referred_advice", args=(question.pk,))).content.decode()
    assert "Rest the hip\nuntil then" in page


@pytest.mark.parametrize("said", [[], [text("guidance", " ")]], ids=["without", "blank"])
def test_a_conversion_without_words_adds_no_turn(said):
    question = a_question()
    assert a_consultant().post(CONVERT, converting(question, *said)).status_code == 201
    assert question.messages.count() == 1


def test_an_answer_comes_with_its_file_or_neither_is_kept():
    question, caller = a_question(), a_consultant()
    step = at(question, "sendCommunicationToRequester")

    def body(location):
        file = named(location, "Treatment", "guidanceAttachmentFile")
        return answering("RETURN_TO_REFERRER_WITH_ADVICE", "See file", file)

    response = caller.post(step, body(f"Binary/{uuid4()}"), **on(question))
    assert codes_of(response) == ["REFERENCE_NOT_FOUND"]
    assert question.messages.count() == 1
    location = uploaded(caller, to=question)["Location"]
    assert caller.post(step, body(location), **on(question)).status_code == 200
    kinds = [each["resource"]["resourceType"] for each in turns(question, a_gp()).json()["entry"]]
    assert kinds.count("DocumentReference") == 1
    assert a_gp().get(f"/R4/{location}").status_code == 307


def test_an_answer_on_an_old_version_or_out_of_turn_is_refused():
    question, caller = a_question(), a_consultant()
    step = at(question, "sendCommunicationToRequester")
    assert caller.post(step, answering()).status_code == 400
    assert caller.post(step, answering(), If_Match='W/"9"').status_code == 409
    assert codes_of(caller.post(step, answering(said=" "), **on(question))) == ["VALUE_IS_REQUIRED"]
    caller.post(step, answering(), **on(question))
    response = caller.post(step, answering(), **on(question))
    assert codes_of(response) == ["INVALID_REQUEST_STATE"]
    assert a_gp().post(step, answering(), **on(question)).status_code == 403
    elsewhere = a_consultant(OTHER_HOSPITAL)
    assert elsewhere.post(step, answering(), **on(question)).status_code == 404


def test_a_question_becomes_a_referral_where_the_referrer_let_it():
    question = a_question()
    response = a_consultant().post(CONVERT, converting(question))
    told = response.json()
    assert (response.status_code, response["ETag"]) == (201, 'W/"1"')
    assert state_of(told) == (
        "TRIAGED_PROVIDER_TO_ACTION",
        "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER",
        "Book within a month",
    )
    (appointment,) = contained(told, "Appointment")
    assert appointment["status"] == "proposed"
    assert {"reference": f"CommunicationRequest/{question.ubrn}"} in told["supportingInfo"]
    again = a_consultant().post(CONVERT, converting(question))
    assert "INVALID_REQUEST_STATE" in codes_of(again)


def test_a_question_is_converted_by_its_provider_alone():
    question = a_question()
    body = converting(question)
    assert a_consultant(OTHER_HOSPITAL).post(CONVERT, body).status_code == 404
    assert a_gp().post(CONVERT, body).status_code == 403
    assert a_booking_office().post(CONVERT, body).status_code == 201
    body["parameter"][0]["valueReference"]["reference"] = "x"
    assert codes_of(a_consultant().post(CONVERT, body)) == ["INVALID_VALUE"]
