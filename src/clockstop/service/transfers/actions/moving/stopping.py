"""What a transfer hears: the request came to nothing, or the pathway's clock has stopped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from clockstop.core.rtt.periods import Ending, Period
from clockstop.core.rtt.status_codes import Status
from clockstop.service.audit import recording
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import State
from clockstop.service.transfers.actions.moving import charging
from clockstop.service.transfers.actions.moving.starting import change, note_transfer
from clockstop.service.transfers.actions.moving.telling import TREATED, tell_practice
from clockstop.service.transfers.actions.stepping import SYSTEM, note
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import Aid

# Steps after which an accepted patient does not move after all.
_COME_TO_NOTHING = frozenset({"fail_check", "withdraw", "close_treated", "close_died"})


def stop_transfer(*, request: AidRequest, action: str, by: recording.Actor, **_: Any) -> None:
    """The request was withdrawn or failed before the patient moved: the transfer ends with it."""
    if action not in _COME_TO_NOTHING:
        return
    held = Transfer.objects.filter(request=request, stopped_at=None, received_on=None)
    for transfer in held:
        transfer.stopped_at = timezone.now()
        change(transfer)
        transfer.exchanges.filter(direction="out", done_at=None).update(error="It was stopped")
        note_transfer("stopped", by, transfer)


def follow_clock(*, pathway: Pathway, **_: Any) -> None:
    """Complete the transfer of a pathway whose clock the receiver has stopped, in that write."""
    complete_of([pathway.pk])


def complete_stopped(*, icb_code: str, **_: Any) -> int:
    """The same of an ICB after an import, whose rows are written in columns; how many ended."""
    moved = AidRequest.objects.filter(icb_code=icb_code, state=Aid.TRANSFERRED, kind=Kind.TREATMENT)
    ended = moved.exclude(pathway__list_entry__state=State.WAITING)
    return sum(_complete(each) for each in ended.select_for_update(of=("self",)).order_by("pk"))


def complete_of(pathways: Iterable[Any]) -> int:
    """Complete the transfers among these pathways whose clock has stopped; how many there were."""
    moved = AidRequest.objects.filter(state=Aid.TRANSFERRED, kind=Kind.TREATMENT)
    held = moved.filter(pathway__in=list(pathways)).select_for_update(of=("self",))
    return sum(_complete(request) for request in held.order_by("pk"))


def _complete(request: AidRequest) -> bool:
    transfer = Transfer.objects.filter(request=request).exclude(received_on=None).first()
    if transfer is None or transfer.received_on is None or request.pathway is None:
        return False
    period = _moved_period(request.pathway, transfer.received_on)
    if period is None or period.runs or period.provisional or period.ending is Ending.DIED:
        return False  # a death closes it by its own rule
    if period.nullified or period.ending is None or period.ending.status is not Status.TREATED:
        note("end_untreated", SYSTEM, request, reason=period.ending.value if period.ending else "")
        return True
    transfer.treated_on = period.end
    change(transfer)
    charging.charge(transfer, charging.TREATED, period.end or timezone.localdate(), SYSTEM.by)
    tell_practice(transfer, TREATED)
    note("complete", SYSTEM, request)
    return True


def _moved_period(pathway: Pathway, received_on: date) -> Period | None:
    """The wait that was handed over: the last one that had begun on the day of the move."""
    found = clock_on(pathway.events.all(), timezone.localdate())
    begun = [each for each in found.periods if each.opened_on <= received_on]
    return begun[-1] if begun else None
