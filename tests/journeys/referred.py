"""Somebody who was referred and may choose."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.utils import timezone
from tests.journeys import seed
from tests.journeys.making import in_store
from tests.journeys.waits import _free_number

PRACTICE, ELSEWHERE = "A81001", "RBB"


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral to two hospitals that is not booked, and what its letter says."""

    name: str
    referral: str
    ubrn: str
    code: str


def somebody_is_referred(home: Path) -> Referred:
    """A new patient with an account, a referral, and an appointment that the hospital entered."""
    return in_store(home, _make)


def _make() -> Referred:
    from clockstop.service.accounts.models import Person
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.directory.choices import Priority
    from clockstop.service.directory.criteria import Criteria
    from clockstop.service.pathways.models import HospitalRecord, Patient
    from clockstop.service.portal.models import OnlineChanges
    from clockstop.service.referrals import actions
    from clockstop.service.referrals.access_codes import make_access_code

    patient = Patient.objects.create(
        icb_code=seed.ICB,
        nhs_number=_free_number(),
        given_name="Chris",
        family_name=f"Example{uuid4().hex[:6]}",
        birth_date=date(1960, 5, 17),
        sex="9",
        address="1 Nowhere Street",
        postcode="ZZ99 3VZ",
        practice_code=PRACTICE,
    )
    Person.objects.create(name=patient.name, nhs_number=patient.nhs_number)
    services = [_service(seed.ORGANISATION), _service(ELSEWHERE)]
    criteria = Criteria(treatment_function="C_110", priority=Priority.ROUTINE)
    request = actions.Request(criteria=criteria, services=[each.pk for each in services])
    referral = actions.create(actor=_referrer(), patient=patient, request=request)
    pathway = _pathway(patient)
    HospitalRecord.objects.create(
        pathway=pathway,
        icb_code=seed.ICB,
        organisation_code=seed.ORGANISATION,
        next_appointment=timezone.localdate() + timedelta(days=30),
    )
    OnlineChanges.objects.get_or_create(
        organisation_code=seed.ORGANISATION,
        defaults={"is_offered": True, "phone": "01632 960001", "hours": "8am to 6pm"},
    )
    code = make_access_code(referral, SYSTEM)
    return Referred(patient.name, str(referral.pk), referral.spaced_ubrn, code)


def _service(code):
    """A service of orthopaedics with four free times."""
    from clockstop.service.directory.choices import Bookable, Status
    from clockstop.service.directory.models import HealthcareService, Schedule, Slot
    from clockstop.service.registry.models import Kind, Organisation

    organisation, _ = Organisation.objects.get_or_create(
        code=code,
        defaults={"name": "Hillside Clinic", "kind": Kind.PROVIDER, "icb_code": seed.ICB},
    )
    service = HealthcareService.objects.create(
        organisation=organisation,
        version=1,
        status=Status.PUBLISHED,
        icb_code=seed.ICB,
        name=f"Hips and knees {uuid4().hex[:4]}",
        treatment_function="C_110",
        specialty="ORTHOPAEDICS",
        takes_appointments=True,
        bookable=Bookable.DIRECTLY,
    )
    schedule = Schedule.objects.create(service=service, icb_code=seed.ICB)
    first = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0)
    for days in (7, 7, 9, 12):
        starts = first + timedelta(days=days, minutes=30 * schedule.slots.count())
        Slot.objects.create(
            service=service,
            schedule=schedule,
            icb_code=seed.ICB,
            starts=starts,
            ends=starts + timedelta(minutes=30),
        )
    return service


def _referrer():
    from clockstop.service.accounts.models import Membership, Person
    from clockstop.service.accounts.roles import Role

    person, _ = Person.objects.get_or_create(name="Gerry Example")
    member, _ = Membership.objects.get_or_create(
        person=person,
        organisation_code=PRACTICE,
        role=Role.REFERRER,
        starts=seed.LONG_AGO,
        defaults={"icb_code": seed.ICB, "granted_by": "seed"},
    )
    return member.as_actor()


def _pathway(patient):
    from tests.journeys.waits import _make as a_wait

    from clockstop.service.pathways.models import Pathway

    return Pathway.objects.get(pk=a_wait(patient.nhs_number).pathway)
