"""Applications of organisations: let in by the operator, and how often they did what a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from clockstop.service.accounts.models import ApiToken, Application, ApplicationUse, Person
from clockstop.service.accounts.roles import REFERRING, Role
from clockstop.service.accounts.tokens import Scope, make

# No clinician's role: whoever decides on care is somebody.
UNATTENDED_ROLES = (Role.PROVIDER_ADMINISTRATOR, Role.REFERRING_ADMINISTRATOR)


@transaction.atomic
def let_in(
    *,
    name: str,
    role: Role,
    organisation_code: str,
    icb_code: str,
    writes: Collection[Scope],
    lasts: timedelta,
    services: Collection[int] = (),
) -> tuple[ApiToken, str]:
    """An account for an application with its token: the row, and the token itself.

    ``services`` are the keys of those that it is for; all of the organisation, if none is named.

    Raises ValueError for another role, no organisation, or changes by a referrer's application.
    """
    if role not in UNATTENDED_ROLES:
        raise ValueError("an application acts as a booking office or a practice secretary")
    if not organisation_code or not name.strip():
        raise ValueError("say for which organisation the application acts, and its name")
    if writes and role in REFERRING:
        raise ValueError("only an application of a provider changes anything unattended")
    application = Application.objects.create(
        person=Person.objects.create(name=name.strip()),
        organisation_code=organisation_code,
        icb_code=icb_code,
        role=role,
        services=" ".join(map(str, sorted(services))),
    )
    scopes = {Scope.ERS_UNATTENDED, *writes}
    return make(owner=application, name=name.strip(), scopes=scopes, lasts=lasts)


def count_use(*, application: UUID, what: str, day: date, most: int) -> bool:
    """Count one use on a day; False, and nothing counted, where the day's are used up."""
    uses = ApplicationUse.objects.filter(application=application, what=what, day=day)
    _, is_first = ApplicationUse.objects.get_or_create(
        application_id=application, what=what, day=day
    )
    if is_first:  # earlier days are of no more use
        ApplicationUse.objects.filter(application=application, day__lt=day).delete()
    return uses.filter(times__lt=most).update(times=F("times") + 1) == 1
