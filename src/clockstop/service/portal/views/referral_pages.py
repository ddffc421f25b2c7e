"""The pages of one referral for its patient: the same behind every door."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.slots import free_slots
from clockstop.service.portal.actions import steps
from clockstop.service.portal.doors import Door
from clockstop.service.portal.forms import whole_number
from clockstop.service.portal.presenters.referrals import choices, own_referral
from clockstop.service.portal.telling import clock_time
from clockstop.service.referrals.actions import BusyError, StaleError
from clockstop.service.referrals.menu import offered
from clockstop.service.referrals.models import ChoiceEvent, Document, Referral
from clockstop.service.referrals.states import State
from clockstop.service.ui import figures

SHOWN = 40  # times on a page
_READS = require_http_methods(["GET", "HEAD", "POST"])
CHANGED = "Something has changed since you opened this page. Look again and choose once more."


@_READS
def referral(request: HttpRequest, door: Door) -> HttpResponse:
    """Where the referral stands, the places to choose from, and what the patient may do."""
    if request.method == "POST":
        return _said(request, door)
    found = steps.look(door)
    event: ChoiceEvent | None = getattr(found, "choice", None)
    context = {
        "choices": _choices(found),
        "said": event.patient_says if event else None,
        "asks_choice": event is not None and event.in_scope,
        "done": request.GET.get("done", ""),
        "documents": _documents(door),
        "day": figures.day,
    }
    return _page(request, door, found, "referral", "Your referral", context)


def _documents(door: Door) -> Any:
    """Files that staff shared: for patients and carers who are signed in, or who call."""
    if door.actor is None:
        return ()
    shared = Document.objects.visible_to(door.actor).exclude(shared_on=None)
    held = shared.filter(referral=door.referral_id)
    return held.defer("content").order_by("-shared_on", "title")


@_READS
def times(request: HttpRequest, door: Door) -> HttpResponse:
    """The free times of one place: choose one. Where there are none, the place will be in touch."""
    service = whole_number(request.POST.get("service") or request.GET.get("service"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _booked(request, door, service)
        if not errors:
            return HttpResponseRedirect(f"{door.to('referral')}?done=booked")
    found = steps.look(door)
    chosen = next((each for each in _choices(found) if each.service == service), None)
    if chosen is None:
        return HttpResponseRedirect(door.to("referral"))
    held = found.shortlist.select_related("service").get(replaced=False, service=service)
    free = free_slots(held.service, priority=Priority(found.priority))
    context = {
        "chosen": chosen,
        "days": _by_day(free[:SHOWN]),
        "is_change": found.state == State.BOOKED,
        "reasons": _reasons(),
        "typed": request.POST,
        "errors": errors,
    }
    return _page(request, door, found, "times", "Choose a time", context)


@_READS
def cancel(request: HttpRequest, door: Door) -> HttpResponse:
    """Cancel the appointment: why is asked, and what it means is said."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _tried(lambda: steps.cancel(door, _version(request), **_why(request)))
        if not errors:
            return HttpResponseRedirect(f"{door.to('referral')}?done=cancelled")
    found = steps.look(door)
    if found.state != State.BOOKED:
        return HttpResponseRedirect(door.to("referral"))
    context = {"reasons": _reasons(), "typed": request.POST, "errors": errors}
    return _page(request, door, found, "cancel", "Cancel your appointment", context)


def _booked(request: HttpRequest, door: Door, service: int | None) -> dict[str, str]:
    """Book the time that was chosen, or hand the referral on; the errors if that cannot be."""
    version = _version(request)
    if request.POST.get("step") == "hand_on":
        return _tried(lambda: steps.hand_on(door, service or 0, version))
    slot = whole_number(request.POST.get("slot"))
    if slot is None:
        return {"slot": "Choose a time"}
    return _tried(lambda: steps.book(door, slot, version, **_why(request)))


def _said(request: HttpRequest, door: Door) -> HttpResponse:
    answer = request.POST.get("offered")
    if answer in {"yes", "no"}:
        steps.say_offered(door, offered=answer == "yes")
    return HttpResponseRedirect(f"{door.to('referral')}?done=said")


def _tried(step: Any) -> dict[str, str]:
    """The errors of a step, by field; none where it was taken."""
    try:
        step()
    except StepRefusedError as refused:
        return {each.field or "slot": each.words for each in reversed(refused.refusals)}
    except (StaleError, BusyError):
        return {"slot": CHANGED}
    return {}


def _why(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("reason", "comment")}


def _version(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version"))


def _reasons() -> list[tuple[str, str]]:
    return [(code, _WHY.get(code, each.display)) for code, each in steps.reasons().items()]


_WHY = {
    "PATIENT_HOLIDAY": "I am away",
    "PATIENT_ILL": "I am ill",
    "PATIENT_OTHER_ENGAGEMENT": "I have something else that day",
    "PATIENT_APPOINTMENT_CANCELLATION_OTHER": "Another reason",
}


def _choices(found: Referral) -> Any:
    ids = list(found.shortlist.filter(replaced=False).values_list("service", flat=True))
    return choices(found, offered(ids, Priority(found.priority), None))


def _by_day(slots: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Free times under the day that they are on."""
    local = [(each.pk, timezone.localtime(each.starts)) for each in slots]
    return [
        (_day(day), [(pk, clock_time(starts)) for pk, starts in those])
        for day, those in groupby(local, key=lambda each: each[1].date())
    ]


def _day(day: date) -> str:
    return f"{day:%A} {figures.day(day)}"


def _page(
    request: HttpRequest, door: Door, found: Referral, name: str, title: str, more: dict[str, Any]
) -> HttpResponse:
    common = {"title": title, "section": "care", "door": door, "own": own_referral(found)}
    status = 400 if more.get("errors") else 200
    return render(request, f"portal/{name}.jinja", common | more, status=status)
