"""The three lists that the aggregator asks of a producer."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.aggregator.asking import Asked, asked
from clockstop.service.aggregator.patients import appointments_of, holder, record_of
from clockstop.service.aggregator.resources import appointment
from clockstop.service.audit.recording import record
from clockstop.service.fhir.answering import NotAnsweredError, answer, refuse
from clockstop.service.fhir.building import Json, found
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.ui.limits import limited

Entries = Callable[[HttpRequest, Actor], list[Json]]


@require_safe
@limited("aggregator")
def appointments(request: HttpRequest) -> HttpResponse:
    """Past, coming and cancelled appointments at NHS trusts, of somebody of 16 or over."""
    return _answered(request, _appointments)


@require_safe
@limited("aggregator")
def nothing(request: HttpRequest) -> HttpResponse:
    """Documents and questionnaires: none are kept for the app, which is an empty list."""
    return _answered(request, lambda _request, _actor: [])


def _appointments(request: HttpRequest, actor: Actor) -> list[Json]:
    base = request.build_absolute_uri(reverse("aggregator_appointments")).removesuffix(
        "Appointment"
    )
    entries = []
    for row in appointments_of(actor).filter(service__organisation__sector=Sector.NHS_TRUST):
        page = request.build_absolute_uri(reverse("own_referral", args=(row.referral_id,)))
        entries.append(found(f"{base}Appointment/{row.pk}", appointment(row, base, page)))
    return entries


def _answered(request: HttpRequest, entries_of: Entries) -> HttpResponse:
    try:
        wanted = asked(request.GET, request.headers)
        entries = _entries(request, wanted, entries_of)
    except NotAnsweredError as error:
        return refuse(error)
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    response = answer(bundle | {"entry": entries})
    response["X-Correlation-ID"] = wanted.correlation
    return response


def _entries(request: HttpRequest, wanted: Asked, entries_of: Entries) -> list[Json]:
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
    entries = entries_of(request, actor)
    with transaction.atomic():
        subject = ("patient", patient.pk)
        record("read for the NHS App", actor.for_audit, icb_code=patient.icb_code, subject=subject)
    return entries
