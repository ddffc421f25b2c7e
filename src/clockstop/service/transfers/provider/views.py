"""The lists of mutual aid: what we ask for, what others ask, what we offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.transfers import fields
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.provider import lists, rows
from clockstop.service.transfers.states import Aid

PAGE = 25
_MOST_OWN = 40  # capacity that each request of a page is held against


@signed_in(*PROVIDING)
@require_safe
def help_wanted(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Requests for our own patients, by what is to be done next."""
    which = request.GET.get("show", "open")
    which = which if which in lists.FILTERS else "open"
    today = timezone.localdate()
    found = lists.sent(actor, which).select_related("patient")
    pages = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Ask for help",
        "here": "help",
        "show": which,
        "filters": _counted(actor),
        "rows": rows.own_rows(pages.object_list, today),
        "pages": pages,
        "unread": lists.sent(actor, "results").count(),
    }
    return page(request, "help", context)


@signed_in(*PROVIDING)
@require_safe
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open requests of others under their reference: why each fits our capacity, or does not."""
    today = timezone.localdate()
    function = request.GET.get("specialty", "")
    only_tests = request.GET.get("tests") == "yes"
    found = lists.on_board(actor, function, diagnostic=only_tests)
    cancer = list(found.filter(is_cancer=True)[:PAGE])
    others = Paginator(found.filter(is_cancer=False), PAGE).get_page(request.GET.get("page"))
    mine = list(lists.own_capacity(actor).with_places()[:_MOST_OWN])
    context = {
        "title": "Mutual aid board",
        "here": "board",
        "cancer": rows.board_rows(cancer, mine, today),
        "rows": rows.board_rows(others.object_list, mine, today),
        "pages": others,
        "total": others.paginator.count,
        "functions": fields.functions(),
        "specialty": function if function in dict(fields.functions()) else "",
        "only_tests": only_tests,
        "posted": len(mine),
    }
    return page(request, "board", context)


@signed_in(*PROVIDING)
@require_safe
def offers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What we offered and who accepted; who is to be checked, stands first."""
    today = timezone.localdate()
    pages = Paginator(lists.own_offers(actor), PAGE).get_page(request.GET.get("page"))
    held = list(pages.object_list)
    shown = rows.offers_shown(held, actor.organisation_code, near=False)
    coming = lists.coming(actor).select_related("patient")
    context = {
        "title": "Our offers",
        "here": "offers",
        "coming": rows.coming_rows(coming, today),
        "offers": [
            (each, offer.request.reference, rows.what_of(offer.request), offer.request_id)
            for each, offer in zip(shown, held, strict=True)
        ],
        "pages": pages,
    }
    return page(request, "offers", context)


def _counted(actor: Actor) -> list[tuple[str, str, int]]:
    """Each filter with how many requests it finds, by one question."""
    own = AidRequest.objects.visible_to(actor).sent_by(actor.organisation_code)
    held = dict(own.order_by().values_list("state").annotate(number=Count("pk")))
    return [
        (slug, words, sum(held.get(Aid(each).value, 0) for each in states))
        for slug, (words, states) in lists.FILTERS.items()
    ]


def page(
    request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this part."""
    whole = {"section": "mutual_aid", "errors": {}, **context}
    return render(request, f"transfers/provider/{name}.jinja", whole, status=status)
