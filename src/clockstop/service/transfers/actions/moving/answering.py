"""What a receiver tells of its transfers, many at once: from a file, or as messages.

All is read first; what stands against any line is told of all of them, and then nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from clockstop.core.rtt.events import Setting
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways import handing
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.actions.locking import aid_held, hold_all
from clockstop.service.transfers.actions.moving.receiving import (
    acknowledge_by,
    receive_by,
    side_of_receiver,
    started,
)
from clockstop.service.transfers.actions.moving.resulting import report_by
from clockstop.service.transfers.actions.moving.returning import return_by
from clockstop.service.transfers.actions.stepping import Hand
from clockstop.service.transfers.models import AidRequest, Exchange
from clockstop.service.transfers.states import AID_MOVED, Aid, Party

ADMITTED = "admitted"
SETTINGS = (ADMITTED, *(each.value for each in Setting))


class Told(StrEnum):
    """What a receiver may say."""

    ACKNOWLEDGED = "acknowledged"
    RECEIVED = "received"
    TREATED = "treated"
    RESULTED = "resulted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One thing that was said of one transfer. ``setting`` is where the patient was treated."""

    reference: str
    told: Told
    day: date
    setting: str = ""
    reason: str = ""
    comment: str = ""
    result: str = ""


class AnswersRefusedError(ValueError):
    """Answers that cannot be taken; ``refused`` are the number of each and its reasons."""

    def __init__(self, refused: Iterable[tuple[int, tuple[Refusal, ...]]]) -> None:
        self.refused = tuple(refused)
        super().__init__(f"{len(self.refused)} answers are refused")


@transaction.atomic
def take_answers(*, actor: Actor, answers: Sequence[Answer], acting_for: UUID | None = None) -> int:
    """Take all or none of what receivers said, in its order; how many changed something.

    What was taken before changes nothing. Raises BusyError and AnswersRefusedError.
    """
    refused: list[tuple[int, tuple[Refusal, ...]]] = []
    changed = 0
    told_of = [each.reference for each in answers]
    hold_all(AidRequest.objects.visible_to(actor).filter(reference__in=told_of))
    for number, answer in enumerate(answers):
        try:
            with transaction.atomic():
                changed += _take(actor, answer, acting_for)
        except StepRefusedError as error:
            refused.append((number, error.refusals))
    if refused:
        raise AnswersRefusedError(refused)  # and so nothing is kept
    return changed


@transaction.atomic
def take_message(
    *,
    actor: Actor,
    answer: Answer,
    reply: Callable[[Answer, tuple[str, str]], str],
) -> str:
    """Take the answer of a message; what was replied to it is kept with the transfer.

    ``reply`` writes that from the answer and the codes of sender and receiver. Raises as
    ``take_answers`` does.
    """
    take_answers(actor=actor, answers=[answer])
    held = AidRequest.objects.visible_to(actor).get(reference=answer.reference)
    now, text = timezone.now(), reply(answer, (held.organisation_code, held.receiver_code))
    Exchange.objects.create(
        icb_code=held.icb_code,
        transfer=started(held),
        direction="in",
        kind=answer.told.value,
        key=str(uuid4()),
        content=text,
        at=now,
        done_at=now,
    )
    return text


def _take(actor: Actor, answer: Answer, acting_for: UUID | None) -> bool:
    visible = AidRequest.objects.visible_to(actor)
    seen: AidRequest | None = visible.filter(reference=answer.reference).first()
    if seen is None:
        words = "There is no such transfer of your organisation"
        raise StepRefusedError([Refusal("NOT_FOUND", words, "reference")])
    request = aid_held(visible, seen.pk)
    hand = side_of_receiver(actor, request, acting_for=acting_for)
    if Party.RECEIVER not in hand.parties:
        words = "Only the receiver says this, or the sender of one who does not work here"
        raise StepRefusedError([Refusal("NOT_YOURS", words, "reference")])
    return _says(answer, hand, request, request.pathway)


def _says(answer: Answer, hand: Hand, request: AidRequest, pathway: Pathway | None) -> bool:
    if _is_known(answer, request):
        return False
    if answer.told is Told.ACKNOWLEDGED:
        acknowledge_by(hand, request)
    elif answer.told is Told.RECEIVED:
        receive_by(hand, request, pathway, answer.day, answer.comment)
    elif answer.told is Told.RESULTED:
        report_by(hand, request, answer.result, answer.day)
    elif answer.told is Told.RETURNED:
        return_by(hand, request, pathway, answer.day, answer.reason, answer.comment)
    else:
        _treat(answer, hand, request, pathway)
    return True


def _is_known(answer: Answer, request: AidRequest) -> bool:
    """Whether the same was said before: a message or a file that comes twice changes nothing."""
    after = {
        Told.RECEIVED: AID_MOVED,
        Told.TREATED: {Aid.COMPLETED},
        Told.RESULTED: {Aid.RESULTED, Aid.COMPLETED},
        Told.RETURNED: {Aid.RETURNED},
    }
    if answer.told is Told.ACKNOWLEDGED:
        return request.state in AID_MOVED or started(request).acknowledged_at is not None
    return request.state in after[answer.told]


def _treat(answer: Answer, hand: Hand, request: AidRequest, pathway: Pathway | None) -> None:
    """The receiver's treatment stops the clock, and so completes the transfer."""
    refusals = []
    if answer.setting not in SETTINGS:
        words = f"found {answer.setting or 'nothing'}, expected one of {', '.join(SETTINGS)}"
        refusals.append(Refusal("VALUE_IS_REQUIRED", words, "setting"))
    if pathway is None or request.is_diagnostic or request.state != Aid.TRANSFERRED:
        words = "Only a patient who was received for treatment can be treated"
        refusals.append(Refusal("NOT_FROM_HERE", words, "event"))
    received = started(request).received_on
    if received is None or answer.day < received:
        words = "The day must be that on which the patient was received, or later"
        refusals.append(Refusal("DAY_OUT_OF_RANGE", words, "day"))
    if refusals or pathway is None:
        raise StepRefusedError(refusals)
    where = {"provider": request.receiver_code}
    if answer.setting != ADMITTED:
        where["setting"] = answer.setting
        handing.enter(pathway, hand.by, "treatment_started", day=answer.day, **where)
        return
    admitted = handing.enter(pathway, hand.by, "admission", day=answer.day, **where)
    told = where | {"admission": f"e{admitted.length}"}
    handing.enter(pathway, hand.by, "admission_outcome", day=answer.day, **told)
