"""Asking a hospital to change an appointment that it entered, and its answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import BY_PHONE, PROVIDING, PUBLIC
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.audit.recording import Actor as Auditor
from clockstop.service.pathways.models import Pathway
from clockstop.service.portal import changes, telling
from clockstop.service.portal.actions.behalf import on_behalf
from clockstop.service.portal.changes import WHY_DECLINED, State
from clockstop.service.portal.models import ChangeRequest, ChangeStep, OnlineChanges

_ANSWERS = {"approve", "decline"}


class ChangeRefusedError(ValueError):
    """What cannot be done, in words by field; nothing was written."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def ask(*, actor: Actor, pathway: Pathway, day: date, wish: str, words: str = "") -> ChangeRequest:
    """Ask for something about the appointment on a day. Raises ChangeRefusedError.

    The appointment stays as it is, and so does the wait, until staff act.
    """
    if not rules.has_perm("portal.ask", actor, pathway):
        raise PermissionDenied
    Pathway.objects.select_for_update(of=("self",)).get(pk=pathway.pk)
    is_open = pathway.change_requests.open().filter(day=day).exists()
    words = words.strip()
    against = changes.against_asking(
        wish,
        day,
        timezone.localdate(),
        is_offered=is_offered_by(pathway.organisation_code),
        is_open=is_open,
    )
    if not against and wish != changes.Wish.CONFIRM and not words:
        raise ChangeRefusedError({"words": "Say in a few words what would help"})
    if against:
        raise ChangeRefusedError({"wish": against})
    now = timezone.now()
    made: ChangeRequest = ChangeRequest.objects.create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        organisation_code=pathway.organisation_code,
        wish=wish,
        day=day,
        words=words[:500],
        state=State.REQUESTED,
        asked_at=now,
        changed_at=now,
    )
    _note("ask", made, actor.for_audit, on_behalf(actor))
    return made


@transaction.atomic
def step(
    *,
    actor: Actor,
    request_id: UUID,
    action: str,
    reason: str = "",
    answer: str = "",
    for_patient: bool = False,
) -> ChangeRequest:
    """Take a step of the table on a request that the actor sees.

    ``for_patient``: staff take the patient's step, as they are told on the phone.
    Raises ChangeRequest.DoesNotExist and ChangeRefusedError.
    """
    visible = ChangeRequest.objects.visible_to(actor).select_for_update(of=("self",))
    held: ChangeRequest = visible.get(pk=request_id)
    by = _party(actor, for_patient=for_patient)
    today = timezone.localdate()
    against = list(changes.against(action, State(held.state), by, day=held.day, today=today))
    errors = {"action": against[0]} if against else dict(_missing(action, reason, answer))
    if errors:
        raise ChangeRefusedError(errors)
    held.reason = reason if action == "decline" else ""
    held.answer = answer.strip()[:500]
    _move(held, action, actor.for_audit, on_behalf(actor) if by == "patient" else {})
    if action in _ANSWERS:
        telling.tell_of_answer(held, actor.for_audit)
    return held


@transaction.atomic
def expire_past() -> int:
    """End the requests that nobody answered before the day of the appointment; how many."""
    past = ChangeRequest.objects.open().filter(day__lt=timezone.localdate())
    held = list(past.select_for_update(of=("self",)))
    for each in held:
        _move(each, "expire", SYSTEM, {})
    return len(held)


@transaction.atomic
def offer(*, actor: Actor, is_offered: bool, phone: str, hours: str) -> OnlineChanges:
    """Say whether a provider takes requests online, and whom to call. Raises PermissionDenied."""
    if not rules.has_perm("portal.offer", actor):
        raise PermissionDenied
    if is_offered is False and not phone.strip():
        raise ChangeRefusedError({"phone": "Enter the number that patients call instead"})
    made, _ = OnlineChanges.objects.update_or_create(
        organisation_code=actor.organisation_code,
        defaults={
            "icb_code": actor.icb_code,
            "is_offered": is_offered,
            "phone": phone.strip()[:30],
            "hours": hours.strip()[:100],
        },
    )
    what = "offered changes online" if is_offered else "ended changes online"
    record(what, actor.for_audit, icb_code=actor.icb_code)
    return made


def is_offered_by(organisation_code: str) -> bool:
    """Whether a provider takes requests online."""
    held = OnlineChanges.objects.filter(organisation_code=organisation_code, is_offered=True)
    return bool(held.exists())


def _missing(action: str, reason: str, answer: str) -> Iterable[tuple[str, str]]:
    if action == "decline" and reason not in WHY_DECLINED:
        yield "reason", "Choose why it is not possible"
    if action == "decline" and reason == "other" and not answer.strip():
        yield "answer", "Say why in words that the patient reads"
    if action == "approve" and not answer.strip():
        yield "answer", "Say what you have changed, such as the new day and time"


def _party(actor: Actor, *, for_patient: bool) -> str:
    if actor.role in PUBLIC or (for_patient and actor.role in BY_PHONE):
        return "patient"
    return "provider" if actor.role in PROVIDING else ""


def _move(held: ChangeRequest, action: str, by: Auditor, behalf: dict[str, str]) -> None:
    held.state, held.changed_at = changes.transitions()[action].to, timezone.now()
    held.save()
    _note(action, held, by, behalf)


def _note(action: str, held: Any, by: Auditor, behalf: dict[str, str]) -> None:
    number = held.steps.count() + 1
    ChangeStep.objects.create(
        icb_code=held.icb_code,
        request=held,
        number=number,
        action=action,
        after=held.state,
        at=held.changed_at,
        by=by.id,
        role=by.role,
    )
    detail = {"wish": held.wish, "state": str(held.state), "reason": held.reason} | behalf
    subject = ("change request", held.pk)
    record(f"change request: {action}", by, icb_code=held.icb_code, subject=subject, detail=detail)
