"""What the two sides say of offers and of the check, as FHIR Tasks: who declines says why.

Pure. A Task has the status that fits what it says; the code of ours in ``businessStatus`` tells
apart what has the same one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from clockstop.service.fhir.building import Json, concept, identifier, logical, plain, whole
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.transfers.handover.messages import OURS, code_of, mapped, valued
from clockstop.service.transfers.handover.service_requests import PERSON, REFERENCE, WITHDRAWAL
from clockstop.service.transfers.handover.tasks import (
    DECLINED,
    task_of,
    text_of,
    texts_of,
    told_by,
)


class Said(StrEnum):
    """What a provider may say of an offer, or of a request that it was offered for."""

    OFFERED = "offered"  # by who helps
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    FAILED = "failed"
    SENT = "sent"  # by the sender
    CHOSEN = "chosen"
    DECLINED = "declined"
    STAYS = "stays"


_STATUS = {
    Said.OFFERED: "requested",
    Said.REFUSED: "rejected",
    Said.WITHDRAWN: "cancelled",
    Said.PASSED: "ready",
    Said.FAILED: "rejected",
    Said.SENT: "received",
    Said.CHOSEN: "accepted",
    Said.DECLINED: "rejected",
    Said.STAYS: "rejected",
}
_OF_AN_OFFER = frozenset({Said.WITHDRAWN, Said.CHOSEN})
SAID = frozenset(each.value for each in Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One thing that was said. ``offer`` is the key of an offer's Task; ``reason`` a code."""

    said: Said
    reference: str
    offer: UUID | None = None
    day: date | None = None
    team: str = ""
    capacity: UUID | None = None
    override: str = ""
    reason: str = ""
    comment: str = ""
    acting_for: UUID | None = None


def of_proposal(proposal: Proposal) -> Json:
    """The Task that says it."""
    texts = {
        "team": proposal.team,
        "capacity": str(proposal.capacity or ""),
        "override": proposal.override,
    }
    given = [text_of(name, value) for name, value in texts.items() if value]
    return whole(
        {
            "resourceType": "Task",
            "id": str(proposal.offer) if proposal.offer else None,
            "identifier": [identifier(REFERENCE, proposal.reference)],
            "status": _STATUS[proposal.said],
            "statusReason": _why(proposal),
            "businessStatus": concept(f"{OURS}:told", proposal.said.value),
            "intent": "proposal",
            "executionPeriod": {"start": proposal.day.isoformat()} if proposal.day else None,
            "requester": logical(PERSON, str(proposal.acting_for)) if proposal.acting_for else None,
            "input": given or None,
        }
    )


def _why(proposal: Proposal) -> Json | None:
    words = {"text": plain(proposal.comment)} if proposal.comment else {}
    if not proposal.reason:
        return words or None
    system = WITHDRAWAL if proposal.said is Said.WITHDRAWN else DECLINED
    return concept(system, proposal.reason) | words


def read_proposal(bundle: Json) -> Proposal:
    """What a message says of an offer. Raises FaultyError with all that is wrong with it."""
    task = task_of(bundle)
    said, faults = Said(told_by(task)), list[Fault]()
    texts = texts_of(task.get("input"))
    why = mapped(task.get("statusReason"))
    system = WITHDRAWAL if said is Said.WITHDRAWN else DECLINED
    person = mapped(mapped(task.get("requester")).get("identifier"))
    found = Proposal(
        said=said,
        reference=valued(task.get("identifier"), REFERENCE),
        offer=_key(task.get("id"), "Task.id", faults) if said in _OF_AN_OFFER else None,
        day=_day(task, faults) if said is Said.OFFERED else None,
        team=texts.get("team", ""),
        capacity=_key(texts.get("capacity", ""), "Task.input capacity", faults),
        override=texts.get("override", ""),
        reason=code_of(why, system),
        comment=_words(why.get("text")),
        acting_for=_key(
            person.get("value") if person.get("system") == PERSON else "",
            "Task.requester.identifier",
            faults,
        ),
    )
    faults += _faults(task, found)
    if faults:
        raise FaultyError(faults)
    return found


def _faults(task: Json, found: Proposal) -> Iterator[Fault]:
    status = _STATUS[found.said]
    if task.get("status") != status:
        words = f"Task.status: expected {status}, as {found.said} is said"
        yield Fault(Wrong.VALUE, words)
    if not found.reference and found.said not in _OF_AN_OFFER:
        yield Fault(Wrong.MISSING, f"Task.identifier: expected one of {REFERENCE}")
    if found.offer is None and found.said in _OF_AN_OFFER:
        yield Fault(Wrong.MISSING, "Task.id: expected the id of an offer")
    for name, text, most in (
        ("team", found.team, 100),
        ("override", found.override, 500),
        ("comment", found.comment, 2_000),
    ):
        if len(text) > most:
            yield Fault(Wrong.VALUE, f"{name}: expected up to {most:,} characters")


def _day(task: Json, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(str(mapped(task.get("executionPeriod")).get("start"))[:10])
    except ValueError:
        words = "Task.executionPeriod.start: expected a day like 2026-03-27"
        faults.append(Fault(Wrong.VALUE, words))
        return None


def _key(text: Any, where: str, faults: list[Fault]) -> UUID | None:
    if text in ("", None):
        return None
    try:
        return UUID(str(text))
    except ValueError:
        faults.append(Fault(Wrong.VALUE, f"{where}: expected a key"))
        return None


def _words(found: Any) -> str:
    return found if isinstance(found, str) else ""
