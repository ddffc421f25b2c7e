"""Notes, owner and due date of a pathway; views that a person keeps."""

from __future__ import annotations

from uuid import UUID, uuid4

import rules
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.pathway_page import head_of
from clockstop.service.tracking import actions
from clockstop.service.tracking.actions import NotPossibleError
from clockstop.service.tracking.forms import HandlingForm, NoteForm, ViewForm, filter_form
from clockstop.service.tracking.list_page import address_of
from clockstop.service.tracking.models import Handling, Note, SavedView
from clockstop.service.tracking.presenters.handling import handled
from clockstop.service.tracking.staff import staff_of

Errors = dict[str, str]


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def handling(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Read and write what the actor's organisation keeps on a pathway; opening it is audited."""
    try:
        found = open_pathway(actor=actor, pathway_id=pathway_id)
    except Pathway.DoesNotExist:
        raise Http404 from None
    errors: Errors = {}
    if request.method == "POST":
        is_note = "text" in request.POST
        errors = (_noted if is_note else _set)(request, actor, found)
        if not errors:
            done = "note" if is_note else "handling"
            at = reverse("handling", args=(found.pk,))
            return HttpResponseRedirect(f"{at}?saved={done}")
    today = timezone.localdate()
    notes = Note.objects.visible_to(actor).filter(pathway=found)
    held = Handling.objects.visible_to(actor).filter(pathway=found).first()
    context = {
        "title": "Notes, owner and due date",
        "section": "tracking",
        "pathway": found,
        "who": head_of(found, today),
        "handled": handled(held, list(notes), today),
        "staff": staff_of(actor.organisation_code),
        "given": request.POST,
        "errors": errors,
        "saved": request.GET.get("saved", "") if not errors else "",
        "submission": request.POST.get("submission") or uuid4(),
        "may_write": rules.has_perm("tracking.handle", actor, found),
    }
    return render(request, "tracking/handling.jinja", context, status=400 if errors else 200)


@signed_in(*PROVIDING)
@require_POST
def views(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep the filter that is on under a name."""
    form = ViewForm(request.POST)
    query = request.POST.get("query", "")
    asked = filter_form(_read(query))
    if not asked.is_valid():
        raise Http404
    if not form.is_valid():
        return _unnamed(request, str(next(iter(form.errors.values()))[0]), asked.asked.query)
    try:
        actions.save_view(actor=actor, name=form.cleaned_data["name"], query=asked.asked.query)
    except NotPossibleError as error:
        return _unnamed(request, str(error), asked.asked.query)
    return HttpResponseRedirect(address_of("tracking", asked.asked))


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def forget_view(request: HttpRequest, actor: Actor, view_id: UUID) -> HttpResponse:
    """Remove a view of one's own: asked first."""
    found = get_object_or_404(SavedView.objects.visible_to(actor), pk=view_id)
    if request.method == "POST":
        actions.forget_view(actor=actor, view=found)
        return HttpResponseRedirect(reverse("tracking"))
    context = {"title": "Remove a saved view", "section": "tracking", "view": found}
    return render(request, "tracking/forget_view.jinja", context)


def _noted(request: HttpRequest, actor: Actor, found: Pathway) -> Errors:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return {name: str(each[0]) for name, each in form.errors.items()}
    data = form.cleaned_data
    actions.write_note(actor=actor, pathway=found, text=data["text"], submission=data["submission"])
    return {}


def _set(request: HttpRequest, actor: Actor, found: Pathway) -> Errors:
    held = Handling.objects.visible_to(actor).filter(pathway=found).first()
    form = HandlingForm(_with_former(actor, held), request.POST)
    if not form.is_valid():
        return {name: str(each[0]) for name, each in form.errors.items()}
    data = form.cleaned_data
    try:
        actions.set_handling(actor=actor, pathway=found, owner=data["owner"], due=data["due"])
    except NotPossibleError as error:
        return {error.field: str(error)}
    return {}


def _with_former(actor: Actor, held: Handling | None) -> tuple[tuple[str, str], ...]:
    """The staff, and an owner who has left since."""
    staff = staff_of(actor.organisation_code)
    is_gone = held and held.owner and held.owner not in dict(staff)
    return (*staff, (held.owner, "")) if held and is_gone else staff


def _unnamed(request: HttpRequest, error: str, query: str) -> HttpResponse:
    context = {
        "title": "Save this view",
        "section": "tracking",
        "errors": {"name": error},
        "query": query,
        "name": request.POST.get("name", ""),
    }
    return render(request, "tracking/save_view.jinja", context, status=400)


def _read(query: str) -> dict[str, str]:
    return QueryDict(query[:500]).dict()
