"""What the page of one transfer shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from clockstop.core.codes.iptamds import elements
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.names import people_named
from clockstop.service.pathways.presenters.who import person
from clockstop.service.referrals.attachments import ACCEPTED
from clockstop.service.registry.names import name_of
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.moving.data_set import read
from clockstop.service.transfers.actions.moving.returning import REASONS
from clockstop.service.transfers.actions.moving.starting import against_start
from clockstop.service.transfers.handover.access import transfer_of
from clockstop.service.transfers.handover.acts import possible
from clockstop.service.transfers.handover.worklists import (
    RECEIVER,
    SENDER,
    due_reading,
    due_result,
)
from clockstop.service.transfers.models import AidRequest, AidStep, Transfer, TransferDocument
from clockstop.service.transfers.provider.rows import what_of
from clockstop.service.transfers.states import Aid
from clockstop.service.ui.figures import day as in_words

OURS = ("pass_check", "receive", "report_result", "read_result", "complete", "end_untreated")
_SHOWN = frozenset({*OURS, "choose", "return_patient", "close_died", "fail_check", "withdraw"})


@dataclass(frozen=True, slots=True)
class Done:
    """A step, in words."""

    at: str
    words: str
    who: str
    comment: str


def side_of(request: AidRequest, actor: Actor) -> str:
    """Which side the actor's organisation is of."""
    return SENDER if request.organisation_code == actor.organisation_code else RECEIVER


def page_of(request: AidRequest, actor: Actor) -> dict[str, Any]:
    """Everything on the page."""
    today, side = timezone.localdate(), side_of(request, actor)
    transfer = transfer_of(actor, request)
    names = name_of([request.organisation_code, request.receiver_code])
    is_started = transfer is not None and transfer.started_at is not None
    return {
        "request_for_help": request,
        "who": person(request.patient, today),
        "what": what_of(request),
        "side": side,
        "sender": names[request.organisation_code],
        "receiver": names[request.receiver_code],
        "transfer": transfer,
        "is_started": is_started,
        "data_set": _data_set(transfer) if transfer and is_started else (),
        "days": tuple(_days(request, transfer)) if transfer else (),
        "documents": _documents(transfer, actor),
        "accepted": ACCEPTED,
        "alarm": _alarm(request, transfer, today) if is_started else "",
        "alarm_act": _ALARM_ACTS.get((request.state, side), "Call the other provider today."),
        "acts": possible(request, side),
        "may_fill": side == SENDER and request.state == Aid.ACCEPTED,
        "may_treat": side == RECEIVER
        and request.state == Aid.TRANSFERRED
        and not request.is_diagnostic,
        "is_to_check": side == RECEIVER and request.state == Aid.ACCEPTED,
        "missing": against_start(request) if request.state == Aid.ACCEPTED else (),
        "may_attach": transfer is not None and request.state in {Aid.ACCEPTED, *_UNDER_WAY},
        "done": _done(request),
        "return_reason": REASONS.get(request.reason, "") if request.state == Aid.RETURNED else "",
    }


# Of what is late: whose turn it is does it, the other side calls.
_ALARM_ACTS: Mapping[tuple[str, str], str] = {
    (Aid.TRANSFERRED, RECEIVER): "Send it back today.",
    (Aid.RESULTED, SENDER): "A clinician reads it today.",
}
_UNDER_WAY = frozenset({Aid.TRANSFERRING, Aid.TRANSFERRED, Aid.RESULTED})


def _documents(transfer: Transfer | None, actor: Actor) -> Any:
    held = TransferDocument.objects.visible_to(actor).filter(transfer=transfer)
    return held.defer("content") if transfer else held.none()


def _data_set(transfer: Transfer) -> tuple[tuple[str, str], ...]:
    values = read(transfer.data_set)
    return tuple((elements()[key].label, value) for key, value in values.items())


def _days(request: AidRequest, transfer: Transfer) -> Iterable[tuple[str, str]]:
    tested = "Tested" if request.is_diagnostic else "Treated"
    yield from (
        (words, in_words(timezone.localtime(at).date()))
        for words, at in (
            ("Started", transfer.started_at),
            ("Form sent", transfer.sent_at),
            ("Form acknowledged", transfer.acknowledged_at),
            ("Practice told", transfer.practice_told_at),
            ("Result sent", transfer.result_at),
            ("Result read", transfer.result_read_at),
        )
        if at
    )
    days = (("Received", transfer.received_on), (tested, transfer.treated_on))
    yield from ((words, in_words(day)) for words, day in days if day)
    if transfer.returned_on:
        yield "Returned", in_words(transfer.returned_on)


def _alarm(request: AidRequest, transfer: Transfer | None, today: date) -> str:
    """What of a test is late: its result, or the reading of it."""
    if request.state == Aid.TRANSFERRED:
        due = due_result(request, transfer)
        if due and due < today:
            return f"The result was to come back by {in_words(due)}."
    if request.state == Aid.RESULTED:
        due = due_reading(request, transfer)
        if due and due < today:
            return f"The result was to be read by {in_words(due)}."
    return ""


def _done(request: AidRequest) -> list[Done]:
    held: list[AidStep] = list(request.steps.filter(action__in=_SHOWN))
    people = people_named({each.by for each in held} | {each.acting_for for each in held})
    names = name_of({each.organisation_code for each in held if each.organisation_code})
    rows = states.aid_requests().rows
    return [
        Done(
            in_words(timezone.localtime(each.at).date()),
            rows[each.action].label,
            ", ".join(
                part
                for part in (
                    people.get(each.by, each.role.replace("_", " ")),
                    f"for {people[each.acting_for]}" if each.acting_for in people else "",
                    names.get(each.organisation_code, ""),
                )
                if part
            ),
            each.comment,
        )
        for each in reversed(held)
    ]
