"""What becomes of an offer, and what a receiver answers, as FHIR Tasks. Asks nothing of the store.

Declines carry the code of BaRS's rejected reasons; what BaRS has no code for is in plain words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from clockstop.core.codes.decline_reasons import decline_reasons
from clockstop.service.fhir.building import (
    Json,
    concept,
    identifier,
    instant,
    logical,
    plain,
    whole,
)
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.transfers.actions.moving.answering import SETTINGS, Answer, Told
from clockstop.service.transfers.actions.moving.returning import REASONS
from clockstop.service.transfers.handover.messages import (
    ODS,
    OURS,
    code_of,
    listed,
    mapped,
    parts_of,
    valued,
)
from clockstop.service.transfers.models import Offer
from clockstop.service.transfers.states import Aid, OfferState

DECLINED = "https://fhir.nhs.uk/CodeSystem/dos-rejected-reasons-bars"
_OF_OFFERS = {
    OfferState.HELD: "requested",
    OfferState.TAKEN: "accepted",
    OfferState.RELEASED: "rejected",
    OfferState.EXPIRED: "cancelled",
    OfferState.WITHDRAWN: "cancelled",
}
_OF_REQUESTS = {
    Aid.TRANSFERRED: "in-progress",
    Aid.RESULTED: "in-progress",
    Aid.COMPLETED: "completed",
    Aid.RETURNED: "failed",
}
_OF_ANSWERS = {
    Told.ACKNOWLEDGED: "received",
    Told.RECEIVED: "in-progress",
    Told.TREATED: "completed",
    Told.RESULTED: "completed",
    Told.RETURNED: "failed",
}


TASK_STATUSES = tuple(dict.fromkeys((*_OF_OFFERS.values(), *_OF_REQUESTS.values())))


def offers_of_status(status: str) -> Q:
    """Offers whose Tasks have a status."""
    held = [each.value for each, of in _OF_OFFERS.items() if of == status]
    moved = [each.value for each, of in _OF_REQUESTS.items() if of == status]
    is_moved = Q(state=OfferState.TAKEN, request__state__in=list(_OF_REQUESTS))
    as_it_is = Q(state__in=held) & ~is_moved
    return as_it_is | Q(state=OfferState.TAKEN, request__state__in=moved)


def of_offer(offer: Offer, request_state: str, reference: str) -> Json:
    """The Task of one offer: where it stands, and why it was not taken."""
    is_taken = offer.state == OfferState.TAKEN
    status = _OF_OFFERS[OfferState(offer.state)]
    if is_taken:
        status = _OF_REQUESTS.get(Aid(request_state), status)
    return whole(
        {
            "resourceType": "Task",
            "id": str(offer.pk),
            "identifier": [identifier(f"{OURS}:reference", reference)],
            "status": status,
            "statusReason": _reason(offer.reason) if offer.reason else None,
            "intent": "proposal",
            "focus": {"reference": f"ServiceRequest/{offer.request_id}"},
            "executionPeriod": {"start": offer.day.isoformat()} if offer.day else None,
            "authoredOn": instant(offer.made_at),
            "lastModified": instant(offer.changed_at),
            "owner": logical(ODS, offer.organisation_code),
            "restriction": {"period": {"end": offer.held_until.isoformat()}}
            if offer.state == OfferState.HELD
            else None,
            "input": [text_of("team", offer.team)] if offer.team.strip() else None,
        }
    )


def _reason(code: str) -> Json:
    known = decline_reasons().get(code)
    if known:
        return concept(DECLINED, code, known.display) | {"text": known.words}
    return {"text": code.replace("_", " ").capitalize()}


def of_answer(answer: Answer) -> Json:
    """The Task with which a receiver answers."""
    texts = {"setting": answer.setting, "comment": answer.comment, "result": answer.result}
    output = [text_of(name, value) for name, value in texts.items() if value]
    return whole(
        {
            "resourceType": "Task",
            "identifier": [identifier(f"{OURS}:reference", answer.reference)],
            "status": _OF_ANSWERS[answer.told],
            "statusReason": concept(f"{OURS}:return", answer.reason, REASONS[answer.reason])
            if answer.reason
            else None,
            "businessStatus": concept(f"{OURS}:told", answer.told.value),
            "intent": "order",
            "executionPeriod": {"end": answer.day.isoformat()},
            "output": output or None,
        }
    )


def text_of(name: str, value: str) -> Json:
    """An input or output of a Task, by its name."""
    return {"type": {"text": name}, "valueString": plain(value)}


def task_of(bundle: Json) -> Json:
    """The Task of a response message. Raises FaultyError where it has none."""
    task = parts_of(bundle).get("Task")
    if task is None:
        raise FaultyError([_fault("Bundle.entry", "found no Task, expected one")])
    return task


def told_by(task: Json) -> str:
    """The code of what a Task says."""
    return code_of(task.get("businessStatus"), f"{OURS}:told")


def read_answer(bundle: Json) -> Answer:
    """What a receiver's message says of a transfer. Raises FaultyError with all that is wrong."""
    task = task_of(bundle)
    told = told_by(task)
    reference, day = _reference(task), _day(task.get("executionPeriod"))
    texts = texts_of(task.get("output"))
    faults = tuple(_faults(told, reference, day, texts.get("setting", "")))
    if faults or day is None:
        raise FaultyError(faults)
    return Answer(
        reference=reference,
        told=Told(told),
        day=day,
        reason=code_of(task.get("statusReason"), f"{OURS}:return"),
        **{name: texts.get(name, "") for name in ("setting", "comment", "result")},
    )


def _faults(told: str, reference: str, day: date | None, setting: str) -> Iterator[Fault]:
    if told not in {each.value for each in Told}:
        words = f"expected a code of {OURS}:told: {', '.join(Told)}"
        yield _fault("Task.businessStatus", words)
    if not reference:
        yield _fault("Task.identifier", f"expected one of {OURS}:reference")
    if day is None:
        yield _fault("Task.executionPeriod.end", "expected a day like 2026-03-27")
    if told == Told.TREATED and setting not in SETTINGS:
        words = f"expected an output “setting”: {', '.join(SETTINGS)}"
        yield _fault("Task.output", words)


def _reference(task: Json) -> str:
    return valued(task.get("identifier"), f"{OURS}:reference")


def texts_of(many: Any) -> dict[str, str]:
    """The inputs or outputs of a Task, by their names."""
    return {
        str(mapped(each.get("type")).get("text", "")): str(each.get("valueString", ""))
        for each in listed(many)
    }


def _day(period: Any) -> date | None:
    try:
        return date.fromisoformat(str(mapped(period).get("end"))[:10])
    except ValueError:
        return None


def _fault(where: str, words: str) -> Fault:
    return Fault(Wrong.VALUE, f"{where}: {words}")
