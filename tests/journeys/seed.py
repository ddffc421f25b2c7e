"""The people of the journeys, in the store of a home: `python -m tests.journeys.seed`."""

from datetime import date

import django

ORGANISATION, ICB = "RAA", "QAA"
MANAGER, CLINICIAN, PATIENT = "Morgan Example", "Sam Example", "Pat Example"
OFFICE, COMMISSIONER, ANALYST = "Olive Example", "Laurie Example", "Pete Example"
DEFINER = "Dee Example"
NHS_NUMBER = "9990000018"
LONG_AGO = date(2020, 1, 1)


def seed() -> None:
    """Made once: a manager who also gives out roles, others who work, and a patient."""
    from clockstop.service.accounts.models import Person
    from clockstop.service.accounts.roles import Role
    from clockstop.service.registry.models import Kind, Organisation

    if Person.objects.exists():
        return
    Organisation.objects.get_or_create(
        code=ORGANISATION,
        defaults={"name": "Riverside Hospital", "kind": Kind.PROVIDER, "icb_code": ICB},
    )
    _member(MANAGER, Role.WAITING_LIST_MANAGER, Role.ADMINISTRATOR)
    _member(CLINICIAN, Role.PROVIDER_CLINICIAN)
    _member(OFFICE, Role.PROVIDER_ADMINISTRATOR)
    _member(DEFINER, Role.SERVICE_DEFINER)
    _member(COMMISSIONER, Role.COMMISSIONER, at=ICB)
    _member(ANALYST, Role.ANALYST, at=ICB)
    Person.objects.create(name=PATIENT, nhs_number=NHS_NUMBER)


def _member(name: str, *roles: str, at: str = ORGANISATION) -> None:
    from clockstop.service.accounts.models import Membership, Person

    person = Person.objects.create(name=name)
    for role in roles:
        Membership.objects.create(
            person=person,
            organisation_code=at,
            icb_code=ICB,
            role=role,
            starts=LONG_AGO,
            granted_by="seed",
        )


if __name__ == "__main__":
    django.setup()
    seed()
