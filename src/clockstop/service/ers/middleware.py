"""Errors that arise before or around the operations: no page for people, but what was published."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from clockstop.service.ers import patient_care
from clockstop.service.ers.errors import by_status, told
from clockstop.service.ers.gate import BASE, FHIR_JSON
from clockstop.service.fhir.middleware import NoErrorPages


class OutcomeMiddleware(NoErrorPages):
    """Under the API's addresses, a page about an error becomes a status, with its code if any."""

    prefixes = (f"/{BASE}/", f"/{patient_care.BASE}/")
    kept = (*NoErrorPages.kept, "Cache-Control")

    def answer(self, request: HttpRequest, status: HTTPStatus) -> HttpResponse:
        """As the documents of the two APIs say."""
        return _plain(request, status)


def _plain(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path.startswith(f"/{patient_care.BASE}/"):
        told_plainly = patient_care.refusal(status, status.phrase)
        return HttpResponse(json.dumps(told_plainly), FHIR_JSON, status)
    refusals = by_status(status).refusals if request.path.startswith(f"/{BASE}/R4/") else ()
    if not refusals:
        return HttpResponse(status=status, content_type="text/plain;charset=utf-8")
    return HttpResponse(json.dumps(told(refusals, r4=True)), FHIR_JSON, status)
