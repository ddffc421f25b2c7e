"""Asking for help: for one pathway, or for all of a part of the tracking list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.pathway_page import head_of
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.tracking.forms import filter_form
from clockstop.service.tracking.lists import OwnList
from clockstop.service.transfers import fields
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.aid.cohorting import MOST, Sorted
from clockstop.service.transfers.actions.stepping import StepRefusedError
from clockstop.service.transfers.provider import asking
from clockstop.service.transfers.provider.acts import MINUTES
from clockstop.service.transfers.provider.request_views import WRONG, at_fields
from clockstop.service.transfers.provider.views import page

_FIELDS = (*fields.NEEDS, MINUTES)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Ask for help for the patient of a pathway; the records are read for what they know."""
    try:
        pathway = open_pathway(actor=actor, pathway_id=pathway_id)
    except Pathway.DoesNotExist:
        raise Http404 from None
    given: dict[str, str] = {"kind": "treatment"}
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = asking.answered(_FIELDS, request.POST.dict())
        try:
            made = aid.create(actor=actor, pathway_id=pathway.pk, **_said(given))
        except StepRefusedError as refused:
            errors = at_fields(refused, _FIELDS)
        else:
            return HttpResponseRedirect(reverse("aid_request", args=(made.pk,)))
    by_name = {name.removesuffix("-day"): words for name, words in errors.items()}
    context = {
        "title": "Ask another provider for help",
        "here": "help",
        "pathway": pathway,
        "who": head_of(pathway, timezone.localdate()),
        "what": specialty(pathway.treatment_function),
        "questions": asking.questions(_FIELDS, given, by_name),
        "errors": errors,
    }
    return page(request, "new", context, WRONG if errors else 200)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for everybody who fits a filter of the tracking list; who is left out is told."""
    form = filter_form(request.GET.dict())
    if not form.is_valid():
        raise Http404
    own = OwnList(actor, form.asked, timezone.localdate())
    found = aid.sort_out(actor, own.rows.order_by("clinical_rank", "clock_start")[: MOST + 1])
    errors: dict[str, str] = {}
    name = request.POST.get("name", "").strip()[:200]
    if request.method == "POST":
        try:
            made = aid.create_cohort(actor=actor, name=name, needs=found.fitting)
        except StepRefusedError as refused:
            errors = {"name": ". ".join(each.words for each in refused.refusals)}
        else:
            number = made.requests.count()
            at = f"{reverse('aid_help')}?show=drafts&made={number}"
            return HttpResponseRedirect(at)
    context = {
        "title": "Ask for help for several patients",
        "here": "help",
        "found": len(found.fitting),
        "left_out": _left_out(found),
        "most": MOST,
        "query": form.asked.query,
        "name": name,
        "errors": errors,
    }
    return page(request, "cohort", context, WRONG if errors else 200)


def _left_out(found: Sorted) -> list[tuple[int, str]]:
    return [(number, aid.LEFT_OUT[why]) for why, number in found.left_out.most_common()]


def _said(given: dict[str, str]) -> dict[str, Any]:
    values, wrong = fields.read(_FIELDS, given)
    if wrong:
        raise StepRefusedError(wrong)
    told: dict[str, Any] = values
    minutes = told.pop("minutes", None)
    return {"needs": aid.Needs(**told), "minutes": minutes and min(minutes, 1_000)}
