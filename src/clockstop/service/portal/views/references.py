"""The way in without an account: booking reference, access code and date of birth."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.doors import open_by_reference, shut
from clockstop.service.portal.forms import ReferenceForm, errors_of
from clockstop.service.referrals.access_codes import NotOpenedError, opened
from clockstop.service.ui.limits import limited

NOT_OPENED = (
    "We cannot open a referral with these details. Check all three against your letter. After 5 "
    "tries that do not fit we lock a referral for an hour. You can also call the number on your "
    "letter."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_in")
def booking(request: HttpRequest) -> HttpResponse:
    """Open one referral. Whatever does not fit, the answer is the same."""
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    errors = errors_of(form) if form.is_bound else {}
    if form.is_bound and not errors:
        told = form.cleaned_data
        try:
            found = opened(told["ubrn"], told["code"], told["born"])
        except NotOpenedError:
            errors = {"ubrn": NOT_OPENED}
        else:
            if is_too_young(found.patient.birth_date, timezone.localdate()):
                return render(request, "portal/too_young.jinja", {"title": "Please call us"})
            open_by_reference(request, found)
            return HttpResponseRedirect(reverse("opened_referral"))
    context = {"title": "Open your referral", "values": request.POST, "errors": errors}
    return render(request, "portal/booking.jinja", context, status=400 if errors else 200)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """End what a reference had opened, on a computer that others use too."""
    shut(request)
    return HttpResponseRedirect(reverse("booking"))
