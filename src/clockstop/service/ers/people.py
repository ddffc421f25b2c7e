"""User IDs of the national service, and the people here whom they mean."""

from __future__ import annotations

from uuid import UUID

from clockstop.service.accounts.models import Identity, Person


def user_id_of(person: UUID | str) -> str:
    """The user ID with which somebody signs in nationally; the key of their account without one."""
    key = _key(person)
    if key is None:
        return str(person)
    found = Identity.objects.filter(person=key).order_by("pk")
    ids = [each for each in found.values_list("subject", flat=True) if each.isdecimal()]
    return ids[0] if ids else str(person)


def person_of(user_id: str) -> UUID | None:
    """Whom a user ID means, none if nobody."""
    found = Identity.objects.filter(subject=user_id).values_list("person", flat=True).first()
    if found is not None:
        return UUID(str(found))
    key = _key(user_id)
    return key if key and Person.objects.filter(pk=key).exists() else None


def _key(text: UUID | str) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
