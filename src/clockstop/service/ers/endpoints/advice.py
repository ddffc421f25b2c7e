"""A024 to A027: a request for advice, its conversation, the answer, and making it a referral."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints import asking, files, referrals
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources import advice as shapes
from clockstop.service.ers.resources import documents
from clockstop.service.ers.resources.criteria import PRIORITIES
from clockstop.service.fhir.building import Json, bundle, found
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals import actions
from clockstop.service.referrals.access import open_advice
from clockstop.service.referrals.actions.uploading import attach_to_advice
from clockstop.service.referrals.models import Advice, AdviceMessage, Referral

_BASED_ON = re.compile(r"CommunicationRequest/([0-9]{1,20})/_history/([0-9]{1,9})")
_INCLUDED = (
    "Communication:requester-practitionerrole:PractitionerRole",
    "Communication:sender-practitionerrole:PractionerRole",  # as published
    "Communication:content-reference:DocumentReference",
)
_OUTCOMES = ("RETURN_TO_REFERRER_WITH_ADVICE", "REQUIRE_FURTHER_INFORMATION")
_ANSWER = (
    Named(
        "guidanceOutcome",
        "valueCoding",
        systems.codes("GuidanceResponseOutcome"),
        _OUTCOMES,
        required=True,
    ),
    Named(
        "guidanceIntendedRecommendation",
        "valueCoding",
        systems.codes("GuidanceIntendedRecommendation"),
        AdviceMessage.Recommendation.values,
    ),
    Named("guidance", "valueString", required=True),
    Named("updatedPriority", "valueCoding", systems.PRIORITY, PRIORITIES),
    Named("guidanceAttachmentFile", "resource", many=True),
)
_CONVERT = (
    Named("createFrom", "valueReference", required=True),
    Named("guidance", "valueString"),
    Named("newReferralPriority", "valueCoding", systems.PRIORITY, PRIORITIES),
    Named("reviewComments", "valueString"),
    Named("guidanceAttachmentFile", "resource", many=True),
    Named("reviewAttachmentFile", "resource", many=True),
)


@operation("A024")
def retrieve(call: Call, ubrn: str, version: str = "") -> Answer:
    """The current version of a request."""
    row = open_advice(actor=call.actor, advice_id=_key(call, ubrn))
    if version and version != str(row.version):
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return Answer(shapes.resource(row, call.base), version=row.version)


@operation("A025")
def conversation(call: Call) -> Answer:
    """All turns, the latest first, with who wrote them and the files of the request."""
    row = _based_on(call)
    here = f"{call.base}/STU3"
    turns = list(row.messages.order_by("-number"))
    authors = {each["id"]: each for each in map(shapes.author, turns)}
    entries = [_turn(row, each, here) for each in turns]
    entries += [
        found(f"{here}/PractitionerRole/{key}", each, "include") for key, each in authors.items()
    ]
    entries += [
        found(f"{here}/DocumentReference/{each.pk}", documents.resource(each), "include")
        for each in shapes.files_of(row, call.actor)
    ]
    profile = "http://hl7.org/fhir/STU3/StructureDefinition/Bundle"
    return Answer(
        bundle(
            str(uuid4()),
            entries,
            timezone.now(),
            call.request.build_absolute_uri(),
            total=len(turns),
            meta={"profile": [profile]},
        )
    )


@operation("A026")
@transaction.atomic
def respond(call: Call, ubrn: str) -> Answer:
    """The provider answers, or asks for more."""
    profile = systems.profile("SendCommunicationToRequester-Request-Parameters")
    told = read(call.body, profile, _ANSWER)
    recommendation = told.get("guidanceIntendedRecommendation", "")
    if told["guidanceOutcome"] == _OUTCOMES[0] and not recommendation:
        raise refuse("VALUE_IS_REQUIRED", "'guidanceIntendedRecommendation' is needed with advice")
    row = _row(call, ubrn)
    changed = actions.answer(
        actor=call.actor,
        advice_id=row.pk,
        text=told["guidance"],
        outcome=told["guidanceOutcome"],
        recommendation=recommendation,
        priority=asking.priority(told.get("updatedPriority")),
        acting_for=call.acting_for,
        version=call.version,
    )
    _attach(call, changed, told.get("guidanceAttachmentFile", []))
    return _answered(call, changed)


@operation("A027")
@transaction.atomic
def convert(call: Call) -> Answer:
    """The provider makes a referral of it, where the referrer let them."""
    profile = systems.profile("CreateFromCommunicationRequestActionLater-Request-Parameters")
    told = read(call.body, profile, _CONVERT)
    said = _BASED_ON.fullmatch(told["createFrom"])
    if said is None:
        raise refuse("INVALID_VALUE", "'createFrom' is no version of a request for advice")
    row = _row(call, said[1])
    _attach(call, row, told.get("guidanceAttachmentFile", []))
    made = actions.convert(
        actor=call.actor,
        advice_id=row.pk,
        guidance=told.get("guidance", ""),
        comment=told.get("reviewComments", ""),
        priority=asking.priority(told.get("newReferralPriority")),
        acting_for=call.acting_for,
        version=int(said[2]),
    )
    changed = files.attached(call, made, told.get("reviewAttachmentFile", []))
    return referrals.answer(call, changed, HTTPStatus.CREATED)


def _key(call: Call, ubrn: str) -> UUID:
    return UUID(str(_row(call, ubrn).pk))


def _row(call: Call, ubrn: str) -> Advice:
    """The request of a booking reference. Raises Advice.DoesNotExist; of a referral, ErsError."""
    row: Advice | None = Advice.objects.visible_to(call.actor).filter(ubrn=ubrn).first()
    if row is not None:
        return row
    if Referral.objects.visible_to(call.actor).filter(ubrn=ubrn).exists():
        raise refuse("INVALID_REQUEST_TYPE", "This is a referral, no request for advice")
    raise Advice.DoesNotExist


def _based_on(call: Call) -> Advice:
    """The request whose conversation is asked for, in its current version."""
    asked = call.request.GET
    if "based-on" not in asked:
        raise refuse("MISSING_PARAMETER", "'based-on' is missing")
    wrong = [each for each in asked.getlist("_include") if each not in _INCLUDED]
    said = _BASED_ON.fullmatch(asked["based-on"])
    if said is None or wrong:
        names = [*(["based-on"] if said is None else []), *(["_include"] if wrong else [])]
        raise ErsError(*(Refusal("INVALID_VALUE", f"'{name}' is invalid") for name in names))
    row = open_advice(actor=call.actor, advice_id=_key(call, said[1]))
    if int(said[2]) != row.version:
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return row


def _turn(row: Advice, message: AdviceMessage, here: str) -> Json:
    by = f"PractitionerRole/{shapes.author(message)['id']}"
    return found(f"{here}/Communication/{message.pk}", shapes.communication(row, message, by))


def _attach(call: Call, row: Advice, sent: Sequence[Any]) -> None:
    if sent:
        described = files.files_of(sent, "GUIDANCE_RESPONSE")
        attach_to_advice(actor=call.actor, advice_id=row.pk, described=described)


def _answered(call: Call, row: Advice) -> Answer:
    message = row.messages.order_by("number").last()
    if message is None:  # an answer was written just now
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    by = shapes.author(message)
    created = shapes.communication(row, message, f"#{by['id']}") | {"contained": [by]}
    return Answer(
        {
            "meta": {
                "profile": [systems.profile("SendCommunicationToRequester-Response-Parameters")]
            },
            "resourceType": "Parameters",
            "parameter": [
                {
                    "name": "updatedCommunicationRequest",
                    "resource": shapes.resource(row, call.base),
                },
                {"name": "createdCommunication", "resource": created},
            ],
        }
    )
