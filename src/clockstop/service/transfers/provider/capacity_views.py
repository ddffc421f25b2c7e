"""Our capacity for others' patients: posted, changed, withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers import fields
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import Capacity
from clockstop.service.transfers.provider import asking, capacity_rows, lists
from clockstop.service.transfers.provider.acts import MINUTES
from clockstop.service.transfers.provider.request_views import LOCKED, WRONG
from clockstop.service.transfers.provider.views import PAGE, page
from clockstop.service.ui.sent import read_version

_BUSY = "Somebody else is at this capacity"
_FIELDS = (*fields.CAPACITY, MINUTES)
_FIRST = {"kind": "treatment", "price_basis": "nhs_payment_scheme"}


@signed_in(*PROVIDING)
@require_safe
def capacity(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What we have posted, with what is taken of it."""
    pages = Paginator(lists.own_capacity(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Our capacity",
        "here": "capacity",
        "posted": capacity_rows.posted(pages.object_list),
        "pages": pages,
        "saved": request.GET.get("saved", ""),
    }
    return page(request, "capacity", context)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Post capacity."""
    if request.method != "POST":
        return _form(request, None, _FIRST, {})
    given = asking.answered(_FIELDS, request.POST.dict())
    try:
        aid.post(actor=actor, posting=posting_of(given), minutes=minutes_in(given))
    except StepRefusedError as refused:
        return _form(request, None, given, asking.at_fields(refused, _FIELDS))
    return HttpResponseRedirect(f"{reverse('aid_capacity')}?saved=posted")


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, actor: Actor, capacity_id: UUID) -> HttpResponse:
    """Change what is posted."""
    held = _own(actor, capacity_id)
    if request.method != "POST":
        return _form(request, held, fields.written(fields.CAPACITY, held), {})
    given = asking.answered(_FIELDS, request.POST.dict())
    try:
        posting = posting_of(given)
        aid.amend(
            actor=actor,
            capacity_id=held.pk,
            posting=posting,
            version=read_version(request),
            minutes=minutes_in(given),
        )
    except StepRefusedError as refused:
        return _form(request, held, given, asking.at_fields(refused, _FIELDS))
    except StaleError:
        words = {"act": "Somebody else has changed it since: look again, then save"}
        held.refresh_from_db()
        return _form(request, held, fields.written(fields.CAPACITY, held), words, 409)
    except BusyError:
        return page(request, "busy", {"title": _BUSY}, LOCKED)
    return HttpResponseRedirect(f"{reverse('aid_capacity')}?saved=changed")


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, actor: Actor, capacity_id: UUID) -> HttpResponse:
    """Give no more of it. What is held is taken back, what is taken stays."""
    held = _own(actor, capacity_id)
    asks = (*fields.WITHDRAWAL, MINUTES)
    given = asking.answered(asks, request.POST.dict())
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            aid.withdraw_at_once(
                actor=actor,
                capacity_id=held.pk,
                reason=given["reason"],
                comment=given["comment"],
                minutes=minutes_in(given),
            )
        except StepRefusedError as refused:
            errors = asking.at_fields(refused, asks)
        except BusyError:
            return page(request, "busy", {"title": _BUSY}, LOCKED)
        else:
            return HttpResponseRedirect(f"{reverse('aid_capacity')}?saved=withdrawn")
    context = {
        "title": "Withdraw capacity",
        "capacity": capacity_rows.posted([held])[0],
        "questions": asking.questions(asks, given, errors),
        "errors": errors,
    }
    return page(request, "capacity_withdraw", context, WRONG if errors else 200)


def posting_of(given: dict[str, str]) -> aid.Posting:
    """Capacity from what was typed, or from a file. Raises StepRefusedError with all problems."""
    values, wrong = fields.read(fields.CAPACITY, given)
    if wrong:
        raise StepRefusedError(wrong)
    told: dict[str, Any] = values
    return aid.Posting(**told)


def _own(actor: Actor, capacity_id: UUID) -> Capacity:
    found: Capacity | None = lists.own_capacity(actor).filter(pk=capacity_id).first()
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest,
    held: Capacity | None,
    given: dict[str, str],
    errors: dict[str, str],
    status: int = 0,
) -> HttpResponse:
    context = {
        "title": "Change capacity" if held else "Post capacity",
        "capacity": held,
        "version": held.version if held else 0,
        "questions": asking.questions(_FIELDS, given, errors),
        "errors": errors,
    }
    return page(request, "capacity_form", context, status or (WRONG if errors else 200))
