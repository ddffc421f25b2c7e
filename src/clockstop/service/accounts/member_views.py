"""Pages on which an administrator gives and ends the roles of their organisation."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.service.accounts.actions import AccountRefusedError, end, grant
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.forms import GrantForm, anchor, errors_of
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.policies import Grant
from clockstop.service.accounts.roles import Role
from clockstop.service.ui import figures
from clockstop.service.ui.day_field import typed

DEMO_ISSUER = "demo"  # of people given a role where no sign-in service is set


@signed_in(Role.ADMINISTRATOR)
def members(request: HttpRequest, actor: Actor) -> HttpResponse:
    held = Membership.objects.of(actor).select_related("person").order_by("person__name", "starts")
    today = timezone.localdate()
    context = {
        "title": "People and roles",
        "section": "members",
        "current": [each for each in held if each.ends is None or each.ends > today],
        "past": [each for each in held if each.ends is not None and each.ends <= today],
        "day": figures.day,
    }
    return render(request, "accounts/members.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.ADMINISTRATOR)
def give_role(request: HttpRequest, actor: Actor) -> HttpResponse:
    if request.method != "POST":
        day, month, year = typed(timezone.localdate())
        today = {"starts-day": day, "starts-month": month, "starts-year": year}
        return _form(request, GrantForm(), today, {})
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            grant(actor=actor, wanted=_wanted(actor, form.cleaned_data))
        except AccountRefusedError as refused:
            for each in refused.refusals:
                form.add_error(each.field if each.field in form.fields else None, each.words)
        else:
            return HttpResponseRedirect(reverse("members"))
    return _form(request, form, request.POST.dict(), errors_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.ADMINISTRATOR)
def end_role(request: HttpRequest, actor: Actor, membership_id: UUID) -> HttpResponse:
    """Ask once more, then end it. A membership elsewhere is not there for this actor."""
    membership = get_object_or_404(Membership.objects.of(actor), pk=membership_id)
    errors = {}
    if request.method == "POST":
        try:
            end(actor=actor, membership=membership)
        except AccountRefusedError as refused:
            errors = {"end": refused.refusals[0].words}
        else:
            return HttpResponseRedirect(reverse("members"))
    context = {
        "title": "End a role",
        "section": "members",
        "membership": membership,
        "is_own": membership.person_id == actor.person and membership.role == Role.ADMINISTRATOR,
        "errors": errors,
        "day": figures.day,
    }
    return render(request, "accounts/end_role.jinja", context)


def _form(
    request: HttpRequest, form: GrantForm, values: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": "Give a role",
        "section": "members",
        "values": values,
        "errors": errors,
        "roles": form.fields["role"].choices,  # type: ignore[attr-defined]
        "starts": anchor(form, "starts"),
        "ends": anchor(form, "ends"),
    }
    return render(request, "accounts/give_role.jinja", context)


def _wanted(actor: Actor, values: dict[str, Any]) -> Grant:
    service = settings.CLOCKSTOP_STAFF_SIGN_IN
    return Grant(
        issuer=service.issuer if service else DEMO_ISSUER,
        subject=values["subject"],
        name=values["name"],
        role=values["role"],
        organisation_code=actor.organisation_code,
        icb_code=actor.icb_code,
        starts=values["starts"],
        ends=values["ends"] + timedelta(days=1) if values["ends"] else None,
    )
