"""Made-up referrals for tests: a practice, its patient, services with slots."""

from datetime import timedelta

from django.utils import timezone
from tests.service.directory.made_up import a_service, a_slot
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    PRACTICE,
    a_member,
    a_patient,
    an_actor,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.referrals import actions

SEARCH = Criteria(treatment_function="C_110", priority=Priority.ROUTINE)


def a_referrer(organisation_code=PRACTICE):
    return an_actor(Role.REFERRER, organisation_code)


def a_booking_office(organisation_code=HOSPITAL):
    return an_actor(Role.PROVIDER_ADMINISTRATOR, organisation_code)


def a_clinician(organisation_code=HOSPITAL):
    return an_actor(Role.PROVIDER_CLINICIAN, organisation_code)


def a_secretary(organisation_code=PRACTICE):
    """A practice secretary and the clinician they act for."""
    clinician = a_member(Role.REFERRER, organisation_code)
    return an_actor(Role.REFERRING_ADMINISTRATOR, organisation_code), clinician.person_id


def a_referral(*services, patient=None, actor=None, triage=False, **request):
    """A referral of the practice's patient to some services (one, unless named)."""
    services = services or (a_service(),)
    request = {"criteria": SEARCH, "services": [each.pk for each in services]} | request
    return actions.create(
        actor=actor or a_referrer(),
        patient=patient or a_patient(),
        request=actions.Request(**request),
        send_for_triage=triage,
    )


def booked(**values):
    """A referral with an appointment tomorrow."""
    service = a_service(**values)
    slot = a_slot(service)
    actor = a_referrer()
    referral = a_referral(service, actor=actor)
    actions.book(actor=actor, referral_id=referral.pk, slot_id=slot.pk)
    referral.refresh_from_db()
    return referral


def begun(referral):
    """The same once its appointment has begun, on the day the clock started, be it ever so early."""
    appointment = referral.appointments.get(status="booked")
    appointment.starts = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    appointment.ends = appointment.starts + timedelta(minutes=30)
    appointment.save()
    return referral


__all__ = [
    "HOSPITAL",
    "OTHER_HOSPITAL",
    "PRACTICE",
    "SEARCH",
    "a_booking_office",
    "a_clinician",
    "a_patient",
    "a_referral",
    "a_referrer",
    "a_secretary",
    "a_service",
    "a_slot",
    "begun",
    "booked",
]
