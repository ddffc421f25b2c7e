"""Pages on which something is entered, corrected or withdrawn: form, effect, done."""

from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.rtt.events import Event
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways import kinds
from clockstop.service.pathways.actions import EntryRefusedError, preview
from clockstop.service.pathways.clock import event_id, events_of
from clockstop.service.pathways.entry_form import Draft, EntryForm
from clockstop.service.pathways.entry_page import EntryPage
from clockstop.service.pathways.models import Pathway, PathwayEvent
from clockstop.service.pathways.names import clinicians_of, organisations_named
from clockstop.service.pathways.pathway_page import head_of, usual_on
from clockstop.service.pathways.policies import CLINICAL_KINDS, Refusal
from clockstop.service.pathways.presenters.effect import shown
from clockstop.service.pathways.presenters.entries import details, entry_in_words
from clockstop.service.pathways.saving import ChangedMeanwhileError, save_checked
from clockstop.service.pathways.views import opened
from clockstop.service.pathways.words import kind_words
from clockstop.service.ui.figures import day as in_words

WITHDRAWN = "entry_withdrawn"


@signed_in(*PROVIDING)
@require_safe
def choose(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    pathway = opened(actor, pathway_id)
    events = events_of(pathway.events.all())
    context = {
        "title": "Record what happened",
        "common": kinds.common(events),
        "groups": kinds.groups(events),
    }
    return _page(request, "choose", pathway, context)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, actor: Actor, pathway_id: UUID, kind: str) -> HttpResponse:
    if not kinds.is_entered(kind):
        raise Http404
    pathway = _pathway(request, actor, pathway_id)
    return _answer(request, actor, pathway, _draft(actor, pathway, kind))


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, actor: Actor, pathway_id: UUID, number: int) -> HttpResponse:
    return _supersede(request, actor, pathway_id, number)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, actor: Actor, pathway_id: UUID, number: int) -> HttpResponse:
    return _supersede(request, actor, pathway_id, number, WITHDRAWN)


def _supersede(
    request: HttpRequest, actor: Actor, pathway_id: UUID, number: int, kind: str = ""
) -> HttpResponse:
    pathway = _pathway(request, actor, pathway_id)
    events = events_of(pathway.events.all())
    wrong = next((each for each in events if each.id == event_id(number)), None)
    if wrong is None or wrong.kind == WITHDRAWN:
        raise Http404
    return _answer(request, actor, pathway, _draft(actor, pathway, kind or wrong.kind, wrong))


def _pathway(request: HttpRequest, actor: Actor, pathway_id: UUID) -> Pathway:
    """Opening the form is opening the record; what the form sends on belongs to that."""
    if request.method == "POST":
        seen = Pathway.objects.visible_to(actor).select_related("patient")
        found: Pathway = get_object_or_404(seen, pk=pathway_id)
        return found
    return opened(actor, pathway_id)


def _draft(actor: Actor, pathway: Pathway, kind: str, wrong: Event | None = None) -> Draft:
    decides = kind not in CLINICAL_KINDS or rules.has_perm("pathways.decide", actor)
    events = events_of(pathway.events.all())
    return Draft(
        kind=kind,
        events=events,
        organisation_code=actor.organisation_code,
        treatment_function=usual_on(pathway)["treatment_function"],
        length=len(events),
        wrong=wrong,
        clinicians=None if decides else clinicians_of(actor.organisation_code),
    )


def _answer(request: HttpRequest, actor: Actor, pathway: Pathway, draft: Draft) -> HttpResponse:
    """The form; then the effect of what was sent; then, if that is saved, the timeline."""
    if request.method != "POST":
        return _form(request, pathway, EntryForm(draft))
    if made := _made(request, pathway):
        return _done(pathway, made)
    form, step = EntryForm(draft, request.POST), request.POST.get("step")
    if step == "change" or not _is_answered(form):
        return _form(request, pathway, form)
    try:
        if step == "save":
            return _saved(request, actor, pathway, form)
        return _effect(request, actor, pathway, form)
    except EntryRefusedError as refused:
        form.refuse(refused.refusals)
        return _form(request, pathway, form)


def _is_answered(form: EntryForm) -> bool:
    """Whether the form is valid and hands the record to nobody who is not in the register."""
    if not form.is_valid():
        return False
    to = form.cleaned_data.get("to")
    if to and not organisations_named({to}):
        form.refuse([Refusal("to", "Sent to: no organisation in the register has this code")])
    return not form.errors


def _saved(request: HttpRequest, actor: Actor, pathway: Pathway, form: EntryForm) -> HttpResponse:
    try:
        entry = save_checked(
            actor=actor,
            pathway=pathway,
            values=form.values,
            submission=form.cleaned_data["submission"],
            length=form.cleaned_data["length"],
            reason=form.reason,
            acting_for=form.acting_for,
        )
    except ChangedMeanwhileError:
        return _effect(request, actor, pathway, form, changed=True)
    return _done(pathway, entry)


def _made(request: HttpRequest, pathway: Pathway) -> PathwayEvent | None:
    """What the same form made before: sent twice, or again after going back."""
    try:
        submission = UUID(request.POST.get("submission", ""))
    except ValueError:
        raise BadRequest from None
    return pathway.events.filter(submission=submission).first()


def _done(pathway: Pathway, entry: PathwayEvent) -> HttpResponse:
    address = reverse("pathway", kwargs={"pathway_id": pathway.pk})
    return HttpResponseRedirect(f"{address}?entered={entry.number}")


def _form(request: HttpRequest, pathway: Pathway, form: EntryForm) -> HttpResponse:
    page = EntryPage(form)
    context = {"title": _title(form.draft), "page": page, "errors": page.errors, "form": form}
    return _page(request, "entry", pathway, _about(form.draft, pathway) | context)


def _effect(
    request: HttpRequest,
    actor: Actor,
    pathway: Pathway,
    form: EntryForm,
    *,
    changed: bool = False,
) -> HttpResponse:
    effect = preview(actor=actor, pathway=pathway, values=form.values, reason=form.reason)
    sent = getattr(effect.event, "to", None)
    context = {
        "title": "Check the effect",
        "form": form,
        "carried": form.carried(),
        "length": form.draft.length,
        "changed": changed,
        "label": kind_words(form.draft.kind).label,
        "happened": in_words(effect.event.day),
        "details": details(
            effect.event,
            effect.after.events,
            usual=usual_on(pathway) | {"provider": actor.organisation_code},
            organisations=organisations_named({sent} if sent else ()),
        ),
        "reason": form.reason,
        "acting_for": dict(form.draft.clinicians or ()).get(str(form.acting_for), ""),
        "effect": shown(effect, timezone.localdate()),
    }
    return _page(request, "effect", pathway, _about(form.draft, pathway) | context)


def _about(draft: Draft, pathway: Pathway) -> dict[str, Any]:
    wrong, usual = draft.wrong, usual_on(pathway) | {"provider": draft.organisation_code}
    return {
        "kind": draft.kind,
        "words": kind_words(draft.kind),
        "is_withdrawal": draft.kind == WITHDRAWN,
        "wrong": wrong and entry_in_words(wrong),
        "wrong_number": wrong and int(wrong.id.removeprefix("e")),
        "wrong_details": details(wrong, draft.events, usual=usual) if wrong else (),
    }


def _title(draft: Draft) -> str:
    if draft.kind == WITHDRAWN:
        return "Withdraw an entry"
    return "Correct an entry" if draft.wrong else kind_words(draft.kind).label


def _page(
    request: HttpRequest, name: str, pathway: Pathway, context: dict[str, Any]
) -> HttpResponse:
    head = {"pathway": pathway, "who": head_of(pathway, timezone.localdate())}
    return render(request, f"pathways/{name}.jinja", {"section": "pathways", **head, **context})
