"""Adding clinics and withdrawing free slots: permission, policy, write, audit."""

from collections.abc import Collection
from datetime import timedelta

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit import recording
from clockstop.service.audit.models import NATIONAL
from clockstop.service.directory import publishing
from clockstop.service.directory.actions import NotPublishableError
from clockstop.service.directory.choices import SlotStatus, Status
from clockstop.service.directory.clinics import Session, slots_of
from clockstop.service.directory.models import HealthcareService, Schedule, Slot


@transaction.atomic
def add_clinic(
    *, actor: Actor, service: HealthcareService, session: Session, clinician: str = ""
) -> int:
    """Add the slots of a session, to a named clinician's schedule if one is named; how many.

    The same session sent twice is refused the second time. Raises PermissionDenied and
    NotPublishableError.
    """
    locked = _locked(actor, service)
    named = dict(locked.clinicians.values_list("user_id", "name"))
    schedule, _ = Schedule.objects.get_or_create(
        service=locked,
        clinician_id=clinician if clinician in named else "",
        defaults={"icb_code": locked.icb_code, "clinician_name": named.get(clinician, "")},
    )
    times = tuple(session.times())
    around = schedule.slots.exclude(status=SlotStatus.WITHDRAWN).filter(
        starts__gte=times[0][0] - timedelta(days=1), starts__lt=times[-1][1]
    )
    reasons = publishing.against_session(
        times,
        tuple(around.values_list("starts", "ends")),
        timezone.now(),
        publishes_slots=locked.publishes_slots and locked.status == Status.PUBLISHED,
        closes=locked.closes,
    )
    if reasons:
        raise NotPublishableError(*reasons)
    schedule.service = locked
    made = Slot.objects.bulk_create(slots_of(session, schedule))
    _record("added slots", actor, locked, len(made))
    return len(made)


@transaction.atomic
def withdraw_slots(*, actor: Actor, service: HealthcareService, slots: Collection[int]) -> int:
    """Withdraw those of the slots that are still free; how many they were.

    Whoever books one at the same moment keeps it: it is then not free and not withdrawn.
    Raises PermissionDenied.
    """
    locked = _locked(actor, service)
    free = Slot.objects.filter(pk__in=slots, service=locked, status=SlotStatus.FREE)
    withdrawn: int = free.update(status=SlotStatus.WITHDRAWN)
    if withdrawn:
        _record("withdrew slots", actor, locked, withdrawn)
    return withdrawn


def _locked(actor: Actor, service: HealthcareService) -> HealthcareService:
    if not rules.has_perm("directory.run_clinics", actor, service):
        raise PermissionDenied
    locked: HealthcareService = HealthcareService.objects.select_for_update().get(pk=service.pk)
    return locked


def _record(action: str, actor: Actor, service: HealthcareService, slots: int) -> None:
    recording.record(
        action,
        actor.for_audit,
        icb_code=service.icb_code or NATIONAL,
        subject=("service", str(service.pk)),
        detail={"slots": slots, "organisation": service.organisation_id},
    )
