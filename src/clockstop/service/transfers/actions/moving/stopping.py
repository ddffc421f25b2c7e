"""What a transfer hears: the request came to nothing; the clock has stopped, or runs after all."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from clockstop.core.rtt.periods import Ending, Period
from clockstop.core.rtt.status_codes import Status
from clockstop.service.audit import recording
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import State
from clockstop.service.transfers.actions.locking import hold_notices
from clockstop.service.transfers.actions.moving import charging
from clockstop.service.transfers.actions.moving.starting import change, note_transfer
from clockstop.service.transfers.actions.moving.telling import NOT_TREATED, TREATED, tell_practice
from clockstop.service.transfers.actions.stepping import SYSTEM, note
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import AID_ENDED, Aid

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
    """Complete the transfer of a pathway whose clock the receiver has stopped, in that write.

    Where the entry that stopped it is withdrawn or corrected, the transfer is open again.
    """
    held = _moved().filter(pathway=pathway).select_for_update(of=("self",))
    for request in held.order_by("pk"):
        _follow(request)


def complete_stopped(*, icb_code: str, **_: Any) -> int:
    """The same of an ICB after an import, whose rows are written in columns; how many changed."""
    waits = Q(pathway__list_entry__state=State.WAITING)
    differ = (Q(state=Aid.TRANSFERRED) & ~waits) | (Q(state=Aid.COMPLETED) & waits)
    held = _moved().filter(differ, icb_code=icb_code).select_for_update(of=("self",))
    requests = list(held.order_by("pk"))
    hold_notices(requests)
    return sum(_follow(each) for each in requests)


def _moved() -> Any:
    """Requests of patients who moved for treatment, whether it has ended or not."""
    return AidRequest.objects.filter(
        state__in=(Aid.TRANSFERRED, Aid.COMPLETED), kind=Kind.TREATMENT
    )


def _follow(request: AidRequest) -> bool:
    """Bring a locked request to where the clock of the wait that moved stands; whether it went."""
    transfer = Transfer.objects.filter(request=request).exclude(received_on=None).first()
    if transfer is None or transfer.received_on is None or request.pathway is None:
        return False
    period = _moved_period(request.pathway, transfer.received_on)
    if period is None or period.ending is Ending.DIED:  # which closes it by its own rule
        return False
    waits = period.runs or period.provisional
    if request.state == Aid.TRANSFERRED and not waits:
        _complete(request, transfer, period)
        return True
    if request.state == Aid.COMPLETED and waits:
        return _resume(request, transfer)
    if request.state == Aid.COMPLETED and transfer.treated_on not in {None, period.end}:
        _treated(transfer, period)
        note_transfer("corrected the day of treatment", SYSTEM.by, transfer)
    return False


def _complete(request: AidRequest, transfer: Transfer, period: Period) -> None:
    if period.nullified or period.ending is None or period.ending.status is not Status.TREATED:
        note("end_untreated", SYSTEM, request, reason=period.ending.value if period.ending else "")
        return
    _treated(transfer, period)
    tell_practice(transfer, TREATED, again=True)
    note("complete", SYSTEM, request)


def _treated(transfer: Transfer, period: Period) -> None:
    transfer.treated_on = period.end
    change(transfer)
    charging.charge(transfer, charging.TREATED, period.end or timezone.localdate(), SYSTEM.by)


def _resume(request: AidRequest, transfer: Transfer) -> bool:
    """The receiver has yet to treat, unless it has asked others for help with the same wait.

    The line of the statement stays, and is not charged: see ``charging.still_stopped``.
    """
    others = AidRequest.objects.filter(pathway=request.pathway_id, kind=Kind.TREATMENT)
    if others.exclude(pk=request.pk).exclude(state__in=AID_ENDED).exists():
        return False
    if transfer.treated_on is not None:
        transfer.treated_on = None
        change(transfer)
        tell_practice(transfer, NOT_TREATED, again=True)
    note("resume", SYSTEM, request)
    return True


def _moved_period(pathway: Pathway, received_on: date) -> Period | None:
    """The wait that was handed over: the last one that had begun on the day of the move."""
    found = clock_on(pathway.events.all(), timezone.localdate())
    begun = [each for each in found.periods if each.opened_on <= received_on]
    return begun[-1] if begun else None
