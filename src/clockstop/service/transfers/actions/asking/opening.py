"""The code of an invitation: whether it is genuine, and, with the day of birth, the way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.service.accounts.codes import fingerprint
from clockstop.service.audit.recording import Actor, record
from clockstop.service.transfers.actions.asking.shared import Way
from clockstop.service.transfers.actions.stepping import Hand
from clockstop.service.transfers.models import Invitation, PatientRequest
from clockstop.service.transfers.states import Party

VISITOR = Actor("visitor", "visitor")


class NotOpenedError(LookupError):
    """Nothing was opened: no such code, another day of birth, or locked for now."""


@dataclass(frozen=True, slots=True)
class Genuine:
    """An invitation that did come from here: from whom, and on which days."""

    organisation_code: str
    sent_on: date
    reminded_on: date | None


@transaction.atomic
def genuine(code: str) -> Genuine | None:
    """Whether a message with this code came from a hospital here. Says nothing of the patient."""
    held = Invitation.objects.filter(fingerprint=fingerprint(code)).first()
    if held is None:
        return None
    Invitation.objects.filter(pk=held.pk).update(checked=F("checked") + 1)
    reminded = held.reminded_at
    return Genuine(
        held.organisation_code,
        timezone.localdate(held.sent_at),
        timezone.localdate(reminded) if reminded else None,
    )


def opened(code: str, born: date) -> PatientRequest:
    """The request that a code and the patient's day of birth open. Raises NotOpenedError.

    Whatever is wrong, the answer is the same; too many wrong days of birth lock the code for a
    while. A sensitive record and one of somebody who has died open to nobody.
    """
    found = _tried(code, born)  # its attempt is kept, whatever the answer
    if found is None:
        raise NotOpenedError
    return found


@transaction.atomic
def _tried(code: str, born: date) -> PatientRequest | None:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("request__patient")
    held = rows.filter(fingerprint=fingerprint(code)).first()
    patient = held.request.patient if held else None
    is_born = compare_digest(str(patient.birth_date if patient else date.min), str(born))
    if held is None or patient is None:
        return None
    if held.locked_until is not None and held.locked_until > timezone.now():
        _record("refused a locked invitation", held)
        return None
    if not is_born or patient.sensitive or patient.died_on:
        _count(held)
        _record("refused the code of an invitation", held)
        return None
    held.attempts = 0
    held.save(update_fields=("attempts",))
    _record("opened by the code of an invitation", held)
    request: PatientRequest = held.request
    return request


def _count(held: Invitation) -> None:
    rules = rulebook.on(timezone.localdate())
    held.attempts += 1
    if held.attempts >= rules["access_code_attempts"].value:
        minutes = rules["access_code_lock"].value
        held.attempts, held.locked_until = 0, timezone.now() + timedelta(minutes=minutes)
    held.save(update_fields=("attempts", "locked_until"))


def _record(action: str, held: Invitation) -> None:
    about = ("patient request", held.request_id)
    record(action, VISITOR, icb_code=held.icb_code, subject=about)


def way_of_visitor(request_id: UUID) -> Way:
    """That of whoever opened one request by its code: never more than what a patient may do."""
    known = PatientRequest.objects.filter(pk=request_id, patient__died_on=None)
    hand = Hand(by=VISITOR, parties=frozenset({Party.PATIENT}))
    return Way(known.exclude(patient__sensitive=True), lambda _: hand)
