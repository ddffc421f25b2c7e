"""Pages of pathways: lists, one pathway, who has seen it."""

from typing import Any
from uuid import UUID

import rules
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING, Role
from clockstop.service.pathways.access import entries_about, open_pathway
from clockstop.service.pathways.forms import FindForm
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.pathway_page import own_page, staff_page
from clockstop.service.pathways.presenters.lists import lines, own_lines
from clockstop.service.pathways.presenters.seen import seen

PAGE = 50
SEES_RECORDS = (*PROVIDING, *REFERRING, Role.ICB_HUB)


@signed_in()
@require_safe
def pathways(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Patients and carers find theirs, staff those of their organisation, others none."""
    if actor.role in PUBLIC:
        return _own(request, actor)
    if actor.role not in SEES_RECORDS:
        return _page(request, "no_records", {"title": "Records of patients"})
    held = _listed(Pathway.objects.visible_to(actor))
    page = Paginator(held, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Patients",
        "page": page,
        "lines": _lines(page.object_list),
        "form": FindForm(),
        "errors": {},
    }
    return _page(request, "pathways", context)


@signed_in(*SEES_RECORDS)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whom to look for comes by POST and leaves with the answer: no address ever holds it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("pathways"))
    form = FindForm(request.POST)
    if not form.is_valid():
        errors = {name: str(each[0]) for name, each in form.errors.items()}
        return _page(request, "find", {"title": "Find a patient", "form": form, "errors": errors})
    found = _listed(Pathway.objects.visible_to(actor).filter(form.wanted))
    context = {"title": "Find a patient", "form": form, "errors": {}, "lines": _lines(found[:PAGE])}
    return _page(request, "find", context)


@signed_in(Role.PATIENT, Role.CARER, *SEES_RECORDS)
@require_safe
def pathway(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    found = opened(actor, pathway_id)
    today = timezone.localdate()
    if actor.role in PUBLIC:
        return _page(request, "own_pathway", own_page(found, today))
    context = staff_page(found, today, entered=request.GET.get("entered", ""), by=str(actor.person))
    may_record = rules.has_perm("pathways.record", actor, found)
    reviews = found.reviews.visible_to(actor).filter(closed_at=None)
    return _page(request, "pathway", context | {"may_record": may_record, "reviews": reviews})


@signed_in(Role.PATIENT, Role.CARER, *SEES_RECORDS)
@require_safe
def access(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Patients read roles and organisations; their own people read names too."""
    found = opened(actor, pathway_id)
    page = Paginator(entries_about(found), PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    is_public = actor.role in PUBLIC
    people = {} if is_public else people_named({each.actor for each in entries})
    organisations = organisations_named({each.organisation_code for each in entries})
    context = {
        "title": "Who has seen this record",
        "pathway": found,
        "page": page,
        "seen": seen(entries, people, organisations),
        "names_shown": not is_public,
    }
    return _page(request, "access", context)


def opened(actor: Actor, pathway_id: UUID) -> Pathway:
    """The pathway, opened by the actor. Raises Http404 where they see none such."""
    try:
        return open_pathway(actor=actor, pathway_id=pathway_id)
    except Pathway.DoesNotExist:
        raise Http404 from None


def _own(request: HttpRequest, actor: Actor) -> HttpResponse:
    held = list(_listed(Pathway.objects.visible_to(actor)))
    names = organisations_named({each.organisation_code for each in held})
    context = {
        "title": "Your waits" if actor.role is Role.PATIENT else "Waits of people you care for",
        "lines": own_lines(held, timezone.localdate(), names),
    }
    return _page(request, "own_pathways", context)


def _listed(pathways: Any) -> Any:
    order = ("patient__family_name", "patient__given_name", "patient__nhs_number", "identifier")
    return pathways.select_related("patient").prefetch_related("events").order_by(*order)


def _lines(pathways: Any) -> Any:
    held = list(pathways)
    names = organisations_named({each.organisation_code for each in held})
    return lines(held, timezone.localdate(), names)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"pathways/{name}.jinja", {"section": "pathways", **context})
