"""What every action does alike: lock, ask who and whether, write, note the step, audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, connection
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING, STAFF, Role
from clockstop.service.audit import recording
from clockstop.service.pathways.actions import EntryRefusedError, record_event
from clockstop.service.pathways.models import Pathway
from clockstop.service.referrals import policies
from clockstop.service.referrals.models import Referral, Step
from clockstop.service.referrals.signals import stepped
from clockstop.service.referrals.states import Party, State, against, transitions

# What sends a patient away: under suspicion of cancer no application does it.
_ENDS = {"return_with_advice", "reject", "cancel_referral"}
FOR_THE_PATIENT = Party.PATIENT.value  # as a step names whom staff acted for on the phone
_CLINICIANS = {Party.REFERRER: Role.REFERRER, Party.PROVIDER: Role.PROVIDER_CLINICIAN}


class StaleError(RuntimeError):
    """Somebody else changed it since it was read: look again (e-RS answers 409)."""


class BusyError(RuntimeError):
    """Somebody else is changing it at this moment: try again (e-RS answers 423)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who takes a step on a referral: for whom they act, and as what towards it.

    ``actor`` is none for a patient who came with a booking reference and an access code.
    ``clinician`` is the clinician whose decision it is, themselves or whom they act for.
    """

    by: recording.Actor
    parties: frozenset[Party]
    actor: Actor | None = None
    clinician: str = ""

    @property
    def acting_for(self) -> str:
        """For whom somebody else acts: a clinician by reference, or the patient; or empty."""
        if self.actor and self.actor.role in STAFF and self.parties == {Party.PATIENT}:
            return FOR_THE_PATIENT
        return self.clinician if self.clinician != self.by.id else ""


def hand_of(actor: Actor, referral: Referral | None, acting_for: UUID | None = None) -> Hand:
    """What somebody is towards a referral: nothing, if it is none of their business.

    ``acting_for`` is a clinician of the same organisation; one who is none is left out.
    """
    parties = frozenset(_parties(actor, referral))
    clinician = _clinician(actor, parties, acting_for)
    return Hand(by=actor.for_audit, parties=parties, actor=actor, clinician=clinician)


def _parties(actor: Actor, referral: Referral | None) -> Iterable[Party]:
    code = actor.organisation_code
    if actor.role in REFERRING and code and (not referral or referral.organisation_code == code):
        yield Party.REFERRER
    if actor.role in PROVIDING and referral and code and _is_with(actor, referral):
        yield Party.PROVIDER
    if actor.role in PUBLIC and referral:
        yield Party.PATIENT


def _is_with(actor: Actor, referral: Referral) -> bool:
    """Whether the provider has it, at a service for which an application is if it is for some."""
    is_for = not actor.services or referral.service_id in actor.services
    return referral.provider_code == actor.organisation_code and is_for


def _clinician(actor: Actor, parties: Iterable[Party], acting_for: UUID | None) -> str:
    wanted = {_CLINICIANS[party] for party in parties if party in _CLINICIANS}
    if actor.role in wanted:
        return str(actor.person)
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=actor.organisation_code, role__in=wanted, person=acting_for
    )
    return str(acting_for) if acting_for and held.exists() else ""


def locked(visible: Any, pk: object, version: int | None) -> Any:
    """A row for this transaction alone. Raises DoesNotExist, StaleError and BusyError.

    ``version`` is the one that was read; none takes whichever is there.
    """
    is_quick = connection.features.has_select_for_update_nowait
    rows = visible.select_for_update(nowait=is_quick, of=("self",))
    try:
        row = rows.get(pk=pk)
    except OperationalError as error:
        raise BusyError(str(pk)) from error
    if version is not None and row.version != version:
        raise StaleError(f"version {version} was read, it is at {row.version} now")
    return row


def check(
    action: str,
    hand: Hand,
    referral: Referral | None,
    *,
    reason: str = "",
    comment: str = "",
    further: Iterable[Refusal] = (),
) -> None:
    """Raise StepRefusedError with everything that stands against a step."""
    found = [*against(action, _state(referral), hand.parties)]
    guards = transitions()[action].guards
    # An application has each such step by name, after a review of its use: see ers/unattended.py.
    is_application = hand.actor is not None and hand.actor.is_application
    if is_application and action in _ENDS and referral and referral.is_suspected_cancer:
        words = "Under suspicion of cancer a person decides on this, never a program"
        found.append(Refusal("INAPPROPRIATE_VALUE", words))
    if "clinical" in guards and not hand.clinician and not is_application:
        words = "Choose the clinician for whom you do this"
        found.append(Refusal("VALUE_IS_REQUIRED", words, "acting_for"))
    if "comment" in guards and not comment.strip():
        found.append(Refusal("VALUE_IS_REQUIRED", "Say why in a few words", "comment"))
    parties = [each.value for each in hand.parties]
    for guard in filter(policies.is_reason, guards):
        found += policies.against_reason(guard, reason, comment, timezone.localdate(), parties)
    found += further
    if found:
        raise StepRefusedError(found)


def note(
    action: str,
    hand: Hand,
    referral: Referral,
    *,
    reason: str = "",
    comment: str = "",
    priority_was: str = "",
    wanted_slot: int | None = None,
) -> Referral:
    """Bring the referral to where the action leads, with a row that says so, and the audit.

    ``priority_was`` is how urgent it was, where the action changed that; ``wanted_slot`` is the
    slot that could not be booked.
    """
    before, after = referral.state, transitions()[action].to
    if before:
        referral.version += 1
    referral.state, referral.reason, referral.comment = after, reason, comment.strip()
    referral.changed_at = timezone.now()
    referral.save()
    Step.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        version=referral.version,
        action=action,
        before=before,
        after=after,
        reason=reason,
        comment=comment.strip(),
        provider_code=referral.provider_code,
        service=referral.service,
        wanted_slot_id=wanted_slot,
        at=referral.changed_at,
        by=hand.by.id,
        role=hand.by.role,
        organisation_code=hand.by.organisation_code,
        acting_for=hand.acting_for,
        priority_was=priority_was,
        priority=referral.priority if priority_was else "",
    )
    recording.record(
        f"referral: {action.replace('_', ' ')}",
        hand.by,
        icb_code=referral.icb_code,
        subject=("referral", referral.pk),
        detail={"version": referral.version, "state": after, "reason": reason},
    )
    stepped.send(sender=Referral, referral=referral, action=action, by=hand.by)
    return referral


def enter_by(actor: Actor, pathway: Pathway, values: Mapping[str, object]) -> None:
    """Enter an event on the pathway as the actor would on its own page, with all its safeguards.

    Raises StepRefusedError where the pathway refuses it.
    """
    try:
        record_event(actor=actor, pathway=pathway, values=values, submission=uuid4())
    except EntryRefusedError as error:
        refusals = [Refusal("INVALID_STATE", each.words, each.field) for each in error.refusals]
        raise StepRefusedError(refusals) from error


def _state(referral: Referral | None) -> State | None:
    return State(referral.state) if referral else None
