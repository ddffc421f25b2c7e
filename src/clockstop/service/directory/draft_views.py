"""Pages on which a definer works at a draft, publishes or discards it, or withdraws a service."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.directory import actions, publishing
from clockstop.service.directory.actions import ChangedMeanwhileError, NotPublishableError
from clockstop.service.directory.choices import Rating
from clockstop.service.directory.content import Content, as_service, content_of
from clockstop.service.directory.form_fields import errors_of
from clockstop.service.directory.forms import ServiceForm
from clockstop.service.directory.models import Draft, HealthcareService
from clockstop.service.directory.places import places_of
from clockstop.service.directory.presenters import sections
from clockstop.service.directory.querysets import DEFINING
from clockstop.service.directory.ratings import published_for
from clockstop.service.directory.views import draft_of, own, page_of
from clockstop.service.ui import figures

MEANWHILE = "Somebody else has changed this service: see how it stands now"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*DEFINING)
def edit_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """The draft of the next version."""
    held = own(actor, service_id)
    draft = draft_of(held)
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
        "supplied": _supplied(held, content),
        "errors": errors_of(form),
    }
    return render(request, "directory/edit.jinja", context, status=400 if form.errors else 200)


@require_safe
@signed_in(*DEFINING)
def preview_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """The draft as a referrer would see it, with all that stands against publishing it."""
    held = own(actor, service_id)
    draft = draft_of(held)
    if draft is None:
        raise Http404
    return _preview(request, held, draft)


@require_POST
@signed_in(*DEFINING)
def publish_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Publish the draft that was seen."""
    held = own(actor, service_id)
    try:
        actions.publish(actor=actor, service=held, edits=_edits(request))
    except ChangedMeanwhileError:
        return page_of(request, actor, held, error=MEANWHILE)
    except NotPublishableError:
        return HttpResponseRedirect(reverse("preview_service", args=(held.pk,)))
    return HttpResponseRedirect(reverse("service", args=(held.pk,)))


@require_POST
@signed_in(*DEFINING)
def discard_draft(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Drop the draft that was seen."""
    held = own(actor, service_id)
    try:
        actions.discard(actor=actor, service=held, edits=_edits(request))
    except ChangedMeanwhileError:
        return page_of(request, actor, held, error=MEANWHILE)
    return HttpResponseRedirect(reverse("service", args=(held.pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*DEFINING)
def withdraw_service(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Ask why, then show the service to referrers no more."""
    held = own(actor, service_id)
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


def _supplied(held: HealthcareService, content: Content) -> str:
    """The rating that was supplied for the place, in words."""
    found = published_for(content["site_code"], held.organisation_id)
    if found is None:
        return ""
    return f"{Rating(found.rating).label}, {figures.day(found.on)} ({found.source})"


def _edits(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("edits", ""))
    except ValueError as error:
        raise BadRequest from error


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
