"""Messages in the NHS App, by its published API (version 0.1.0).

A token is asked for with a signed assertion and kept while it lasts. A message is told with the
NHS number, our key as ``request-id`` and the words alone: no name, and the push notification has
no words of ours. What became of it stands in the receipts of a day, which are there the day after.
"""

from __future__ import annotations

import html
import re
import time
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from django.utils import timezone
from joserfc.jwk import import_key

from clockstop.service.messaging.models import Message, State
from clockstop.service.messaging.nhs_app import AppService
from clockstop.service.messaging.senders.carrying import Letterbox, SendError
from clockstop.service.messaging.wording import Written

ALGORITHM = "RS512"
ASSERTION_LIVES = 120  # seconds; five minutes are allowed
PATIENCE = 10  # seconds for each answer
_SOON = 30  # seconds before its end from which a token is not used
_IN_APP = "/communication/in-app/FHIR/R4/CommunicationRequest"
_RECEIPTS = "/communication/report/receipts/FHIR/R4/Task"
_PATIENTS = "/communication/report/patients"
_REQUEST_ID = "https://fhir.nhs.uk/NHSApp/request-id"
_THEIR_ID = "https://fhir.nhs.uk/Id/nhs-app-communication-id"
_LONGEST = 5000
_PRACTICE = re.compile(r"[A-Z]\d{5}|[A-Z]\d[A-Z]\d[A-Z]")  # the codes that it has a report for
# Push notifications are no part of this: who was not notified still has the message.
_BECAME = {"Delivered": State.DELIVERED, "Read": State.READ, "Rejected": State.FAILED}


class AppSender:
    """The API for one run: its token and the receipts that were read are kept as long."""

    def __init__(self, service: AppService, client: httpx.Client | None = None) -> None:
        self._service = service
        self._client = client or httpx.Client(timeout=PATIENCE)
        self._token, self._ends = "", 0.0
        self._receipts: dict[date, dict[str, State]] = {}

    def send(self, message: Message, written: Written, to: Letterbox) -> str:
        """Hand it over; the day, and what the app calls it. Raises SendError."""
        body = _request(message, written, to, self._service.organisation)
        told = self._asked("POST", _IN_APP, json=body).json()
        return f"{timezone.localdate()} {_identifier(told, _THEIR_ID)}"

    def became(self, reference: str) -> State | None:
        """What the receipts of its day and of the next say, once these days are over."""
        day, _, key = reference.partition(" ")
        sent = date.fromisoformat(day)
        for each in (sent, sent + timedelta(days=1)):
            if each < timezone.localdate() and key in self._receipts_of(each):
                return self._receipts_of(each)[key]
        return None

    def users_of(self, practice: str) -> set[str]:
        """The NHS numbers of those at a practice who read messages there; none where it has none.

        Raises SendError.
        """
        if not _PRACTICE.fullmatch(practice):
            return set()
        pages = self._pages(_PATIENTS, {"ods-organisation-code": practice})
        return {each["nhsNumber"] for page in pages for each in page}

    def _receipts_of(self, day: date) -> dict[str, State]:
        if day not in self._receipts:
            pages = self._pages(_RECEIPTS, {"day": day.isoformat()})
            tasks = [each["resource"] for page in pages for each in page.get("entry", ())]
            codes = [(_identifier(each, _THEIR_ID), _code(each)) for each in tasks]
            self._receipts[day] = {key: _BECAME[code] for key, code in codes if code in _BECAME}
        return self._receipts[day]

    def _pages(self, path: str, query: dict[str, str]) -> list[Any]:
        """Every page of a report, as its ``Link`` header tells; none where there is no report."""
        found: list[Any] = []
        while True:
            response = self._asked("GET", path, params=query | {"page": str(len(found) + 1)})
            if response.status_code == httpx.codes.NOT_FOUND:
                return found
            found.append(response.json())
            if "next" not in response.links:
                return found

    def _asked(self, method: str, path: str, **what: Any) -> httpx.Response:
        """An answer that is no refusal; once more with a new token where the old one is over."""
        response = self._tried(method, path, **what)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._token = ""
            response = self._tried(method, path, **what)
        is_report = method == "GET" and response.status_code == httpx.codes.NOT_FOUND
        if response.is_error and not is_report:
            raise _refusal(response)
        return response

    def _tried(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Asked once. Where it was sent and no answer came, it may have been taken: not again."""
        bearer = self._bearer()
        headers = {"Authorization": f"Bearer {bearer}", "X-Correlation-ID": str(uuid4())}
        try:
            return self._client.request(method, self._service.url + path, headers=headers, **what)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SendError("The NHS App could not be reached") from error
        except httpx.RequestError as error:
            raise SendError("The NHS App did not answer", is_final=True) from error

    def _bearer(self) -> str:
        """A token that holds. A refusal is about this site, not about a message: another time."""
        if self._token and time.time() < self._ends:
            return self._token
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(),
        }
        try:
            response = self._client.post(self._service.token_url, data=form)
            given = response.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise SendError("The NHS App gave no token") from error
        self._token = str(given["access_token"])
        self._ends = time.time() + int(given["expires_in"]) - _SOON
        return self._token

    def _assertion(self) -> str:
        signed: str = private_key_jwt_sign(
            import_key(self._service.key, "RSA"),
            client_id=self._service.application,
            token_endpoint=self._service.token_url,
            alg=ALGORITHM,
            header={"typ": "JWT", "kid": self._service.key_id},
            expires_in=ASSERTION_LIVES,
        )
        return signed


def _request(
    message: Message, written: Written, to: Letterbox, organisation: str
) -> dict[str, object]:
    """The message as the API has it; its words as Markdown, which holds no tags."""
    text = html.escape(f"## {written.subject}\n\n{written.body}", quote=False)
    if len(text) > _LONGEST:
        raise SendError("It is too long for the NHS App", is_final=True)
    return {
        "resourceType": "CommunicationRequest",
        "identifier": [{"system": _REQUEST_ID, "value": str(message.pk)}],
        "status": "active",
        "payload": [{"contentString": text}],
        "recipient": [_whom("Patient", "nhs-number", to.number)],
        "requester": _whom("Organization", "ods-organization-code", organisation),
    }


def _whom(kind: str, system: str, value: str) -> dict[str, object]:
    return {
        "type": kind,
        "identifier": {"system": f"https://fhir.nhs.uk/Id/{system}", "value": value},
    }


def _identifier(resource: dict[str, Any], system: str) -> str:
    held = resource.get("identifier", ())
    return next((str(each["value"]) for each in held if each.get("system") == system), "")


def _code(task: dict[str, Any]) -> str:
    return str(task["code"]["coding"][0]["code"])


def _refusal(response: httpx.Response) -> SendError:
    """Too many at once, a token and a fault of theirs: another time; else never."""
    status = response.status_code
    again = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.UNAUTHORIZED)
    is_final = response.is_client_error and status not in again
    return SendError(f"The NHS App answered {status}", is_final=is_final)
