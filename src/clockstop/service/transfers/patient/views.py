"""The pages of one request for its patient: the same behind every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.pathways.models import Pathway
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers.actions.asking import asking, deciding, searching
from clockstop.service.transfers.actions.asking.conditions import with_right_among
from clockstop.service.transfers.actions.asking.reasons import WITHDRAWN
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.patient import presenter, steps
from clockstop.service.transfers.patient.doors import Door
from clockstop.service.transfers.patient.steps import Answers
from clockstop.service.transfers.providers import estimate_for, providers_for

CHANGED = "Something has changed since you opened this page. Look again and choose once more."
RIGHT = "LEGAL-18W"  # what a patient uses who asks without having been invited
_READS = require_http_methods(["GET", "HEAD", "POST"])


@signed_in(*sorted(PUBLIC))
@require_POST
def start(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """Begin a request for a wait of one's own, or be told every reason why not."""
    try:
        found = asking.begin(actor=actor, pathway_id=pathway_id, profile=RIGHT)
    except Pathway.DoesNotExist:
        raise Http404 from None
    except StepRefusedError as refused:
        context = {"title": "You cannot ask yet", "section": "care", "why": refused.refusals}
        return render(request, "transfers/patient/not_yet.jinja", context, status=409)
    return HttpResponseRedirect(reverse("own_sooner_tracker", args=(found.pk,)))


@_READS
def tracker(request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse:
    """Where the request stands; before it is made, what to expect here and elsewhere."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _tried(lambda: asking.stay(way=door.way, request_id=asked.pk))
        if not errors:
            return HttpResponseRedirect(door.to("tracker"))
    shown = presenter.tracker(asked)
    context = {
        "estimate": estimate_for(asked) if "ask" in shown.may else None,
        "has_right": shown.is_live and _has_right(asked),
        "steps": presenter.STEPS,
        "weeks": presenter.weeks,
        "miles": presenter.miles,
    }
    return _page(request, door, asked, "tracker", shown.title, context, errors)


def _has_right(asked: PatientRequest) -> bool:
    return bool(with_right_among(timezone.localdate(), [asked.pathway_id]))


@_READS
def ask(request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse:
    """Four steps, a last look, and the request is made."""
    if "ask" not in presenter.tracker(asked).may:
        return HttpResponseRedirect(door.to("tracker"))
    answers, step, errors = Answers(request.POST), steps.CONFIRM, dict[str, str]()
    if request.method == "POST":
        step, errors = _next_step(request, answers)
        if step == "send":
            told = answers.wishes(door.channel, estimate_for(asked).told)
            errors = _tried(lambda: asking.ask(way=door.way, request_id=asked.pk, wishes=told))
            if not errors:
                return HttpResponseRedirect(door.to("tracker"))
            step = steps.CHECK
        if answers.service == "no":
            step = "other"
    context = {
        "step": step,
        "number": steps.STEPS.index(step) + 1 if step in steps.STEPS else 0,
        "answers": answers,
        "far": steps.FAR,
        "needs": asking.NEEDS,
    }
    return _page(request, door, asked, "ask", "Ask to be treated sooner", context, errors)


def _next_step(request: HttpRequest, answers: Answers) -> tuple[str, dict[str, str]]:
    """The step that was wanted, unless an answer before it is missing."""
    said, wanted = request.POST.get("said", ""), request.POST.get("go", "")
    if wanted in steps.STEPS:
        return wanted, {}
    errors = dict(answers.missing(said))
    if errors:
        return said, errors
    after = steps.after(said)
    missing = answers.first_missing()
    is_too_far = steps.STEPS.index(missing) < steps.STEPS.index(after)
    if said == steps.CHECK and missing == steps.CHECK:
        return "send", {}
    return (missing if is_too_far else after), {}


@_READS
def offer(request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse:
    """What is offered: yes; no, and why; or no, and I stay."""
    if "offer" not in presenter.tracker(asked).may:
        return HttpResponseRedirect(door.to("tracker"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _answered(request, door, asked)
        if not errors:
            return HttpResponseRedirect(door.to("tracker"))
    context = {
        "offers": presenter.offer_lines(asked),
        "reasons": presenter.why_not(),
        "is_second": asked.declines > 0,
    }
    return _page(request, door, asked, "offer", "Your offer", context, errors)


def _answered(request: HttpRequest, door: Door, asked: PatientRequest) -> dict[str, str]:
    given, version = request.POST, _version(request)
    answer = given.get("answer", "")
    if answer.startswith("yes-"):
        try:
            chosen = UUID(answer.removeprefix("yes-"))
        except ValueError:
            raise Http404 from None
        return _tried(
            lambda: deciding.accept(
                way=door.way, request_id=asked.pk, offer_id=chosen, version=version
            )
        )
    if answer not in {"no", "stay"}:
        return {"answer": "Choose your answer"}
    return _tried(
        lambda: deciding.decline(
            way=door.way,
            request_id=asked.pk,
            reason=given.get("reason", ""),
            comment=given.get("comment", ""),
            stays=answer == "stay",
            version=version,
        )
    )


@_READS
def choose(request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse:
    """In the right of 18 weeks: all providers that suit, and the one that the patient picks."""
    if "choose" not in presenter.tracker(asked).may:
        return HttpResponseRedirect(door.to("tracker"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        picked = request.POST.get("provider", "")
        errors = _tried(
            lambda: searching.pick(
                way=door.way, request_id=asked.pk, provider=picked, version=_version(request)
            )
        )
        if not errors:
            return HttpResponseRedirect(door.to("tracker"))
    context = {
        "places": providers_for(asked),
        "estimate": estimate_for(asked, 0),
        "weeks": presenter.weeks,
        "miles": presenter.miles,
    }
    return _page(request, door, asked, "choose", "Choose where to go", context, errors)


@_READS
def withdraw(request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse:
    """Take the request back; the place on the list stays."""
    if "withdraw" not in presenter.tracker(asked).may:
        return HttpResponseRedirect(door.to("tracker"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _tried(
            lambda: asking.withdraw(
                way=door.way,
                request_id=asked.pk,
                reason=request.POST.get("reason", ""),
                comment=request.POST.get("comment", ""),
                version=_version(request),
            )
        )
        if not errors:
            return HttpResponseRedirect(door.to("tracker"))
    context = {"reasons": list(WITHDRAWN.items())}
    return _page(request, door, asked, "withdraw", "Take your request back", context, errors)


def _tried(step: Callable[[], object]) -> dict[str, str]:
    """Take a step; what stands against it, by field."""
    try:
        step()
    except StepRefusedError as refused:
        return by_field(refused.refusals, "answer")
    except (StaleError, BusyError):
        return {"answer": CHANGED}
    return {}


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None  # noqa: PLR2004


def _page(
    request: HttpRequest,
    door: Door,
    asked: PatientRequest,
    name: str,
    title: str,
    context: dict[str, Any],
    errors: dict[str, str],
) -> HttpResponse:
    asked.refresh_from_db()
    common = {
        "title": title,
        "section": "sooner_by_phone" if door.is_phone else "care",
        "door": door,
        "own": presenter.tracker(asked),
        "errors": errors,
        "typed": request.POST,
    }
    template = f"transfers/patient/{name}.jinja"
    return render(request, template, common | context, status=400 if errors else 200)
