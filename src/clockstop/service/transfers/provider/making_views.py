"""Asking for help: for one pathway, or for all of a part of the tracking list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.core.state_tables import StepRefusedError
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
from clockstop.service.transfers.access import patient_of
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.aid.cohorting import MOST, Sorted
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.provider import asking
from clockstop.service.transfers.provider.acts import MINUTES
from clockstop.service.transfers.provider.request_views import WRONG
from clockstop.service.transfers.provider.views import page

_FIELDS = (*fields.NEEDS, MINUTES)
_TEST_FIELDS = (*fields.DIRECT_TEST, MINUTES)


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
            errors = asking.at_fields(refused, _FIELDS)
        else:
            return HttpResponseRedirect(reverse("aid_request", args=(made.pk,)))
    context = {
        "title": "Ask another provider for help",
        "here": "help",
        "pathway": pathway,
        "who": head_of(pathway, timezone.localdate()),
        "what": specialty(pathway.treatment_function),
        "questions": asking.questions(_FIELDS, given, errors),
        "errors": errors,
    }
    return page(request, "new", context, WRONG if errors else 200)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def new_test(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a direct-access test: no pathway and no clock, only its own diagnostic wait."""
    given: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = asking.answered(_TEST_FIELDS, request.POST.dict())
        try:
            made = aid.create_direct(actor=actor, **_direct(actor, given))
        except StepRefusedError as refused:
            errors = asking.at_fields(refused, _TEST_FIELDS)
        else:
            return HttpResponseRedirect(reverse("aid_request", args=(made.pk,)))
    context = {
        "title": "Ask for a direct-access test",
        "here": "help",
        "questions": asking.questions(_TEST_FIELDS, given, errors),
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


def _said(
    given: dict[str, str], asks: Sequence[Field] = _FIELDS, apart: Collection[str] = ()
) -> dict[str, Any]:
    """What an action is told; the fields that stand ``apart`` are not of the need."""
    values, wrong = fields.read(asks, given)
    if wrong:
        raise StepRefusedError(wrong)
    told: dict[str, Any] = values
    minutes = told.pop("minutes", None)
    found = {name: told.pop(name) for name in apart}
    return found | {"needs": aid.Needs(**told), "minutes": minutes and min(minutes, 1_000)}


def _direct(actor: Actor, given: dict[str, str]) -> dict[str, Any]:
    told = _said(given, _TEST_FIELDS, ("nhs_number", "waiting_since"))
    found = patient_of(actor, told.pop("nhs_number"))
    return told | {"patient_id": found.pk}
