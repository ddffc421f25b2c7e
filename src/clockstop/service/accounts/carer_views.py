"""Pages on which patients let carers see their record, change until when, and end it.

The pages are the same where staff do so for a patient who calls: a desk says whose carers they are
about and where they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.service.accounts.actions import (
    AccountRefusedError,
    change_end,
    make_carer_code,
    revoke,
    use_carer_code,
)
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.forms import MONTHS, CarerForm, UntilForm, errors_of
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.models import Delegation
from clockstop.service.accounts.policies import after_months
from clockstop.service.accounts.roles import Role
from clockstop.service.ui import figures

_READS = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose carers the pages are about: the one person among ``actor.people``.

    ``before`` begins the names of the pages' addresses, ``folder`` has their templates and
    ``shown`` what stands on all of them. ``against``: why nobody may be let in, in words.
    """

    actor: Actor
    before: str = ""
    folder: str = "accounts"
    against: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)

    def to(self, page: str, *keys: object) -> str:
        """The address of a page."""
        return reverse(self.before + page, args=keys)

    def page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        """A page of it, with status 400 where something is wrong."""
        common = {"title": title, "section": "carers", "desk": self, "day": figures.day}
        status = 400 if context.get("errors") else 200
        template = f"{self.folder}/{name}.jinja"
        return render(request, template, {**common, **self.shown, **context}, status=status)


Page = Callable[..., HttpResponse]


def own(page: Page) -> Page:
    """The page for a patient who is signed in, of their own carers."""

    @signed_in(Role.PATIENT)
    def view(request: HttpRequest, actor: Actor, /, **keys: UUID) -> HttpResponse:
        return page(request, Desk(actor), **keys)

    return view


@_READS
def carers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who may see the record, and a form for one more."""
    form = CarerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _must_be_shown(desk)
        try:
            use_carer_code(
                actor=desk.actor,
                code=form.cleaned_data["code"],
                ends=_after(form),
                nhs_number=desk.actor.people[0],
            )
        except AccountRefusedError as refused:
            _refuse(form, refused)
        else:
            return HttpResponseRedirect(desk.to("carers"))
    return _carers(request, desk, form)


@_READS
def until(request: HttpRequest, desk: Desk, delegation_id: UUID) -> HttpResponse:
    """Change until when a carer may see the record."""
    found = _held(desk, delegation_id)
    form = UntilForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _must_be_shown(desk)
        try:
            change_end(actor=desk.actor, delegation=found, ends=_after(form))
        except AccountRefusedError as refused:
            _refuse(form, refused)
        else:
            return HttpResponseRedirect(desk.to("carers"))
    errors = errors_of(form) if form.is_bound else {}
    title = f"Until when {found.carer.name} can see the record"
    context = {"found": found, "months": MONTHS, "values": form.data, "errors": errors}
    return desk.page(request, "carer_until", title, **context)


@require_POST
def end(request: HttpRequest, desk: Desk, delegation_id: UUID) -> HttpResponse:  # noqa: ARG001
    """End at once what a carer sees."""
    revoke(actor=desk.actor, delegation=_held(desk, delegation_id))
    return HttpResponseRedirect(desk.to("carers"))


@require_POST
def code(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show a new code, this once."""
    try:
        made = make_carer_code(actor=desk.actor)
    except AccountRefusedError as refused:
        errors = {each.field: each.words for each in refused.refusals}
        return _carers(request, desk, CarerForm(), errors)
    return desk.page(request, "carer_code", "Your code", code=made)


def _held(desk: Desk, delegation_id: UUID) -> Delegation:
    held = Delegation.objects.of(desk.actor).select_related("carer")
    found: Delegation = get_object_or_404(held, pk=delegation_id)
    return found


def _must_be_shown(desk: Desk) -> None:
    """Only the form that is not offered can send this."""
    if desk.against:
        raise PermissionDenied(desk.against)


def _after(form: UntilForm) -> Any:
    return after_months(timezone.localdate(), form.cleaned_data["months"])


def _refuse(form: UntilForm, refused: AccountRefusedError) -> None:
    for each in refused.refusals:
        form.add_error(each.field if each.field in form.fields else None, each.words)


def _carers(
    request: HttpRequest, desk: Desk, form: CarerForm, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    held = Delegation.objects.of(desk.actor).on(timezone.localdate()).select_related("carer")
    context = {
        "held": held.order_by("carer__name"),
        "values": form.data,
        "errors": errors or (errors_of(form) if form.is_bound else {}),
        "months": MONTHS,
    }
    return desk.page(request, "carers", "Carers", **context)
