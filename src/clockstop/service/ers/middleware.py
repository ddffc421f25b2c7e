"""Errors that arise before or around the operations: no page for people, but what was published."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from clockstop.service.ers import patient_care
from clockstop.service.ers.errors import by_status, told
from clockstop.service.ers.gate import BASE, FHIR_JSON

_PREFIXES = (f"/{BASE}/", f"/{patient_care.BASE}/")
_KEPT = ("Allow", "Retry-After", "Cache-Control")


class OutcomeMiddleware:
    """Under the API's addresses, a page about an error becomes a status, with its code if any."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not (request.path.startswith(_PREFIXES) and is_error and is_page):
            return response
        plain = _plain(request, response.status_code)
        for name in _KEPT:
            if name in response:
                plain[name] = response[name]
        return plain


def _plain(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith(f"/{patient_care.BASE}/"):
        words = HTTPStatus(status).phrase
        return HttpResponse(json.dumps(patient_care.refusal(status, words)), FHIR_JSON, status)
    refusals = by_status(status).refusals if request.path.startswith(f"/{BASE}/R4/") else ()
    if not refusals:
        return HttpResponse(status=status, content_type="text/plain;charset=utf-8")
    return HttpResponse(json.dumps(told(refusals, r4=True)), FHIR_JSON, status)
