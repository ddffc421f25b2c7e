"""The ways in without an account, and whether a message is genuine."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.pathways.protections import is_too_young
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.actions.asking.opening import NotOpenedError, genuine
from clockstop.service.transfers.actions.asking.opening import opened as opened_by_code
from clockstop.service.transfers.patient.doors import open_by_code, shut
from clockstop.service.ui import figures
from clockstop.service.ui.day_field import DayField
from clockstop.service.ui.limits import limited

NOT_OPENED = (
    "We cannot open a request with these details. Check both against your message. After 5 tries "
    "that do not fit we lock a code for an hour. You can also call us."
)
NOT_KNOWN = (
    "No message of ours has this code. Check it and try again. If it still does not fit, the "
    "message may not be genuine: do not answer it, and call the hospital."
)


class CodeForm(forms.Form):
    """What opens one request without an account."""

    code = forms.CharField(max_length=20, error_messages={"required": "Enter the code"})
    born = DayField(called="Date of birth")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_in")
def sooner(request: HttpRequest) -> HttpResponse:
    """Open one request by the code of its invitation. Whatever does not fit, the answer is one."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    errors = {name: str(messages[0]) for name, messages in form.errors.items()}
    if form.is_bound and not errors:
        told = form.cleaned_data
        try:
            found = opened_by_code(told["code"], told["born"])
        except NotOpenedError:
            errors = {"code": NOT_OPENED}
        else:
            if is_too_young(found.patient.birth_date, timezone.localdate()):
                context = {"title": "Please call us"}
                return render(request, "transfers/patient/too_young.jinja", context)
            open_by_code(request, found)
            return HttpResponseRedirect(reverse("opened_sooner_tracker"))
    shown = {"title": "Treated sooner", "values": request.POST, "errors": errors}
    status = 400 if errors else 200
    return render(request, "transfers/patient/sooner.jinja", shown, status=status)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """End what a code had opened, on a computer that others use too."""
    shut(request)
    return HttpResponseRedirect(reverse("sooner"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign_in")
def check_message(request: HttpRequest) -> HttpResponse:
    """Whether a message with a code came from a hospital here. Nothing is said of the patient."""
    errors: dict[str, str] = {}
    found = None
    if request.method == "POST":
        code = request.POST.get("code", "").strip()[:20]
        found = genuine(code) if code else None
        if found is None:
            errors = {"code": NOT_KNOWN if code else "Enter the code from the message"}
    context = {
        "title": "Check a message",
        "errors": errors,
        "values": request.POST,
        "found": found,
        "provider": name_of([found.organisation_code])[found.organisation_code] if found else "",
        "day": figures.day,
    }
    status = 400 if errors else 200
    return render(request, "transfers/patient/check_message.jinja", context, status=status)
