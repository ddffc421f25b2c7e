"""Transfers as CSV files: data sets down and up, and what receivers answer.

What is wrong with a file is told all at once, by row and column; then nothing is written.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.codes.iptamds import elements
from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.actions import moving
from clockstop.service.transfers.actions.locking import hold_all
from clockstop.service.transfers.actions.moving.answering import (
    Answer,
    AnswersRefusedError,
    Told,
    take_answers,
)
from clockstop.service.transfers.actions.moving.data_set import form_of, read
from clockstop.service.transfers.actions.moving.starting import taken_offer, transfer_of
from clockstop.service.transfers.handover.access import handed_over, transfers_of
from clockstop.service.transfers.models import AidRequest, Transfer
from clockstop.service.transfers.states import Aid

FORM_COLUMNS = ("reference", *elements(), "return_to", "cnst_cover")
ANSWER_COLUMNS = ("reference", "event", "day", "setting", "reason", "comment", "result")
MOST_ROWS = 5_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a cell; row 1 is the header."""

    file: str
    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}, {self.column}: {self.words}"


class SheetRefusedError(ValueError):
    """A file that is not taken; ``faults`` are all that is wrong with it."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def forms_to_complete(actor: Actor) -> str:
    """The data sets of the accepted requests of a sender, as far as they are known."""
    held = handed_over(actor).filter(state=Aid.ACCEPTED, organisation_code=actor.organisation_code)
    return _sheet(FORM_COLUMNS, (_unfinished(each) for each in held.order_by("state_since")))


def forms_sent(actor: Actor) -> str:
    """The data sets of the transfers that are under way, of both sides."""
    held = list(handed_over(actor).filter(state=Aid.TRANSFERRING).order_by("state_since"))
    found = transfers_of(actor, held)
    rows = (form_row(each, found[each.pk]) for each in held if each.pk in found)
    return _sheet(FORM_COLUMNS, rows)


def form_of_one(request: AidRequest, transfer: Transfer) -> str:
    """The data set of one transfer."""
    return _sheet(FORM_COLUMNS, [form_row(request, transfer)])


def form_row(request: AidRequest, transfer: Transfer) -> dict[str, str]:
    """A data set as it was sent."""
    beside = {"return_to": transfer.return_to, "cnst_cover": transfer.cnst_cover}
    return {"reference": request.reference, **read(transfer.data_set), **beside}


def _unfinished(request: AidRequest) -> dict[str, str]:
    offer = taken_offer(request)
    if offer is None:
        return {"reference": request.reference}
    transfer = transfer_of(request, offer)
    form = form_of(request, offer, read(transfer.data_set), timezone.localdate())
    beside = {"return_to": transfer.return_to, "cnst_cover": transfer.cnst_cover}
    return {"reference": request.reference, **form.values, **beside}


def _sheet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    written = StringIO()
    table = csv.DictWriter(written, columns, restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_RISKY) else value


@transaction.atomic
def take_forms(actor: Actor, name: str, content: bytes) -> int:
    """Keep the data sets of a file; how many. Raises SheetRefusedError, and then keeps none."""
    faults: list[RowFault] = []
    rows = list(_read(name, content, FORM_COLUMNS, faults))
    hold_all(handed_over(actor).filter(reference__in=[row["reference"] for _, row in rows]))
    for number, row in rows:
        faults += (RowFault(name, number, *each) for each in _take_form(actor, row))
    if faults:
        raise SheetRefusedError(faults)
    return len(rows)


def _take_form(actor: Actor, row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    mine = handed_over(actor).filter(organisation_code=actor.organisation_code)
    request = mine.filter(reference=row["reference"]).first()
    if request is None:
        yield "reference", "there is no such accepted request of your organisation"
        return
    try:
        _, form = moving.complete_form(
            actor=actor,
            request_id=request.pk,
            given={key: row.get(key, "") for key in elements()},
            agreed={key: row.get(key, "") for key in ("return_to", "cnst_cover")},
        )
    except StepRefusedError as error:
        yield from ((each.field or "reference", each.words) for each in error.refusals)
        return
    ill_formed = (each for each in form.faults if each.found != "nothing")
    yield from ((each.key, f"found {each.found}, expected {each.expected}") for each in ill_formed)


def take_answer_sheet(
    actor: Actor, name: str, content: bytes, acting_for: UUID | None = None
) -> int:
    """Take what receivers said in a file; how many rows changed something.

    Raises SheetRefusedError, and then takes none of it.
    """
    faults: list[RowFault] = []
    rows = list(_read(name, content, ANSWER_COLUMNS, faults))
    answers = [_answer(name, number, row, faults) for number, row in rows]
    if faults:
        raise SheetRefusedError(faults)
    try:
        wanted = [each for each in answers if each is not None]
        return take_answers(actor=actor, answers=wanted, acting_for=acting_for)
    except AnswersRefusedError as error:
        raise SheetRefusedError(
            RowFault(name, rows[number][0], each.field or "event", each.words)
            for number, refusals in error.refused
            for each in refusals
        ) from error


def _answer(name: str, number: int, row: Mapping[str, str], faults: list[RowFault]) -> Any:
    known, day = [each.value for each in Told], None
    if row["event"] not in known:
        words = f"found {row['event'][:40] or 'nothing'}, expected one of {', '.join(known)}"
        faults.append(RowFault(name, number, "event", words))
    try:
        day = date.fromisoformat(row["day"])
    except ValueError:
        words = f"found {row['day'][:20] or 'nothing'}, expected a day like 2026-03-27"
        faults.append(RowFault(name, number, "day", words))
    if row["event"] not in known or day is None:
        return None
    texts = {key: row.get(key, "") for key in ("setting", "reason", "comment", "result")}
    return Answer(reference=row["reference"], told=Told(row["event"]), day=day, **texts)


def _read(
    name: str, content: bytes, columns: Sequence[str], faults: list[RowFault]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their numbers; what is no such table is added to the faults."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(RowFault(name, 1, "file", "found other bytes, expected text in UTF-8"))
        return
    table = csv.DictReader(StringIO(text))
    found = table.fieldnames or []
    lacking = [each for each in columns[:3] if each not in found]
    extra = [each for each in found if each not in columns]
    if lacking or extra:
        words = f"found columns {', '.join(found)[:200]}, expected {', '.join(columns)}"
        faults.append(RowFault(name, 1, "header", words))
        return
    for number, row in enumerate(table, start=2):
        if number > MOST_ROWS + 1:
            faults.append(RowFault(name, number, "file", f"found more than {MOST_ROWS:,} rows"))
            return
        yield number, {key: _plain(value) for key, value in row.items() if key}


def _plain(value: Any) -> str:
    text = (value if isinstance(value, str) else "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text
