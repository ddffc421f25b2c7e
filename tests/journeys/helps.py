"""An independent clinic that could help: `python -m tests.journeys.helps` prints who works there."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

import django
from tests.journeys import seed
from tests.journeys.waits import ROOT
from tests.journeys.waits import _make as _wait


@dataclass(frozen=True, slots=True)
class Helps:
    """Somebody who waits at the hospital of the journeys, and a clinician of a clinic near it."""

    name: str
    pathway: str
    clinician: str


def somebody_could_help(home: Path) -> Helps:
    """A new patient, and a new clinician of an independent provider of the same ICB."""
    environment = os.environ | {
        "CLOCKSTOP_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo",
    }
    command = [sys.executable, "-m", "tests.journeys.helps"]
    made = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Helps(**json.loads(made.stdout))


def _make() -> Helps:
    from clockstop.core.types import Sector
    from clockstop.service.accounts.models import Membership, Person
    from clockstop.service.accounts.roles import Role
    from clockstop.service.registry.models import Kind, Organisation

    code = f"NX{uuid4().hex[:3].upper()}"
    Organisation.objects.create(
        code=code,
        name="Meadow Clinic",
        kind=Kind.PROVIDER,
        sector=Sector.INDEPENDENT,
        icb_code=seed.ICB,
    )
    person = Person.objects.create(name=f"Indie {uuid4().hex[:6]}")
    Membership.objects.create(
        person=person,
        organisation_code=code,
        icb_code=seed.ICB,
        role=Role.PROVIDER_CLINICIAN,
        starts=seed.LONG_AGO,
        granted_by="seed",
    )
    wait = _wait("")
    return Helps(wait.name, wait.pathway, person.name)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(asdict(_make())))
