"""A request for advice as a CommunicationRequest, and its turns as Communications."""

from __future__ import annotations

from collections.abc import Iterator

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.ers import systems
from clockstop.service.ers.operations import FUNCTIONS, Function
from clockstop.service.ers.people import user_id_of
from clockstop.service.ers.resources import criteria
from clockstop.service.ers.resources.criteria import specialties
from clockstop.service.ers.resources.referrals import priority, shortlist
from clockstop.service.fhir.building import (
    Json,
    coding,
    concept,
    extension,
    identifier,
    instant,
    logical,
)
from clockstop.service.referrals.models import Advice, AdviceMessage, Document

_SHAPES = "https://fhir.nhs.uk/STU3/StructureDefinition"
_ROLE = f"{_SHAPES}/Extension-PractitionerRole-Reference-1"
_SERVICE = f"{_SHAPES}/Extension-HealthcareService-Reference-1"
_REQUESTER = f"{_SHAPES}/Extension-Communication-Requester-1"
_STATUS = Advice.Status
_STATUSES = {_STATUS.CONVERTED: "completed", _STATUS.CLOSED: "completed"}
_MAY = "Referrer has allowed the Service Provider to convert the Advice and Guidance to a Referral"
_MAY_NOT = (
    "Referrer has not allowed the Service Provider to convert the Advice and Guidance to a Referral"
)


def resource(advice: Advice, base: str) -> Json:
    """The whole resource of a request as it stands."""
    referrer = role(advice.referrer, advice.organisation_code, Function.REFERRING_CLINICIAN)
    by = extension(_ROLE, valueReference={"reference": f"#{referrer['id']}"})
    return {
        "id": advice.ubrn,
        "meta": {
            "versionId": str(advice.version),
            "profile": [systems.profile("CommunicationRequest")],
        },
        "resourceType": "CommunicationRequest",
        "extension": list(_extensions(advice, base)),
        "contained": [
            criteria.resource(_searched(advice), base),
            referrer,
            shortlist([(advice.service.pk, advice.service.name)]),
        ],
        "status": _status(advice),
        "category": [concept(systems.codes("AdviceAndGuidanceStatus"), advice.status)],
        "subject": logical(systems.NHS_NUMBER, advice.patient.nhs_number),
        "recipient": [{"extension": [_to_service(advice)]}],
        "sender": {"extension": [by]},
        "requester": {"agent": {"extension": [by]}},
        "identifier": [identifier(systems.REQUEST, f"a.{advice.pk}")],
    }


def _status(advice: Advice) -> str:
    if advice.status == _STATUS.CANCELLED:
        return "cancelled"
    return _STATUSES.get(_STATUS(advice.status), "active")


def _searched(advice: Advice) -> Criteria:
    """The search that leads to the service alone: what was searched for is not kept."""
    return Criteria(
        request_type=RequestType.ADVICE,
        specialty=advice.service.specialty,
        priority=Priority(advice.priority),
    )


def _extensions(advice: Advice, base: str) -> Iterator[Json]:
    yield priority(advice.priority)
    code = "AUTHORISED_TO_CONVERT" if advice.may_convert else "NOT_AUTHORISED_TO_CONVERT"
    said = _MAY if advice.may_convert else _MAY_NOT
    told = coding(systems.codes("ProviderConversionAuthorisation"), code, said)
    yield extension(systems.extends("ProviderConversionAuthorisation"), valueCoding=told)
    pointing = {"reference": "#shortlist"}
    yield extension(systems.extends("ReferralShortlist"), valueReference=pointing)
    name = advice.service.specialty
    told = coding(base + systems.SPECIALTY, name, specialties().get(name, name))
    yield extension(systems.extends("Specialty"), valueCoding=told)


def _to_service(advice: Advice) -> Json:
    service = logical(systems.SERVICE, str(advice.service.pk))
    return extension(_SERVICE, valueReference=service)


def role(person: str, organisation: str, function: Function) -> Json:
    """Who wrote, in which business function, as a PractitionerRole."""
    user = user_id_of(person)
    return {
        "id": f"PractitionerRole.{user}.{organisation}.{function.replace('_', '-')}",
        "meta": {"profile": [systems.care_connect("PractitionerRole")]},
        "resourceType": "PractitionerRole",
        "practitioner": {"identifier": identifier(systems.USER_ID, user)},
        "organization": {"identifier": identifier(systems.ODS, organisation)},
        "code": [concept(systems.codes("BusinessFunction"), function.value)],
    }


def author(message: AdviceMessage) -> Json:
    """Who wrote a turn."""
    functions = FUNCTIONS.get(Role(message.role), (Function.REFERRING_CLINICIAN,))
    return role(message.by, message.organisation_code, functions[0])


def communication(advice: Advice, message: AdviceMessage, by: str) -> Json:
    """A turn; ``by`` is the reference to who wrote it."""
    is_answer = Role(message.role) in PROVIDING
    practice = {"identifier": identifier(systems.ODS, advice.organisation_code)}
    return {
        "id": str(message.pk),
        "meta": {"versionId": "0", "profile": [systems.profile("Communication")]},
        "resourceType": "Communication",
        "extension": [extension(_REQUESTER, valueReference={"reference": by})],
        "basedOn": [{"reference": f"CommunicationRequest/{advice.ubrn}/_history/{advice.version}"}],
        "status": "completed",
        "category": [
            concept(systems.codes("CommunicationSentBy"), "RESPONDER" if is_answer else "REQUESTER")
        ],
        "recipient": [practice if is_answer else {"extension": [_to_service(advice)]}],
        "sent": instant(message.at),
        "sender": {"extension": [extension(_ROLE, valueReference={"reference": by})]},
        "note": [{"text": message.text}],
    }


def files_of(advice: Advice, actor: Actor) -> list[Document]:
    """The files of a conversation, for somebody who sees it."""
    kept = Document.objects.visible_to(actor).filter(advice=advice)
    return list(kept.defer("content").order_by("attached_at"))
