"""The single menu at full size: 20,000 services, 500,000 patients, a steady stream of pages.

On SQLite, and on the PostgreSQL of CLOCKSTOP_TEST_DATABASE where that is set.

python -m benchmarks.menu fill     services, slots and patients in the store of the environment
python -m benchmarks.menu session  a referrer with a search, as a cookie and addresses
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import django

from benchmarks import load, stores

if TYPE_CHECKING:
    from clockstop.service.accounts.roles import Role

SERVICES, PATIENTS, PRACTICES, PROVIDERS = 20_000, 500_000, 60, 200
FUNCTIONS, FREE = 24, 11  # treatment functions, and free slots of a service on average
RATE, SECONDS, SEARCHES, AT_ONCE = 50, 30, 20, 5
PRACTICE, ICB = "BENCH000", "QBE"
_BATCH = 5_000
SORTS = ("appointment", "treatment", "waiting", "distance", "quality")


def measured(
    home: Path, scratch: Path, command: str, server: stores.Server
) -> Iterator[tuple[str, list[float]]]:
    """For each store: its name, and the seconds that pages of the menu took under the stream."""
    for name, address in stores.each_store(scratch):
        with address as found:
            env = {"CLOCKSTOP_DATABASE": found, "CLOCKSTOP_HOME": str(home), **stores.KEY}
            stores.called([command, "database", "migrate"], env)
            stores.called([sys.executable, "-m", "benchmarks.menu", "fill"], env)
            stores.settled(found)
            told = stores.called([sys.executable, "-m", "benchmarks.menu", "session"], env)
            asked = json.loads(told)
            pages = [("GET", path, None, {"Cookie": cookie}) for path, cookie in asked]
            with server(home, env) as host:
                load.stream(host, len(pages), 2, pages)
                yield name, load.stream(host, RATE, SECONDS, pages)


def fill(services: int = SERVICES, patients: int = PATIENTS, seed: int = 7) -> None:
    """Put a made-up directory and made-up patients into an empty store."""
    rng = Random(seed)
    _organisations()
    _services(rng, services)
    _patients(rng, patients)


def _organisations() -> None:
    from clockstop.service.registry.models import Kind, Organisation

    sectors = ("nhs_trust", "independent")
    Organisation.objects.bulk_create(
        Organisation(
            code=f"B{number:04d}",
            name=f"Hospital {number}",
            kind=Kind.PROVIDER,
            icb_code=ICB,
            sector=sectors[number % 2],
        )
        for number in range(PROVIDERS)
    )


def _services(rng: Random, count: int) -> None:
    from clockstop.core.codes.functions import treatment_functions
    from clockstop.service.directory.choices import Bookable, Status
    from clockstop.service.directory.models import HealthcareService, Schedule, Slot

    functions = [each.code for each in treatment_functions()]
    weights = range(len(functions), 0, -1)  # the largest has one in twelve, as in England
    made = HealthcareService.objects.bulk_create(
        (
            HealthcareService(
                organisation_id=f"B{number % PROVIDERS:04d}",
                icb_code=ICB,
                version=1,
                status=Status.PUBLISHED,
                name=f"Clinic {number}",
                treatment_function=rng.choices(functions, weights)[0],
                specialty="BENCH",
                takes_appointments=True,
                bookable=Bookable.DIRECTLY,
                latitude=rng.uniform(50.5, 54.8),
                longitude=rng.uniform(-3.5, 1.0),
                quality_rating=rng.choice(("outstanding", "good", "requires_improvement", "")),
                conditions_treated="Pain, swelling and stiffness that have lasted for weeks",
                suggested_investigations="X-ray within six months",
                patient_phone="01632 960000",
            )
            for number in range(count)
        ),
        batch_size=_BATCH,
    )
    schedules = Schedule.objects.bulk_create(
        (Schedule(service=each, icb_code=ICB) for each in made), batch_size=_BATCH
    )
    _batched(Slot, _slots(rng, schedules))


def _slots(rng: Random, schedules: list[Any]) -> Iterator[Any]:
    """Half of the services have free slots, some weeks off; the rest have none."""
    from django.utils import timezone

    from clockstop.service.directory.models import Slot

    now = timezone.now()
    for schedule in schedules:
        if rng.random() < 0.5:
            continue
        first = now + timedelta(days=rng.randrange(3, 120))
        for number in range(2 * FREE):
            starts = first + timedelta(days=7 * (number // 3), minutes=20 * (number % 3))
            yield Slot(
                service_id=schedule.service_id,
                schedule=schedule,
                icb_code=ICB,
                starts=starts,
                ends=starts + timedelta(minutes=20),
            )


def _patients(rng: Random, count: int) -> None:
    from clockstop.service.pathways.models import Patient

    _batched(
        Patient,
        (
            Patient(
                icb_code=ICB,
                nhs_number=nhs_number,
                given_name="Bench",
                family_name=f"Mark{number % 5_000}",
                birth_date=date(1935 + number % 70, 1 + number % 12, 1 + number % 28),
                sex=rng.choice("12"),
                postcode="LS1 4AP",
                practice_code=f"BENCH{number % PRACTICES:03d}",
            )
            for number, nhs_number in enumerate(islice(_nhs_numbers(), count))
        ),
    )


def _nhs_numbers() -> Iterator[str]:
    """Numbers of the kind that nobody has, each with its check digit."""
    from clockstop.core.types import NhsNumber

    for first in map(str, range(990_000_000, 999_999_999)):
        if (check := NhsNumber.check_digit(first)) != 10:
            yield f"{first}{check}"


def _batched(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, 4 * _BATCH)):
        model.objects.bulk_create(batch, batch_size=_BATCH)


def session() -> list[tuple[str, str]]:
    """Addresses of the menu with the cookies of GPs who have searches for a few patients each."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from clockstop.service.accounts.roles import Role
    from clockstop.service.pathways.models import Patient

    held = list(Patient.objects.filter(practice_code=PRACTICE).order_by("pk")[:SEARCHES])
    asked = []
    for first in range(0, SEARCHES, AT_ONCE):
        patients = {str(each.pk): first + at for at, each in enumerate(held[first:][:AT_ONCE])}
        store = SessionStore()
        store.update(
            signed_in(Role.REFERRER, PRACTICE, ICB)
            | {"referring": {k: _draft(n) for k, n in patients.items()}}
        )
        store.save()
        cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
        asked += [(f"/refer/patients/{key}/services/", cookie) for key in patients]
    return [(f"{path}?page={page}", cookie) for page in (1, 2, 3) for path, cookie in asked]


def signed_in(role: Role, organisation_code: str, icb_code: str) -> dict[str, Any]:
    """What the session of somebody with a role holds."""
    from django.utils import timezone

    from clockstop.service.accounts.models import Membership, Person

    member = Membership.objects.create(
        person=Person.objects.create(name="Bench Mark"),
        organisation_code=organisation_code,
        icb_code=icb_code,
        role=role,
        starts=date(2020, 1, 1),
        granted_by="bench",
    )
    now = timezone.now().timestamp()
    who = {"person": str(member.person.pk), "role": member.role, "membership": str(member.pk)}
    return who | {"signed_in_at": now, "seen_at": now}


def _draft(number: int) -> dict[str, Any]:
    """A search, each in another specialty and order."""
    from clockstop.core.codes.functions import treatment_functions
    from clockstop.service.directory.choices import Priority
    from clockstop.service.directory.criteria import Criteria
    from clockstop.service.referrals.criteria import written
    from clockstop.service.referrals.referrer.drafts import Draft

    functions = [each.code for each in treatment_functions()]
    function = functions[number % len(functions)]
    search = written(Criteria(treatment_function=function, priority=Priority.ROUTINE))
    return asdict(Draft(search=search, sort=SORTS[number % len(SORTS)]))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        print(json.dumps(session()))
