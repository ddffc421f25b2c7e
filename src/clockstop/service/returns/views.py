"""Pages of returns: what is due, one version, the pathways behind a figure, its files."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import rules
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.core.types import Month
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.presenters.lists import lines
from clockstop.service.returns import actions, behind, deadlines, providers
from clockstop.service.returns.actions import DecisionRefusedError
from clockstop.service.returns.made import CannotMakeError
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.presenters import due, one, sent
from clockstop.service.returns.presenters.wording import period_words
from clockstop.service.returns.querysets import MAKING, READING
from clockstop.service.returns.states import NotPossibleError

PAGE = 50
_MEANWHILE = "Somebody else has changed this return: see how it stands now"
_WHY = "why-"


@require_safe
@signed_in(*MAKING, *READING)
def returns(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Providers see what is due, an ICB what its providers have sent."""
    if actor.role in MAKING:
        return _due(request, actor)
    return _sent(request, actor)


@require_POST
@signed_in(*MAKING)
def make_return(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a version from the records, then show it."""
    try:
        period = date.fromisoformat(request.POST.get("period", ""))
        submission = UUID(request.POST.get("submission", ""))
    except ValueError as error:
        raise BadRequest from error
    try:
        if request.POST.get("kind") == Kind.WEEKLY:
            held = actions.make_weekly(actor=actor, week_ending=period, submission=submission)
        else:
            month = Month(period.year, period.month)
            held = actions.make_monthly(actor=actor, month=month, submission=submission)
    except CannotMakeError as error:
        return _due(request, actor, error=error.words)
    return HttpResponseRedirect(reverse("return", args=(held.pk,)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*MAKING, *READING)
def one_return(request: HttpRequest, actor: Actor, return_id: UUID) -> HttpResponse:
    """A version, with the forms of those who may sign it off or judge it."""
    held = get_object_or_404(Return.objects.visible_to(actor), pk=return_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _decided(request, actor, held)
        if not errors:
            return HttpResponseRedirect(reverse("return", args=(held.pk,)))
        held.refresh_from_db()
    return render(
        request,
        "returns/return.jinja",
        _context(request, actor, held) | {"errors": errors},
        status=400 if errors else 200,
    )


@require_safe
@signed_in(*MAKING)
def pathways_behind(request: HttpRequest, actor: Actor, return_id: UUID) -> HttpResponse:
    """The pathways that a figure of a monthly return counts."""
    found = Return.objects.visible_to(actor).of(Kind.MONTHLY)
    held = get_object_or_404(found, pk=return_id)
    asked = behind.asked(request.GET)
    if asked is None:
        raise Http404
    keys = behind.pathways(held, asked)
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    wanted = set(page.object_list)
    seen = Pathway.objects.visible_to(actor).filter(identifier__in=[key for _, key in wanted])
    shown = seen.select_related("patient").prefetch_related("events")
    by_name = shown.order_by("patient__family_name", "patient__given_name", "pk")
    ordered = [each for each in by_name if (each.issuer, each.identifier) in wanted]
    named = organisations_named(each.organisation_code for each in ordered)
    context = {
        "title": one.pathways_title(len(keys), asked.words),
        "section": "returns",
        "held": held,
        "period": period_words(held.kind, held.period),
        "page": page,
        "lines": lines(ordered, timezone.localdate(), named),
        "address": one.pathways_of(held, **asked.query),
    }
    return render(request, "returns/pathways.jinja", context)


@require_safe
@signed_in(*MAKING, *READING)
def return_file(_request: HttpRequest, actor: Actor, return_id: UUID, name: str) -> HttpResponse:
    """A file of a return, to be saved; rows of patients are for the provider alone."""
    held = get_object_or_404(Return.objects.visible_to(actor), pk=return_id)
    may_read = actor.role in MAKING or held.kind == Kind.MONTHLY
    found = held.files.filter(name=name).first()
    if found is None or not may_read or name.endswith(".parquet"):
        raise Http404
    kind = "application/zip" if name.endswith(".zip") else "text/csv; charset=utf-8"
    saved_as = f"{held.organisation_code}-{held.period.isoformat()}-v{held.version}-{name}"
    response = HttpResponse(found.content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    return response


def _due(request: HttpRequest, actor: Actor, error: str = "") -> HttpResponse:
    today = timezone.localdate()
    first = min(m.census for m in deadlines.months_due(today))
    held = list(Return.objects.visible_to(actor).since(first).defer("figures"))
    names = people_named(each.made_by for each in held)
    context = {
        "title": "Returns",
        "section": "returns",
        "monthly": due.due(Kind.MONTHLY, held, today, names),
        "weekly": due.due(Kind.WEEKLY, held, today, names),
        "errors": {"make": error} if error else {},
    }
    return render(request, "returns/due.jinja", context, status=400 if error else 200)


def _sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    today = timezone.localdate()
    months = [month.census for month in deadlines.months_due(today)]
    chosen = next((m for m in months if m.isoformat() == request.GET.get("month")), months[0])
    weeks = list(deadlines.weeks_due(today))
    held = Return.objects.visible_to(actor)
    named = providers.expected(actor)
    context = {
        "title": "Returns of providers",
        "section": "returns",
        "months": [(m.isoformat(), period_words(Kind.MONTHLY, m)) for m in months],
        "chosen": chosen.isoformat(),
        "table": sent.month_table(
            chosen, held.of(Kind.MONTHLY).filter(period=chosen), named, today
        ),
        "log": sent.week_table(weeks, held.of(Kind.WEEKLY).since(weeks[-1]), named, today),
    }
    return render(request, "returns/sent.jinja", context)


def _decided(request: HttpRequest, actor: Actor, held: Return) -> dict[str, str]:
    """Sign off or judge; the errors by field where that cannot be."""
    step = request.POST.get("step")
    try:
        if step == "sign_off":
            told = {
                name.removeprefix(_WHY): str(words)
                for name, words in request.POST.items()
                if name.startswith(_WHY)
            }
            confirmed = request.POST.get("confirm") == "yes"
            actions.sign_off(actor=actor, held=held, explained=told, confirmed=confirmed)
        elif step == "judge":
            verdict = request.POST.get("verdict", "")
            if verdict not in {"accept", "send_back"}:
                return {"verdict": "Choose whether you accept it"}
            reason = request.POST.get("reason", "")
            actions.judge(actor=actor, held=held, accepts=verdict == "accept", reason=reason)
        else:
            raise BadRequest
    except NotPossibleError:
        return {"stands": _MEANWHILE}
    except DecisionRefusedError as refused:
        return {each.field: each.words for each in refused.refusals}
    except PermissionDenied:
        if rules.has_perm("returns.view", actor, held):
            raise
        raise Http404 from None
    return {}


def _context(request: HttpRequest, actor: Actor, held: Return) -> dict[str, Any]:
    decisions = list(held.decisions.all())
    files = held.files.defer("packed")
    people = people_named({held.made_by, *(each.by for each in decisions)})
    makes = actor.role in MAKING
    return {
        "title": f"{period_words(held.kind, held.period)}: {held.get_kind_display()}",
        "section": "returns",
        "held": held,
        "shown": one.shown(
            held,
            decisions,
            files if makes or held.kind == Kind.MONTHLY else (),
            people,
            drills=makes and files.filter(name=behind.LINES).exists(),
        ),
        "versions": _versions(actor, held),
        "sign_words": one.sign_words(held),
        "may_make": makes,
        "may_sign": held.stands == "checked" and rules.has_perm("returns.sign_off", actor, held),
        "may_judge": held.stands == "signed_off" and rules.has_perm("returns.judge", actor, held),
        "values": request.POST.dict(),
        "submission": uuid4(),
    }


def _versions(actor: Actor, held: Return) -> list[Return]:
    every = Return.objects.visible_to(actor).filter(
        organisation_code=held.organisation_code, kind=held.kind, period=held.period
    )
    return list(every.exclude(pk=held.pk))
