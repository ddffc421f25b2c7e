"""A041: whether a booking reference is a referral or a request for advice."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.utils import timezone

from clockstop.service.ers.errors import refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.fhir.building import Json, bundle, coding, found, identifier, instant
from clockstop.service.referrals.models import Advice, Referral

_UBRN = "https://fhir.nhs.uk/Id/UBRN"
_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_CATEGORY = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
_CODE = "https://fhir.nhs.uk/CodeSystem/servicerequest-code"
_SAID = re.compile(rf"(?:{re.escape(_UBRN)}\|)?([0-9]{{1,20}})")
_ENDED = {Advice.Status.CLOSED, Advice.Status.CONVERTED}


@operation("A041")
def search(call: Call) -> Answer:
    """What the caller sees under the reference, if anything."""
    said = _SAID.fullmatch(call.request.GET.get("identifier", ""))
    if said is None:
        raise refuse("REC_BAD_REQUEST", "'identifier' must be a booking reference")
    referrals = Referral.objects.visible_to(call.actor).filter(ubrn=said[1])
    questions = Advice.objects.visible_to(call.actor).filter(ubrn=said[1])
    here = f"{call.base}/R4/ServiceRequest"
    entries = [
        *(_referral(each) for each in referrals.select_related("patient")),
        *(_advice(each) for each in questions.select_related("patient")),
    ]
    now = timezone.now()
    return Answer(
        bundle(
            str(uuid4()),
            [found(f"{here}/{each['id']}", each) for each in entries],
            now,
            call.request.build_absolute_uri(),
            total=len(entries),
            timestamp=instant(now),
        )
    )


def _referral(row: Referral) -> Json:
    status = "active" if row.is_open else "revoked"
    return _request(f"r.{row.pk}", row, status, "referral")


def _advice(row: Advice) -> Json:
    status = "completed" if row.status in _ENDED else "active"
    if row.status == Advice.Status.CANCELLED:
        status = "revoked"
    code = {"code": {"coding": [coding(_CODE, "advice-and-guidance")]}}
    return _request(f"a.{row.pk}", row, status, "request") | code


def _request(key: str, row: Any, status: str, category: str) -> Json:
    return {
        "id": key,
        "meta": {"versionId": str(row.version)},
        "resourceType": "ServiceRequest",
        "identifier": [identifier(_UBRN, row.ubrn)],
        "status": status,
        "intent": "order",
        "category": [{"coding": [coding(_CATEGORY, category)]}],
        "subject": {"identifier": identifier(_NHS_NUMBER, row.patient.nhs_number)},
    }
