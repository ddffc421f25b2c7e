"""Slots: the first free one, those that can be had, and that nobody gets one that is gone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from tests.service.directory.made_up import a_service, a_slot

from clockstop.service.audit.recording import NotInTransactionError
from clockstop.service.directory import slots
from clockstop.service.directory.choices import Medium, Priority, SlotStatus, Status
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.slots import SlotNotTakenError, SlotTakenError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_days(days):
    return timezone.now() + days * DAY


def test_the_first_free_slot_of_each_service():
    early, late, none = a_service(), a_service(), a_service()
    a_slot(early, in_days(-1))
    a_slot(early, in_days(1), status=SlotStatus.BOOKED)
    first = a_slot(early, in_days(2))
    a_slot(early, in_days(3))
    other = a_slot(late, in_days(9))
    a_slot(none, in_days(2), status=SlotStatus.WITHDRAWN)
    found = slots.free_of([early.pk, late.pk, none.pk])
    assert found == {early.pk: first.starts, late.pk: other.starts}
    assert slots.free_of(HealthcareService.objects.published()) == found
    assert slots.free_of([late.pk]) == {late.pk: other.starts}


def test_the_first_free_slot_for_a_priority():
    service = a_service(two_week_wait=True)
    a_slot(service, in_days(1), urgent=False)
    later = a_slot(service, in_days(2), urgent=True, two_week_wait=True)
    assert slots.free_of([service.pk], priority=Priority.URGENT) == {service.pk: later.starts}
    assert slots.free_of([service.pk], priority=Priority.TWO_WEEK_WAIT) == {
        service.pk: later.starts
    }


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_a_service_that_is_not_published_has_no_free_slot(status):
    service = a_service(status=status)
    slot = a_slot(service)
    assert slots.free_of([service.pk]) == {}
    assert not slots.free_slots(service).exists()
    with pytest.raises(SlotTakenError), transaction.atomic():
        slots.take(slot.pk)


def test_free_slots_by_time_priority_clinician_and_medium():
    service = a_service()
    first, second = a_slot(service, in_days(1)), a_slot(service, in_days(2), "921")
    third = a_slot(service, in_days(3), medium=Medium.VIDEO, urgent=False)
    assert list(slots.free_slots(service)) == [first, second, third]
    assert list(slots.free_slots(service, start=second.starts)) == [second, third]
    assert list(slots.free_slots(service, end=third.starts)) == [first, second]
    assert list(slots.free_slots(service, clinician="921")) == [second]
    assert list(slots.free_slots(service, medium=Medium.VIDEO)) == [third]
    assert list(slots.free_slots(service, priority=Priority.URGENT)) == [first, second]


def test_a_slot_is_taken_once_and_can_be_given_back():
    slot = a_slot(a_service())
    assert slots.take(slot.pk).status == SlotStatus.BOOKED
    with pytest.raises(SlotTakenError):
        slots.take(slot.pk)
    assert slots.release(slot.pk).status == SlotStatus.FREE
    with pytest.raises(SlotNotTakenError):
        slots.release(slot.pk)
    assert slots.take(slot.pk).status == SlotStatus.BOOKED


def test_a_slot_can_be_held_and_then_booked():
    slot = a_slot(a_service())
    assert slots.take(slot.pk, status=SlotStatus.HELD).status == SlotStatus.HELD
    assert slots.book_held(slot.pk).status == SlotStatus.BOOKED
    with pytest.raises(SlotTakenError):
        slots.book_held(slot.pk)


def test_a_hold_that_nobody_finishes_is_another_persons_to_take_and_never_two():
    kept, left = (a_slot(a_service()) for _ in range(2))
    for each in (kept, left):
        slots.take(each.pk, status=SlotStatus.HELD)
    slots.book_held(kept.pk)
    assert slots.free_expired() == 0
    with pytest.raises(SlotTakenError):
        slots.take(left.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        with pytest.raises(SlotTakenError):
            slots.book_held(left.pk)
        assert (slots.free_expired(), slots.free_expired()) == (1, 0)
        assert slots.take(left.pk).status == SlotStatus.BOOKED
        with pytest.raises(SlotTakenError):
            slots.take(left.pk)
        kept.refresh_from_db()
        assert kept.status == SlotStatus.BOOKED


@pytest.mark.parametrize("gone", [{"status": SlotStatus.WITHDRAWN}, {"starts": in_days(-1)}])
def test_a_slot_that_is_gone_cannot_be_taken(gone):
    slot = a_slot(a_service(), **gone)
    with pytest.raises(SlotTakenError):
        slots.take(slot.pk)


def test_a_withdrawn_slot_is_nobodys_to_give_back():
    slot = a_slot(a_service(), status=SlotStatus.WITHDRAWN)
    with pytest.raises(SlotNotTakenError):
        slots.release(slot.pk)


def test_a_slot_goes_back_when_the_callers_transaction_does():
    slot = a_slot(a_service())
    with transaction.atomic():
        slots.take(slot.pk)
        transaction.set_rollback(True)
    slot.refresh_from_db()
    assert slot.status == SlotStatus.FREE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [slots.take, slots.book_held, slots.release])
def test_slots_change_within_a_transaction_alone(change):
    with pytest.raises(NotInTransactionError):
        change(a_slot(a_service()).pk)
