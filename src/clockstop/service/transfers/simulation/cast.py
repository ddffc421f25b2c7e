"""Who acts in a simulation, and the places that are offered: one ICB with its providers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.models import PatientRequest

_YEAR = timedelta(days=365)
_FIRST, _LAST, _EXPIRES = 28, 85, 80  # days from the beginning


@dataclass(frozen=True, slots=True)
class Cast:
    """The ICB's hub, and of each provider a manager and a clinician."""

    icb_code: str
    hub: Actor
    managers: Mapping[str, Actor]
    clinicians: Mapping[str, Actor]


def an_icb() -> str:
    """The first ICB, by its code, with the most providers of which one is independent.

    Raises LookupError where there is none.
    """
    here = Organisation.objects.filter(kind=Kind.PROVIDER, closed=None).exclude(icb_code="")
    independent = here.filter(sector=Sector.INDEPENDENT).values("icb_code")
    trusts = here.filter(icb_code__in=independent, sector=Sector.NHS_TRUST)
    counted = Counter[str](trusts.values_list("icb_code", flat=True))
    if not counted:
        raise LookupError("no ICB has a trust and an independent provider")
    return min(counted, key=lambda code: (-counted[code], code))


def cast(icb_code: str, today: date) -> Cast:
    """Everybody at the ICB, its providers, and those that its patients wait at."""
    codes = sorted(_providers(icb_code))

    def person(role: Role, code: str) -> Actor:
        found = Membership.objects.create(
            person=Person.objects.create(name=f"{role.label} of {code}"),
            role=role,
            organisation_code=code,
            icb_code=icb_code,
            starts=today - _YEAR,
            granted_by="simulation",
        )
        return found.as_actor()

    return Cast(
        icb_code,
        person(Role.ICB_HUB, icb_code),
        {code: person(Role.WAITING_LIST_MANAGER, code) for code in codes},
        {code: person(Role.PROVIDER_CLINICIAN, code) for code in codes},
    )


def _providers(icb_code: str) -> set[str]:
    held = ListEntry.objects.filter(icb_code=icb_code).values_list("organisation_code", flat=True)
    here = Organisation.objects.filter(icb_code=icb_code, kind=Kind.PROVIDER, closed=None)
    independent = here.filter(sector=Sector.INDEPENDENT).values_list("code", flat=True)
    return {*held.order_by().distinct(), *independent}


def post_places(cast: Cast, share: float, seed: int, today: date) -> int:
    """Let two providers of each specialty post places for a share of those found; how many."""
    found = Counter(PatientRequest.objects.values_list("treatment_function", flat=True))
    drawn, posted = Random(f"{seed} places"), 0
    for function, patients in sorted(found.items()):
        each = max(1, round(patients * share / 2))
        for code in drawn.sample(sorted(cast.managers), min(2, len(cast.managers))):
            aid.post(actor=cast.managers[code], posting=_posting(function, each, today))
            posted += each
    return posted


def _posting(function: str, places: int, today: date) -> aid.Posting:
    return aid.Posting(
        team="Team of the day",
        places=places,
        first_date=today + timedelta(days=_FIRST),
        last_date=today + timedelta(days=_LAST),
        expires_on=today + timedelta(days=_EXPIRES),
        price_basis="nhs_payment_scheme",
        treatment_function=function,
        critical_care=True,
        meets_needs=(),
        travel_support=True,
    )
