"""The made-up people of the demo that one can sign in as."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from clockstop.service.accounts.models import Delegation, Membership, Person
from clockstop.service.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody made up, in a role; ``fields`` are what a form says to sign in as them."""

    name: str
    role: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one organisation, or of none."""

    organisation_code: str
    people: list[Persona]


def personas() -> list[Group]:
    """All of them with a role today, staff by their organisation, then patients and carers."""
    held = Membership.objects.on(timezone.localdate()).select_related("person")
    by_organisation = groupby(
        held.order_by("organisation_code", "person__name", "role"),
        key=lambda each: each.organisation_code,
    )
    groups = [Group(code, [_member(each) for each in those]) for code, those in by_organisation]
    public = [*_patients(), *_carers()]
    return [*groups, Group("", public)] if public else groups


def _member(membership: Membership) -> Persona:
    name, role = membership.person.name, Role(membership.role)
    return Persona(name, role.label, {"membership": str(membership.pk)})


def _patients() -> Iterator[Persona]:
    for each in Person.objects.exclude(nhs_number="").order_by("name"):
        yield _public(each, Role.PATIENT)


def _carers() -> Iterator[Persona]:
    held = Delegation.objects.on(timezone.localdate())
    for each in Person.objects.filter(pk__in=held.values("carer")).order_by("name"):
        yield _public(each, Role.CARER)


def _public(person: Person, role: Role) -> Persona:
    return Persona(person.name, role.label, {"person": str(person.pk), "role": role.value})
