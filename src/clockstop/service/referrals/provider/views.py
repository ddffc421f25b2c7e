"""The provider's lists of referrals, as pages and files, and its advice requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from mimetypes import guess_extension
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.referrals.models import Document
from clockstop.service.referrals.provider import exports, rows
from clockstop.service.referrals.provider.worklists import (
    WORKLISTS,
    Worklist,
    advice_waiting,
    appointments_of,
    found,
    late,
)

PAGE, FARTHEST_WEEKS = 50, 26
SECTION = "received"


@signed_in(*PROVIDING)
@require_safe
def received(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What there is to do with referrals, counted."""
    now = timezone.now()
    context = {
        "title": "Referrals",
        "worklists": WORKLISTS.values(),
        "counts": {slug: found(each, actor, now).count() for slug, each in WORKLISTS.items()},
        "advice": advice_waiting(actor).count(),
        "late": late(actor, timezone.localdate()),
    }
    return page(request, "received", context)


@signed_in(*PROVIDING)
@require_safe
def worklist(request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """One list: suspected cancer apart and first, then the others by clinical need."""
    wanted, today = _named(worklist), timezone.localdate()
    whole = rows.read(found(wanted, actor, timezone.now()))
    cancer = whole.filter(rank=0)
    others = Paginator(whole.exclude(rank=0), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": wanted.title,
        "worklist": wanted,
        "cancer": rows.rows(cancer, today),
        "rows": rows.rows(others.object_list, today),
        "pages": others,
        "total": others.paginator.count,
    }
    return page(request, "worklist", context)


@signed_in(*PROVIDING)
@require_safe
def worklist_file(_request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """The same list as a file."""
    wanted, today = _named(worklist), timezone.localdate()
    lines = rows.rows(rows.read(found(wanted, actor, timezone.now())), today)
    text = exports.written(wanted, lines, actor)
    name = exports.file_name(wanted, actor.organisation_code, today)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@signed_in(*PROVIDING)
@require_safe
def advice_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Questions that wait for an answer."""
    waiting = advice_waiting(actor).select_related("patient", "service")
    pages = Paginator(waiting.prefetch_related("messages"), PAGE).get_page(request.GET.get("page"))
    context = {"title": "Advice requests", "rows": rows.asked(pages.object_list), "pages": pages}
    return page(request, "advice_list", context)


@signed_in(*PROVIDING)
@require_safe
def appointments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The appointments of a week: this one, or so many weeks from it."""
    ahead = _weeks(request.GET.get("week", ""))
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    held = appointments_of(actor, monday)
    context = {
        "title": "Appointments of the week",
        "days": rows.by_day(held.select_related("service", "referral__patient")),
        "monday": monday,
        "week": ahead,
        "farthest": FARTHEST_WEEKS,
    }
    return page(request, "appointments", context)


@signed_in(*PROVIDING)
@require_safe
def document(_request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """A file with a referral that the actor may see; always saved, never shown in the site."""
    held = Document.objects.visible_to(actor).exclude(referral=None).filter(removed=False)
    sent = get_object_or_404(held, pk=document_id)
    name = f"referral-{sent.pk}{guess_extension(sent.content_type) or ''}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/octet-stream"
    return HttpResponse(bytes(sent.content), content_type=kind, headers=headers)


def page(
    request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this part."""
    whole = {"section": SECTION, "errors": {}, **context}
    return render(request, f"referrals/provider/{name}.jinja", whole, status=status)


def _named(slug: str) -> Worklist:
    try:
        return WORKLISTS[slug]
    except KeyError:
        raise Http404 from None


def _weeks(text: str) -> int:
    try:
        return max(-FARTHEST_WEEKS, min(FARTHEST_WEEKS, int(text[:4])))
    except ValueError:
        return 0
