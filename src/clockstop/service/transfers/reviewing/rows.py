"""Requests of patients as staff read them: what runs late first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.presenters.wording import specialty, weeks_and_days
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import ASKED_ENDED, Asked
from clockstop.service.ui import figures

# The lists of the queue, by the word in the address.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "review": ("To review", (Asked.REQUESTED,)),
    "searched": (
        "Searched for",
        (Asked.SUITABLE, Asked.ICB_SEARCH, Asked.DMAS_NATIONAL, Asked.PROVIDER_ASKED),
    ),
    "patient": ("With the patient", (Asked.CHOOSING, Asked.OFFER_TO_PATIENT)),
    "moving": ("Moving", (Asked.TRANSFER,)),
    "invited": ("Invited", (Asked.ELIGIBLE, Asked.INVITED)),
    "ended": ("Ended", tuple(sorted(ASKED_ENDED))),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue."""

    pk: str
    reference: str
    name: str
    specialty: str
    state: str
    wait: str
    due: str
    is_late: bool
    is_escalated: bool


def listed(actor: Actor, which: str) -> Any:
    """The requests of a list that somebody sees: the soonest due first, then the longest wait."""
    held = PatientRequest.objects.visible_to(actor).filter(state__in=LISTS[which][1])
    return held.select_related("patient").order_by("due", "clock_start", "pk")


def numbers(actor: Actor) -> dict[str, int]:
    """By list, how many stand on it: one question to the store."""
    held = PatientRequest.objects.visible_to(actor).order_by().values_list("state")
    by_state = dict(held.annotate(number=Count("pk")))
    return {
        word: sum(by_state.get(str(state), 0) for state in states)
        for word, (_, states) in LISTS.items()
    }


def rows(found: Iterable[PatientRequest], today: date) -> list[Row]:
    """Lines of the queue."""
    return [_row(each, today) for each in found]


def _row(request: PatientRequest, today: date) -> Row:
    start = request.clock_start
    return Row(
        pk=str(request.pk),
        reference=request.reference,
        name=request.patient.name,
        specialty=specialty(request.treatment_function),
        state=Asked(request.state).label,
        wait=weeks_and_days((today - start).days) if start else "Not known",
        due=figures.day(request.due) if request.due else "",
        is_late=bool(request.due and request.due < today),
        is_escalated=request.escalated_at is not None,
    )
