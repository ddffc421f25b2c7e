"""Transfers for programs: the request as a message, the receiver's answers, a Task per offer."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from clockstop.service.accounts import tokens
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.accounts.tokens import Scope
from clockstop.service.fhir.answering import NotAnsweredError, answer, refuse
from clockstop.service.fhir.building import Json, bundle, found, instant
from clockstop.service.fhir.faults import FaultyError
from clockstop.service.referrals.actions.stepping import BusyError
from clockstop.service.transfers.actions.moving.answering import (
    Answer,
    AnswersRefusedError,
    take_once,
)
from clockstop.service.transfers.actions.moving.data_set import read
from clockstop.service.transfers.handover.access import transfer_of
from clockstop.service.transfers.handover.messages import (
    REQUEST,
    RESPONSE,
    mapped,
    parts_of,
    request_message,
    response_message,
)
from clockstop.service.transfers.handover.tasks import of_answer, of_offer, read_answer
from clockstop.service.transfers.handover.views import opened
from clockstop.service.transfers.models import Offer, Transfer

P = ParamSpec("P")
Program = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_MOST, _LARGEST, _KEY = 200, 1_000_000, 64


def for_programs(scope: Scope) -> Callable[[Program[P]], View[P]]:
    """Let programs in that hold a token of a provider with the scope; answer every refusal."""

    def guard(view: Program[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, _holder(request, scope), *args, **kwargs)
            except NotAnsweredError as error:
                return refuse(error)
            except FaultyError as error:
                words = [each.words for each in error.faults]
                return refuse(NotAnsweredError(400, "invalid", words))
            except AnswersRefusedError as error:
                words = [each.words for _, refusals in error.refused for each in refusals]
                return refuse(NotAnsweredError(422, "business-rule", words))
            except (BusyError, OperationalError):
                return refuse(NotAnsweredError(423, "lock-error", ["Try again"]))

        return cast(View[P], guarded)

    return guard


@signed_in(*PROVIDING)
@require_safe
def message(_request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The request message of a transfer that has started, to be sent on or kept."""
    held = opened(actor, aid_id)
    transfer = transfer_of(actor, held)
    if transfer is None or transfer.started_at is None:
        raise Http404
    response = answer(message_of(held.reference, transfer))
    response["Content-Disposition"] = f'attachment; filename="transfer-{held.reference}.json"'
    return response


@require_POST
@for_programs(Scope.TRANSFERS)
def process_message(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take what a receiver answers; the same message again is answered as it was."""
    told = _body(request)
    key = _key_of(told)
    header = parts_of(told).get("MessageHeader", {})
    event = mapped(header.get("eventCoding")).get("code")
    if event != RESPONSE:
        words = "A transfer is begun on this store: only answers to one are taken"
        kind = "not-supported" if event == REQUEST else "code-invalid"
        raise NotAnsweredError(422, kind, [words])
    wanted = read_answer(told)
    reply = take_once(actor=actor, key=key, answer=wanted, reply=partial(_reply, key))
    return answer(json.loads(reply))


@require_safe
@for_programs(Scope.TRANSFERS)
def tasks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The offers that the token's organisation made or was made, the latest first."""
    held = _offers(actor).order_by("-changed_at")[:_MOST]
    link = request.build_absolute_uri()
    base = link.partition("?")[0]
    entries = [found(f"{base}/{each.pk}", _task(each)) for each in held]
    return answer(bundle("tasks", entries, timezone.now(), link, total=len(entries)))


@require_safe
@for_programs(Scope.TRANSFERS)
def task(_request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    """One of them."""
    held = _offers(actor).filter(pk=task_id).first()
    if held is None:
        raise NotAnsweredError(404, "not-found", ["There is no such Task of your organisation"])
    return answer(_task(held))


def message_of(reference: str, transfer: Transfer) -> Json:
    """The request message of a transfer; asked again it is the same."""
    key = str(uuid5(NAMESPACE_URL, f"{transfer.offer_id}:{REQUEST}"))
    at = instant(transfer.started_at or timezone.now())
    return request_message(key, reference, read(transfer.data_set), at)


def _reply(key: str, taken: Answer, codes: tuple[str, str]) -> str:
    """What is answered to the answer of a key."""
    own = str(uuid5(NAMESPACE_URL, f"answer to {key}"))
    task, at = of_answer(taken), instant(timezone.now())
    return json.dumps(response_message(own, key, task, codes, at))


def _holder(request: HttpRequest, scope: Scope) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = tokens.holder_of(token.strip()) if scheme.lower() == "bearer" and token else None
    if held is None:
        raise NotAnsweredError(401, "login", ["Send a token that holds"])
    actor, scopes = held
    if scope not in scopes or actor.role not in PROVIDING or not actor.organisation_code:
        words = f"The token is of no provider, or has no scope {scope}"
        raise NotAnsweredError(403, "forbidden", [words])
    return actor


def _body(request: HttpRequest) -> Json:
    try:
        text = request.body
        told: Any = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RequestDataTooBig):
        told = None
    is_message = isinstance(told, dict) and told.get("resourceType") == "Bundle"
    if not is_message or told.get("type") != "message":
        raise NotAnsweredError(400, "structure", ["Send a Bundle of type message, as JSON"])
    whole: Json = told
    return whole


def _key_of(told: Json) -> str:
    key = str(told.get("id", ""))
    if not 0 < len(key) <= _KEY:
        raise NotAnsweredError(400, "required", [f"Bundle.id: up to {_KEY} characters"])
    return key


def _offers(actor: Actor) -> Any:
    mine = Offer.objects.visible_to(actor).select_related("request")
    made = mine.filter(organisation_code=actor.organisation_code)
    return made | mine.filter(request__organisation_code=actor.organisation_code)


def _task(offer: Offer) -> Json:
    return of_offer(offer, offer.request.state, offer.request.reference)
