"""The only writer of what is hidden from the NHS App: permission, check, write, audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.aggregator.models import WHY, Hidden, Kind
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.directory.models import HealthcareService
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Appointment, Document
from clockstop.service.referrals.persons import patients_of


class NotHiddenError(ValueError):
    """What cannot be hidden, in words; nothing was written."""


@transaction.atomic
def hide(*, actor: Actor, kind: Kind, key: str, reason: str = "") -> Hidden:
    """Keep something of one's own organisation out of the NHS App, from now.

    Once it is hidden it stays as it is. Raises PermissionDenied and NotHiddenError.
    """
    if not rules.has_perm("aggregator.hide", actor, kind):
        raise PermissionDenied
    if not _is_own(actor, kind, key):
        raise NotHiddenError("Choose something of your organisation")
    if WHY[kind] and reason not in WHY[kind]:
        raise NotHiddenError("Choose why")
    hidden, is_new = Hidden.objects.get_or_create(
        organisation_code=actor.organisation_code,
        kind=kind,
        key=key,
        defaults={
            "icb_code": actor.icb_code,
            "reason": reason if WHY[kind] else "",
            "since": timezone.now(),
            "by": str(actor.person),
        },
    )
    if is_new:
        _record("hid from the NHS App", actor, kind, key, {"reason": hidden.reason})
    return hidden


@transaction.atomic
def show(*, actor: Actor, kind: Kind, key: str) -> None:
    """Let the NHS App show it again. Raises PermissionDenied."""
    if not rules.has_perm("aggregator.hide", actor, kind):
        raise PermissionDenied
    gone, _ = Hidden.objects.of(actor).filter(kind=kind, key=key).delete()
    if gone:
        _record("shows in the NHS App again", actor, kind, key, {})


@transaction.atomic
def look(*, actor: Actor, patient: Patient) -> None:
    """Keep that staff saw what the NHS App shows of a patient. Raises PermissionDenied."""
    if not rules.has_perm("aggregator.hide", actor, Kind.PATIENT):
        raise PermissionDenied
    _record("looked at what the NHS App shows", actor, Kind.PATIENT, str(patient.pk), {})


def _is_own(actor: Actor, kind: Kind, key: str) -> bool:
    try:
        return bool(key and _OWN[kind](actor, key).exists())
    except ValueError:  # no key of such a row
        return False


def _services(actor: Actor) -> Any:
    return HealthcareService.objects.visible_to(actor)


_OWN: Mapping[Kind, Callable[[Actor, str], Any]] = {
    Kind.SPECIALTY: lambda actor, key: _services(actor).filter(
        Q(treatment_function=key) | Q(diagnostic_test=key)
    ),
    Kind.CLINIC: lambda actor, key: _services(actor).filter(pk=int(key)),
    Kind.PATIENT: lambda actor, key: patients_of(actor).filter(pk=UUID(key)),
    Kind.APPOINTMENT: lambda actor, key: Appointment.objects.visible_to(actor).filter(
        pk=int(key), service__organisation=actor.organisation_code
    ),
    Kind.LETTER: lambda actor, key: Document.objects.visible_to(actor).filter(
        pk=UUID(key), organisation_code=actor.organisation_code
    ),
}


def _record(action: str, actor: Actor, kind: Kind, key: str, detail: dict[str, Any]) -> None:
    about = (kind.value, key)
    code = actor.icb_code or NATIONAL
    record(action, actor.for_audit, icb_code=code, subject=about, detail=detail)
