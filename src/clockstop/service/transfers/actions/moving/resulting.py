"""A test that another provider did: its result goes back, and the sender reads it.

Nothing of it is written to the clock: the sender keeps the patient and the wait (RTT guidance
§11.1), and a test that a practice asked for directly has only its diagnostic wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.actions.locking import aid_held
from clockstop.service.transfers.actions.moving import charging
from clockstop.service.transfers.actions.moving.entering import enter_tested
from clockstop.service.transfers.actions.moving.receiving import side_of_receiver, started
from clockstop.service.transfers.actions.moving.starting import change
from clockstop.service.transfers.actions.moving.telling import RESULT, tell_practice
from clockstop.service.transfers.actions.stepping import Hand, check, hand_of, note
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.states import Aid

LONGEST = 10_000


@transaction.atomic
def report_result(
    *,
    actor: Actor,
    request_id: UUID,
    result: str,
    tested_on: date | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """Send the result of a test that was done on a day (today); sent again, the first one stands.

    Raises AidRequest.DoesNotExist, StaleError, BusyError and StepRefusedError.
    """
    visible = AidRequest.objects.visible_to(actor)
    request = aid_held(visible, request_id)
    if request.state == Aid.RESULTED:
        return request
    request = aid_held(visible, request_id, version)
    hand = side_of_receiver(actor, request, minutes=minutes)
    report_by(hand, request, result, tested_on or timezone.localdate())
    return request


def report_by(hand: Hand, request: AidRequest, result: str, tested_on: date) -> None:
    """The same of a locked request, in the caller's transaction."""
    check("report_result", hand, request, _against(request, result, tested_on))
    transfer = started(request)
    transfer.result, transfer.result_at = result.strip(), timezone.now()
    transfer.treated_on = tested_on
    change(transfer)
    charging.charge(transfer, charging.TESTED, tested_on, hand.by)
    note("report_result", hand, request)


@transaction.atomic
def read_result(
    *,
    actor: Actor,
    request_id: UUID,
    acting_for: UUID | None = None,
    version: int | None = None,
    minutes: int | None = None,
) -> AidRequest:
    """A clinician of the sender has read the result; the receiver sees the pathway until tonight.

    Raises as ``report_result`` does.
    """
    visible = AidRequest.objects.visible_to(actor)
    request = aid_held(visible, request_id, version)
    hand = hand_of(actor, request, acting_for=acting_for, minutes=minutes)
    check("read_result", hand, request, _needs(request))
    transfer = started(request)
    transfer.result_read_at = timezone.now()
    change(transfer)
    enter_tested(request, request.pathway)
    tell_practice(transfer, RESULT)
    note("read_result", hand, request)
    return request


def _against(request: AidRequest, result: str, tested_on: date) -> Iterator[Refusal]:
    yield from _needs(request)
    if not result.strip():
        yield Refusal("VALUE_IS_REQUIRED", "Write the result in words", "result")
    if len(result) > LONGEST:
        yield Refusal("TOO_LONG", f"Use up to {LONGEST:,} characters", "result")
    transfer = Transfer.objects.filter(request=request).exclude(received_on=None).first()
    received = transfer.received_on if transfer else None
    if received and not received <= tested_on <= timezone.localdate():
        words = f"The day must lie between {received.isoformat()} and today"
        yield Refusal("DAY_OUT_OF_RANGE", words, "tested_on")


def _needs(request: AidRequest) -> Iterator[Refusal]:
    if not request.is_diagnostic:
        yield Refusal("NOT_A_TEST", "Only a test has a result to send back")
