"""Another shortlist for a referral that there is already."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.directory.choices import Requirement
from clockstop.service.referrals import actions
from clockstop.service.referrals.menu import described
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.menu_views import about
from clockstop.service.referrals.referrer.patient_views import patient_of
from clockstop.service.referrals.referrer.referral_page import as_chosen
from clockstop.service.referrals.referrer.shared import opened, tried


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def change(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """Both shortlists side by side, what the change loses, and then it is made."""
    patient = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, patient)
    if draft is None or draft.changes is None or not draft.services:
        return HttpResponseRedirect(reverse("refer_menu", args=(patient.pk,)))
    held = opened(actor, draft.changes)
    if held.patient_id != patient.pk:
        raise Http404
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        triage = "triage" in request.POST
        errors, status = tried(
            lambda: actions.change_shortlist(
                actor=actor,
                referral_id=held.pk,
                services=draft.services,
                version=draft.version,
                criteria=draft.criteria,
                place=drafts.place_of(patient, draft),
                send_for_triage=triage,
            ),
            "shortlist",
        )
        if not errors:
            drafts.drop(request, patient)
            name = "referred" if triage else "referred_book"
            return HttpResponseRedirect(f"{reverse(name, args=(held.pk,))}?done=change_shortlist")
    context = about(patient, draft)
    tray = context["tray"]
    context |= {
        "title": "Change the shortlist",
        "referral": held,
        "before": as_chosen(held),
        "lost": lost(held, draft),
        "is_triage_alone": len(tray.lines) == 1 and tray.lines[0].takes_triage,
        "errors": errors,
    }
    return render(request, "referrals/referrer/change.jinja", context, status=status)


def lost(referral: Referral, draft: Draft) -> list[tuple[str, list[str]]]:
    """Which services of the new shortlist do not lay on what the patient needs, and what that is.

    The referral keeps its additional requirements: it is the services that may not meet them.
    """
    needed = [each for each in referral.additional_requirements if each in Requirement]
    found = []
    for service in described(draft.services).values():
        missing = [
            Requirement(each).label
            for each in needed
            if each not in service.additional_requirements
        ]
        if missing:
            found.append((f"{service.organisation.name}: {service.name}", missing))
    return found
