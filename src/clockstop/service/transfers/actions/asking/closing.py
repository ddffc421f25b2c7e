"""What ends a request from outside: a date, treatment, a death."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.rulebook.eligibility import profiles_on
from clockstop.core.state_tables import Refusal
from clockstop.service.audit.recording import Actor
from clockstop.service.pathways.clock import events_of
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.protections import deaths_told
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.actions.aid import end_by
from clockstop.service.transfers.actions.asking.conditions import UNANSWERED
from clockstop.service.transfers.actions.asking.shared import (
    Way,
    as_system,
    entry_of,
    go,
    live_aid,
)
from clockstop.service.transfers.actions.stepping import SYSTEM, Hand
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import ASKED_ENDED, Party

_SOON = "LIVE-2023"  # the profile that says which date is soon


@transaction.atomic
def close_dated(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """The patient has taken a date with the hospital that is soon: nothing is searched any more."""
    hand, request = way.taken_up(request_id, version)
    return _close("close_dated", hand, request, _against_dated(request))


@transaction.atomic
def close_treated(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """The patient was treated, or no longer waits."""
    hand, request = way.taken_up(request_id, version)
    return _close("close_treated", hand, request, _against_over(request))


def close_after_death(*, patient: Patient, by: Actor, **_more: Any) -> None:
    """End every live request of somebody who has died, as part of noting the death."""
    hand = Hand(by=by, parties=frozenset({Party.SYSTEM}))
    held = PatientRequest.objects.filter(patient__in=records_of(patient))
    for key in held.exclude(state__in=ASKED_ENDED).order_by("pk").values_list("pk", flat=True):
        _, request = Way(PatientRequest.objects.all(), lambda _: hand).taken_up(key)
        _close("close_died", hand, request, ())


def follow_pathway(*, pathway: Pathway, **_more: Any) -> None:
    """After a change of a pathway: end what was only offered to somebody who waits no more.

    A request that the patient made is never ended for a date by a rule: they may prefer to move.
    """
    held = PatientRequest.objects.filter(pathway=pathway, state__in=UNANSWERED)
    requests = list(held.select_for_update(of=("self",)))
    if requests and deaths_told(events_of(pathway.events.all())):
        return  # the death is noted in a moment, and ends them as what it is
    for request in requests:
        end_if_over(request)


def end_if_over(request: PatientRequest) -> bool:
    """End a locked request, unless the patient waits on with no date soon; whether it ended."""
    found = ""
    if request.patient.died_on is not None:
        found = "close_died"
    elif not list(_against_over(request)):
        found = "close_treated"
    elif request.state in UNANSWERED and not list(_against_dated(request)):
        found = "close_dated"
    if found:
        _close(found, SYSTEM, request, ())
    return bool(found)


def over() -> list[UUID]:
    """Keys of live requests whose patients may have a date soon, or wait no more."""
    today = timezone.localdate()
    soon = (today, today + timedelta(days=_days()))
    waiting = ListEntry.objects.filter(state=State.WAITING)
    live = PatientRequest.objects.exclude(state__in=ASKED_ENDED)
    gone = live.exclude(pathway__in=waiting.values("pathway"))
    dated = live.filter(state__in=UNANSWERED).filter(
        pathway__in=waiting.filter(next_appointment__range=soon)
        .values("pathway")
        .union(waiting.filter(tci_date__range=soon).values("pathway"))
    )
    return [*gone.values_list("pk", flat=True), *dated.values_list("pk", flat=True)]


def _close(
    action: str, hand: Hand, request: PatientRequest, further: Iterable[Refusal]
) -> PatientRequest:
    go(action, hand, request, further)
    aid = live_aid(request.pk)
    if aid is not None:
        ends = "withdraw" if action == "close_dated" else action
        end_by(ends, as_system(hand), aid, reason="dated" if ends == "withdraw" else "")
    return request


def _against_dated(request: PatientRequest) -> Iterable[Refusal]:
    entry, today = entry_of(request), timezone.localdate()
    last = today + timedelta(days=_days())
    dates = (entry.next_appointment, entry.tci_date) if entry else ()
    if not any(each and today <= each <= last for each in dates):
        words = f"No date with the hospital lies within {_days()} days"
        yield Refusal("NOT_DATED", words)


def _against_over(request: PatientRequest) -> Iterable[Refusal]:
    entry = entry_of(request)
    if entry is not None and entry.state == State.WAITING:
        yield Refusal("STILL_WAITING", "The patient still waits")


def _days() -> int:
    return profiles_on(timezone.localdate())[_SOON].date_within or 0
