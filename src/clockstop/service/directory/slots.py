"""Finding, taking and giving back slots. Nobody else changes the status of a slot that was free."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.service.audit.recording import NotInTransactionError
from clockstop.service.directory.choices import Medium, Priority, SlotStatus, Status
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.directory.querysets import HealthcareServiceQuerySet, SlotQuerySet


class SlotTakenError(LookupError):
    """The slot is not to be had: somebody was quicker, it was withdrawn, or its time has come."""


class SlotNotTakenError(LookupError):
    """The slot cannot be given back: nobody has it."""


def free_of(
    services: Iterable[int] | HealthcareServiceQuerySet, *, priority: Priority | None = None
) -> Mapping[int, datetime]:
    """When the first free slot of each service starts; services without one are left out."""
    found = Slot.objects.free(timezone.now(), priority).filter(service__in=services)
    rows = found.order_by().values_list("service").annotate(Min("starts"))
    return dict(rows)


def free_slots(
    service: HealthcareService,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    priority: Priority | None = None,
    clinician: str = "",
    medium: Medium | None = None,
) -> SlotQuerySet:
    """The free slots of a service, with their schedules, earliest first.

    They start at ``start`` or later, never in the past, and before ``end``.
    """
    found: SlotQuerySet = Slot.objects.free(timezone.now(), priority).filter(service=service)
    if start:
        found = found.filter(starts__gte=start)
    if end:
        found = found.filter(starts__lt=end)
    if clinician:
        found = found.filter(schedule__clinician_id=clinician)
    if medium:
        found = found.filter(medium=medium)
    return found.select_related("schedule").order_by("starts", "pk")


def take(slot_id: int, *, status: SlotStatus = SlotStatus.BOOKED) -> Slot:
    """Make a free slot of a published service booked (or held), within the caller's transaction.

    Of all who try at once exactly one succeeds: the store itself changes the row only while it is
    free. The others get SlotTakenError. Raises NotInTransactionError outside a transaction.
    """
    _must_be_in_transaction("take a slot")
    free = Slot.objects.filter(pk=slot_id, status=SlotStatus.FREE, starts__gt=timezone.now())
    published = HealthcareService.objects.filter(status=Status.PUBLISHED)
    until = timezone.now() + _held_for() if status == SlotStatus.HELD else None
    if not free.filter(service__in=published).update(status=status, held_until=until):
        raise SlotTakenError(slot_id)
    return _slot(slot_id)


def book_held(slot_id: int) -> Slot:
    """Make a held slot booked; raises SlotTakenError where it is held no more, or too long."""
    _must_be_in_transaction("book a held slot")
    held = Slot.objects.filter(pk=slot_id, status=SlotStatus.HELD, held_until__gt=timezone.now())
    if not held.update(status=SlotStatus.BOOKED, held_until=None):
        raise SlotTakenError(slot_id)
    return _slot(slot_id)


def release(slot_id: int) -> Slot:
    """Make a booked or held slot free again; raises SlotNotTakenError where it is neither."""
    _must_be_in_transaction("release a slot")
    taken = Slot.objects.filter(pk=slot_id, status__in=(SlotStatus.HELD, SlotStatus.BOOKED))
    if not taken.update(status=SlotStatus.FREE, held_until=None):
        raise SlotNotTakenError(slot_id)
    return _slot(slot_id)


def free_expired() -> int:
    """Free the slots that were held too long without being booked; how many they were.

    One change of the store, of rows that are held still: whoever books one first keeps it.
    """
    expired = Slot.objects.filter(status=SlotStatus.HELD, held_until__lte=timezone.now())
    freed: int = expired.update(status=SlotStatus.FREE, held_until=None)
    return freed


def _held_for() -> timedelta:
    """How long a slot is held for somebody, by the rule of the day."""
    return timedelta(minutes=rulebook.on(timezone.localdate())["slot_hold"].value)


def _must_be_in_transaction(what: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(what)


def _slot(slot_id: int) -> Slot:
    slot: Slot = Slot.objects.select_related("schedule", "service").get(pk=slot_id)
    return slot
