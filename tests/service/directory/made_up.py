"""Made-up services and slots for tests."""

from datetime import datetime, timedelta

from django.utils import timezone
from tests.service.people import HOSPITAL, ICB

from clockstop.service.directory.choices import Bookable, Status
from clockstop.service.directory.models import HealthcareService, NamedClinician, Schedule, Slot
from clockstop.service.registry.models import Kind, Organisation


def an_organisation(code=HOSPITAL, icb_code=ICB, **values):
    plain = {"name": f"Hospital {code}", "kind": Kind.PROVIDER, "icb_code": icb_code}
    return Organisation.objects.get_or_create(code=code, defaults=plain | values)[0]


def a_service(organisation_code=HOSPITAL, clinicians=(), **values):
    """A published service of orthopaedic appointments, unless told otherwise."""
    organisation = an_organisation(organisation_code)
    plain = {
        "version": 1,
        "published_at": timezone.now(),
        "status": Status.PUBLISHED,
        "icb_code": organisation.icb_code,
        "name": "Hips and knees",
        "treatment_function": "" if values.get("diagnostic_test") else "C_110",
        "specialty": "ORTHOPAEDICS",
        "takes_appointments": not values.get("takes_triage"),
        "bookable": Bookable.DIRECTLY,
    }
    service = HealthcareService.objects.create(organisation=organisation, **plain | values)
    for user_id in clinicians:
        NamedClinician.objects.create(service=service, user_id=user_id, name=f"Dr {user_id}")
    return service


def a_slot(service, starts: datetime | None = None, clinician="", **values):
    """A free slot of half an hour tomorrow, unless told otherwise."""
    starts = starts or timezone.now() + timedelta(days=1)
    schedule, _ = Schedule.objects.get_or_create(
        service=service, clinician_id=clinician, defaults={"icb_code": service.icb_code}
    )
    plain = {"ends": starts + timedelta(minutes=30), "icb_code": service.icb_code}
    return Slot.objects.create(service=service, schedule=schedule, starts=starts, **plain | values)
