"""The only writers of services: permission, policy, write, audit, in one transaction."""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.audit.models import NATIONAL
from clockstop.service.directory import publishing
from clockstop.service.directory.choices import Origin, Status
from clockstop.service.directory.content import (
    Content,
    as_json,
    content_of,
    fingerprint,
    put_on,
)
from clockstop.service.directory.models import (
    Draft,
    FormerVersion,
    HealthcareService,
    NamedClinician,
)
from clockstop.service.directory.policies import Reason
from clockstop.service.directory.ratings import with_latest
from clockstop.service.registry.models import Organisation


class NotPublishableError(ValueError):
    """A service cannot be changed so; ``reasons`` are all of them. Nothing was written."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(each.words for each in reasons))
        self.reasons = reasons


class ChangedMeanwhileError(RuntimeError):
    """Somebody else changed the draft or the service since it was read. Nothing was written."""


@transaction.atomic
def begin(*, actor: Actor, content: Content) -> HealthcareService:
    """A new service of the actor's organisation, with a first draft. Raises PermissionDenied."""
    if not rules.has_perm("directory.begin", actor):
        raise PermissionDenied
    organisation = Organisation.objects.get(pk=actor.organisation_code)
    service = HealthcareService(
        organisation=organisation, icb_code=organisation.icb_code, origin=Origin.ENTERED
    )
    put_on(service, content)
    service.save(force_insert=True)
    _write_draft(actor, service, content, edits=1)
    _record("began a service", actor, service, holds=fingerprint(content))
    return service


@transaction.atomic
def edit(*, actor: Actor, service: HealthcareService, content: Content, edits: int) -> Draft:
    """Keep a draft of the next version; ``edits`` is how many its editor had seen (0: no draft).

    A rating that was supplied and is no older than the draft's takes its place.
    Raises PermissionDenied, and ChangedMeanwhileError where there have been more.
    """
    locked = _locked(actor, service)
    content = with_latest(content, locked.organisation_id)
    held = Draft.objects.filter(service=locked).first()
    if (held.edits if held else 0) != edits:
        raise ChangedMeanwhileError
    draft = _write_draft(actor, locked, content, edits=edits + 1)
    _record("edited a service", actor, locked, holds=fingerprint(content))
    return draft


@transaction.atomic
def publish(*, actor: Actor, service: HealthcareService, edits: int) -> HealthcareService:
    """Make the draft what referrers see, one version on; the former version is kept.

    Raises PermissionDenied, ChangedMeanwhileError where the draft is gone or another than the
    actor saw, and NotPublishableError with all its problems.
    """
    locked = _locked(actor, service)
    draft = Draft.objects.filter(service=locked, edits=edits).first()
    if draft is None:
        raise ChangedMeanwhileError
    content = with_latest(draft.told, locked.organisation_id)
    _refuse(*publishing.against_publishing(content))
    _keep_former(actor, locked)
    put_on(locked, content)
    _write_clinicians(locked, content)
    locked.origin = Origin.ENTERED
    locked.withdrawn_reason = ""
    _step_on(actor, locked, Status.PUBLISHED)
    draft.delete()
    _record("published a service", actor, locked, holds=fingerprint(content))
    return locked


@transaction.atomic
def withdraw(*, actor: Actor, service: HealthcareService, reason: str) -> HealthcareService:
    """Show a published service to referrers no more. What is booked there stays booked.

    Raises PermissionDenied, NotPublishableError, and ChangedMeanwhileError where it is not
    published.
    """
    locked = _locked(actor, service)
    if locked.status != Status.PUBLISHED:
        raise ChangedMeanwhileError
    _refuse(*publishing.against_withdrawing(reason))
    _keep_former(actor, locked)
    locked.withdrawn_reason = reason.strip()
    _step_on(actor, locked, Status.WITHDRAWN)
    _record("withdrew a service", actor, locked)
    return locked


@transaction.atomic
def discard(*, actor: Actor, service: HealthcareService, edits: int) -> None:
    """Drop the draft; a service that was never published is withdrawn before it began.

    Raises PermissionDenied, and ChangedMeanwhileError where the draft is another.
    """
    locked = _locked(actor, service)
    gone, _ = Draft.objects.filter(service=locked, edits=edits).delete()
    if not gone:
        raise ChangedMeanwhileError
    if locked.version == 0:
        locked.status = Status.WITHDRAWN
        locked.withdrawn_reason = "Never published"
        locked.save(update_fields=("status", "withdrawn_reason"))
    _record("discarded a draft", actor, locked)


def _locked(actor: Actor, service: HealthcareService) -> HealthcareService:
    if not rules.has_perm("directory.define", actor, service):
        raise PermissionDenied
    locked: HealthcareService = HealthcareService.objects.select_for_update().get(pk=service.pk)
    return locked


def _refuse(*reasons: Reason) -> None:
    if reasons:
        raise NotPublishableError(*reasons)


def _write_draft(actor: Actor, service: HealthcareService, content: Content, edits: int) -> Draft:
    draft, _ = Draft.objects.update_or_create(
        service=service,
        defaults={
            "icb_code": service.icb_code,
            "content": as_json(content),
            "edited_at": timezone.now(),
            "edited_by": str(actor.person),
            "edits": edits,
        },
    )
    return draft


def _keep_former(actor: Actor, service: HealthcareService) -> None:
    if service.version == 0:
        return
    FormerVersion.objects.create(
        service=service,
        icb_code=service.icb_code,
        version=service.version,
        status=service.status,
        content=as_json(content_of(service)),
        published_at=service.published_at,
        published_by=service.published_by,
        ended_at=timezone.now(),
        ended_by=str(actor.person),
    )


def _write_clinicians(service: HealthcareService, content: Content) -> None:
    service.clinicians.all().delete()
    NamedClinician.objects.bulk_create(
        NamedClinician(service=service, user_id=user_id, name=name)
        for user_id, name in content["clinicians"]
    )


def _step_on(actor: Actor, service: HealthcareService, status: Status) -> None:
    service.status = status
    service.version += 1
    service.published_at = timezone.now()
    service.published_by = str(actor.person)
    service.save()


def _record(action: str, actor: Actor, service: HealthcareService, **detail: Any) -> None:
    recording.record(
        action,
        actor.for_audit,
        icb_code=service.icb_code or NATIONAL,
        subject=("service", str(service.pk)),
        detail={"version": service.version, "organisation": service.organisation_id, **detail},
    )
