"""Tokens with which programs act for somebody: made, looked up and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import ApiToken, Application, Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.audit.sealing import digest

_PREFIX = "cst_"  # so that a leaked one is recognised
_BYTES = 32
_LONGEST = timedelta(days=366)
_EVERY = timedelta(minutes=1)  # how often being used is written down


Owner = Membership | Application | Person


class Scope(StrEnum):
    """What a token opens."""

    ERS_READ = "ers:read"
    ERS_WRITE = "ers:write"
    PATIENT_CARE = "patient-care:read"
    FHIR_READ = "fhir:read"
    TRANSFERS = "transfers:write"
    ERS_UNATTENDED = "ers:unattended"
    ERS_ACCEPT = "ers:unattended:A013"
    ERS_OUTCOME = "ers:unattended:A028"
    ERS_CANCEL = "ers:unattended:A036"


_OF_STAFF = frozenset({Scope.ERS_READ, Scope.ERS_WRITE, Scope.FHIR_READ, Scope.TRANSFERS})
_OF_PATIENTS = frozenset({Scope.PATIENT_CARE, Scope.FHIR_READ})
# What an application may change, where its use was reviewed: each is given to it by name.
UNATTENDED_WRITES = frozenset({Scope.ERS_ACCEPT, Scope.ERS_OUTCOME, Scope.ERS_CANCEL})
_OF_APPLICATIONS = frozenset({Scope.ERS_UNATTENDED}) | UNATTENDED_WRITES


@transaction.atomic
def make(
    *,
    owner: Owner,
    name: str,
    scopes: Collection[Scope],
    lasts: timedelta,
    by: str = SYSTEM.id,
) -> tuple[ApiToken, str]:
    """A new token of a member of staff, an application or a patient: its row, and the token.

    Raises ValueError for no scope, for one that does not fit the owner, or for more than a year.
    """
    membership = owner if isinstance(owner, Membership) else None
    person = owner if isinstance(owner, Person) else owner.person
    allowed = _scopes_of(owner)
    if not scopes or set(scopes) - allowed:
        raise ValueError(f"choose among the scopes {', '.join(sorted(allowed))}")
    if not timedelta(0) < lasts <= _LONGEST:
        raise ValueError("a token lasts from a day to a year")
    if isinstance(owner, Person) and not person.nhs_number:
        raise ValueError("the patient has no NHS number that a sign-in service confirmed")
    token = _PREFIX + secrets.token_urlsafe(_BYTES)
    row = ApiToken.objects.create(
        fingerprint=digest(token),
        name=name,
        person=person,
        membership=membership,
        scopes=" ".join(sorted(scopes)),
        made_by=by,
        expires_at=timezone.now() + lasts,
    )
    _record("made an API token", row)
    return row, token


def _scopes_of(owner: Owner) -> frozenset[Scope]:
    if isinstance(owner, Membership):
        return _OF_STAFF
    return _OF_APPLICATIONS if isinstance(owner, Application) else _OF_PATIENTS


@transaction.atomic
def revoke(token: ApiToken) -> None:
    """End a token at once; one that has ended stays as it is."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=("revoked_at",))
        _record("revoked an API token", token)


def holder_of(token: str) -> tuple[Actor, frozenset[str]] | None:
    """Who a token acts for, and its scopes; none if it is unknown, old, revoked or has no owner."""
    now = timezone.now()
    found = ApiToken.objects.filter(
        fingerprint=digest(token), revoked_at=None, expires_at__gt=now
    ).select_related("person__application", "membership__person")
    row: ApiToken | None = found.first()
    actor = _actor(row) if row else None
    if row is None or actor is None:
        return None
    _note_use(row, now)
    return actor, frozenset(row.scopes.split())


def _actor(row: ApiToken) -> Actor | None:
    if application := _application(row):
        return application.as_actor()
    if row.membership is None:
        people = (NhsNumber(row.person.nhs_number),)
        return Actor(person=row.person.pk, name=row.person.name, role=Role.PATIENT, people=people)
    today = timezone.localdate()
    held = Membership.objects.on(today).filter(pk=row.membership.pk).exists()
    return row.membership.as_actor() if held else None


def _application(row: ApiToken) -> Application | None:
    return getattr(row.person, "application", None)


def _note_use(row: ApiToken, now: datetime) -> None:
    if row.used_at is None or now - row.used_at > _EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)


def _record(action: str, row: ApiToken) -> None:
    held = row.membership or _application(row)
    icb = (held.icb_code if held else "") or NATIONAL
    detail = {"scopes": row.scopes, "person": str(row.person.pk)}
    if held:
        detail |= {"role": held.role, "organisation": held.organisation_code}
    record(action, SYSTEM, icb_code=icb, subject=("api token", row.pk), detail=detail)
