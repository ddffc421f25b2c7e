"""Offers of a place to a request: made, refused, taken back; what was lost is open again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.codes.decline_reasons import Decliner
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers import policies
from clockstop.service.transfers.actions.aid.holding import (
    audit_offer,
    move_offers,
    offers_of,
    take_place,
)
from clockstop.service.transfers.actions.aid.posting import sited
from clockstop.service.transfers.actions.aid.shared import against_standing, taken_up
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.stepping import (
    SYSTEM,
    Hand,
    check,
    hand_of,
    note,
    refuse_if,
)
from clockstop.service.transfers.facts import renew
from clockstop.service.transfers.fitting import Judged, judged
from clockstop.service.transfers.matching.answers import Noes, answers_of, in_words
from clockstop.service.transfers.matching.reading import asked_by, with_owed
from clockstop.service.transfers.matching.telling import words_of
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.states import Aid, CapacityState, OfferState, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place that a provider has for one request alone, without posting capacity."""

    team: str
    site: str = ""
    price_basis: str = "nhs_payment_scheme"
    price: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is offered: the day and the team that the patient is told of.

    ``override`` says why it is offered in spite of warnings.
    """

    day: date | None
    team: str = ""
    override: str = ""


@transaction.atomic
def offer(
    *,
    actor: Actor,
    request_id: UUID,
    terms: Terms,
    capacity_id: UUID | None = None,
    place: Place | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> Offer:
    """Hold a place of posted capacity for a request, or one made for it alone.

    Raises AidRequest.DoesNotExist, Capacity.DoesNotExist, StaleError, BusyError and
    StepRefusedError; of all who want the last place exactly one gets it.
    """
    hand, request = taken_up(actor, request_id, version, acting_for=acting_for, minutes=minutes)
    if capacity_id is None:
        capacity = _made_for(actor, request, terms, place or Place(team=terms.team))
    else:
        capacity = Capacity.objects.visible_to(actor).get(pk=capacity_id)
    return offer_by(hand, request, capacity, terms)


def offer_by(hand: Hand, request: AidRequest, capacity: Capacity, terms: Terms) -> Offer:
    """The same, of a request that is locked for this transaction."""
    today = timezone.localdate()
    renew(request, today)
    found, noes = _judged(hand, request, capacity, terms.day)
    team = terms.team.strip() or capacity.team
    further = [
        *_against_capacity(hand, request, capacity, found, noes, terms),
        *policies.against_day(terms.day, capacity.first_date, capacity.last_date, today),
        *policies.against_lengths({"team": team}),
        *against_standing(request),
    ]
    check("offer", hand, request, further)
    if capacity.for_request_id:
        capacity.save(force_insert=True)
    take_place(capacity, today)
    now = timezone.now()
    made = Offer.objects.create(
        icb_code=request.icb_code,
        request=request,
        capacity=capacity,
        organisation_code=capacity.organisation_code,
        day=terms.day,
        team=team,
        miles=found.fit.miles,
        weeks_gained=found.fit.weeks_gained,
        overrides=_overridden(found, noes, terms, hand),
        held_until=policies.held_until(today),
        made_at=now,
        made_by=hand.by.id,
        changed_at=now,
    )
    audit_offer("hold a place", hand, made)
    note("offer", hand, request)
    return made


@transaction.atomic
def refuse(
    *,
    actor: Actor,
    request_id: UUID,
    reason: str,
    comment: str = "",
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """A provider says that it cannot take the patient; the request stays open to the others."""
    hand, request = taken_up(actor, request_id, version, minutes=minutes)
    beside = request.state == Aid.OFFERED
    further = policies.against_reason(Decliner.PROVIDER, reason, comment)
    action = "refuse_beside" if beside else "refuse"
    check(action, hand, request, further)
    note(action, hand, request, reason=reason, comment=comment)
    return request


@transaction.atomic
def withdraw_offer(
    *, actor: Actor, offer_id: UUID, reason: str, comment: str = "", version: int | None = None
) -> Offer:
    """A provider takes back a place that it holds. ``version`` is that of the request.

    Without any other offer the request is open again. Raises Offer.DoesNotExist, StaleError,
    BusyError and StepRefusedError.
    """
    pk = Offer.objects.visible_to(actor).values_list("request", flat=True).get(pk=offer_id)
    request = aid_held(AidRequest.objects.visible_to(actor), pk, version)
    return withdraw_offer_by(hand_of(actor, request), request, offer_id, reason, comment)


def withdraw_offer_by(
    hand: Hand, request: AidRequest, offer_id: UUID, reason: str, comment: str = ""
) -> Offer:
    """The same, of a request that is locked for this transaction."""
    held = Offer.objects.select_for_update(of=("self",)).select_related("capacity")
    found: Offer = held.get(pk=offer_id, request=request)
    further = [
        *policies.against_choice(reason, policies.CAPACITY_WITHDRAWALS, comment),
        *_against_other_provider(hand, found.organisation_code),
    ]
    refuse_if(further)
    move_offers("withdraw", hand, [found], reason)
    lose_if_none_is_left(request)
    return found


def lose_if_none_is_left(request: AidRequest) -> None:
    """A locked request whose last offer is gone is open again; the place in the queue is as it was.

    Nothing, where an offer is left, or the patient has taken one.
    """
    if request.state not in {Aid.OFFERED, Aid.WITH_PATIENT}:
        return
    if not offers_of(request, OfferState.HELD):
        check("lose_offers", SYSTEM, request)
        note("lose_offers", SYSTEM, request)


def judged_by_hub(
    request: AidRequest, capacity: Capacity, day: date | None = None
) -> tuple[Judged, Noes]:
    """A hub gives what is another's: it is told what a run would have left out, and why.

    With who said no before, in words.
    """
    today, answers = timezone.localdate(), answers_of(request)
    found = judged(
        request,
        capacity,
        today,
        day=day,
        asked=asked_by(request, answers, today),
        place=with_owed([capacity], today, day)[0],
    )
    return found, in_words({request.pk: answers}, with_comments=False)[str(request.pk)]


def _judged(
    hand: Hand, request: AidRequest, capacity: Capacity, day: date | None
) -> tuple[Judged, Noes]:
    if Party.HUB in hand.parties:
        return judged_by_hub(request, capacity, day)
    by_clinician = bool(hand.clinician)
    return judged(request, capacity, timezone.localdate(), one_by_one=by_clinician, day=day), {}


def _against_capacity(
    hand: Hand,
    request: AidRequest,
    capacity: Capacity,
    found: Judged,
    noes: Noes,
    terms: Terms,
) -> Iterable[Refusal]:
    if capacity.state != CapacityState.POSTED:
        yield Refusal("NOT_POSTED", "This capacity is no longer posted", "capacity")
    if capacity.for_request_id not in {None, request.pk}:
        yield Refusal("NOT_POSTED", "This place was made for another request", "capacity")
    yield from _against_other_provider(hand, capacity.organisation_code)
    if Offer.objects.filter(
        request=request, capacity=capacity, state__in=[OfferState.HELD, OfferState.TAKEN]
    ).exists():
        yield Refusal("OFFERED_ALREADY", "A place of this capacity is offered already", "capacity")
    if request.is_cancer and not hand.clinician:
        words = "Cancer goes from clinician to clinician: choose the clinician who offers"
        yield Refusal("ONE_BY_ONE", words, "acting_for")
    for each in found.hard:
        if not (request.is_cancer and each.code == "cancer"):
            yield Refusal(each.code.upper(), words_of(each, noes), "capacity")
    if found.warnings and not terms.override.strip():
        for each in found.warnings:
            yield Refusal(f"WARNING_{each.code.upper()}", words_of(each, noes), "override")


def _against_other_provider(hand: Hand, organisation_code: str) -> Iterable[Refusal]:
    """A provider gives its own places alone; a hub those of whoever posted them."""
    is_provider = Party.RECEIVER in hand.parties and hand.actor is not None
    if is_provider and hand.actor and hand.actor.organisation_code != organisation_code:
        yield Refusal("NOT_YOURS", "This place is another provider's", "capacity")


def _overridden(found: Judged, noes: Noes, terms: Terms, hand: Hand) -> str:
    """What was overridden, by whom and why, as it is kept with the offer: JSON, or nothing."""
    if not found.warnings:
        return ""
    told = {
        "by": hand.by.id,
        "why": terms.override.strip(),
        "warnings": {each.code.value: words_of(each, noes) for each in found.warnings},
    }
    return json.dumps(told, ensure_ascii=False)


def overridden_codes(made: Offer) -> frozenset[str]:
    """The codes of what an offer was made in spite of."""
    return frozenset(json.loads(made.overrides)["warnings"]) if made.overrides else frozenset()


def _made_for(actor: Actor, request: AidRequest, terms: Terms, place: Place) -> Capacity:
    """A capacity of one place, without limits: whoever offers it has looked at the patient."""
    today, now = timezone.localdate(), timezone.now()
    day = terms.day or today
    return Capacity(
        icb_code=actor.icb_code,
        organisation_code=actor.organisation_code,
        kind=request.kind,
        treatment_function=request.treatment_function,
        diagnostic_tests=(request.diagnostic_test,) if request.diagnostic_test else (),
        stages=(request.stage,),
        team=place.team,
        places=1,
        first_date=day,
        last_date=day,
        critical_care=request.critical_care,
        contrast=request.contrast,
        sedation=request.sedation,
        result_within=request.result_within,
        meets_needs=request.needs,
        price_basis=place.price_basis,
        price=place.price,
        expires_on=max(day, policies.decided_by(today)),
        for_request=request,
        posted_at=now,
        posted_by=actor.for_audit.id,
        changed_at=now,
        **sited(actor.organisation_code, place.site),
    )
