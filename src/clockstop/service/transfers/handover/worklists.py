"""What there is to do with transfers, each side's own, the latest due first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from clockstop.core.rulebook import transfer_limits
from clockstop.service.accounts.actor import Actor
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.handover.access import handed_over, transfers_of
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.provider.rows import what_of
from clockstop.service.transfers.states import Aid
from clockstop.service.ui.figures import day as in_words

SENDER, RECEIVER = "sender", "receiver"


@dataclass(frozen=True, slots=True)
class Worklist:
    """A list: of which side, in which states, and by when each of its rows is due."""

    slug: str
    side: str
    title: str
    words: str
    states: tuple[Aid, ...]
    due: Callable[[AidRequest, Transfer | None], date | None]
    further: Q | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A transfer as a line of a list."""

    key: str
    reference: str
    name: str
    what: str
    other: str
    due: str
    is_late: bool


def due_form(request: AidRequest, _: Transfer | None) -> date | None:
    """The form is filled while the acceptance waits."""
    return transfer_limits.due(transfer_limits.RECEIVE, _day(request.state_since))


def due_receipt(_: AidRequest, transfer: Transfer | None) -> date | None:
    """First acknowledged, then received."""
    if transfer is None or transfer.started_at is None:
        return None
    limit = transfer_limits.RECEIVE if transfer.acknowledged_at else transfer_limits.ACKNOWLEDGE
    return transfer_limits.due(limit, _day(transfer.acknowledged_at or transfer.started_at))


def due_reading(_: AidRequest, transfer: Transfer | None) -> date | None:
    """A result is read soon after it came."""
    if transfer is None or transfer.result_at is None:
        return None
    return transfer_limits.due(transfer_limits.READ_RESULT, _day(transfer.result_at))


def due_result(request: AidRequest, transfer: Transfer | None) -> date | None:
    """The result of a test comes back within the days that were agreed; treatment has no day."""
    received = transfer.received_on if transfer else None
    if not request.is_diagnostic or request.result_within is None or received is None:
        return None
    return received + timedelta(days=request.result_within)


def _never(_: AidRequest, __: Transfer | None) -> date | None:
    return None


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()


def _lists() -> Iterable[Worklist]:
    moved, tests = (Aid.TRANSFERRED,), Q(kind="diagnostic")
    yield Worklist(
        "form",
        SENDER,
        "Data set to complete",
        "The patient has accepted. Nothing starts before the form is whole.",
        (Aid.ACCEPTED,),
        due_form,
    )
    yield Worklist(
        "results",
        SENDER,
        "Results to read",
        "A clinician reads each result that came back.",
        (Aid.RESULTED,),
        due_reading,
    )
    yield Worklist(
        "sent",
        SENDER,
        "Sent, not received yet",
        "The patient is still on your list, and you report the wait.",
        (Aid.TRANSFERRING,),
        due_receipt,
    )
    yield Worklist(
        "tests",
        SENDER,
        "Tests elsewhere",
        "The result comes back within the days that were agreed.",
        moved,
        due_result,
        tests,
    )
    yield Worklist(
        "back",
        SENDER,
        "Given back to you",
        "The patient is on your list again, and the wait goes on from where it was.",
        (Aid.RETURNED,),
        _never,
    )
    yield Worklist(
        "coming",
        RECEIVER,
        "Patients to receive",
        "Acknowledge the form, then take the patient on.",
        (Aid.TRANSFERRING,),
        due_receipt,
    )
    yield Worklist(
        "here",
        RECEIVER,
        "Patients with us",
        "Treat them, or give them back. A treatment entered anywhere ends the transfer.",
        moved,
        due_result,
    )
    yield Worklist(
        "ended",
        RECEIVER,
        "Treated or given back",
        "What has ended.",
        (Aid.COMPLETED, Aid.RETURNED),
        _never,
    )


WORKLISTS: Mapping[str, Worklist] = {each.slug: each for each in _lists()}


def found(worklist: Worklist, actor: Actor) -> Any:
    """The requests of a list, of the actor's organisation, those first that have waited longest."""
    column = "organisation_code" if worklist.side == SENDER else "receiver_code"
    further = worklist.further or Q()
    mine = handed_over(actor).filter(
        further, state__in=worklist.states, **{column: actor.organisation_code}
    )
    return mine.order_by("state_since", "pk")


def rows(
    worklist: Worklist, actor: Actor, requests: Iterable[AidRequest], today: date
) -> list[Row]:
    """The lines of a list; names of organisations by one question, transfers by another."""
    held = list(requests)
    transfers = transfers_of(actor, held)
    names = name_of(
        {code for each in held for code in (each.organisation_code, each.receiver_code)}
    )
    dues = {each.pk: worklist.due(each, transfers.get(each.pk)) for each in held}
    return [_row(worklist, each, names, dues[each.pk], today) for each in held]


def _row(
    worklist: Worklist,
    request: AidRequest,
    names: Mapping[str, str],
    due: date | None,
    today: date,
) -> Row:
    is_sender = worklist.side == SENDER
    return Row(
        key=str(request.pk),
        reference=request.reference,
        name=request.patient.name,
        what=what_of(request),
        other=names[request.receiver_code if is_sender else request.organisation_code],
        due=in_words(due) if due else "",
        is_late=due is not None and due < today,
    )
