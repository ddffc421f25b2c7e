"""The search: by the ICB, in the whole country, or by the patient who picks a provider."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from clockstop.core.state_tables import Refusal
from clockstop.service.transfers.actions.aid import end_by, open_for, widen_by
from clockstop.service.transfers.actions.asking import reasons
from clockstop.service.transfers.actions.asking.reviewing import signed_by
from clockstop.service.transfers.actions.asking.shared import (
    Way,
    against_cancer,
    against_waiting,
    as_system,
    go,
    live_aid,
)
from clockstop.service.transfers.actions.stepping import Hand
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.providers import providers_for
from clockstop.service.transfers.states import Aid

# Why a request for help ended that makes way for the patient's next choice: see ``following``.
NEXT_CHOICE = "next_choice"
NOTHING_FOUND = "nothing_found"
PLACE_IS_HELD = Refusal(
    "PLACE_IS_HELD",
    "A place is held for the patient: until it is taken, refused or taken back, the search can "
    "neither end nor go further",
)


@transaction.atomic
def search(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """Search for a provider: the request stands on the ICB's board from now on."""
    hand, request = way.taken_up(request_id, version)
    return search_by(hand, request)


def search_by(hand: Hand, request: PatientRequest) -> PatientRequest:
    """The same, of a request that is locked for this transaction."""
    go("search", hand, request, _against_moving(request))
    _open(hand, request)
    return request


@transaction.atomic
def let_choose(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """In the right of 18 weeks, let the patient pick among all suitable providers."""
    hand, request = way.taken_up(request_id, version)
    return let_choose_by(hand, request)


def let_choose_by(hand: Hand, request: PatientRequest) -> PatientRequest:
    """The same, of a request that is locked for this transaction."""
    return go("let_choose", hand, request, _against_moving(request))


@transaction.atomic
def pick(
    *, way: Way, request_id: UUID, provider: str, version: int | None = None
) -> PatientRequest:
    """The patient picks a provider, which is asked for a date: by the right of 18 weeks."""
    hand, request = way.taken_up(request_id, version)
    known = {each.code for each in providers_for(request)}
    further = [*_against_moving(request)]
    if provider not in known:
        words = "Choose a provider from the list"
        further.append(Refusal("PROVIDER_IS_REQUIRED", words, "provider"))
    request.chosen_provider = provider
    go("pick", hand, request, further)
    _open(hand, request)
    return request


@transaction.atomic
def go_national(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """Ask the whole country, of a patient who said anywhere."""
    hand, request = way.taken_up(request_id, version)
    return go_national_by(hand, request)


def go_national_by(hand: Hand, request: PatientRequest) -> PatientRequest:
    """The same, of a request that is locked for this transaction."""
    further = []
    if not request.anywhere:
        words = "The patient did not say that they would go anywhere"
        further.append(Refusal("NOT_ANYWHERE", words))
    go("go_national", hand, request, further)
    aid = live_aid(request.pk)
    if aid is not None and not aid.national:
        widen_by(as_system(hand), aid)
    return request


@transaction.atomic
def find_none(
    *, way: Way, request_id: UUID, reason: str, version: int | None = None
) -> PatientRequest:
    """Nothing was found: the patient is told, and the place on the list is as it was."""
    hand, request = way.taken_up(request_id, version)
    return find_none_by(hand, request, reason)


def find_none_by(hand: Hand, request: PatientRequest, reason: str) -> PatientRequest:
    """The same, of a request that is locked for this transaction."""
    aid = live_aid(request.pk)
    further = [*reasons.against(reason, reasons.NONE_FOUND)]
    if aid is not None and is_held(aid):
        further.append(PLACE_IS_HELD)
    go("find_none", hand, request, further, reason=reason)
    if aid is not None:
        end_by("withdraw", as_system(hand), aid, reason=NOTHING_FOUND)
    return request


def _open(hand: Hand, request: PatientRequest) -> None:
    clinically, socially = signed_by(request)
    open_for(as_system(hand), request, clinically_by=clinically, socially_by=socially)


def is_held(aid: AidRequest) -> bool:
    """Something was found: the patient is told of it, or it is taken back, before a search ends."""
    return aid.state == Aid.OFFERED


def _against_moving(request: PatientRequest) -> Iterable[Refusal]:
    yield from against_waiting(request)
    yield from against_cancer(request)
