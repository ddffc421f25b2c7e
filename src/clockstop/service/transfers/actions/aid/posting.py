"""Capacity: posted, changed, withdrawn, run out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.audit import recording
from clockstop.service.referrals.actions.stepping import locked
from clockstop.service.registry.models import Organisation, Site
from clockstop.service.transfers import policies, states
from clockstop.service.transfers.actions.stepping import SYSTEM, Hand, refuse_if
from clockstop.service.transfers.models import Capacity
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.places import point_of
from clockstop.service.transfers.states import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Capacity as somebody posts it; the names are those of its fields. Days and lists as typed."""

    team: str
    places: int
    first_date: date
    last_date: date
    expires_on: date
    price_basis: str
    kind: str = Kind.TREATMENT.value
    site: str = ""
    treatment_function: str = ""
    procedures: tuple[str, ...] = ()
    diagnostic_tests: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    minimum_batch: int = 1
    min_age: int | None = None
    max_age: int | None = None
    sex: str = ""
    max_bmi: int | None = None
    max_asa: int | None = None
    excluded_comorbidities: tuple[str, ...] = ()
    anaesthetics: tuple[str, ...] = ()
    longest_stay: int | None = None
    critical_care: bool = False
    contrast: bool = False
    sedation: bool = False
    result_within: int | None = None
    meets_needs: tuple[str, ...] = ()
    travel_support: bool = False
    price: int | None = None
    currency_code: str = ""
    contract: str = ""

    def values(self) -> dict[str, object]:
        """By field."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@transaction.atomic
def post(*, actor: Actor, posting: Posting, minutes: int | None = None) -> Capacity:
    """Post places for others' patients. Raises StepRefusedError with all that is wrong."""
    today, now = timezone.localdate(), timezone.now()
    hand = _hand(actor, actor.organisation_code)
    refuse_if(
        [
            *_against("post", hand, None),
            *policies.against_terms(posting.values(), today),
            *_against_site(actor.organisation_code, posting.site),
        ]
    )
    capacity = Capacity(
        icb_code=actor.icb_code,
        organisation_code=actor.organisation_code,
        minutes=minutes or 0,
        posted_at=now,
        posted_by=hand.by.id,
        changed_at=now,
        **(posting.values() | sited(actor.organisation_code, posting.site)),
    )
    capacity.save(force_insert=True)
    _note("post", hand, capacity)
    return capacity


@transaction.atomic
def amend(
    *,
    actor: Actor,
    capacity_id: UUID,
    posting: Posting,
    version: int | None = None,
    minutes: int | None = None,
) -> Capacity:
    """Change what is posted; never to fewer places than are given.

    What is held or taken stays: criteria are asked again when the patient accepts.
    """
    capacity = _own(actor, capacity_id, version)
    hand = _hand(actor, capacity.organisation_code)
    refusals = [
        *_against("amend", hand, capacity),
        *policies.against_terms(posting.values(), timezone.localdate()),
        *_against_site(capacity.organisation_code, posting.site),
    ]
    if posting.places < capacity.taken:
        words = f"{capacity.taken} places are held or taken: there cannot be fewer"
        refusals.append(Refusal("BELOW_TAKEN", words, "places"))
    refuse_if(refusals)
    named = posting.values() | sited(capacity.organisation_code, posting.site)
    for name, value in named.items():
        setattr(capacity, name, value)
    capacity.minutes += minutes or 0
    _note("amend", hand, capacity)
    return capacity


@transaction.atomic
def withdraw_capacity(
    *,
    actor: Actor,
    capacity_id: UUID,
    reason: str,
    comment: str = "",
    version: int | None = None,
    minutes: int | None = None,
) -> Capacity:
    """Give no more places. Nobody can accept what is only held: ``ticking`` takes it back.

    What patients have taken stays theirs.
    """
    capacity = _own(actor, capacity_id, version)
    hand = _hand(actor, capacity.organisation_code)
    refuse_if(
        [
            *_against("withdraw", hand, capacity),
            *policies.against_choice(reason, policies.CAPACITY_WITHDRAWALS, comment),
        ]
    )
    capacity.reason = reason
    capacity.minutes += minutes or 0
    _note("withdraw", hand, capacity)
    return capacity


def expire_capacity(capacity: Capacity) -> None:
    """A locked capacity whose time has run out; what is held stays held."""
    refuse_if(_against("expire", SYSTEM, capacity))
    _note("expire", SYSTEM, capacity)


def sited(organisation_code: str, site: str) -> dict[str, object]:
    """Where a provider's places are, what the site is called, and whether it is independent."""
    organisation = Organisation.objects.filter(code=organisation_code).first()
    found = Site.objects.filter(code=site, organisation=organisation_code).first()
    at = point_of(found, organisation)
    return {
        "site": site,
        "site_name": found.name if found else "",
        "latitude": at.latitude if at else None,
        "longitude": at.longitude if at else None,
        "is_independent": bool(organisation and organisation.sector == Sector.INDEPENDENT),
    }


def _own(actor: Actor, capacity_id: UUID, version: int | None) -> Capacity:
    mine = Capacity.objects.visible_to(actor).filter(
        organisation_code=actor.organisation_code, for_request=None
    )
    found: Capacity = locked(mine, capacity_id, version)
    return found


def _hand(actor: Actor, organisation_code: str) -> Hand:
    is_own = actor.role in PROVIDING and organisation_code == actor.organisation_code
    parties = frozenset({Party.RECEIVER} if is_own and organisation_code else ())
    return Hand(by=actor.for_audit, parties=parties, actor=actor)


def _against(action: str, hand: Hand, capacity: Capacity | None) -> list[Refusal]:
    state = capacity.state if capacity else ""
    parties = [each.value for each in hand.parties]
    return [*states.capacities().against(action, state, parties)]


def _against_site(organisation_code: str, site: str) -> list[Refusal]:
    if not site or Site.objects.filter(code=site, organisation=organisation_code).exists():
        return []
    return [Refusal("UNKNOWN_SITE", f"Site: found {site!r}, expected one of your sites", "site")]


def _note(action: str, hand: Hand, capacity: Capacity) -> None:
    """Bring it to where the action leads. What is counted is another writer's: it is left alone."""
    row = states.capacities().rows[action]
    is_new = action == "post"
    capacity.state, capacity.changed_at = row.to, timezone.now()
    if not is_new:
        capacity.version += 1
        capacity.save(update_fields=_KEPT)
    detail: dict[str, Any] = {"version": capacity.version, "state": capacity.state}
    recording.record(
        f"capacity: {row.label.lower()}",
        hand.by,
        icb_code=capacity.icb_code,
        subject=("capacity", capacity.pk),
        detail=detail | {"places": capacity.places, "reason": capacity.reason},
    )


_KEPT = [
    each.name
    for each in Capacity._meta.concrete_fields  # noqa: SLF001
    if each.name not in {"id", "taken"}
]
