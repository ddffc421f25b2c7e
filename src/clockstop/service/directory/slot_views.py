"""Pages of a service's slots: a week of them, another clinic, withdrawing free ones."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.directory import slot_actions, slots
from clockstop.service.directory.actions import NotPublishableError
from clockstop.service.directory.choices import SlotStatus
from clockstop.service.directory.clinic_form import ClinicForm
from clockstop.service.directory.form_fields import errors_of, refuse
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.directory.querysets import RUNNING_CLINICS
from clockstop.service.directory.views import own
from clockstop.service.ui import figures

_WEEK = timedelta(days=7)
_COLOURS = {
    SlotStatus.FREE: "green",
    SlotStatus.HELD: "yellow",
    SlotStatus.BOOKED: "blue",
    SlotStatus.WITHDRAWN: "grey",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*RUNNING_CLINICS)
def service_slots(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """A week of slots; sending the form adds a clinic."""
    held = own(actor, service_id)
    form = ClinicForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            slot_actions.add_clinic(
                actor=actor,
                service=held,
                session=form.session,
                clinician=form.cleaned_data["clinician"],
            )
        except NotPublishableError as refused:
            refuse(form, tuple(refused.reasons))
        else:
            return HttpResponseRedirect(_address(held, form.session.day))
    return _week(request, held, form)


@require_POST
@signed_in(*RUNNING_CLINICS)
def withdraw_slots(request: HttpRequest, actor: Actor, service_id: int) -> HttpResponse:
    """Withdraw those that were ticked and are still free, then show their week again."""
    held = own(actor, service_id)
    ticked = [int(each) for each in request.POST.getlist("slot") if each.isdecimal()]
    withdrawn = slot_actions.withdraw_slots(actor=actor, service=held, slots=ticked)
    monday = _monday(request.POST.get("week", ""))
    return HttpResponseRedirect(f"{_address(held, monday)}&withdrawn={withdrawn}")


def _address(held: HealthcareService, day: date) -> str:
    return f"{reverse('service_slots', args=(held.pk,))}?week={day.isoformat()}"


def _monday(text: str) -> date:
    """The Monday of the week of a day as text; of this week where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _week(request: HttpRequest, held: HealthcareService, form: ClinicForm) -> HttpResponse:
    monday = _monday(request.GET.get("week", ""))
    found = Slot.objects.filter(
        service=held, starts__gte=_midnight(monday), starts__lt=_midnight(monday + _WEEK)
    )
    shown = list(found.select_related("schedule").order_by("starts", "pk"))
    first = slots.free_of([held.pk]).get(held.pk)
    counts = dict(found.order_by().values_list("status").annotate(Count("pk")))
    context: dict[str, Any] = {
        "title": f"Slots of {held.name}",
        "section": "directory",
        "held": held,
        "form": form,
        "errors": errors_of(form),
        "week": figures.day(monday),
        "monday": monday.isoformat(),
        "days": list(_days(shown)),
        "counts": [(SlotStatus(each).label.lower(), counts[each]) for each in counts],
        "has_free": any(each.status == SlotStatus.FREE for each in shown),
        "before": _address(held, monday - _WEEK),
        "after": _address(held, monday + _WEEK),
        "first_free": figures.day(timezone.localdate(first)) if first else "",
        "first_address": _address(held, timezone.localdate(first)) if first else "",
        "colours": _COLOURS,
        "clinicians": list(held.clinicians.values_list("user_id", "name")),
        "withdrawn": request.GET.get("withdrawn", ""),
    }
    return render(request, "directory/slots.jinja", context, status=400 if form.errors else 200)


def _days(shown: Sequence[Slot]) -> Iterator[tuple[str, list[tuple[Slot, str]]]]:
    """Each day that has slots, and each slot with its time in words."""
    for day, those in groupby(shown, key=lambda each: timezone.localdate(each.starts)):
        words = f"{day:%A} {figures.day(day)}"
        yield words, [(each, f"{timezone.localtime(each.starts):%H:%M}") for each in those]
