"""Pages on which patients let carers see their record, and end it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.accounts.actions import (
    AccountRefusedError,
    make_carer_code,
    revoke,
    use_carer_code,
)
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.forms import MONTHS, CarerForm, errors_of
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.models import Delegation
from clockstop.service.accounts.policies import after_months
from clockstop.service.accounts.roles import Role
from clockstop.service.ui import figures
from clockstop.service.ui.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.PATIENT)
def carers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who may see one's record, and a form for one more."""
    form = CarerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            use_carer_code(
                actor=actor,
                code=form.cleaned_data["code"],
                ends=after_months(timezone.localdate(), form.cleaned_data["months"]),
                nhs_number=actor.people[0],
            )
        except AccountRefusedError as refused:
            for each in refused.refusals:
                form.add_error(each.field if each.field in form.fields else None, each.words)
        else:
            return HttpResponseRedirect(reverse("carers"))
    return _page(request, actor, form)


@require_POST
@signed_in(Role.PATIENT)
def end_carer(request: HttpRequest, actor: Actor, delegation_id: UUID) -> HttpResponse:  # noqa: ARG001
    delegation = get_object_or_404(Delegation.objects.of(actor), pk=delegation_id)
    revoke(actor=actor, delegation=delegation)
    return HttpResponseRedirect(reverse("carers"))


@require_POST
@signed_in(Role.PATIENT)
@limited("sign_in")
def carer_code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a new code, this once."""
    context = {"title": "Your code", "section": "carers", "code": make_carer_code(actor=actor)}
    return render(request, "accounts/carer_code.jinja", context)


def _page(request: HttpRequest, actor: Actor, form: CarerForm) -> HttpResponse:
    held = Delegation.objects.of(actor).on(timezone.localdate()).select_related("carer")
    context = {
        "title": "Carers",
        "section": "carers",
        "held": held.order_by("carer__name"),
        "day": figures.day,
        "values": form.data,
        "errors": errors_of(form) if form.is_bound else {},
        "months": MONTHS,
    }
    return render(request, "accounts/carers.jinja", context)
