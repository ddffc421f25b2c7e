"""Who asks, and for whom: the NHS login token of the patient must say the same as the request.

Source: Patient Care Aggregator, producer standard 3.12.0. Its address holds the NHS number, as the
standard has it; no log of ours holds the query of an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings

from clockstop.core.types import NhsNumber
from clockstop.service.accounts import claims, oidc
from clockstop.service.accounts.refusals import RefusedError, Why
from clockstop.service.fhir.answering import NotAnsweredError

_IDENTIFIER = re.compile(r"https://fhir\.nhs\.uk/Id/nhs-number\|([0-9]{10})")
_PARAMETER = "patient:identifier"
_OF_LOGIN = 0.8  # the share of the time that NHS login has
_NO_TOKEN = (401, "login", "NHSD-ID-Token is no token of NHS login that holds, at the level P9")
_OUTAGES = {
    Why.UNREACHABLE: (503, "transient", "NHS login does not answer"),
    Why.LATE: (504, "timeout", "NHS login did not answer in time"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that holds: the patient, the day of birth that NHS login knows, its correlation."""

    number: NhsNumber
    born: date
    correlation: str


def asked(query: Mapping[str, str], headers: Mapping[str, str]) -> Asked:
    """What is asked for. Raises NotAnsweredError: 400, 401, 403, or 503 where nothing is set up.

    NHS login that does not answer is 503, and 504 where it lets us wait.
    """
    number = _number(query.get(_PARAMETER, ""))
    correlation = _correlation(headers.get("X-Correlation-ID", ""))
    wrong = []
    if number is None:
        wrong.append(f"{_PARAMETER} must be https://fhir.nhs.uk/Id/nhs-number|, an NHS number")
    if correlation is None:
        wrong.append("X-Correlation-ID must be a UUID")
    if number is None or correlation is None:
        raise NotAnsweredError(400, "invalid", wrong)
    told = _told(headers.get("NHSD-ID-Token", ""))
    if told[0] != number:
        raise NotAnsweredError(403, "forbidden", ["The token is of another patient"])
    return Asked(number, told[1], correlation)


def _number(text: str) -> NhsNumber | None:
    found = _IDENTIFIER.fullmatch(text)
    try:
        return NhsNumber(found[1]) if found else None
    except ValueError:
        return None


def _correlation(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _told(token: str) -> tuple[NhsNumber, date]:
    """Whom NHS login has proven the holder of the app to be."""
    service, audiences = settings.CLOCKSTOP_PATIENT_SIGN_IN, settings.CLOCKSTOP_AGGREGATOR_AUDIENCES
    if service is None or not audiences:
        raise NotAnsweredError(
            503, "transient", ["NHS login, or who may ask for its holders, is not set up"]
        )
    try:
        within = settings.CLOCKSTOP_AGGREGATOR_SECONDS * _OF_LOGIN
        told = oidc.verified(token, service, audiences, within=within)
        proven = claims.patient(told, service)
        return proven.nhs_number, date.fromisoformat(str(told.signed.get("birthdate", "")))
    except RefusedError as error:
        raise _refusal(*_OUTAGES.get(error.why, _NO_TOKEN)) from None
    except ValueError:
        raise _refusal(*_NO_TOKEN) from None


def _refusal(status: int, kind: str, words: str) -> NotAnsweredError:
    return NotAnsweredError(status, kind, [words])
