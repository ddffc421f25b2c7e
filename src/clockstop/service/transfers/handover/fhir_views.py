"""Mutual aid for programs as FHIR: messages that are acted on once, requests, a Task per offer."""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.accounts.tokens import Scope
from clockstop.service.fhir.answering import NotAnsweredError, answer
from clockstop.service.fhir.building import Json, instant
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.transfers.access import open_request
from clockstop.service.transfers.actions.moving.answering import Answer, Told, take_message
from clockstop.service.transfers.actions.moving.data_set import read
from clockstop.service.transfers.actions.once import once
from clockstop.service.transfers.handover.access import open_handover, transfer_of
from clockstop.service.transfers.handover.capability import capability
from clockstop.service.transfers.handover.messages import (
    EVENTS,
    OURS,
    REQUEST,
    RESPONSE,
    mapped,
    parts_of,
    request_message,
    response_message,
)
from clockstop.service.transfers.handover.processing import process_proposal, process_request
from clockstop.service.transfers.handover.programs import (
    Filters,
    for_programs,
    key_of,
    message_in,
    one_of,
    page_of,
    plain,
    searched,
)
from clockstop.service.transfers.handover.proposals import SAID, read_proposal
from clockstop.service.transfers.handover.service_requests import (
    STATUSES,
    of_request,
    read_asked,
    states_of,
)
from clockstop.service.transfers.handover.tasks import (
    TASK_STATUSES,
    of_answer,
    of_offer,
    offers_of_status,
    read_answer,
    task_of,
    told_by,
)
from clockstop.service.transfers.handover.views import opened
from clockstop.service.transfers.models import AidRequest, Offer, Transfer
from clockstop.service.ui.limits import limited

_REQUESTS: Filters = {
    "_id": lambda text: Q(pk=key_of(text)),
    "identifier": lambda text: Q(reference=plain(text)),
    "status": lambda text: Q(state__in=states_of(one_of(text, STATUSES))),
    "requester": lambda text: Q(organisation_code=plain(text)),
}
_TASKS: Filters = {
    "_id": lambda text: Q(pk=key_of(text)),
    "focus": lambda text: Q(request=key_of(text)),
    "status": lambda text: offers_of_status(one_of(text, TASK_STATUSES)),
}


@signed_in(*PROVIDING)
@require_safe
def message(_request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The request message of a transfer that has started, to be sent on or kept."""
    held = opened(actor, aid_id)
    found = _message_of(actor, held)
    if found is None:
        raise Http404
    response = answer(found)
    response["Content-Disposition"] = f'attachment; filename="transfer-{held.reference}.json"'
    return response


@require_safe
@limited("fhir")
@for_programs(Scope.TRANSFERS)
def message_for_programs(_request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The same for programs of either side."""
    found = _message_of(actor, open_handover(actor=actor, request_id=aid_id))
    if found is None:
        raise NotAnsweredError(404, "not-found", ["The transfer has not started"])
    return answer(found)


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """What can be done here."""
    base = request.build_absolute_uri(reverse("aid_fhir_metadata"))
    return answer(capability(base.removesuffix("/metadata")))


@require_POST
@for_programs(Scope.TRANSFERS)
def process_message(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Act on a message; the same one again is answered as it was."""
    key, told = message_in(request)
    text = json.dumps(told, sort_keys=True)
    act = partial(_act, actor, key, told)
    digest = sha256(text.encode()).hexdigest()
    return answer(json.loads(once(actor=actor, key=key, digest=digest, act=act)))


def _act(actor: Actor, key: str, told: Json) -> str:
    """What is answered to a message that was not taken before."""
    event = mapped(parts_of(told).get("MessageHeader", {}).get("eventCoding")).get("code")
    if event == REQUEST:
        return _reply(key, process_request(actor, read_asked(told)), ("", actor.organisation_code))
    if event != RESPONSE:
        words = f"expected a code of {EVENTS}: {REQUEST} or {RESPONSE}"
        raise FaultyError([Fault(Wrong.CODE, f"MessageHeader.eventCoding: {words}")])
    said = told_by(task_of(told))
    if said in SAID:
        task = process_proposal(actor, read_proposal(told))
        return _reply(key, task, ("", actor.organisation_code))
    if said not in {each.value for each in Told}:
        words = f"expected a code of {OURS}:told: {', '.join((*Told, *sorted(SAID)))}"
        raise FaultyError([Fault(Wrong.CODE, f"Task.businessStatus: {words}")])
    return take_message(actor=actor, answer=read_answer(told), reply=partial(_replied, key))


@require_safe
@limited("fhir")
@for_programs(Scope.TRANSFERS)
def service_requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Requests that the token's provider sees: its own, and those on its board."""
    visible = AidRequest.objects.visible_to(actor).select_related("pathway")
    found = searched(request.GET, _REQUESTS, visible)
    return page_of(request, found, partial(_service_request, actor))


@require_safe
@limited("fhir")
@for_programs(Scope.TRANSFERS)
def service_request(_request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """One of them."""
    return answer(_service_request(actor, open_request(actor=actor, request_id=aid_id)))


@require_safe
@limited("fhir")
@for_programs(Scope.TRANSFERS)
def tasks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The offers that the token's organisation made or was made."""
    visible = Offer.objects.visible_to(actor).select_related("request")
    made = visible.filter(organisation_code=actor.organisation_code)
    rows = made | visible.filter(request__organisation_code=actor.organisation_code)
    return page_of(request, searched(request.GET, _TASKS, rows), _task)


@require_safe
@limited("fhir")
@for_programs(Scope.TRANSFERS)
def task(_request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """One of them."""
    held: Offer = Offer.objects.visible_to(actor).select_related("request").get(pk=task_id)
    if actor.organisation_code not in {held.organisation_code, held.request.organisation_code}:
        raise Offer.DoesNotExist
    return answer(_task(held))


def message_of(reference: str, transfer: Transfer) -> Json:
    """The request message of a transfer; asked again it is the same."""
    key = str(uuid5(NAMESPACE_URL, f"{transfer.offer_id}:{REQUEST}"))
    at = instant(transfer.started_at or timezone.now())
    return request_message(key, reference, read(transfer.data_set), at)


def _message_of(actor: Actor, held: AidRequest) -> Json | None:
    transfer = transfer_of(actor, held)
    has_started = transfer is not None and transfer.started_at is not None
    return message_of(held.reference, transfer) if transfer and has_started else None


def _reply(key: str, focus: Json, codes: tuple[str, str]) -> str:
    """What is answered to the message of a key."""
    own = str(uuid5(NAMESPACE_URL, f"answer to {key}"))
    return json.dumps(response_message(own, key, focus, codes, instant(timezone.now())))


def _replied(key: str, taken: Answer, codes: tuple[str, str]) -> str:
    return _reply(key, of_answer(taken), codes)


def _service_request(actor: Actor, held: AidRequest) -> Json:
    return of_request(held, own=held.organisation_code == actor.organisation_code)


def _task(offer: Offer) -> Json:
    return of_offer(offer, offer.request.state, offer.request.reference)
