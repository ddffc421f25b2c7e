"""Pages of transfers for both sides: the lists, one transfer, its form, its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.codes.iptamds import elements
from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.presenters.who import person
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers.actions import moving
from clockstop.service.transfers.actions.moving.data_set import Form, form_of, read
from clockstop.service.transfers.actions.moving.starting import taken_offer, transfer_of
from clockstop.service.transfers.handover import questions, worklists
from clockstop.service.transfers.handover.access import open_handover
from clockstop.service.transfers.handover.access import transfer_of as transfer_seen
from clockstop.service.transfers.handover.acts import ACTS, version_of
from clockstop.service.transfers.handover.page import page_of, side_of
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.models.aid import Reporter
from clockstop.service.transfers.states import Aid

PAGE = 50
SECTION = "transfers"
WRONG, CONFLICT, LOCKED = 400, 409, 423


@signed_in(*PROVIDING)
@require_safe
def transfers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What there is to do, counted."""
    counts = {each.slug: worklists.found(each, actor).count() for each in _lists()}
    context = {"title": "Transfers", "worklists": _lists(), "counts": counts}
    return page(request, "transfers", context)


@signed_in(*PROVIDING)
@require_safe
def worklist(request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """One list."""
    wanted = worklists.WORKLISTS.get(worklist)
    if wanted is None:
        raise Http404
    pages = Paginator(worklists.found(wanted, actor), PAGE).get_page(request.GET.get("page"))
    rows = worklists.rows(wanted, actor, pages.object_list, timezone.localdate())
    context = {"title": wanted.title, "worklist": wanted, "rows": rows, "pages": pages}
    return page(request, "worklist", context)


@signed_in(*PROVIDING)
@require_safe
def transfer(request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """One transfer."""
    held = opened(actor, aid_id)
    saved = {act.slug: act.label for act in ACTS.values()} | {
        "form": "The data set",
        "document": "The document",
    }
    more = {"title": "Transfer", "saved": saved.get(request.GET.get("saved", ""), "")}
    return page(request, "transfer", page_of(held, actor) | more)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The data set: what the records know, and what staff of the sender add."""
    held = opened(actor, aid_id)
    if side_of(held, actor) != worklists.SENDER or held.state != Aid.ACCEPTED:
        raise Http404
    if request.method != "POST":
        return _form_page(request, held, {})
    try:
        moving.complete_form(
            actor=actor,
            request_id=held.pk,
            given={key: request.POST.get(key, "") for key in elements()},
            agreed={key: request.POST.get(key, "") for key in questions.BESIDE},
            version=version_of(request.POST),
            minutes=minutes_in(request.POST),
        )
    except StepRefusedError as refused:
        return _form_page(request, held, by_field(refused.refusals, "act"), WRONG)
    except (StaleError, BusyError) as error:
        return _others(request, held, error)
    held.refresh_from_db()
    found = by_field(moving.against_start(held), "act")
    errors = {key: found[key] for key in (*questions.BESIDE, *found) if key in found}
    if errors:  # what was given is kept all the same
        return _form_page(request, held, errors, WRONG)
    return HttpResponseRedirect(f"{reverse('transfer', args=(held.pk,))}?saved=form")


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, actor: Actor, aid_id: UUID, act: str) -> HttpResponse:
    """Ask what a step needs, then take it. What stands against it is said at its field."""
    held = opened(actor, aid_id)
    wanted = ACTS.get(act)
    if wanted is None or wanted.side != side_of(held, actor):
        raise Http404
    errors: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            wanted.call(actor, held, request.POST)
        except StepRefusedError as refused:
            errors = by_field(refused.refusals, "act")
        except (StaleError, BusyError) as error:
            return _others(request, held, error)
        else:
            return HttpResponseRedirect(f"{reverse('transfer', args=(held.pk,))}?saved={act}")
    context = {
        "title": wanted.label,
        "act": wanted,
        "request_for_help": held,
        "who": person(held.patient, timezone.localdate()),
        "questions": questions.of_act(wanted, actor, request.POST, errors),
        "errors": questions.at_boxes(wanted, errors),
        "return_to": _return_to(held, actor) if act == "return" else "",
    }
    return page(request, "act", context, WRONG if errors else 200)


def _return_to(held: AidRequest, actor: Actor) -> str:
    transfer = transfer_seen(actor, held)
    return transfer.return_to if transfer else ""


def opened(actor: Actor, aid_id: UUID) -> AidRequest:
    """The request, opened by the actor. Raises Http404 where they see none such."""
    try:
        return open_handover(actor=actor, request_id=aid_id)
    except AidRequest.DoesNotExist:
        raise Http404 from None


def page(
    request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this part."""
    whole = {"section": SECTION, "errors": {}, **context}
    return render(request, f"transfers/handover/{name}.jinja", whole, status=status)


def _lists() -> list[worklists.Worklist]:
    return list(worklists.WORKLISTS.values())


def _form_page(
    request: HttpRequest, held: AidRequest, errors: Mapping[str, str], status: int = 200
) -> HttpResponse:
    offer = taken_offer(held)
    if offer is None:
        raise Http404
    row = transfer_of(held, offer)
    given = request.POST if request.method == "POST" else read(row.data_set)
    texts = {key: given.get(key, "") for key in elements()}
    found: Form = form_of(held, offer, texts, timezone.localdate())
    agreed = {key: getattr(row, key) for key in questions.BESIDE}
    agreed |= {key: request.POST[key] for key in questions.BESIDE if key in request.POST}
    context = {
        "title": "Data set of the transfer",
        "request_for_help": held,
        "who": person(held.patient, timezone.localdate()),
        "groups": questions.of_form(found, errors),
        "beside": questions.beside(
            agreed,
            errors,
            is_subcontract=not held.is_diagnostic and held.reported_by != Reporter.RECEIVER,
        ),
        "minutes": questions.minutes(),
        "errors": errors,
    }
    return page(request, "form", context, status)


def _others(request: HttpRequest, held: AidRequest, error: Exception) -> HttpResponse:
    """Nothing was written: somebody else was first, or is at it at this moment."""
    context = {"title": "Somebody else changed this", "request_for_help": held}
    status = CONFLICT if isinstance(error, StaleError) else LOCKED
    return page(request, "changed", context, status)
