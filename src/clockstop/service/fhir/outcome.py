"""OperationOutcome: how a refusal is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clockstop.service.fhir.building import Json, concept, whole


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: its FHIR type, the code of a national list, its display, and the words."""

    kind: str
    system: str
    code: str
    display: str
    words: str = ""


def outcome(issues: Iterable[Issue], meta: Json) -> Json:
    """The resource; ``meta`` has its profile or when it was made."""
    return {
        "resourceType": "OperationOutcome",
        "meta": meta,
        "issue": [
            whole(
                {
                    "severity": "error",
                    "code": each.kind,
                    "details": concept(each.system, each.code, each.display),
                    "diagnostics": each.words,
                }
            )
            for each in issues
        ],
    }
