"""What the last run proposed: taken or left one by one, with every reason; run again on demand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.analytics.allocation import Against
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.presenters.wording import sentence, weeks_and_days
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.registry.names import name_of
from clockstop.service.transfers import fields
from clockstop.service.transfers.actions import matching
from clockstop.service.transfers.actions.aid.offering import judged_by_hub
from clockstop.service.transfers.facts import renew
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.hub.acts import DAY, MINUTES, OVERRIDE, TEAM
from clockstop.service.transfers.hub.request_views import CHANGED, CONFLICT, WRONG
from clockstop.service.transfers.hub.views import PAGE, last_run, page
from clockstop.service.transfers.matching.telling import WORDS, said
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import Match
from clockstop.service.transfers.paging import KeyPaginator
from clockstop.service.transfers.policies import LEAVINGS
from clockstop.service.transfers.provider import asking
from clockstop.service.transfers.provider.rows import tags_of, what_of
from clockstop.service.ui.figures import day as in_words

_DAY = replace(DAY, hint="Only if the place is offered")
_THEN = Field(
    "then",
    "What to do with it",
    "choice",
    lambda: (("take", "Offer the place"), ("leave", "Leave it")),
    needed=True,
)
_WHY = Field(
    "reason",
    "Why it is left",
    "choice",
    lambda: tuple(LEAVINGS.items()),
    "Only if it is left",
)
_COMMENT = Field("comment", "Comment", "area", hint="Another reason needs one.")
_ASKS = (_THEN, _DAY, TEAM, OVERRIDE, _WHY, _COMMENT, MINUTES)
_SAVED = {
    "take": "The place is held and offered. Next, send it to the patient.",
    "leave": "The place is left. This provider is not proposed for the patient again.",
}


@signed_in(Role.ICB_HUB)
@require_safe
def matches(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The last run: what it proposed, and for whom it found nothing and why."""
    found, which = last_run(actor), request.GET.get("show", "proposed")
    which = which if which in {"proposed", "not"} else "proposed"
    binding = request.GET.get("because", "")
    rows = Match.objects.visible_to(actor).filter(run=found["run"] if found else None)
    rows = rows.filter(binding="") if which == "proposed" else rows.exclude(binding="")
    rows = rows.filter(binding=binding) if binding and which == "not" else rows
    rows = rows.select_related("request__patient", "capacity")
    shown = KeyPaginator(rows.order_by("pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Proposed places",
        "here": "matches",
        "show": which,
        "because": binding,
        "run": found,
        "reasons": _reasons(found),
        "rows": _lines(shown.object_list),
        "pages": shown,
        "saved": _SAVED.get(request.GET.get("saved", ""), ""),
    }
    return page(request, "matches", context)


@signed_in(Role.ICB_HUB)
@require_POST
def run_again(_: HttpRequest, actor: Actor) -> HttpResponse:
    """Match the ICB's open requests now."""
    matching.run_for(actor)
    return HttpResponseRedirect(reverse("hub_matches"))


@signed_in(Role.ICB_HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, actor: Actor, match_id: int) -> HttpResponse:
    """Take one, which holds the place, or leave it and say why."""
    visible = Match.objects.visible_to(actor).filter(icb_code=actor.icb_code, binding="")
    held = visible.select_related("request__patient", "capacity").filter(pk=match_id).first()
    if held is None:
        raise Http404
    given = asking.answered(_ASKS, request.POST.dict())
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            _decide(actor, held, given)
        except StepRefusedError as refused:
            errors, status = asking.at_fields(refused, _ASKS), WRONG
        except (StaleError, BusyError):
            errors, status = {"act": CHANGED}, CONFLICT
        else:
            return HttpResponseRedirect(f"{reverse('hub_matches')}?saved={given['then']}")
    context = {
        "title": "Take or leave this place",
        "row": _lines([held])[0],
        "is_decided": bool(held.decision),
        **_against_now(held),
        "questions": asking.questions(_ASKS, given, errors),
        "errors": errors,
    }
    return page(request, "decide", context, status)


def _decide(actor: Actor, held: Match, given: dict[str, str]) -> None:
    if given["then"] not in dict(_THEN.choices):
        words = "Choose whether to offer the place or leave it"
        raise StepRefusedError([Refusal("VALUE_IS_REQUIRED", words, "then")])
    values, wrong = fields.read((_DAY,) if given["then"] == "take" else (), given)
    if wrong:
        raise StepRefusedError(wrong)
    if given["then"] == "leave":
        matching.leave(
            actor=actor, match_id=held.pk, reason=given["reason"], comment=given["comment"]
        )
        return
    day: Any = values["day"]
    matching.take(
        actor=actor,
        match_id=held.pk,
        day=day,
        team=given["team"],
        override=given["override"],
        minutes=minutes_in(given),
    )


def _against_now(held: Match) -> dict[str, tuple[str, ...]]:
    """What stands against a place that was proposed, as all is today: bars, and warnings."""
    if held.decision or held.capacity is None:
        return {}
    renew(held.request, timezone.localdate())
    found, noes = judged_by_hub(held.request, held.capacity)
    return {"bars": said(found.hard, noes), "warnings": said(found.warnings, noes)}


def _lines(rows: Iterable[Match]) -> list[dict[str, Any]]:
    held, today = list(rows), timezone.localdate()
    codes = {each.request.organisation_code for each in held}
    codes |= {each.capacity.organisation_code for each in held if each.capacity}
    names = name_of(codes)
    return [_line(each, names, today) for each in held]


def _line(match: Match, names: Any, today: Any) -> dict[str, Any]:
    why, request, capacity = json.loads(match.why), match.request, match.capacity
    near = match.miles is not None and shows_address(request.patient)
    return {
        "pk": match.pk,
        "aid": str(request.pk),
        "reference": request.reference,
        "what": what_of(request),
        "tags": tags_of(request),
        "wait": weeks_and_days((today - request.waiting_since).days),
        "sender": names[request.organisation_code],
        "provider": names[capacity.organisation_code] if capacity else "",
        "team": capacity.team if capacity else "",
        "first": in_words(max(capacity.first_date, today)) if capacity else "",
        "miles": f"{match.miles:.0f} miles" if near else "",
        "gained": f"{match.weeks_gained:.0f} weeks" if match.weeks_gained is not None else "",
        "for": why["for"],
        "against": why["against"],
        "fitting": why["fitting"],
        "decision": {"taken": "Offered", "left": "Left"}.get(match.decision, ""),
        "because": ": ".join(filter(None, (LEAVINGS.get(match.reason), match.comment))),
    }


def _reasons(found: dict[str, Any] | None) -> list[tuple[str, str, int]]:
    """The binding reasons of a run with how many each, the most first."""
    counted = sorted((found or {"binding": {}})["binding"].items(), key=lambda pair: -pair[1])
    return [(code, BINDING.get(code, sentence(code.replace("_", " "))), n) for code, n in counted]


# Binding reasons in few words, as they head the list of those for whom nothing was found.
BINDING = {
    **WORDS,
    Against.REVIEW_OVERDUE.value: "The review of the clinical priority is overdue",
    Against.OWN_OVERDUE.value: "The receiver's own patients are overdue by clinical priority",
    Against.OWN_WAITS.value: "The receiver's own patients wait too long",
    Against.WISHES.value: "Asked before, or another provider is wanted",
    Against.DATES.value: "The patient said that the dates do not suit",
    Against.DISTANCE.value: "Too far",
    Against.NO_TIME_GAINED.value: "Not sooner",
    Against.BMI.value: "BMI is over the ceiling",
    Against.ASA.value: "ASA grade is over the ceiling",
    Against.SAME_PROVIDER.value: "Only the hospital itself has places",
    Against.NEEDS.value: "Needs are not met",
}
