"""Profiles and scans, why one patient is not eligible, and what invited patients will read."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.rulebook.eligibility import profiles_on, reasons
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.messaging import wording
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.presenters.who import person
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.registry.names import name_of
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions.asking.inviting import invite_cohort
from clockstop.service.transfers.actions.asking.scanning import scan, why_not
from clockstop.service.transfers.actions.asking.telling import ON_THE_LETTER
from clockstop.service.transfers.models import EligibilityScan, PatientRequest
from clockstop.service.transfers.states import Asked
from clockstop.service.ui import figures

MANAGERS = (Role.WAITING_LIST_MANAGER, Role.ICB_HUB)
SCANS = 20
_EXAMPLE = {"code": "ABCD 2345", "phone": ON_THE_LETTER, "day": "", "time": ""}


@signed_in(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def scans(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The profiles, what the last scans found, and a scan or invitations now."""
    today = timezone.localdate()
    held = profiles_on(today)
    if request.method == "POST":
        return _done(request, actor)
    context = {
        "title": "Who may ask to be treated elsewhere",
        "profiles": [(each, _waiting(actor, each.name)) for each in held.values()],
        "scans": [_scan(each) for each in _own(actor)[:SCANS]],
        "is_manager": actor.role is Role.WAITING_LIST_MANAGER,
        "did": request.GET.get("did", ""),
        "day": figures.day,
    }
    return _page(request, "scans", context)


@signed_in(*MANAGERS)
@require_safe
def preview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the patients will read, before anything is sent."""
    code = actor.organisation_code
    payload = _EXAMPLE | {"provider": name_of([code])[code] if code else "your hospital"}
    found = wording.on(timezone.localdate())
    shown = [
        (
            found[name].purpose,
            wording.write(found[name], payload, is_letter=False),
            wording.write(found[name], payload, is_letter=True),
        )
        for name in sorted(found)
        if name.startswith("sooner_")
    ]
    return _page(request, "preview", {"title": "What patients will read", "shown": shown})


@signed_in(*MANAGERS)
@require_safe
def why(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Why one patient is, or is not, eligible: every reason by every profile."""
    try:
        pathway = open_pathway(actor=actor, pathway_id=pathway_id)
    except Pathway.DoesNotExist:
        raise Http404 from None
    held = ListEntry.objects.visible_to(actor).select_related("pathway__patient__merged_into")
    entry = held.filter(pk=pathway.pk).first()
    today = timezone.localdate()
    asked = PatientRequest.objects.visible_to(actor).filter(pathway=pathway)
    context = {
        "title": "May this patient ask to be treated elsewhere?",
        "who": person(pathway.patient, today, is_suspected_cancer=pathway.is_suspected_cancer),
        "specialty": specialty(pathway.treatment_function),
        "found": list(why_not(entry, today).items()) if entry else [],
        "asked": asked.order_by("-created_at").first(),
        "pathway": pathway,
    }
    return _page(request, "why", context)


def _done(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Scan or invite on one's own list; each person is told once, whoever asks again."""
    if actor.role is not Role.WAITING_LIST_MANAGER:
        raise Http404
    profile, code = request.POST.get("profile", ""), actor.organisation_code
    if profile not in profiles_on(timezone.localdate()):
        raise Http404
    did = request.POST.get("act", "")
    if did == "scan":
        scan(profile, timezone.localdate(), organisation_code=code, by=actor.for_audit)
    elif did == "invite":
        invite_cohort(organisation_code=code, profile=profile)
    return HttpResponseRedirect(f"{reverse('asked_scans')}?did={did}")


def _own(actor: Actor) -> Any:
    held = EligibilityScan.objects.order_by("-day", "-at")
    if actor.role is Role.ICB_HUB:
        return held.filter(icb_code=actor.icb_code)
    return held.filter(organisation_code=actor.organisation_code)


def _waiting(actor: Actor, profile: str) -> int:
    found = PatientRequest.objects.visible_to(actor).filter(state=Asked.ELIGIBLE, profile=profile)
    return int(found.count())


def _scan(held: EligibilityScan) -> dict[str, Any]:
    counts: dict[str, int] = json.loads(held.counts)
    told = [(reasons()[code].words, number) for code, number in counts.items() if number]
    return {
        "profile": held.profile,
        "day": figures.day(held.day),
        "provider": held.organisation_code,
        "icb": held.icb_code,
        "looked_at": held.looked_at,
        "eligible": held.eligible,
        "new": held.new,
        "reasons": sorted(told, key=lambda each: -each[1]),
    }


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    common = {"section": "asked_queue"}
    return render(request, f"transfers/eligibility/{name}.jinja", common | context)
