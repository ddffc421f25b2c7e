"""The queue of patients' requests, and one of them: reviewed by a clinician, with the reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.pathways.names import clinicians_of, people_named
from clockstop.service.pathways.presenters.who import person
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.asking import closing, reviewing
from clockstop.service.transfers.actions.asking.asking import CHANNELS, NEEDS
from clockstop.service.transfers.actions.asking.inviting import invite
from clockstop.service.transfers.actions.asking.reasons import UNSUITABLE
from clockstop.service.transfers.actions.asking.shared import profile_for, way_of
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.paging import KeyPaginator
from clockstop.service.transfers.reviewing.access import open_asked
from clockstop.service.transfers.reviewing.rows import LISTS, listed, numbers, rows
from clockstop.service.transfers.states import Asked
from clockstop.service.ui import figures

PAGE = 25
_WHO = {"visitor": "the patient, with their code", "system": "the system"}
CHANGED = "Somebody else has changed this since you read it: look again"


@signed_in(*PROVIDING)
@require_safe
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Patients' requests by what is to be done next, what is overdue first."""
    which = request.GET.get("show", "review")
    which = which if which in LISTS else "review"
    found, counted = KeyPaginator(listed(actor, which), PAGE), numbers(actor)
    found.count = counted[which]
    pages = found.get_page(request.GET.get("page"))
    context = {
        "title": "Patients who ask to move",
        "show": which,
        "lists": [(word, LISTS[word][0], counted[word]) for word in LISTS],
        "rows": rows(pages.object_list, timezone.localdate()),
        "pages": pages,
    }
    return _page(request, "queue", context)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, actor: Actor, asked_id: UUID) -> HttpResponse:
    """One request: what the patient wants, what was done, and the review."""
    try:
        held = open_asked(actor=actor, request_id=asked_id)
    except PatientRequest.DoesNotExist:
        raise Http404 from None
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _tried(request, actor, held)
        if not errors:
            at = reverse("asked", args=(held.pk,))
            return HttpResponseRedirect(f"{at}?saved=yes")
        held.refresh_from_db()
    context = _about(request, actor, held) | {"errors": errors}
    return _page(request, "asked", context, 400 if errors else 200)


def _tried(request: HttpRequest, actor: Actor, held: PatientRequest) -> dict[str, str]:
    given = request.POST
    minutes, clinician = given.get("minutes", ""), given.get("acting_for", "")
    if minutes and not (minutes.isdecimal() and int(minutes) < 1_000):  # noqa: PLR2004
        return {"minutes": "Enter minutes as a number, like 10"}
    way = way_of(actor, acting_for=_key(clinician), minutes=int(minutes) if minutes else None)
    version = given.get("version", "")
    common: dict[str, Any] = {
        "way": way,
        "request_id": held.pk,
        "version": int(version) if version.isdecimal() else None,
    }
    step = _STEPS.get(given.get("act", ""))
    if step is None:
        return {"act": "Choose what you found"}
    try:
        step(common, given)
    except StepRefusedError as refused:
        return by_field(refused.refusals, "act")
    except (StaleError, BusyError):
        return {"act": CHANGED}
    return {}


def _suitable(common: dict[str, Any], given: Any) -> PatientRequest:
    is_signed = given.get("social") == "yes"
    return reviewing.find_suitable(**common, social=is_signed, comment=given.get("comment", ""))


def _unsuitable(common: dict[str, Any], given: Any) -> PatientRequest:
    reason, comment = given.get("reason", ""), given.get("comment", "")
    return reviewing.find_unsuitable(**common, reason=reason, comment=comment)


_STEPS: dict[str, Callable[[dict[str, Any], Any], PatientRequest]] = {
    "suitable": _suitable,
    "unsuitable": _unsuitable,
    "invite": lambda common, _: invite(**common),
    "dated": lambda common, _: closing.close_dated(**common),
    "treated": lambda common, _: closing.close_treated(**common),
}


def _about(request: HttpRequest, actor: Actor, held: PatientRequest) -> dict[str, Any]:
    today = timezone.localdate()
    steps = list(held.steps.all())
    names = people_named({each.by for each in steps})
    found = states.patient_requests().actions_from(held.state, ["provider"])
    return {
        "title": "A patient who asks to move" if held.asked_at else "A patient who may ask to move",
        "held": held,
        "row": rows([held], today)[0],
        "who": person(held.patient, today, is_suspected_cancer=held.pathway.is_suspected_cancer),
        "specialty": specialty(held.treatment_function),
        "profile": profile_for(held),
        "channel": CHANNELS.get(held.channel, ""),
        "needs": [NEEDS[each] for each in held.needs if each in NEEDS],
        "steps": [_step(each, names) for each in steps],
        "may": {each.action for each in found},
        "is_clinician": actor.role is Role.PROVIDER_CLINICIAN,
        "clinicians": clinicians_of(actor.organisation_code),
        "reasons": [(code, words) for code, (words, _) in UNSUITABLE.items()],
        "saved": request.method != "POST" and request.GET.get("saved") == "yes",
        "typed": request.POST,
    }


def _step(step: Any, names: Any) -> dict[str, str]:
    row = states.patient_requests().rows[step.action]
    return {
        "label": row.label,
        "day": figures.day(timezone.localdate(step.at)),
        "by": names.get(step.by, "") or _WHO.get(step.role) or step.role.replace("_", " "),
        "to": Asked(step.after).label,
        "minutes": f"{step.minutes} minutes" if step.minutes else "",
        "comment": step.comment,
    }


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    common = {"section": "asked_queue"}
    return render(request, f"transfers/reviewing/{name}.jinja", common | context, status=status)
