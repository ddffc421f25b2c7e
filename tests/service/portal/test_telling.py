"""What patients are told when an appointment is off, whatever took it away."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.messaging.made_up import Memory
from tests.service.referrals.made_up import (
    a_booking_office,
    a_clinician,
    a_referral,
    a_referrer,
    a_service,
    a_slot,
    begun,
    booked,
)

from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.actions import record_death
from clockstop.service.referrals import actions
from clockstop.service.referrals.states import State, transitions

pytestmark = pytest.mark.django_db
OFF, ENDED = "appointment_cancelled", "appointment_ended"


def cancelled(referral, actor=None, **how):
    values = {"reason": "PATIENT_HOLIDAY"} | how
    actions.cancel_appointment(actor=actor or a_referrer(), referral_id=referral.pk, **values)


def ended(referral, reason="TREATMENT_NO_LONGER_REQUIRED"):
    actions.cancel_referral(
        actor=a_referrer(), referral_id=referral.pk, reason=reason, comment="As agreed"
    )


def redirected(referral):
    actions.redirect(
        actor=a_booking_office(),
        referral_id=referral.pk,
        service_id=a_service().pk,
        reason="REDIRECTED_AGE",
        comment="Another clinic",
    )


def rejected(referral):
    actions.reject(actor=a_clinician(), referral_id=referral.pk, reason="SERVICE_INAPPROPRIATE")


def put_off(referral):
    actions.cancel_action_later(actor=a_clinician(), referral_id=referral.pk, comment="No clinic")


def cancelled_by_provider(referral):
    cancelled(referral, a_booking_office(), reason="CLINIC_CANCELLED")


TAKING_AWAY = {
    "cancel_by_patient": (cancelled, OFF),
    "cancel_by_provider": (cancelled_by_provider, OFF),
    "cancel_action_later": (put_off, OFF),
    "reject": (rejected, OFF),
    "redirect": (redirected, OFF),
    "cancel_referral": (ended, ENDED),
}


def told():
    """All that waits, or was sent: what the patient reads."""
    held = Message.objects.exclude(state="cancelled").order_by("created_at")
    return list(held.values_list("template", flat=True))


def test_every_step_that_leaves_a_booking_tells_of_it():
    leaving = {
        name
        for name, row in transitions().items()
        if State.BOOKED in row.starts and row.to != State.BOOKED
    }
    assert leaving - {"not_attended", "assessed"} == set(TAKING_AWAY)


@pytest.mark.parametrize(("take_away", "template"), TAKING_AWAY.values(), ids=TAKING_AWAY)
def test_the_patient_is_told_that_the_appointment_is_off(take_away, template):
    referral, outgoing = booked(), Memory()
    outbox.send_due(outgoing)
    take_away(referral)
    outbox.send_due(outgoing)
    assert told() == ["appointment_booked", template]
    assert Message.objects.get(template=template).state == "sent"
    words = outgoing.sent[-1][2].body
    assert "still on the list" in words if template == OFF else "referral for it has ended" in words


def test_what_was_not_sent_when_the_referral_ends_is_told_once_in_the_words_that_hold_then():
    referral = booked()
    outbox.send_due(Memory())
    cancelled(referral)
    ended(referral)
    assert told() == ["appointment_booked", ENDED]


def test_an_appointment_that_was_told_to_be_off_is_not_told_again():
    referral = booked()
    cancelled(referral)
    outbox.send_due(Memory())
    actions.change_shortlist(actor=a_referrer(), referral_id=referral.pk, services=[a_service().pk])
    ended(referral)
    assert told() == [OFF]


def test_no_appointment_no_words():
    referral = a_referral()
    ended(referral)
    assert told() == []


def test_one_that_was_attended_is_not_off():
    referral = booked()
    cancelled(referral)
    outbox.send_due(Memory())
    slot = a_slot(referral.service)
    actions.book(actor=a_referrer(), referral_id=referral.pk, slot_id=slot.pk)
    outbox.send_due(Memory())
    actions.attended(actor=a_booking_office(), referral_id=begun(referral).pk)
    ended(referral)
    assert told() == [OFF, "appointment_booked"]


def test_one_that_is_long_past_is_not_off():
    referral = booked()
    outbox.send_due(Memory())
    referral.appointments.update(starts=timezone.now() - timedelta(days=7))
    ended(referral)
    assert told() == ["appointment_booked"]


@pytest.mark.parametrize("how", ["recorded", "as a reason"])
def test_nobody_writes_to_somebody_who_has_died(how):
    referral = booked()
    if how == "recorded":
        record_death(actor=a_clinician(), patient=referral.patient, day=timezone.localdate())
    else:
        ended(referral, "PATIENT_DIED")
    assert told() == []
    assert not Message.objects.filter(template=ENDED).exists()
