"""Patients who call: staff act for them once they know who it is."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.core.state_tables import StepRefusedError
from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.pathways.callers import ENOUGH, CallerForm, checks_and
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.persons import of_number
from clockstop.service.transfers.actions.asking import asking
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.patient.doors import ON_THE_PHONE, open_by_phone, shut
from clockstop.service.transfers.patient.views import RIGHT

NOT_FOUND = "Nobody on your lists has this reference or NHS number"


class CallForm(CallerForm):
    """Who calls, and how staff know that it is them."""

    offered = checks_and("They read out the code or reference from their message or letter")
    field_order = ("called", "checks")
    called = forms.CharField(
        max_length=20, error_messages={"required": "Enter the reference or the NHS number"}
    )


@signed_in(*ON_THE_PHONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find the request of whoever calls, or begin one by the right of 18 weeks."""
    form = CallForm(request.POST if request.method == "POST" else None)
    errors = {name: str(messages[0]) for name, messages in form.errors.items()}
    if form.is_bound and not errors:
        try:
            found = _found(actor, form.cleaned_data["called"])
        except StepRefusedError as refused:
            errors = {"called": f"They cannot ask: {refused}"}
        else:
            if found is not None:
                about = ("patient request", found.pk)
                form.note_checks(actor, icb_code=found.icb_code, subject=about)
                open_by_phone(request, found)
                return HttpResponseRedirect(reverse("phoned_sooner_tracker"))
            errors = {"called": NOT_FOUND}
    context = {
        "title": "A patient calls about being treated sooner",
        "section": "asked_queue",
        "checks": form.offered,
        "enough": ENOUGH,
        "ticked": request.POST.getlist("checks"),
        "values": request.POST,
        "errors": errors,
    }
    status = 400 if errors else 200
    return render(request, "transfers/reviewing/by_phone.jinja", context, status=status)


@signed_in(*ON_THE_PHONE)
@require_POST
def end_call(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """The call is over."""
    shut(request)
    return HttpResponseRedirect(reverse("sooner_by_phone"))


def _found(actor: Actor, called: str) -> PatientRequest | None:
    """The request of a reference; or the live one of a number, the longest wait first."""
    held = PatientRequest.objects.visible_to(actor).filter(patient__died_on=None)
    typed = "".join(called.upper().split())
    found: PatientRequest | None = held.filter(reference=typed).first()
    if found is not None or not typed.isdecimal():
        return found
    try:
        number = NhsNumber(typed)
    except ValueError:
        return None
    pathways = Pathway.objects.visible_to(actor).filter(of_number(number), patient__died_on=None)
    listed = pathways.exclude(list_entry=None).order_by("list_entry__clock_start", "pk")
    asked: list[PatientRequest] = list(held.filter(pathway__in=listed).order_by("clock_start"))
    live = next((each for each in asked if each.is_live), None)
    if live is not None:
        return live
    pathway = listed.first()
    if pathway is None:
        return None
    return asking.begin(actor=actor, pathway_id=pathway.pk, profile=RIGHT)
