"""Inviting those who were found, and reminding them once: in cohorts, no cancer, no child."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.codes import fingerprint
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.protections import against_contact, is_too_young
from clockstop.service.transfers.actions.asking import telling
from clockstop.service.transfers.actions.asking.closing import end_if_over
from clockstop.service.transfers.actions.asking.shared import Way, against_cancer, go
from clockstop.service.transfers.actions.stepping import SYSTEM, Hand
from clockstop.service.transfers.models import Invitation, PatientRequest
from clockstop.service.transfers.states import Asked

_CODE = "code"


@dataclass(frozen=True, slots=True)
class Invited:
    """A cohort: how many it had, were told, and were left out, and how many had ended meanwhile."""

    cohort: int
    told: int
    left_out: int
    ended: int


@transaction.atomic
def invite(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """Tell one patient that they may ask. Raises StepRefusedError with all that stands against."""
    hand, request = way.taken_up(request_id, version)
    return invite_by(hand, request)


def invite_by(hand: Hand, request: PatientRequest) -> PatientRequest:
    """The same, of a request that is locked for this transaction."""
    further = [*_against_contact(request), *against_cancer(request)]
    go("invite", hand, request, further)
    code = telling.code_of(request)
    message = telling.tell(telling.INVITATION, request, hand.by, **{_CODE: code})
    Invitation.objects.create(
        icb_code=request.icb_code,
        request=request,
        organisation_code=request.organisation_code,
        fingerprint=fingerprint(code),
        sent_at=request.changed_at,
        channel=_channel(message),
    )
    return request


def remind_by(hand: Hand, request: PatientRequest) -> PatientRequest:
    """Remind once, some days after the invitation; the code is the one that was sent."""
    held = Invitation.objects.select_for_update(of=("self",)).filter(request=request).first()
    further = [*_against_contact(request), *against_cancer(request), *_against_again(held)]
    go("remind", hand, request, further)
    if held is not None:
        held.reminded_at = request.changed_at
        code = telling.code_of(request)
        held.fingerprint = fingerprint(code)
        held.save(update_fields=("reminded_at", "fingerprint"))
        telling.tell(telling.REMINDER, request, hand.by, **{_CODE: code})
    return request


def invite_cohort(
    *, organisation_code: str = "", icb_code: str = "", profile: str = "", most: int = 1_000_000
) -> Invited:
    """Invite everybody who was found, the longest wait first; each in a transaction of its own."""
    rows = _cohort(Asked.ELIGIBLE, organisation_code, icb_code, profile)
    return _each(rows, invite_by, most)


def remind_cohort(
    *, organisation_code: str = "", icb_code: str = "", profile: str = "", most: int = 1_000_000
) -> Invited:
    """Remind everybody who has not answered an invitation, once."""
    rows = _cohort(Asked.INVITED, organisation_code, icb_code, profile)
    before = timezone.localdate() - _remind_after()
    due = rows.filter(invitation__reminded_at=None, invitation__sent_at__date__lte=before)
    return _each(due, remind_by, most)


def _cohort(state: Asked, organisation_code: str, icb_code: str, profile: str) -> Any:
    """Those in a state whose patients are old enough to be written to."""
    rows = PatientRequest.objects.filter(state=state)
    if organisation_code:
        rows = rows.filter(organisation_code=organisation_code)
    if icb_code:
        rows = rows.filter(icb_code=icb_code)
    if profile:
        rows = rows.filter(profile=profile)
    return rows.order_by("clock_start", "pk")


def _each(rows: Any, act: Any, most: int) -> Invited:
    told = left_out = ended = 0
    keys = list(rows.values_list("pk", flat=True)[:most])
    for key in keys:
        match _one(key, act):
            case "told":
                told += 1
            case "ended":
                ended += 1
            case _:
                left_out += 1
    return Invited(len(keys), told, left_out, ended)


def _one(key: UUID, act: Any) -> str:
    try:
        with transaction.atomic():
            _, request = Way(PatientRequest.objects.all(), lambda _: SYSTEM).taken_up(key)
            if end_if_over(request):
                return "ended"
            act(SYSTEM, request)
    except StepRefusedError:  # not one whom a batch may write to, or somebody was quicker
        return "left out"
    return "told"


def _against_contact(request: PatientRequest) -> Iterable[Refusal]:
    """No message to whom must not be contacted; of a child the parents are called."""
    for each in records_of(request.patient):
        for words in against_contact(each):
            yield Refusal("NOT_CONTACTABLE", words)
    today = timezone.localdate()
    if is_too_young(request.patient.birth_date, today):
        yield Refusal("TOO_YOUNG", "Call the parents: children are not written to")


def _against_again(held: Invitation | None) -> Iterable[Refusal]:
    if held is None:
        yield Refusal("NOT_INVITED", "No invitation was sent")
        return
    if held.reminded_at is not None:
        yield Refusal("REMINDED_BEFORE", "Patients are reminded once")
    if timezone.localdate(held.sent_at) > timezone.localdate() - _remind_after():
        yield Refusal("TOO_EARLY", f"Patients are reminded {_remind_after().days} days later")


def _remind_after() -> timedelta:
    today: date = timezone.localdate()
    return timedelta(days=rulebook.on(today)["asked_remind_after"].value)


def _channel(message: Message | None) -> str:
    return message.channel if message else ""
