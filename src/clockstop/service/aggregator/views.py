"""The three lists that the aggregator asks of a producer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.aggregator.asking import Asked, asked
from clockstop.service.aggregator.deadline import Deadline
from clockstop.service.aggregator.patients import (
    appointments_of,
    holder,
    letters_of,
    questions_of,
    record_of,
)
from clockstop.service.aggregator.resources import appointment, letter, question
from clockstop.service.audit.recording import record
from clockstop.service.fhir.answering import NotAnsweredError, answer, refuse
from clockstop.service.fhir.building import Json, found
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.ui.limits import limited

Resources = Callable[[HttpRequest, Actor], list[Json]]


@require_safe
@limited("aggregator")
def appointments(request: HttpRequest) -> HttpResponse:
    """Past, coming and cancelled appointments at NHS trusts, of somebody of 16 or over."""
    return _answered(request, _appointments)


@require_safe
@limited("aggregator")
def documents(request: HttpRequest) -> HttpResponse:
    """Letters that NHS trusts shared with somebody of 16 or over."""
    return _answered(request, _documents)


@require_safe
@limited("aggregator")
def tasks(request: HttpRequest) -> HttpResponse:
    """What NHS trusts ask somebody of 16 or over to answer."""
    return _answered(request, _tasks)


def _appointments(request: HttpRequest, actor: Actor) -> list[Json]:
    base = _base(request)
    return [
        appointment(row, base, _page(request, "own_referral", row.referral_id))
        for row in appointments_of(actor)
    ]


def _documents(request: HttpRequest, actor: Actor) -> list[Json]:
    base = _base(request)
    return [letter(row, base, _page(request, "own_document", row.pk)) for row in letters_of(actor)]


def _tasks(request: HttpRequest, actor: Actor) -> list[Json]:
    base, (number,) = _base(request), actor.people
    return [
        question(each, trust, str(number), base, request.build_absolute_uri(each.page))
        for each, trust in questions_of(actor)
    ]


def _base(request: HttpRequest) -> str:
    """The address of our resources."""
    at = request.build_absolute_uri(reverse("aggregator_appointments"))
    return at.removesuffix("Appointment")


def _page(request: HttpRequest, name: str, key: object) -> str:
    return request.build_absolute_uri(reverse(name, args=(key,)))


def _answered(request: HttpRequest, resources_of: Resources) -> HttpResponse:
    deadline = Deadline(settings.CLOCKSTOP_AGGREGATOR_SECONDS)
    try:
        wanted = asked(request.GET, request.headers)
        deadline.hold()
        resources = _told(request, wanted, resources_of, deadline)
    except NotAnsweredError as error:
        return refuse(error)
    entries = [
        found(f"{_base(request)}{each['resourceType']}/{each['id']}", each) for each in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    response = answer(bundle | {"entry": entries})
    response["X-Correlation-ID"] = wanted.correlation
    return response


def _told(
    request: HttpRequest, wanted: Asked, resources_of: Resources, deadline: Deadline
) -> list[Json]:
    """Nothing of a child, of a sensitive record, or of nobody we know: an empty list, as told.

    What was read is noted before it is told. The audit's chain is locked for the note alone, so
    that requests of one ICB wait for each other no longer than that.
    """
    actor = holder(wanted.number)
    patient = record_of(actor)
    if patient is None:
        return []
    if patient.birth_date != wanted.born:
        raise NotAnsweredError(403, "forbidden", ["The day of birth is not that of the patient"])
    today = timezone.localdate()
    if is_too_young(patient.birth_date, today):
        return []
    resources = resources_of(request, actor)
    deadline.hold()
    with transaction.atomic():
        subject = ("patient", patient.pk)
        record("read for the NHS App", actor.for_audit, icb_code=patient.icb_code, subject=subject)
    return resources
