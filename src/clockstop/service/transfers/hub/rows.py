"""Requests as the hub reads them: under their reference, with what is due and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.presenters.wording import specialty, weeks_and_days
from clockstop.service.registry.names import name_of
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.worklists import review_was_due
from clockstop.service.transfers import policies
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.provider.rows import Tag, tags_of, what_of
from clockstop.service.transfers.states import Asked
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: nobody's name, whoever reads it."""

    pk: str
    reference: str
    what: str
    sender: str
    more: tuple[str, ...]
    tags: tuple[Tag, ...]
    wait: str
    due: str
    is_late: bool
    alert: str


def lines(actor: Actor, requests: Iterable[AidRequest], today: date) -> list[Line]:
    """Lines of a page, with its overdue priority reviews: two questions for the whole page."""
    held = list(requests)
    names = name_of({each.organisation_code for each in held})
    reviews = overdue_reviews(actor, held, today)
    return [_line(each, names, reviews.get(each.pathway_id), today) for each in held]


def overdue_reviews(
    actor: Actor, requests: Iterable[AidRequest], today: date
) -> Mapping[Any, date]:
    """By pathway, the day a review of the priority was due; only those that are overdue."""
    keys = [each.pathway_id for each in requests if each.pathway_id]
    entries = ListEntry.objects.visible_to(actor).filter(pathway__in=keys)
    found = {each.pathway_id: review_was_due(each, today) for each in entries}
    return {pathway: due for pathway, due in found.items() if due}


def _line(row: AidRequest, names: Mapping[str, str], review: date | None, today: date) -> Line:
    cancer = policies.cancer_treated_by(row.waiting_since, today)
    more = (
        f"To be treated by {in_words(cancer)}" if row.is_cancer else "",
        f"Procedure {row.procedure}" if row.procedure else "",
        f"Within {row.distance} miles" if row.distance else "Anywhere",
        "The patient asked for it" if row.patient_request_id else "",
        "The whole country is asked" if row.national else "",
    )
    return Line(
        str(row.pk),
        row.reference,
        what_of(row),
        names[row.organisation_code],
        tuple(each for each in more if each),
        tags_of(row),
        weeks_and_days((today - row.waiting_since).days),
        in_words(row.due) if row.due else "",
        bool(row.due and row.due < today),
        f"Priority review overdue since {in_words(review)}" if review else "",
    )


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A patient's own request: ``aid`` is the request for help that it led to, if any."""

    pk: str
    reference: str
    what: str
    sender: str
    state: str
    wait: str
    due: str
    is_late: bool
    is_escalated: bool
    aid: str


def asked_lines(actor: Actor, requests: Iterable[PatientRequest], today: date) -> list[AskedLine]:
    """Lines of a page of patients' own requests."""
    held = list(requests)
    names = name_of({each.organisation_code for each in held})
    aid = dict(
        AidRequest.objects.visible_to(actor)
        .filter(patient_request__in=[each.pk for each in held])
        .order_by("created_at")
        .values_list("patient_request", "pk")
    )
    return [
        AskedLine(
            str(each.pk),
            each.reference,
            specialty(each.treatment_function),
            names[each.organisation_code],
            Asked(each.state).label,
            weeks_and_days((today - each.clock_start).days) if each.clock_start else "Not known",
            in_words(each.due) if each.due else "",
            bool(each.due and each.due < today),
            each.escalated_at is not None,
            str(aid.get(each.pk, "")),
        )
        for each in held
    ]
