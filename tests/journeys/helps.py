"""An independent clinic that could help, and who works there."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.journeys import seed
from tests.journeys.making import in_store
from tests.journeys.waits import _make as _wait


@dataclass(frozen=True, slots=True)
class Helps:
    """Somebody who waits at the hospital of the journeys, and a clinician of a clinic near it."""

    name: str
    pathway: str
    clinician: str


def somebody_could_help(home: Path) -> Helps:
    """A new patient, and a new clinician of an independent provider of the same ICB."""
    return in_store(home, _make)


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
