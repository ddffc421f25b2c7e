"""Names for the references that records hold, each kind by one question to the store."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils import timezone

from clockstop.service.accounts.models import Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.registry.models import Organisation


def people_named(references: Iterable[str]) -> Mapping[str, str]:
    """The names of people by their reference; what is no person's has none."""
    keys = {key for each in references if (key := _key(each))}
    found = Person.objects.filter(pk__in=keys).values_list("pk", "name")
    return {str(key): name for key, name in found}


def organisations_named(codes: Iterable[str]) -> Mapping[str, str]:
    """The names of organisations by their code, as far as the register has them."""
    return dict(Organisation.objects.filter(pk__in=set(codes)).values_list("pk", "name"))


def clinicians_of(
    organisation_code: str, role: Role = Role.PROVIDER_CLINICIAN
) -> tuple[tuple[str, str], ...]:
    """Reference and name of the clinicians of an organisation today, by name.

    Those of a practice have the role of a referrer.
    """
    held = Membership.objects.on(timezone.localdate()).filter(
        organisation_code=organisation_code, role=role
    )
    found = held.order_by("person__name").values_list("person_id", "person__name").distinct()
    return tuple((str(key), name) for key, name in found)


def _key(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:  # such as "system"
        return None
