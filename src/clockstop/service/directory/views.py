"""Pages on which a provider describes its services: list, one service, its versions."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import rules
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.models import Person
from clockstop.service.directory import actions, publishing
from clockstop.service.directory.content import as_service
from clockstop.service.directory.form_fields import errors_of
from clockstop.service.directory.forms import FilterForm, NewForm
from clockstop.service.directory.models import Draft, HealthcareService
from clockstop.service.directory.presenters import (
    COLOURS,
    offered_name,
    requests_in_words,
    sections,
)
from clockstop.service.directory.querysets import DEFINING, RUNNING_CLINICS
from clockstop.service.ui import figures

PAGE = 50


@require_safe
@signed_in(*RUNNING_CLINICS)
def directory(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The services of the actor's organisation, as chosen."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = HealthcareService.objects.visible_to(actor).asked(**asked).select_related("draft")
    page = Paginator(found.order_by("name", "site_name", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "title": "Directory of services",
        "section": "directory",
        "form": form,
        "page": page,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "colours": COLOURS,
        "offered_name": offered_name,
        "requests": requests_in_words,
        "may_define": rules.has_perm("directory.begin", actor),
    }
    return render(request, "directory/list.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*DEFINING)
def new_service(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin a service, then describe it."""
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        service = actions.begin(actor=actor, content=form.content)
        return HttpResponseRedirect(reverse("edit_service", args=(service.pk,)))
    context = {
        "title": "New service",
        "section": "directory",
        "form": form,
        "errors": errors_of(form),
    }
    return render(request, "directory/new.jinja", context, status=400 if form.errors else 200)


@require_safe
@signed_in(*RUNNING_CLINICS)
def service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """What a service says now, what its draft lacks, and what it said before."""
    return page_of(request, actor, own(actor, service_id))


@require_safe
@signed_in(*RUNNING_CLINICS)
def service_version(
    request: HttpRequest, actor: Actor, service_id: int, number: int
) -> HttpResponse:
    """What a service said before."""
    held = own(actor, service_id)
    former = get_object_or_404(held.former_versions, version=number)
    shown = as_service(held, former.told)
    context = {
        "title": f"{former.told['name']}, version {number}",
        "section": "directory",
        "held": held,
        "number": number,
        "name": former.told["name"],
        "until": figures.day(timezone.localdate(former.ended_at)),
        "sections": sections(shown, former.told["clinicians"]),
    }
    return render(request, "directory/version.jinja", context)


def own(actor: Actor, service_id: int) -> HealthcareService:
    found = HealthcareService.objects.visible_to(actor).select_related("organisation")
    held: HealthcareService = get_object_or_404(found, pk=service_id)
    return held


def draft_of(held: HealthcareService) -> Draft | None:
    return Draft.objects.filter(service=held).first()


def page_of(
    request: HttpRequest, actor: Actor, held: HealthcareService, error: str = ""
) -> HttpResponse:
    held.refresh_from_db()
    draft = draft_of(held)
    context = {
        "title": held.name,
        "section": "directory",
        "held": held,
        "draft": draft,
        "lacks": len(publishing.against_publishing(draft.told)) if draft else 0,
        "sections": sections(held, list(held.clinicians.values_list("user_id", "name"))),
        "versions": _versions(held),
        "colours": COLOURS,
        "may_define": rules.has_perm("directory.define", actor, held),
        "errors": {"stands": error} if error else {},
    }
    return render(request, "directory/service.jinja", context, status=400 if error else 200)


def _versions(held: HealthcareService) -> list[tuple[int, str]]:
    """The former versions, the latest first: until when each held, and who had published it."""
    former = list(held.former_versions.all())
    names = _names(each.published_by for each in former)
    return [
        (
            each.version,
            f"until {figures.day(timezone.localdate(each.ended_at))}"
            + (f", by {names[each.published_by]}" if each.published_by in names else ""),
        )
        for each in former
    ]


def _names(references: Iterable[str]) -> Mapping[str, str]:
    """The names of people by their reference; the system has none."""
    keys = set()
    for each in references:
        try:
            keys.add(UUID(each))
        except ValueError:
            continue
    found: Any = Person.objects.filter(pk__in=keys).values_list("pk", "name")
    return {str(key): name for key, name in found}
