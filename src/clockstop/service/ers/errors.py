"""The error codes of the API, and answers that refuse. Source: its OpenAPI document."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from importlib.resources import files

from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.ers.operations import Operation
from clockstop.service.fhir.building import Json, instant
from clockstop.service.fhir.faults import Fault, Wrong
from clockstop.service.fhir.outcome import Issue, outcome

_STU3 = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1"
_PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-OperationOutcome-1"
_WARNING = "https://fhir.nhs.uk/CodeSystem/NHSD-API-ErrorOrWarningCode"
_HTTP = "https://fhir.nhs.uk/CodeSystem/http-error-codes"
_ERS = "https://fhir.nhs.uk/CodeSystem/ers-error-codes"
_OF_FAULTS = {
    Wrong.STRUCTURE: "INVALID_FHIR_STRUCTURE",
    Wrong.MISSING: "MISSING_VALUE",
    Wrong.VALUE: "INVALID_VALUE",
    Wrong.CODE: "INVALID_CODE",
    Wrong.UNEXPECTED: "UNEXPECTED_FIELD",
}

# What stands for a code that an operation does not list (or, of our own, that none lists): of these
# the first that it lists. Where one code stands for all checks of shape, it is MISSING_VALUE.
STAND_INS = {
    "INVALID_FILE": ("INAPPROPRIATE_VALUE", "INVALID_VALUE"),
    "INVALID_CODE": ("INVALID_VALUE", "INAPPROPRIATE_VALUE"),
    "INVALID_VALUE": ("INAPPROPRIATE_VALUE",),
    "INVALID_FHIR_STRUCTURE": ("INVALID_VALUE", "MISSING_VALUE"),
    "UNEXPECTED_FIELD": ("FIELD_NOT_PERMITTED", "INVALID_VALUE", "MISSING_VALUE"),
    "VALUE_IS_REQUIRED": ("MISSING_VALUE",),
    "MISSING_VALUE": ("VALUE_IS_REQUIRED",),
    "REFERENCE_NOT_FOUND": ("INAPPROPRIATE_VALUE", "INVALID_VALUE"),
    "INVALID_STATE": ("INVALID_REQUEST_STATE",),
    "INVALID_REQUEST_TYPE": ("INVALID_REQUEST_STATE",),
    "UNSUPPORTED_PRIORITY": ("INAPPROPRIATE_VALUE",),
}
_BY_STATUS: dict[int, Refusal] = {
    HTTPStatus.BAD_REQUEST: Refusal("REC_BAD_REQUEST", "A value is wrong or missing"),
    HTTPStatus.NOT_FOUND: Refusal("REC_NOT_FOUND", "There is no such record"),
    HTTPStatus.NOT_ACCEPTABLE: Refusal("REC_NOT_ACCEPTABLE", "Ask for application/fhir+json"),
    HTTPStatus.TOO_MANY_REQUESTS: Refusal("TOO_MANY_REQUESTS", "Wait, then ask again"),
    HTTPStatus.INTERNAL_SERVER_ERROR: Refusal("REC_SERVER_ERROR", "The fault is ours"),
    HTTPStatus.SERVICE_UNAVAILABLE: Refusal("REC_UNAVAILABLE", "Ask again later"),
}


class ErsError(Exception):
    """A call that is refused. ``refusals`` have codes of the table; none is an answer without body.

    ``status`` is that of the operation's refusals where none is named. ``wait`` is in how many
    seconds to ask again.
    """

    def __init__(self, *refusals: Refusal, status: int = 0, wait: int = 0) -> None:
        super().__init__("; ".join(each.words for each in refusals) or str(status))
        self.refusals, self.status, self.wait = refusals, status, wait


def refuse(code: str, words: str, status: int = 0) -> ErsError:
    """The error of one reason."""
    return ErsError(Refusal(code, words), status=status)


def forbidden(row: Operation, words: str) -> ErsError:
    """The refusal of somebody who may not, in the shape of the version."""
    return refuse("REC_FORBIDDEN" if row.is_r4 else "FORBIDDEN", words, HTTPStatus.FORBIDDEN)


def from_faults(faults: Iterable[Fault]) -> ErsError:
    """The error of a body that cannot be used."""
    return ErsError(*(Refusal(_OF_FAULTS[each.wrong], each.words) for each in faults))


def by_status(status: int) -> ErsError:
    """The error of a status in the newer FHIR version, which has a code for each."""
    refusals = [_BY_STATUS[status]] if status in _BY_STATUS else []
    return ErsError(*refusals, status=status)


@cache
def error_codes() -> dict[str, tuple[str, str]]:
    """The type of issue and the display of each code."""
    text = files(__package__).joinpath("errors.csv").read_text(encoding="utf-8")
    return {row["code"]: (row["kind"], row["display"]) for row in csv.DictReader(text.splitlines())}


def told(refusals: Iterable[Refusal], *, r4: bool) -> Json:
    """The OperationOutcome of a refusal, in the shape of the FHIR version."""
    issues = [_issue(each, r4=r4) for each in refusals]
    meta = {"lastUpdated": instant(timezone.now())} if r4 else {"profile": [_PROFILE]}
    return outcome(issues, meta)


def as_listed(refusal: Refusal, listed: Collection[str]) -> Refusal:
    """The refusal with the code that an operation lists for it; with its own where none fits."""
    others = STAND_INS.get(refusal.code, ())
    found = [each for each in (refusal.code, *others) if each in listed]
    known = [each for each in (refusal.code, *others) if each in error_codes()]
    return replace(refusal, code=[*found, *known][0])


def _issue(refusal: Refusal, *, r4: bool) -> Issue:
    code = refusal.code
    kind, display = error_codes()[code]
    return Issue(kind, _system(code) if r4 else _STU3, code, display, refusal.words)


def _system(code: str) -> str:
    if code in {"ACCESS_DENIED", "TOO_MANY_REQUESTS"}:
        return _WARNING
    return _HTTP if code.startswith("REC_") else _ERS
