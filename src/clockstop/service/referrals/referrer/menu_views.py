"""The single menu, its shortlist, and why a service is not on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.presenters.who import person
from clockstop.service.referrals.choice import excluded_because
from clockstop.service.referrals.criteria import for_patient
from clockstop.service.referrals.menu import Menu, Sort, menu, offered
from clockstop.service.referrals.not_shown import not_shown
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.menu_page import (
    PAGE,
    Tray,
    lines_of,
    month_of_waits,
    tray_of,
)
from clockstop.service.referrals.referrer.patient_views import patient_of
from clockstop.service.referrals.referrer.words import asked_for
from clockstop.service.ui.sent import numbered


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def show(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """A page of the menu; ticks are kept whichever button is pressed."""
    patient = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, patient)
    if draft is None:
        return HttpResponseRedirect(reverse("refer_patient", args=(patient.pk,)))
    if request.method == "POST":
        return _ticked(request, patient, draft)
    if request.GET.get("sort") in set(Sort):
        draft = replace(draft, sort=request.GET["sort"])
    criteria = for_patient(draft.criteria, patient, timezone.localdate())
    place = drafts.place_of(patient, draft)
    found = menu(criteria, place=place, sort=draft.order, within_miles=draft.within)
    drafts.keep_if_new(request, patient, replace(draft, shown=len(found)))
    only = request.GET.get("provider", "")
    listed = found.of_provider(only) if only else found if draft.every else found.one_each()
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    on_page = list(page.object_list)
    context = {
        "title": "Choose with the patient",
        "lines": lines_of(on_page, draft.services, _more(found, listed)),
        "only": only,
        "page": page,
        "total": len(found),
        "providers": len(found.providers),
        "sorts": _sorts(draft, has_place=place is not None),
        "has_place": place is not None,
        "month": month_of_waits(),
        "moved": numbered(request.GET.get("moved", "")),
        "is_advice": criteria.request_type is RequestType.ADVICE,
    }
    return render(
        request,
        "referrals/referrer/menu.jinja",
        about(patient, draft) | context,
    )


@require_safe
@signed_in(*REFERRING)
def why_not(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """The services of the specialty, or test, that the menu leaves out, with all the reasons."""
    patient = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, patient)
    if draft is None:
        return HttpResponseRedirect(reverse("refer_patient", args=(patient.pk,)))
    criteria = for_patient(draft.criteria, patient, timezone.localdate())
    place = drafts.place_of(patient, draft)
    wanted = request.GET.get("provider", "").strip()[:100]
    left_out = not_shown(criteria, place, draft.within, provider=wanted)
    page = Paginator(left_out, PAGE).get_page(request.GET.get("page"))
    context = {"title": "Services that are not shown", "page": page, "provider": wanted}
    return render(request, "referrals/referrer/not_shown.jinja", about(patient, draft) | context)


def about(patient: Patient, draft: Draft) -> dict[str, Any]:
    """What every page has that is about a draft."""
    return {
        "section": "refer",
        "errors": {},
        "patient": patient,
        "who": person(patient, timezone.localdate()),
        "draft": draft,
        "asked": asked_for(draft, patient),
        "is_urgent_cancer": draft.criteria.priority is Priority.TWO_WEEK_WAIT,
        "tray": tray(patient, draft),
    }


def _more(found: Menu, listed: Menu) -> dict[str, int]:
    """How many services of each provider are not listed."""
    shown = listed.services_by_provider
    return {code: count - shown.get(code, 0) for code, count in found.services_by_provider.items()}


def tray(patient: Patient, draft: Draft) -> Tray:
    """The shortlist so far."""
    criteria = draft.criteria
    shortlist = offered(draft.services, criteria.priority, drafts.place_of(patient, draft))
    today = timezone.localdate()
    excluded = excluded_because(criteria.priority or Priority.ROUTINE, (), "", today)
    return tray_of(shortlist, in_scope=excluded is None, today=today)


def _ticked(request: HttpRequest, patient: Patient, draft: Draft) -> HttpResponse:
    """Keep the ticks, then go where the button says."""
    posted = request.POST
    on_page, chosen = (_numbers(posted.getlist(name)) for name in ("on_page", "service"))
    draft = draft.ticked(set(on_page), chosen)
    removed = _numbers(posted.getlist("remove"))
    draft = replace(draft, services=tuple(each for each in draft.services if each not in removed))
    moved = numbered(posted.get("up", "") or posted.get("down", ""))
    if moved:
        draft = draft.moved(moved, -1 if "up" in posted else 1)
    if posted.get("sort") in set(Sort):
        draft = replace(draft, sort=posted["sort"])
    if "every" in posted:
        draft = replace(draft, every=posted["every"] == "yes")
    drafts.keep(request, patient, draft)
    if "go_on" in posted:
        name = "refer_change" if draft.changes else "refer_choice"
        return HttpResponseRedirect(reverse(name, args=(patient.pk,)))
    asked = {"provider": posted.get("provider", "")[:12], "page": posted.get("to_page", "")}
    if "every" in posted:
        asked = {}
    if moved:
        asked["moved"] = str(moved)
    query = urlencode({name: value for name, value in asked.items() if value.isalnum()})
    at = "#moved" if moved else "#menu"
    where = f"?{query}{at}" if query else at
    return HttpResponseRedirect(reverse("refer_menu", args=(patient.pk,)) + where)


def _numbers(texts: list[str]) -> list[int]:
    return [number for text in texts if (number := numbered(text))]


def _sorts(draft: Draft, *, has_place: bool) -> list[dict[str, Any]]:
    if draft.criteria.priority is Priority.TWO_WEEK_WAIT:
        return []
    return [
        {"value": each.value, "text": each.label, "selected": each is draft.order}
        for each in Sort
        if has_place or each is not Sort.DISTANCE
    ]
