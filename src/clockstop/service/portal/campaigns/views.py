"""An ICB's campaigns in the browser: begin one with a last look, what came of it, stop it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import rules
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.specialties import specialties
from clockstop.service.messaging import wording
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.portal import telling
from clockstop.service.portal.campaigns import results, running
from clockstop.service.portal.campaigns.cohorts import NOT_REACHED, WAYS, Wanted, cohort, reach
from clockstop.service.portal.campaigns.forms import FIELDS, CampaignForm
from clockstop.service.portal.campaigns.models import Campaign, Right, Stage
from clockstop.service.portal.campaigns.running import CampaignRefusedError
from clockstop.service.referrals.choice_figures.answering import SEES_FIGURES, icb_of
from clockstop.service.referrals.choice_figures.reading import area_named
from clockstop.service.ui import figures

LISTED = 100
_AT_ONCE = 50  # messages that are queued while somebody waits for the page
_TEMPLATES = {Right.FIRST: telling.CHOOSE, Right.SOONER: telling.SOONER}


@signed_in(*SEES_FIGURES)
@require_safe
def campaigns(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The campaigns of the ICB, the latest first."""
    held, today = Campaign.objects.visible_to(actor), timezone.localdate()
    context = {
        "title": "Campaigns",
        "area": area_named(icb_of(actor)),
        "rows": [_line(each, today) for each in held[:LISTED]],
        "may_begin": rules.has_perm("portal.campaign", actor),
    }
    return _page(request, "campaigns", context)


@signed_in(Role.COMMISSIONER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form, then a last look at what would be sent to how many, then the campaign."""
    icb = icb_of(actor)
    if request.method != "POST":
        return _form(request, CampaignForm(None, icb_code=icb), {}, {})
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    form = CampaignForm(typed, icb_code=icb)
    act = request.POST.get("act", "")
    if act == "change":
        return _form(request, form, typed, {})
    if not form.is_valid():
        return _form(request, form, typed, form.shown_errors)
    if act != "begin":
        return _check(request, form, typed)
    try:
        made = running.begin(actor=actor, wanted=form.wanted, name=form.cleaned_data["name"])
    except CampaignRefusedError as refused:
        return _form(request, form, typed, {"right": str(refused)})
    running.go_on(_AT_ONCE)
    return HttpResponseRedirect(f"{reverse('campaign', args=(made.pk,))}?done=begun")


@signed_in(*SEES_FIGURES)
@require_safe
def campaign(request: HttpRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:
    """What was sent to how many, and what came of it."""
    held = get_object_or_404(Campaign.objects.visible_to(actor), pk=campaign_id)
    today = timezone.localdate()
    context = {
        "title": held.name,
        "held": held,
        "who": _who(Right(held.right), _choices(held)),
        "begun": figures.day(timezone.localdate(held.begun_at)),
        "by": people_named([held.begun_by]).get(held.begun_by, ""),
        "ended": figures.day(timezone.localdate(held.ended_at)) if held.ended_at else "",
        "tables": (*results.results(held, today), *_reach(json.loads(held.ways), today)),
        "threshold": threshold_on(today),
        "written": _written(Right(held.right), today),
        "may_stop": rules.has_perm("portal.campaign", actor) and held.stage != Stage.STOPPED,
        "done": request.GET.get("done", ""),
    }
    return _page(request, "campaign", context)


@signed_in(Role.COMMISSIONER)
@require_POST
def stop_campaign(request: HttpRequest, actor: Actor, campaign_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Tell nobody more."""
    get_object_or_404(Campaign.objects.visible_to(actor), pk=campaign_id)
    running.stop(actor=actor, campaign_id=campaign_id)
    return HttpResponseRedirect(f"{reverse('campaign', args=(campaign_id,))}?done=stopped")


def _form(
    request: HttpRequest, form: CampaignForm, typed: Mapping[str, str], errors: Mapping[str, str]
) -> HttpResponse:
    fields: Any = form.fields
    context = {
        "title": "Begin a campaign",
        "typed": typed,
        "errors": errors,
        "rights": Right.choices,
        "providers": fields["organisation_code"].choices,
        "specialties": fields["treatment_function"].choices,
    }
    return _page(request, "campaign_new", context, status=400 if errors else 200)


def _check(request: HttpRequest, form: CampaignForm, typed: Mapping[str, str]) -> HttpResponse:
    """How many a message would reach is counted anew when the campaign is begun."""
    wanted, today = form.wanted, timezone.localdate()
    held = cohort(wanted)
    context = {
        "title": "Check before you begin",
        "typed": typed,
        "who": _who(wanted.right, wanted),
        "tables": _reach(reach(held), today),
        "threshold": threshold_on(today),
        "may_begin": any(each.is_reached for each in held),
        "nobody": running.NOBODY,
        "written": _written(wanted.right, today),
    }
    return _page(request, "campaign_check", context)


def _reach(counted: Mapping[str, int], day: date) -> tuple[results.Figures, ...]:
    told = {way: words for way, words in WAYS.items() if way not in NOT_REACHED}
    others = {way: words for way, words in WAYS.items() if way in NOT_REACHED}
    return (
        results.parts("reach", "How it reaches patients", counted, told, day),
        results.counts("not_told", "Whom it does not reach", counted, others, day),
    )


def _written(right: Right, day: date) -> list[tuple[str, wording.Written]]:
    """The words as a patient reads them, with examples in place of their own."""
    template = wording.on(day)[_TEMPLATES[right]]
    fill = {
        "day": figures.day(day),
        "phone": telling.ON_THE_LETTER,
        "provider": "the hospital where they wait",
    }
    payload = {name: fill[name] for name in template.asks()}
    return [
        ("Text, email or NHS App", wording.write(template, payload, is_letter=False)),
        ("Letter", wording.write(template, payload, is_letter=True)),
        ("Letter in easy read", wording.write(template, payload, is_letter=True, is_easy=True)),
    ]


def _choices(held: Campaign) -> Wanted:
    return Wanted(
        icb_code=held.icb_code,
        right=Right(held.right),
        organisation_code=held.organisation_code,
        treatment_function=held.treatment_function,
        weeks=held.weeks,
    )


def _who(right: Right, wanted: Wanted) -> list[tuple[str, str]]:
    code, chosen = wanted.organisation_code, specialties().get(wanted.treatment_function)
    since = "Referred at least" if right is Right.FIRST else "Waited at least"
    return [
        ("Right", right.label),
        ("Provider", organisations_named([code]).get(code, code) if code else "Any"),
        ("Specialty", chosen.name if chosen else "Any"),
        (since, f"{wanted.weeks} weeks" if wanted.weeks else "No limit"),
    ]


def _line(held: Campaign, today: date) -> dict[str, Any]:
    is_small = 0 < held.reached < threshold_on(today)
    return {
        "key": str(held.pk),
        "name": held.name,
        "right": held.get_right_display(),
        "begun": figures.day(timezone.localdate(held.begun_at)),
        "stage": held.get_stage_display(),
        "reached": "too few" if is_small else f"{held.reached:,}",
    }


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    common = {"section": "campaigns"}
    return render(request, f"portal/{name}.jinja", common | context, status=status)
