"""The roles that somebody may sign in as today, and those who have yet to choose one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from clockstop.service.accounts import sessions
from clockstop.service.accounts.models import Delegation, Membership, Person
from clockstop.service.accounts.refusals import RefusedError, Why
from clockstop.service.accounts.roles import Role

_ARRIVED, _ORGANISATIONS, _SEVERAL = "arrived", "organisations", "several_roles"
_PATIENCE = timedelta(minutes=10)  # for choosing a role


@dataclass(frozen=True, slots=True)
class Choice:
    """A role that is open to somebody; staff have it in an organisation."""

    role: Role
    membership: Membership | None = None

    @property
    def key(self) -> str:
        """What a form calls it."""
        return str(self.membership.pk) if self.membership else self.role.value


@dataclass(frozen=True, slots=True)
class Chooser:
    """Somebody who may choose between roles. ``organisations``: None where any will do."""

    person: Person
    organisations: list[str] | None
    since: float

    @property
    def choices(self) -> list[Choice]:
        return choices_of(self.person, self.organisations)


def choices_of(person: Person, organisations: Collection[str] | None = None) -> list[Choice]:
    """The roles of a person today; of staff those in the organisations that CIS2 named."""
    today = timezone.localdate()
    memberships = Membership.objects.on(today).filter(person=person)
    if organisations is not None:
        memberships = memberships.filter(organisation_code__in=organisations)
    found = [
        Choice(Role(each.role), each) for each in memberships.order_by("organisation_code", "role")
    ]
    if person.nhs_number:
        found.append(Choice(Role.PATIENT))
    if Delegation.objects.on(today).filter(carer=person).exists():
        found.append(Choice(Role.CARER))
    return found


def arrive(
    request: HttpRequest, person: Person, organisations: Collection[str] | None = None
) -> bool:
    """Sign in somebody who was identified; False where they have to choose a role first.

    Raises RefusedError where no role is open to them.
    """
    held = None if organisations is None else sorted(organisations)
    chooser = Chooser(person, held, _now())
    choices = chooser.choices
    if not choices:
        raise RefusedError(Why.NO_ROLE)
    if len(choices) == 1:
        take(request, chooser, choices[0])
        return True
    request.session.flush()
    request.session.cycle_key()
    request.session[_ARRIVED] = {"person": str(person.pk), "at": chooser.since}
    request.session[_ORGANISATIONS] = held
    return False


def arrive_as(request: HttpRequest, person: Person, key: str) -> None:
    """Sign in a made-up person, in the role that was pressed. Raises RefusedError."""
    chooser = Chooser(person, None, _now())
    for choice in chooser.choices:
        if choice.key == key:
            take(request, chooser, choice)
            return
    raise RefusedError(Why.NO_ROLE)


def take(request: HttpRequest, chooser: Chooser, choice: Choice) -> None:
    """Sign somebody in, in the role that they chose."""
    several = len(chooser.choices) > 1
    sessions.sign_in(
        request,
        chooser.person,
        role=choice.role,
        membership=choice.membership,
        since=chooser.since,
    )
    request.session[_ORGANISATIONS] = chooser.organisations
    request.session[_SEVERAL] = several


def chooser_of(request: HttpRequest) -> Chooser | None:
    """Who may choose a role: somebody signed in, or who has just come back from a service."""
    organisations = request.session.get(_ORGANISATIONS)
    actor = sessions.actor_of(request)
    if actor:
        person = Person.objects.get(pk=actor.person)
        return Chooser(person, organisations, sessions.signed_in_at(request))
    arrived: dict[str, Any] | None = request.session.get(_ARRIVED)
    if arrived is None or _now() - arrived["at"] > _PATIENCE.total_seconds():
        return None
    person = Person.objects.get(pk=UUID(arrived["person"]))
    return Chooser(person, organisations, arrived["at"])


def has_several(request: HttpRequest) -> bool:
    """Whether the one who is signed in may change role."""
    return sessions.actor_of(request) is not None and bool(request.session.get(_SEVERAL))


def _now() -> float:
    return datetime.now(UTC).timestamp()
