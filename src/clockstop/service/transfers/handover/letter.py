"""The letter that tells a practice of a transfer, as blocks that a page and a PDF draw alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from clockstop.service.messaging.letters.blocks import MADE_UP, Block, Facts, Letter, Words
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.actions.moving.telling import (
    MOVED,
    NOT_TREATED,
    RESULT,
    RETURNED,
    TREATED,
    Days,
    days_of,
)
from clockstop.service.transfers.models import AidRequest, PracticeNotice
from clockstop.service.transfers.models.aid import Reporter
from clockstop.service.transfers.provider.rows import what_of
from clockstop.service.ui.figures import day as in_words

TITLES = {
    MOVED: "Your patient has moved to another provider",
    TREATED: "Your patient has been treated",
    NOT_TREATED: "Your patient has not been treated yet: a correction",
    RETURNED: "Your patient is back with the first provider",
    RESULT: "A test at another provider is done",
}


def letter_of(notice: PracticeNotice, day: date) -> Letter:
    """The letter of a notice. A sensitive record's practice is the only one who is told."""
    request = notice.request
    names = name_of([request.organisation_code, request.receiver_code, notice.practice_code])
    sender = (
        request.receiver_code
        if notice.kind in {TREATED, NOT_TREATED}
        else request.organisation_code
    )
    return Letter(
        title=_title(request, notice.kind),
        to=names[notice.practice_code],
        address=(),
        sender=names[sender],
        day=in_words(day),
        blocks=tuple(_blocks(notice, names)),
        notice=MADE_UP if settings.CLOCKSTOP_PERSONAS else "",
    )


def _title(request: AidRequest, kind: str) -> str:
    if kind == MOVED and request.is_diagnostic:
        return "Your patient has a test at another provider"
    return TITLES[kind]


def _blocks(notice: PracticeNotice, names: dict[str, str]) -> Iterator[Block]:
    request = notice.request
    yield Facts(tuple(_facts(request, days_of(request), names)))
    yield Words(_words(notice, names))
    yield Words(
        "You need do nothing. Please keep this with the record, and send letters about this "
        "condition to the provider that looks after the patient now."
    )


def _facts(request: AidRequest, days: Days, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    patient = request.patient
    yield "Patient", patient.name
    yield "NHS number", patient.spaced_number
    yield "Date of birth", in_words(patient.birth_date)
    yield "Care", what_of(request)
    yield "From", names[request.organisation_code]
    yield "To", names[request.receiver_code]
    held = {
        "Received": days.received_on,
        "Tested" if request.is_diagnostic else "Treated": days.treated_on,
        "Returned": days.returned_on,
    }
    yield from ((word, in_words(day)) for word, day in held.items() if day)


def _words(notice: PracticeNotice, names: dict[str, str]) -> str:
    request = notice.request
    receiver, sender = names[request.receiver_code], names[request.organisation_code]
    told = {
        TREATED: f"{receiver} has begun treatment, and writes to you about it.",
        NOT_TREATED: f"{receiver} has corrected its entry: treatment has yet to begin.",
        RETURNED: f"{sender} looks after the patient again. The wait goes on from where it was.",
        RESULT: f"{receiver} did the test. {sender} has the result and goes on with the care.",
    }
    if notice.kind in told:
        return told[notice.kind]
    if request.is_diagnostic:
        return f"{receiver} does a test. {sender} goes on looking after the patient."
    if request.reported_by == Reporter.SENDER:
        return f"{receiver} treats the patient for {sender}, which stays responsible for the wait."
    return (
        f"The patient agreed to be treated sooner elsewhere. {receiver} looks after them now. The "
        "wait goes on from where it was: nothing is lost by moving."
    )
