"""The only writers of accounts: permission, policy, write, audit, in one transaction."""

from collections.abc import Iterable
from datetime import date

import rules
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from clockstop.core.types import NhsNumber
from clockstop.service.accounts import policies
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.claims import Patient
from clockstop.service.accounts.models import CarerCode, Delegation, Identity, Membership, Person
from clockstop.service.accounts.policies import Grant, Refusal
from clockstop.service.accounts.refusals import RefusedError, Why
from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.audit import recording
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import SYSTEM, record

VISITOR = recording.Actor("visitor", "visitor")


class AccountRefusedError(ValueError):
    """What cannot be done with an account, for all the reasons in ``refusals``."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(f"{each.field}: {each.words}" for each in refusals))
        self.refusals = refusals


@transaction.atomic
def grant(*, actor: Actor | None, wanted: Grant) -> Membership:
    """Give somebody a role, whether or not they have signed in before.

    ``actor`` is None for the operator, who works at the command line. An administrator gives
    roles in their own organisation alone, and none to themselves: else who may give access to
    patients could take it. Raises PermissionDenied and AccountRefusedError.
    """
    if actor and not rules.has_perm("accounts.grant", actor, wanted.organisation_code):
        raise PermissionDenied
    _refuse(policies.against_grant(wanted, timezone.localdate()))
    person = _known_as(wanted)
    if actor and person.pk == actor.person:
        _refuse([Refusal("subject", "You cannot give a role to yourself: ask another")])
    _refuse(_overlaps(person, wanted))
    membership = Membership.objects.create(
        person=person,
        organisation_code=wanted.organisation_code,
        icb_code=wanted.icb_code,
        role=wanted.role,
        starts=wanted.starts,
        ends=wanted.ends,
        granted_by=_auditor(actor).id,
    )
    _record_membership("gave a role", actor, membership)
    return membership


@transaction.atomic
def end(*, actor: Actor | None, membership: Membership) -> None:
    """End a role today; one that has yet to start never will.

    Raises PermissionDenied, and AccountRefusedError where it has ended already.
    """
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if actor and not rules.has_perm("accounts.end", actor, locked):
        raise PermissionDenied
    today = timezone.localdate()
    if locked.ends is not None and locked.ends <= max(today, locked.starts):
        raise AccountRefusedError(Refusal("membership", "This role has ended already"))
    locked.ends = max(today, locked.starts)
    locked.save(update_fields=("ends",))
    _record_membership("ended a role", actor, locked)


@transaction.atomic
def enrol(*, issuer: str, patient: Patient) -> Person:
    """The account of a patient who signed in, opened at the first time.

    Raises RefusedError where the NHS number belongs to another account, or has changed.
    """
    known = Identity.objects.select_related("person").filter(issuer=issuer, subject=patient.subject)
    identity = known.first()
    if identity is None:
        return _open_account(issuer, patient)
    person: Person = identity.person
    if person.nhs_number != str(patient.nhs_number):
        raise RefusedError(Why.NUMBER_CHANGED)
    if patient.name and person.name != patient.name:
        person.name = patient.name
        person.save(update_fields=("name",))
        record("took over a new name", _patients_own(person), subject=("person", person.pk))
    return person


@transaction.atomic
def delegate(
    *, actor: Actor, carer: Person, ends: date, nhs_number: NhsNumber, icb_code: str = NATIONAL
) -> Delegation:
    """Let a carer see the patient's record from today until the day before ``ends``.

    Staff do so for a patient who calls, the one among their ``people``. Raises PermissionDenied and
    AccountRefusedError.
    """
    own = nhs_number in actor.people
    if not own or not rules.has_perm("accounts.delegate", actor):
        raise PermissionDenied
    today = timezone.localdate()
    _refuse(policies.against_delegation(ends, today))
    if carer.pk == actor.person or carer.nhs_number == str(nhs_number):
        _refuse([Refusal("code", "This is your own code: ask your carer for theirs")])
    held = Delegation.objects.on(today).filter(carer=carer, nhs_number=str(nhs_number))
    if held.exists():
        _refuse([Refusal("code", f"{carer.name} can see your record already")])
    # One that was ended on the day it began would else stand in the way of another.
    delegation, _ = Delegation.objects.update_or_create(
        icb_code=icb_code,
        carer=carer,
        nhs_number=str(nhs_number),
        starts=today,
        defaults={"ends": ends},
    )
    _record_delegation("let a carer see", actor, delegation)
    return delegation


@transaction.atomic
def change_end(*, actor: Actor, delegation: Delegation, ends: date) -> None:
    """Let a carer see the record until the day before ``ends``, be it sooner or later than now.

    Raises PermissionDenied and AccountRefusedError.
    """
    locked = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if not rules.has_perm("accounts.revoke", actor, locked):
        raise PermissionDenied
    today = timezone.localdate()
    _refuse(policies.against_delegation(ends, today))
    if locked.ends <= today:
        _refuse([Refusal("months", "This has ended: ask the carer for a new code")])
    locked.ends = ends
    locked.save(update_fields=("ends",))
    _record_delegation("changed until when a carer sees", actor, locked)


@transaction.atomic
def revoke(*, actor: Actor, delegation: Delegation) -> None:
    """End what a carer may see, at once. Raises PermissionDenied."""
    if not rules.has_perm("accounts.revoke", actor, delegation):
        raise PermissionDenied
    delegation.ends = max(timezone.localdate(), delegation.starts)
    delegation.save(update_fields=("ends",))
    _record_delegation("ended what a carer sees", actor, delegation)


@transaction.atomic
def make_carer_code(*, actor: Actor) -> str:
    """A code that somebody reads out to the patient who is to let them see a record.

    It lasts a quarter of an hour and can be used once; a new one ends the one before. Staff make
    one for a patient who calls. Raises PermissionDenied, and AccountRefusedError for somebody who
    has never signed in: they could see nothing.
    """
    if not rules.has_perm("accounts.delegate", actor) or not actor.people:
        raise PermissionDenied
    carer = Person.objects.filter(nhs_number=str(actor.people[0])).first()
    if carer is None:
        words = "They have no account yet: a carer signs in once with their own NHS login first"
        raise AccountRefusedError(Refusal("carer", words))
    CarerCode.objects.filter(person=carer).delete()
    made = CarerCode.make(carer)
    record("made a carer's code", actor.for_audit, subject=("person", carer.pk), detail=_for(actor))
    return made


@transaction.atomic
def use_carer_code(*, actor: Actor, code: str, ends: date, nhs_number: NhsNumber) -> Delegation:
    """Let the one whose code it is see the record. Raises as ``delegate`` does."""
    held = CarerCode.objects.select_for_update().usable(code, timezone.now())
    if held is None:
        raise AccountRefusedError(
            Refusal("code", "This code is not known or too old: ask your carer for a new one")
        )
    delegation = delegate(actor=actor, carer=held.person, ends=ends, nhs_number=nhs_number)
    held.delete()
    return delegation


@transaction.atomic
def note_refusal(*, way: str, why: Why) -> None:
    """Write down that a sign-in was refused: the reason's code, and nothing about anybody."""
    record("refused sign-in", VISITOR, detail={"way": way, "because": why.value})


def _refuse(refusals: Iterable[Refusal]) -> None:
    against = tuple(refusals)
    if against:
        raise AccountRefusedError(*against)


def _known_as(wanted: Grant) -> Person:
    """The person of an identity. A name that is known is not changed by giving a role."""
    known = Identity.objects.filter(issuer=wanted.issuer, subject=wanted.subject)
    identity = known.select_related("person").first()
    if identity:
        return identity.person
    person = Person.objects.create(name=wanted.name.strip())
    Identity.objects.create(person=person, issuer=wanted.issuer, subject=wanted.subject)
    return person


def _overlaps(person: Person, wanted: Grant) -> Iterable[Refusal]:
    """Whether they have the role for some of that time already."""
    held = Membership.objects.filter(
        Q(ends=None) | Q(ends__gt=wanted.starts),
        person=person,
        organisation_code=wanted.organisation_code,
        role=wanted.role,
    )
    if wanted.ends:
        held = held.filter(starts__lt=wanted.ends)
    same_day = Membership.objects.filter(
        person=person,
        organisation_code=wanted.organisation_code,
        role=wanted.role,
        starts=wanted.starts,
    )
    if held.exists():
        yield Refusal("role", f"{person.name} has this role for some of that time already")
    elif same_day.exists():
        yield Refusal("starts", "This role was given from that day and ended: choose another day")


def _open_account(issuer: str, patient: Patient) -> Person:
    try:
        with transaction.atomic():
            person = Person.objects.create(name=patient.name, nhs_number=str(patient.nhs_number))
            Identity.objects.create(person=person, issuer=issuer, subject=patient.subject)
    except IntegrityError:  # another account has the number: they are never joined by themselves
        raise RefusedError(Why.NUMBER_TAKEN) from None
    record("opened an account", _patients_own(person), subject=("person", person.pk))
    return person


def _patients_own(person: Person) -> recording.Actor:
    return recording.Actor(str(person.pk), Role.PATIENT.value)


def _auditor(actor: Actor | None) -> recording.Actor:
    return actor.for_audit if actor else SYSTEM


def _record_membership(action: str, actor: Actor | None, membership: Membership) -> None:
    last = membership.last_day
    record(
        action,
        _auditor(actor),
        icb_code=membership.icb_code or NATIONAL,
        subject=("membership", membership.pk),
        detail={
            "person": str(membership.person_id),
            "role": membership.role,
            "organisation": membership.organisation_code,
            "from": membership.starts.isoformat(),
            "last_day": last.isoformat() if last else None,
        },
    )


def _record_delegation(action: str, actor: Actor, delegation: Delegation) -> None:
    record(
        action,
        actor.for_audit,
        icb_code=delegation.icb_code,
        subject=("delegation", delegation.pk),
        detail={
            "carer": str(delegation.carer_id),
            "ends": delegation.ends.isoformat(),
            **_for(actor),
        },
    )


def _for(actor: Actor) -> dict[str, str]:
    """That staff did it for the patient, who called."""
    return {} if actor.role in PUBLIC else {"acting_for": Role.PATIENT.value}
