"""Every function by phone: staff act for a patient once they know who is calling."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.audit.recording import record
from clockstop.service.portal.doors import ON_THE_PHONE, open_by_phone, shut
from clockstop.service.portal.forms import CHECKS, ENOUGH, CallForm, errors_of
from clockstop.service.referrals.models import Referral

NOT_FOUND = "No referral that you can see has this reference"


@signed_in(*ON_THE_PHONE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whose referral, and how you know who is calling."""
    form = CallForm(request.POST if request.method == "POST" else None)
    errors = errors_of(form) if form.is_bound else {}
    if form.is_bound and not errors:
        held = Referral.objects.visible_to(actor).filter(patient__died_on=None)
        found = held.filter(ubrn=form.digits).first()
        if found is None:
            errors = {"ubrn": NOT_FOUND}
        else:
            _note(actor, found, form)
            open_by_phone(request, found)
            return HttpResponseRedirect(reverse("phoned_referral"))
    context = {
        "title": "Act for a patient on the phone",
        "section": "by_phone",
        "checks": CHECKS,
        "enough": ENOUGH,
        "ticked": request.POST.getlist("checks"),
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "portal/by_phone.jinja", context, status=400 if errors else 200)


@signed_in(*ON_THE_PHONE)
@require_POST
def end_call(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """The call is over."""
    shut(request)
    return HttpResponseRedirect(reverse("by_phone"))


@transaction.atomic
def _note(actor: Actor, referral: Referral, form: CallForm) -> None:
    """Which checks were made, never what was answered."""
    record(
        "checked who was calling",
        actor.for_audit,
        icb_code=referral.icb_code,
        subject=("referral", referral.pk),
        detail=dict.fromkeys(form.cleaned_data["checks"], True),
    )
