"""Answers over HTTP: a resource, or a refusal as an OperationOutcome with every reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from clockstop.service.fhir.building import Json, instant
from clockstop.service.fhir.outcome import Issue, outcome

_MEDIA = "application/fhir+json"
_ISSUES = "http://terminology.hl7.org/CodeSystem/operation-outcome"


class NotAnsweredError(Exception):
    """A request that is refused: the status, the FHIR type of issue, and every reason."""

    def __init__(self, status: int, kind: str, words: Sequence[str]) -> None:
        super().__init__("; ".join(words))
        self.status, self.kind, self.words = status, kind, tuple(words)


def answer(resource: Json, status: int = 200) -> HttpResponse:
    """A resource, with its version as its tag; no copy of it is kept anywhere."""
    response = JsonResponse(resource, status=status, content_type=_MEDIA)
    version = resource.get("meta", {}).get("versionId")
    if version:
        response["ETag"] = f'W/"{version}"'
    response["Cache-Control"] = "no-store"
    return response


def refuse(error: NotAnsweredError) -> HttpResponse:
    """The refusal."""
    issues = [
        Issue(error.kind, _ISSUES, error.kind, error.kind.capitalize(), each)
        for each in error.words
    ]
    return answer(outcome(issues, {"lastUpdated": instant(timezone.now())}), error.status)
