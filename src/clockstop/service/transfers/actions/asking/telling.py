"""What patients are told of their request by message, and whether it still holds.

An invitation has a short code, so that anybody can ask whether it is genuine. The code follows
from the request and the site's secret: a reminder has the same one, and only its fingerprint is
kept beside the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from clockstop.service.accounts.codes import LENGTH, LETTERS
from clockstop.service.audit.recording import Actor
from clockstop.service.directory.models import HealthcareService
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Message
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import Asked

KIND = "patient request"
INVITATION, REMINDER = "sooner_invitation", "sooner_reminder"
ON_THE_LETTER = "the number on your letter"
# What is told of a step, and while the request stands in which state it holds.
TOLD = {
    "find_unsuitable": "sooner_not_suitable",
    "find_none": "sooner_nothing_found",
    "offer": "sooner_offer",
    "let_choose": "sooner_choose",
    "not_taken": "sooner_choose",
    "lose_choice": "sooner_choose",
    "choose_again": "sooner_choose",
}
HOLDS_IN: Mapping[str, frozenset[Asked]] = {
    INVITATION: frozenset({Asked.ELIGIBLE, Asked.INVITED}),
    REMINDER: frozenset({Asked.INVITED}),
    "sooner_not_suitable": frozenset({Asked.NOT_SUITABLE}),
    "sooner_nothing_found": frozenset({Asked.NO_ALTERNATIVE}),
    "sooner_offer": frozenset({Asked.OFFER_TO_PATIENT}),
    "sooner_choose": frozenset({Asked.CHOOSING}),
}


def tell_of_step(*, request: PatientRequest, action: str, by: Actor, **_: Any) -> None:
    """Queue what a patient is told of a step, in the transaction that took it."""
    template = TOLD.get(action)
    if template:
        outbox.cancel((KIND, request.pk), "It goes on", by=by)
        tell(template, request, by)


def tell(template: str, request: PatientRequest, by: Actor, **more: str) -> Message | None:
    """Queue a message, once for each time that the request comes to where it stands."""
    payload = whom(request) | more
    key = f"{template} {request.pk} {request.version}"
    return outbox.queue(template, request.patient, (KIND, request.pk), payload, key=key, by=by)


def whom(request: PatientRequest) -> dict[str, str]:
    """Who writes, and whom to call."""
    code = request.organisation_code
    return {"provider": name_of([code])[code], "phone": phone_of(request)}


def phone_of(request: PatientRequest) -> str:
    """The number of the hospital's own service, as the directory has it."""
    held = HealthcareService.objects.filter(organisation=request.organisation_code)
    numbers = held.exclude(patient_phone="").order_by("pk")
    of_function = numbers.filter(treatment_function=request.treatment_function)
    found: str | None = None
    for rows in (of_function, numbers):
        found = found or rows.values_list("patient_phone", flat=True).first()
    return found or ON_THE_LETTER


def code_of(request: PatientRequest) -> str:
    """The code of a request's invitation, in two groups of four."""
    digest = salted_hmac("clockstop.invitation", str(request.pk), algorithm="sha256").digest()
    letters = "".join(LETTERS[each % len(LETTERS)] for each in digest[:LENGTH])
    return f"{letters[:4]} {letters[4:]}"


def still_holds(message: Message) -> str:
    """Why a message about a request must not go out any more; empty where it may."""
    request = PatientRequest.objects.get(pk=message.about)
    holds = request.state in HOLDS_IN[message.template]
    return "" if holds else "The request has gone on since"


ANSWERS: Mapping[str, Callable[[Message], str]] = {KIND: still_holds}
