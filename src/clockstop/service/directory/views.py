"""Pages on which a provider describes its services: list, one service, its draft and versions."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import rules
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.models import Person
from clockstop.service.directory import actions, publishing
from clockstop.service.directory.actions import ChangedMeanwhileError, NotPublishableError
from clockstop.service.directory.content import as_service, content_of
from clockstop.service.directory.forms import (
    FilterForm,
    NewForm,
    ServiceForm,
    errors_of,
)
from clockstop.service.directory.models import Draft, HealthcareService
from clockstop.service.directory.places import places_of
from clockstop.service.directory.presenters import (
    COLOURS,
    offered_name,
    requests_in_words,
    sections,
)
from clockstop.service.directory.querysets import DEFINING, RUNNING_CLINICS
from clockstop.service.ui import figures

PAGE = 50
MEANWHILE = "Somebody else has changed this service: see how it stands now"


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
    return _service(request, actor, _own(actor, service_id))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*DEFINING)
def edit_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """The draft of the next version."""
    held = _own(actor, service_id)
    draft = _draft(held)
    content = draft.told if draft else content_of(held)
    form = ServiceForm(
        content, places_of(held.organisation), request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            edits = form.cleaned_data["edits"]
            actions.edit(actor=actor, service=held, content=form.content, edits=edits)
        except ChangedMeanwhileError:
            form.add_error(None, MEANWHILE)
        else:
            return HttpResponseRedirect(reverse("preview_service", args=(held.pk,)))
    context = {
        "title": f"Edit {content['name']}",
        "section": "directory",
        "held": held,
        "form": form,
        "edits": draft.edits if draft else 0,
        "errors": errors_of(form),
    }
    return render(request, "directory/edit.jinja", context, status=400 if form.errors else 200)


@require_safe
@signed_in(*DEFINING)
def preview_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """The draft as a referrer would see it, with all that stands against publishing it."""
    held = _own(actor, service_id)
    draft = _draft(held)
    if draft is None:
        raise Http404
    return _preview(request, held, draft)


@require_POST
@signed_in(*DEFINING)
def publish_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Publish the draft that was seen."""
    held = _own(actor, service_id)
    try:
        actions.publish(actor=actor, service=held, edits=_edits(request))
    except ChangedMeanwhileError:
        return _service(request, actor, held, error=MEANWHILE)
    except NotPublishableError:
        return HttpResponseRedirect(reverse("preview_service", args=(held.pk,)))
    return HttpResponseRedirect(reverse("service", args=(held.pk,)))


@require_POST
@signed_in(*DEFINING)
def discard_draft(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Drop the draft that was seen."""
    held = _own(actor, service_id)
    try:
        actions.discard(actor=actor, service=held, edits=_edits(request))
    except ChangedMeanwhileError:
        return _service(request, actor, held, error=MEANWHILE)
    return HttpResponseRedirect(reverse("service", args=(held.pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*DEFINING)
def withdraw_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Ask why, then show the service to referrers no more."""
    held = _own(actor, service_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            reason = request.POST.get("reason", "")
            actions.withdraw(actor=actor, service=held, reason=reason)
        except NotPublishableError as refused:
            errors = {each.field: each.words for each in refused.reasons}
        except ChangedMeanwhileError:
            errors = {"reason": MEANWHILE}
        else:
            return HttpResponseRedirect(reverse("service", args=(held.pk,)))
    context = {
        "title": f"Withdraw {held.name}",
        "section": "directory",
        "held": held,
        "errors": errors,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "directory/withdraw.jinja", context, status=400 if errors else 200)


@require_safe
@signed_in(*RUNNING_CLINICS)
def service_version(
    request: HttpRequest, actor: Actor, service_id: int, number: int
) -> HttpResponse:
    """What a service said before."""
    held = _own(actor, service_id)
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


def _own(actor: Actor, service_id: int) -> HealthcareService:
    found = HealthcareService.objects.visible_to(actor).select_related("organisation")
    held: HealthcareService = get_object_or_404(found, pk=service_id)
    return held


def _draft(held: HealthcareService) -> Draft | None:
    return Draft.objects.filter(service=held).first()


def _edits(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("edits", ""))
    except ValueError as error:
        raise BadRequest from error


def _service(
    request: HttpRequest, actor: Actor, held: HealthcareService, error: str = ""
) -> HttpResponse:
    held.refresh_from_db()
    draft = _draft(held)
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


def _preview(request: HttpRequest, held: HealthcareService, draft: Draft) -> HttpResponse:
    content = draft.told
    context = {
        "title": f"Preview of {content['name']}",
        "section": "directory",
        "held": held,
        "draft": draft,
        "shown": as_service(held, content),
        "sections": sections(as_service(held, content), content["clinicians"]),
        "lacks": publishing.against_publishing(content),
    }
    return render(request, "directory/preview.jinja", context)


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
