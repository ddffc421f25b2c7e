"""What stands before every operation: token, role, headers, media types; and how it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.tokens import Scope, holder_of
from clockstop.service.ers import unattended
from clockstop.service.ers.errors import (
    ErsError,
    as_listed,
    by_status,
    forbidden,
    from_faults,
    refuse,
    told,
)
from clockstop.service.ers.operations import FUNCTIONS, Function, Operation, operations
from clockstop.service.ers.people import person_of
from clockstop.service.fhir.building import Json
from clockstop.service.fhir.faults import FaultyError
from clockstop.service.referrals.actions import BusyError, StaleError
from clockstop.service.referrals.models import Advice, Referral
from clockstop.service.ui.limits import limited

FHIR_JSON, PDF = "application/fhir+json", "application/pdf"
BASE = "referrals/FHIR"
_TEXT = "text/plain;charset=utf-8"
_VERSION = re.compile(r'W/"([0-9]{1,9})"')
_LARGEST = 1_000_000  # characters of a body; files have their own limit
_STATUSES: dict[type[Exception], HTTPStatus] = {
    Referral.DoesNotExist: HTTPStatus.NOT_FOUND,
    Advice.DoesNotExist: HTTPStatus.NOT_FOUND,
    StaleError: HTTPStatus.CONFLICT,
    BusyError: HTTPStatus.LOCKED,
    OperationalError: HTTPStatus.LOCKED,  # the store is busy with somebody else's change
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in. ``version`` is the one that a change was made on."""

    operation: Operation
    request: HttpRequest
    actor: Actor
    function: Function | None
    acting_for: UUID | None = None
    version: int | None = None
    body: Any = None

    @property
    def base(self) -> str:
        """The address under which the API is asked."""
        return self.request.build_absolute_uri(f"/{BASE}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: a resource, a PDF or nothing, and the version that it is of."""

    resource: Json | None = None
    status: int = HTTPStatus.OK
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None


Answering = Callable[..., Answer]
Scopes = frozenset[str]
View = Callable[..., HttpResponse]


def operation(code: str) -> Callable[[Answering], View]:
    """Let those in who may call the operation, and send its answer or why there is none."""
    row = operations()[code]

    def guard(answering: Answering) -> View:
        @wraps(answering)
        def view(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                answer = answering(_let_in(row, request), **named)
                response = _sent(answer)
            except Exception as error:  # noqa: BLE001 - raised again where it is no refusal
                response = _refused(row, error)
            return _with_headers(request, response)

        return view

    return guard


def serve(**by_method: View) -> View:
    """One address, by method; the tokens of programs stand in for the cross-site token of forms."""

    @limited("fhir")
    @csrf_exempt
    def dispatch(request: HttpRequest, **named: Any) -> HttpResponse:
        view = by_method.get(request.method or "")
        if view is None:
            response = HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED)
            response["Allow"] = ", ".join(sorted(by_method))
            return response
        return view(request, **named)

    return dispatch


def _let_in(row: Operation, request: HttpRequest) -> Call:
    actor, scopes = _holder(row, request)
    function = _function(row, request, actor, scopes)
    _about_media(row, request)
    return Call(
        operation=row,
        request=request,
        actor=actor,
        function=function,
        acting_for=_acting_for(row, request, function),
        version=_version(row, request),
        body=_body(request) if row.body == "json" else None,
    )


def _holder(row: Operation, request: HttpRequest) -> tuple[Actor, Scopes]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = holder_of(token.strip()) if scheme.lower() == "bearer" else None
    if held is None:
        code = "ACCESS_DENIED" if row.is_r4 else "NO_ACCESS"
        raise refuse(code, "The token is missing, unknown or has ended", HTTPStatus.UNAUTHORIZED)
    return held


def _function(
    row: Operation, request: HttpRequest, actor: Actor, scopes: Scopes
) -> Function | None:
    """The business function of the call; none where an operation asks for none."""
    if actor.is_application:
        return unattended.function_of(row, request, actor, scopes)
    wanted = Scope.ERS_WRITE if row.writes else Scope.ERS_READ
    if wanted not in scopes:
        raise forbidden(row, f"The token lacks the scope {wanted}")
    if not row.functions:
        return None
    if request.headers.get("NHSD-End-User-Organisation-ODS") != actor.organisation_code:
        raise forbidden(row, "NHSD-End-User-Organisation-ODS is not the organisation of the token")
    said = request.headers.get("NHSD-eRS-Business-Function", "")
    held = FUNCTIONS.get(actor.role, ())
    if said not in held:
        raise forbidden(row, "NHSD-eRS-Business-Function does not go with the role of the token")
    if said not in row.functions:
        raise forbidden(row, "This business function may not call this operation")
    return Function(said)


def _acting_for(row: Operation, request: HttpRequest, function: Function | None) -> UUID | None:
    said = request.headers.get("NHSD-eRS-On-Behalf-Of-User-ID")
    if not said:
        return None
    if function is not Function.SERVICE_PROVIDER_CLINICIAN_ADMIN:
        raise forbidden(row, "Only a service provider clinician administrator acts for somebody")
    return person_of(said)


def _about_media(row: Operation, request: HttpRequest) -> None:
    if not any(map(request.accepts, (FHIR_JSON, PDF) if row.body == "pdf" else (FHIR_JSON,))):
        raise ErsError(status=HTTPStatus.NOT_ACCEPTABLE)
    if row.body == "json" and request.content_type != FHIR_JSON:
        raise ErsError(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def _version(row: Operation, request: HttpRequest) -> int | None:
    if not row.no_version:
        return None
    said = request.headers.get("If-Match")
    if said is None:
        raise ErsError(status=row.no_version)
    found = _VERSION.fullmatch(said.strip())
    if found is None:
        raise ErsError(status=HTTPStatus.BAD_REQUEST)
    return int(found[1])


def _body(request: HttpRequest) -> Any:
    try:
        text = request.body.decode()
        if len(text) <= _LARGEST:
            return json.loads(text)
    except (ValueError, RecursionError, RequestDataTooBig):
        pass
    raise refuse("INVALID_FHIR_STRUCTURE", "The body is no JSON, or too long")


def _sent(answer: Answer) -> HttpResponse:
    if answer.file is not None:
        response = HttpResponse(answer.file, PDF, answer.status)
        response["Content-Length"] = str(len(answer.file))
    elif answer.resource is None:
        response = HttpResponse(status=answer.status)
        del response["Content-Type"]
    else:
        response = _as_json(answer.resource, answer.status)
    if answer.version is not None:
        response["ETag"] = f'W/"{answer.version}"'
    for name, value in answer.headers.items():
        response[name] = value
    return response


def _refused(row: Operation, error: Exception) -> HttpResponse:
    found = _as_error(row, error)
    if found is None:
        raise error
    status = found.status or row.refused
    if not found.refusals and row.is_r4:
        found = by_status(status)
    if not found.refusals:
        waiting = {"Retry-After": str(found.wait)} if found.wait else {}
        return HttpResponse(status=status, content_type=_TEXT, headers=waiting)
    listed = row.codes if status == row.refused else ()
    refusals = [as_listed(each, listed) for each in found.refusals]
    return _as_json(told(refusals, r4=row.is_r4), status)


def _as_error(row: Operation, error: Exception) -> ErsError | None:
    """The refusal that an error is; none where it is a fault of ours."""
    if isinstance(error, ErsError):
        return error
    if isinstance(error, FaultyError):
        return from_faults(error.faults)
    if isinstance(error, StepRefusedError):
        return ErsError(*error.refusals)
    if isinstance(error, PermissionDenied):
        return forbidden(row, "You may not do this")
    statuses = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
    status = next(statuses, None)
    return ErsError(status=status) if status else None


def _as_json(resource: Json, status: int) -> HttpResponse:
    text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, FHIR_JSON, status)


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    said = request.headers.get("X-Correlation-ID")
    if said:
        response["X-Correlation-ID"] = said
    response["X-Request-ID"] = str(uuid4())
    response["Cache-Control"] = "no-store"
    return response
