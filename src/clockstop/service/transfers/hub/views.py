"""The hub's lists: the board by deadline, the national pool, cancer, patients' own requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.analytics.allocation import Against
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.provider.rows import at_words
from clockstop.service.transfers import fields
from clockstop.service.transfers.hub import lists, rows
from clockstop.service.transfers.models import MatchRun
from clockstop.service.transfers.paging import KeyPaginator

PAGE = 25


@signed_in(Role.ICB_HUB)
@require_safe
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The ICB's requests by what is to be done next, what is due first at the head."""
    today, tab = timezone.localdate(), request.GET.get("show", "open")
    tab = tab if tab in lists.TABS else "open"
    by = lists.Filter.of(request.GET.dict())
    counts = lists.counts(actor, today)
    found = lists.board(actor, tab, by, today)
    pages = KeyPaginator(found, PAGE)
    if not by.query:
        pages.count = counts[tab][0]
    shown = pages.get_page(request.GET.get("page"))
    number, escalated, late = lists.asked_counts(actor, today)
    context = {
        "title": "Mutual aid hub",
        "here": "board",
        "show": tab,
        "tabs": [(word, words, *counts[word]) for word, (words, _) in lists.TABS.items()],
        "late": sum(late for _, late in counts.values()),
        "asked": {"number": number, "escalated": escalated, "late": late},
        "rows": rows.lines(actor, shown.object_list, today),
        "pages": shown,
        "run": last_run(actor),
        **_filter(by),
    }
    return page(request, "board", context)


@signed_in(Role.ICB_HUB)
@require_safe
def pool(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The national pool, under references alone."""
    today, by = timezone.localdate(), lists.Filter.of(request.GET.dict())
    shown = KeyPaginator(lists.pool(actor, by, today), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "National pool",
        "here": "pool",
        "rows": rows.lines(actor, shown.object_list, today),
        "pages": shown,
        **_filter(by),
    }
    return page(request, "pool", context)


@signed_in(Role.ICB_HUB)
@require_safe
def cancer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Each under suspicion of cancer, for clinicians to speak about: never matched in a batch."""
    shown = KeyPaginator(lists.cancer(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Cancer: clinician to clinician",
        "here": "cancer",
        "rows": rows.lines(actor, shown.object_list, timezone.localdate()),
        "pages": shown,
    }
    return page(request, "cancer", context)


@signed_in(Role.ICB_HUB)
@require_safe
def asked(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Patients' own requests that are searched for."""
    today = timezone.localdate()
    shown = KeyPaginator(lists.asked(actor), PAGE).get_page(request.GET.get("page"))
    number, escalated, late = lists.asked_counts(actor, today)
    context = {
        "title": "Patients who asked to move",
        "here": "asked",
        "asked": {"number": number, "escalated": escalated, "late": late},
        "rows": rows.asked_lines(actor, shown.object_list, today),
        "pages": shown,
    }
    return page(request, "asked", context)


def last_run(actor: Actor) -> dict[str, Any] | None:
    """What the latest run over the ICB came to; none where there was none."""
    found = MatchRun.objects.filter(icb_code=actor.icb_code).first()
    if found is None:
        return None
    told: dict[str, Any] = json.loads(found.told)
    return {"run": found, "at": at_words(found.at), "reviews": _reviews(told), **told}


def _reviews(told: Mapping[str, Any]) -> int:
    found: int = told["binding"].get(Against.REVIEW_OVERDUE.value, 0)
    return found


def _filter(by: lists.Filter) -> dict[str, Any]:
    return {
        "by": by,
        "functions": fields.functions(),
        "priorities": lists.PRIORITIES,
        "distances": lists.DISTANCES,
    }


def page(
    request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the hub."""
    whole = {"section": "aid_hub", "errors": {}, **context}
    return render(request, f"transfers/hub/{name}.jinja", whole, status=status)
