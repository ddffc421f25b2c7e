"""Pages of the tracking list: the list itself, worklists, cuts, files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.pathways.names import people_named
from clockstop.service.registry.context import organisation_name
from clockstop.service.tracking import actions, exports
from clockstop.service.tracking.counted import counted
from clockstop.service.tracking.cuts import cuts
from clockstop.service.tracking.forms import filter_form, is_from_the_form
from clockstop.service.tracking.intervals import intervals_on
from clockstop.service.tracking.list_page import address_of, link_to, list_page, unread_page
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.ordering import streamed
from clockstop.service.tracking.presenters.asked import summary
from clockstop.service.tracking.worklists import WORKLISTS

SEES_THE_LIST = (*PROVIDING, Role.ICB_HUB)


@signed_in(*SEES_THE_LIST)
@require_safe
def tracking(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list. A filter that was sent by the form goes on to its own short address."""
    query = request.GET.dict()
    form = filter_form(query)
    if not form.is_valid():
        return _page(request, "list", unread_page(actor, form), status=400)
    if is_from_the_form(query):
        return HttpResponseRedirect(address_of("tracking", form.asked))
    own = OwnList(actor, form.asked, timezone.localdate())
    return _page(request, "list", list_page(own, form, _number(query)))


@signed_in(*PROVIDING)
@require_safe
def worklists(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every worklist with its count."""
    context = {
        "title": "Worklists",
        "worklists": tuple(WORKLISTS.values()),
        "counts": counted(actor, timezone.localdate()),
    }
    return _page(request, "worklists", context)


@signed_in(*PROVIDING)
@require_safe
def worklist(request: HttpRequest, actor: Actor, worklist: str) -> HttpResponse:
    """The rows of one worklist, as the list shows them."""
    found = WORKLISTS.get(worklist)
    if found is None:
        raise Http404
    query = {**request.GET.dict(), "worklist": worklist}
    form = filter_form(query)
    if not form.is_valid():
        raise Http404
    today = timezone.localdate()
    own = OwnList(actor, form.asked, today)
    by = intervals_on(today)
    more = {
        "title": found.title,
        "worklist": found,
        "intervals": [by[name] for name in found.intervals(today)],
    }
    return _page(request, "worklist", list_page(own, form, _number(query)) | more)


@signed_in(*SEES_THE_LIST)
@require_safe
def cuts_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who waits how long, by groups of people; for a specialty if one is asked for."""
    form = filter_form({"specialty": request.GET.get("specialty", "")})
    if not form.is_valid():
        raise Http404
    own = OwnList(actor, form.asked, timezone.localdate())
    context = {
        "title": "Waits by groups of people",
        "form": form,
        "asked": form.asked,
        "cuts": cuts(own.rows, own.today, is_protected=not own.is_own),
        "is_own": own.is_own,
        "link_to": link_to,
        "day": own.today,
    }
    return _page(request, "cuts", context)


@signed_in(*PROVIDING)
@require_safe
def export(request: HttpRequest, actor: Actor, extension: str) -> HttpResponse:
    """All rows that fit the filter, with their identifiers, as a file; the audit keeps that."""
    form = filter_form(request.GET.dict())
    if extension not in exports.TYPES or not form.is_valid():
        raise Http404
    own = OwnList(actor, form.asked, timezone.localdate())
    made = exports.write(extension, _read(own), _about(own))
    try:
        actions.note_export(
            actor=actor,
            query=form.asked.query,
            rows=made.rows,
            kind=extension,
            digest=made.digest,
        )
    except BaseException:
        made.file.close()
        raise
    name = f"tracking-list-{actor.organisation_code}-{own.today}-confidential.{extension}"
    kind = exports.TYPES[extension]
    sent = FileResponse(made.file, as_attachment=True, filename=name.lower(), content_type=kind)
    return cast(HttpResponse, sent)


def _read(own: OwnList) -> Any:
    return streamed(own.rows, own.asked.sort, own.today, exports.COLUMNS)


def _about(own: OwnList) -> exports.About:
    asked = own.asked
    return exports.About(
        organisation=organisation_name(own.actor.organisation_code),
        day=own.today,
        asked=summary(asked, people_named([asked.owner])),
        by=f"For {own.actor.name}, {own.actor.role.label}",
    )


def _number(query: Mapping[str, str]) -> int:
    """The page that is asked for: at most 6 digits, else the first."""
    text = query.get("page", "")
    return max(1, int(text)) if re.fullmatch("[0-9]{1,6}", text) else 1


def _page(
    request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    whole = {"section": "tracking", **context}
    return render(request, f"tracking/{name}.jinja", whole, status=status)
