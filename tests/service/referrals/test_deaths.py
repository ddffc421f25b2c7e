"""Who has died is expected nowhere: referrals end, slots are free, advice is left alone."""

import pytest
from django.utils import timezone
from tests.service.lock_order import in_order
from tests.service.referrals.made_up import a_clinician, a_referral, a_service, booked

from clockstop.service.pathways.actions import record_death

pytestmark = pytest.mark.django_db
every_lock_in_order = pytest.fixture(autouse=True)(in_order)


def test_a_death_ends_every_open_referral_of_the_person():
    booked_one = booked()
    other = a_referral(a_service(), patient=booked_one.patient)
    record_death(actor=a_clinician(), patient=booked_one.patient, day=timezone.localdate())
    for referral in (booked_one, other):
        referral.refresh_from_db()
        assert (referral.state, referral.reason) == ("CANCELLED_REFERRAL", "PATIENT_DIED")
    assert booked_one.appointments.get().status == "cancelled"
    assert booked_one.appointments.get().slot.status == "free"


def test_others_are_left_as_they_are():
    referral, other = booked(), booked()
    record_death(actor=a_clinician(), patient=referral.patient, day=timezone.localdate())
    other.refresh_from_db()
    assert other.state == "BOOKED"
