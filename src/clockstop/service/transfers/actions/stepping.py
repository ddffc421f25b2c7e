"""What every action does alike: lock, ask who and whether, write, note the step, audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, Role
from clockstop.service.audit import recording
from clockstop.service.transfers import states
from clockstop.service.transfers.deadlines import due_of
from clockstop.service.transfers.models import (
    AidRequest,
    AidStep,
    PatientRequest,
    PatientRequestStep,
)
from clockstop.service.transfers.signals import aid_stepped, patient_request_stepped
from clockstop.service.transfers.states import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who takes a step, as what towards a request, and on whose decision.

    ``actor`` is none for the system, and for a patient who came with the code of an invitation.
    ``minutes`` is how long it took staff, where they say so.
    """

    by: recording.Actor
    parties: frozenset[Party]
    actor: Actor | None = None
    clinician: str = ""
    minutes: int | None = None


SYSTEM = Hand(by=recording.SYSTEM, parties=frozenset({Party.SYSTEM}))


def hand_of(
    actor: Actor,
    request: AidRequest | PatientRequest,
    *,
    acting_for: UUID | None = None,
    minutes: int | None = None,
) -> Hand:
    """What somebody is towards a request. ``acting_for``: a clinician of the same organisation."""
    return Hand(
        by=actor.for_audit,
        parties=frozenset(_parties(actor, request)),
        actor=actor,
        clinician=_clinician(actor, acting_for),
        minutes=minutes,
    )


def _parties(actor: Actor, request: AidRequest | PatientRequest) -> Iterable[Party]:
    if actor.role in PUBLIC:
        yield Party.PATIENT
    if actor.role is Role.ICB_HUB and actor.icb_code:
        yield Party.HUB
    if actor.role in PROVIDING and actor.organisation_code:
        if actor.organisation_code != request.organisation_code:
            yield Party.RECEIVER
        else:
            yield Party.SENDER if isinstance(request, AidRequest) else Party.PROVIDER


def _clinician(actor: Actor, acting_for: UUID | None) -> str:
    if actor.role is Role.PROVIDER_CLINICIAN:
        return str(actor.person)
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=actor.organisation_code, role=Role.PROVIDER_CLINICIAN, person=acting_for
    )
    return str(acting_for) if acting_for and held.exists() else ""


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise StepRefusedError with all reasons, if there are any."""
    found = tuple(refusals)
    if found:
        raise StepRefusedError(found)


def check(
    action: str,
    hand: Hand,
    request: AidRequest | PatientRequest | None,
    further: Iterable[Refusal] = (),
    *,
    table: Any = None,
) -> None:
    """Raise StepRefusedError with all that stands against a step: the table, then ``further``.

    ``table`` is needed where there is no request yet.
    """
    rows = table or _table_of(request)
    state = request.state if request is not None else ""
    found = [*rows.against(action, state, [each.value for each in hand.parties])]
    guards = rows.rows[action].guards
    if "clinical" in guards and not hand.clinician:
        words = "Choose the clinician whose decision this is"
        found.append(Refusal("CLINICIAN_IS_REQUIRED", words, "acting_for"))
    refuse_if((*found, *further))


def note(
    action: str,
    hand: Hand,
    request: AidRequest | PatientRequest,
    *,
    reason: str = "",
    comment: str = "",
) -> None:
    """Bring a request to where the action leads, with a row that says so, the audit, the signal.

    Whoever calls it holds the row's lock and has asked ``check``; other fields set on ``request``
    are saved with it.
    """
    row = _table_of(request).rows[action]
    before, now = request.state, timezone.now()
    if before:
        request.version += 1
    if before != row.to:
        request.state_since = now
    request.state, request.reason, request.comment = row.to, reason, comment.strip()
    request.changed_at = now
    if isinstance(request, AidRequest):
        request.due = due_of(request, timezone.localdate(request.state_since))
    request.save(force_insert=not before)
    _step(action, hand, request, before)
    detail = {"version": request.version, "state": row.to, "reason": reason}
    kind = "aid request" if isinstance(request, AidRequest) else "patient request"
    recording.record(
        f"{kind}: {row.label.lower()}",
        hand.by,
        icb_code=request.icb_code,
        subject=(kind, request.pk),
        detail=detail,
    )
    signal = aid_stepped if isinstance(request, AidRequest) else patient_request_stepped
    signal.send(sender=type(request), request=request, action=action, by=hand.by)


def _step(action: str, hand: Hand, request: AidRequest | PatientRequest, before: str) -> None:
    rows: Any = AidStep if isinstance(request, AidRequest) else PatientRequestStep
    rows.objects.create(
        icb_code=request.icb_code,
        request=request,
        version=request.version,
        action=action,
        before=before,
        after=request.state,
        reason=request.reason,
        comment=request.comment,
        minutes=hand.minutes,
        at=request.changed_at,
        by=hand.by.id,
        role=hand.by.role,
        organisation_code=hand.by.organisation_code,
        acting_for=hand.clinician if hand.clinician != hand.by.id else "",
    )


def _table_of(request: AidRequest | PatientRequest | None) -> Any:
    if isinstance(request, AidRequest):
        return states.aid_requests()
    return states.patient_requests()
