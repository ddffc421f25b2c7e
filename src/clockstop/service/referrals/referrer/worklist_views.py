"""The practice's worklists, as pages and as files."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING, Role
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.pathways.names import clinicians_of, organisations_named, people_named
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.referrer.words import need_of
from clockstop.service.referrals.referrer.worklists import (
    WORKLISTS,
    Worklist,
    advice_of,
    due_day,
    found,
)
from clockstop.service.tracking.exports import harmless
from clockstop.service.ui.figures import day as in_words

PAGE = 50
HEADINGS = (
    "Booking reference",
    "NHS number",
    "Name",
    "Date of birth",
    "Priority",
    "Specialty",
    "State",
    "With",
    "Referred",
    "Due",
    "Late",
    "Letter outstanding",
    "For",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A referral as a line: ``due`` is when somebody should have acted."""

    pk: UUID
    ubrn: str
    name: str
    nhs_number: str
    born: str
    priority: str
    is_cancer: bool
    is_urgent: bool
    need: str
    state: str
    provider: str
    made: str
    due: str
    is_late: bool
    letter_due: bool
    clinician: str


@require_safe
@signed_in(*REFERRING)
def worklists(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What there is to do, counted."""
    context = {
        "title": "Worklists",
        "worklists": WORKLISTS.values(),
        "counts": {slug: found(each, actor).count() for slug, each in WORKLISTS.items()},
        "advice": advice_of(actor).count(),
    }
    return _page(request, "worklists", context)


@require_safe
@signed_in(*REFERRING)
def worklist(request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """One list, of everybody or of one clinician."""
    wanted, clinicians = _named(worklist), clinicians_of(actor.organisation_code, Role.REFERRER)
    clinician = _one_of(request.GET.get("for", ""), clinicians)
    pages = Paginator(_read(found(wanted, actor, clinician)), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "title": wanted.title,
        "worklist": wanted,
        "rows": rows(page.object_list, timezone.localdate()),
        "page": page,
        "total": pages.count,
        "clinicians": clinicians,
        "clinician": clinician,
    }
    return _page(request, "worklist", context)


@require_safe
@signed_in(*REFERRING)
def worklist_file(request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """The same list as a file; the audit keeps who took it and its fingerprint."""
    wanted, clinicians = _named(worklist), clinicians_of(actor.organisation_code, Role.REFERRER)
    clinician = _one_of(request.GET.get("for", ""), clinicians)
    lines = rows(_read(found(wanted, actor, clinician)), timezone.localdate())
    text = _written(wanted, lines, actor)
    name = f"{wanted.slug}-{timezone.localdate()}-confidential.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def rows(referrals: Iterable[Referral], today: date) -> list[Row]:
    """Lines of referrals that were read with their patients and services."""
    held = list(referrals)
    people = people_named({each.referrer for each in held})
    providers = organisations_named({each.provider_code for each in held})
    return [_row(each, today, people.get(each.referrer, ""), providers) for each in held]


def _row(referral: Referral, today: date, clinician: str, providers: Any) -> Row:
    patient, due = referral.patient, due_day(referral)
    return Row(
        pk=referral.pk,
        ubrn=referral.spaced_ubrn,
        name=f"{patient.family_name}, {patient.given_name}",
        nhs_number=patient.spaced_number,
        born=in_words(patient.birth_date),
        priority=referral.get_priority_display(),
        is_cancer=referral.is_suspected_cancer,
        is_urgent=referral.priority == "urgent",
        need=need_of(referral.treatment_function),
        state=referral.get_state_display(),
        provider=providers.get(referral.provider_code, referral.provider_code),
        made=in_words(timezone.localdate(referral.created_at)),
        due=in_words(due),
        is_late=due < today,
        letter_due=referral.letter_due,
        clinician=clinician,
    )


@transaction.atomic
def _written(wanted: Worklist, lines: list[Row], actor: Actor) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([harmless(value) for value in _cells(each)] for each in lines)
    detail: dict[str, str | int | bool | None] = {
        "list": wanted.slug,
        "rows": len(lines),
        "sha256": hashlib.sha256(text.getvalue().encode()).hexdigest(),
    }
    icb = actor.icb_code or NATIONAL
    record("exported a list of referrals", actor.for_audit, icb_code=icb, detail=detail)
    return text.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.ubrn,
        row.nhs_number,
        row.name,
        row.born,
        row.priority,
        row.need,
        row.state,
        row.provider,
        row.made,
        row.due,
        "yes" if row.is_late else "",
        "yes" if row.letter_due else "",
        row.clinician,
    )


def _read(referrals: Any) -> Any:
    return referrals.select_related("patient", "service")


def _named(slug: str) -> Worklist:
    try:
        return WORKLISTS[slug]
    except KeyError:
        raise Http404 from None


def _one_of(reference: str, clinicians: tuple[tuple[str, str], ...]) -> str:
    return reference if reference in dict(clinicians) else ""


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    whole = {"section": "refer", "errors": {}, **context}
    return render(request, f"referrals/referrer/{name}.jinja", whole)
