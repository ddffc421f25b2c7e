"""A practice with somebody to refer."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from django.utils import timezone
from tests.journeys import seed
from tests.journeys.making import in_store
from tests.journeys.waits import _free_number

PRACTICE, FUNCTION = "A81009", "C_130"
GP, SECRETARY = "Gwen Example", "Seb Example"
TRIAGE, ADVISER, FULL = "Eye Triage Hub", "Eye Advice Clinic", "Full Eye Hospital"
HOSPITALS = tuple(f"Eye Hospital {number}" for number in range(1, 6))


@dataclass(frozen=True, slots=True)
class ToRefer:
    """A patient of the practice with an NHS number, whom nobody has referred yet."""

    name: str
    family_name: str
    nhs_number: str


def somebody_to_refer(home: Path) -> ToRefer:
    """A new patient; the practice, its people and the hospitals are made once."""
    return in_store(home, _make)


def _make() -> ToRefer:
    from clockstop.service.accounts.models import Person
    from clockstop.service.accounts.roles import Role
    from clockstop.service.pathways.models import Patient
    from clockstop.service.registry.models import Kind, Organisation

    if not Person.objects.filter(name=GP).exists():
        Organisation.objects.get_or_create(
            code=PRACTICE,
            defaults={"name": "Riverside Surgery", "kind": Kind.PRACTICE, "icb_code": seed.ICB},
        )
        seed._member(GP, Role.REFERRER, at=PRACTICE)
        seed._member(SECRETARY, Role.REFERRING_ADMINISTRATOR, at=PRACTICE)
        for number, name in enumerate((*HOSPITALS, TRIAGE, ADVISER, FULL)):
            _service(f"EY{number}", name, number)
    patient = Patient.objects.create(
        icb_code=seed.ICB,
        nhs_number=_free_number(),
        given_name="Robin",
        family_name=f"Example{uuid4().hex[:6]}",
        birth_date=date(1960, 5, 17),
        sex="9",
        address="1 Nowhere Street",
        postcode="ZZ99 3VZ",
        practice_code=PRACTICE,
    )
    return ToRefer(patient.name, patient.family_name, patient.nhs_number)


def _service(code: str, name: str, number: int) -> None:
    """A service of a provider; hospitals have times from so many days ahead, the others none."""
    from clockstop.service.directory.choices import Bookable, Status
    from clockstop.service.directory.models import HealthcareService, Schedule, Slot
    from clockstop.service.registry.models import Kind, Organisation

    provider, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "kind": Kind.PROVIDER, "icb_code": seed.ICB}
    )
    service = HealthcareService.objects.create(
        organisation=provider,
        icb_code=seed.ICB,
        version=1,
        status=Status.PUBLISHED,
        name="Eyes",
        treatment_function=FUNCTION,
        specialty="OPHTHALMOLOGY",
        takes_appointments=name != TRIAGE,
        takes_triage=name == TRIAGE,
        takes_advice=name == ADVISER,
        bookable=Bookable.DIRECTLY,
        patient_phone="01632 960001",
        max_age_months=216 if name == FULL else None,
    )
    if name not in HOSPITALS:
        return
    schedule = Schedule.objects.create(service=service, icb_code=seed.ICB)
    first = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    Slot.objects.bulk_create(
        Slot(
            service=service,
            schedule=schedule,
            icb_code=seed.ICB,
            starts=first + timedelta(days=10 * (number + 1) + day),
            ends=first + timedelta(days=10 * (number + 1) + day, minutes=20),
        )
        for day in range(5)
    )
