"""Errors that arise before or around what programs are answered: no page for people."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clockstop.service.fhir.answering import NotAnsweredError, refuse
from clockstop.service.fhir.deadlines import TooLateError, asked_within

_KINDS = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
}


class NoErrorPages:
    """Under some addresses a page about an error becomes an answer that programs read.

    ``kept`` are the headers of the page that the answer has too.
    """

    prefixes: ClassVar[tuple[str, ...]]
    kept: ClassVar[tuple[str, ...]] = ("Allow", "Retry-After")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not (request.path.startswith(self.prefixes) and is_error and is_page):
            return response
        told = self.answer(request, HTTPStatus(response.status_code))
        for name in self.kept:
            if name in response:
                told[name] = response[name]
        return told

    def answer(self, request: HttpRequest, status: HTTPStatus) -> HttpResponse:
        """What stands for the page."""
        raise NotImplementedError


class OutcomeMiddleware(NoErrorPages):
    """Our own resources, mutual aid's and the aggregator's: an OperationOutcome."""

    prefixes = ("/fhir/", "/mutual-aid/FHIR/", "/aggregator/")

    def answer(self, request: HttpRequest, status: HTTPStatus) -> HttpResponse:  # noqa: ARG002
        """As the operations refuse."""
        return refuse(_error(status))


class DeadlineMiddleware:
    """The store is asked no longer than the aggregator waits: what takes longer is 504."""

    prefix = "/aggregator/"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.prefix):
            return self.get_response(request)
        with asked_within(settings.CLOCKSTOP_AGGREGATOR_SECONDS):
            return self.get_response(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """As the standard has it; every other error goes its own way."""
        if not isinstance(error, TooLateError):
            return None
        return refuse(NotAnsweredError(504, "timeout", ["It took too long: ask again"]))


def _error(status: HTTPStatus) -> NotAnsweredError:
    plain = "exception" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid"
    return NotAnsweredError(status, _KINDS.get(status, plain), [status.phrase])
