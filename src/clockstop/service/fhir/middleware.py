"""Errors that arise before or around answers in FHIR: an OperationOutcome, no page for people."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from clockstop.service.fhir.answering import NotAnsweredError, refuse

_PREFIXES = ("/fhir/", "/aggregator/")
_KEPT = ("Allow", "Retry-After")
_KINDS = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
}


class OutcomeMiddleware:
    """Under these addresses an error that is no answer in FHIR yet becomes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not (request.path.startswith(_PREFIXES) and is_error and is_page):
            return response
        plain = refuse(_error(HTTPStatus(response.status_code)))
        for name in _KEPT:
            if name in response:
                plain[name] = response[name]
        return plain


def _error(status: HTTPStatus) -> NotAnsweredError:
    plain = "exception" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid"
    return NotAnsweredError(status, _KINDS.get(status, plain), [status.phrase])
