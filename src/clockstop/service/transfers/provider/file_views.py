"""Requests, direct-access tests and capacity as files, up and down."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.transfers import bulk
from clockstop.service.transfers.bulk import Fault, FileRefusedError
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.provider import lists
from clockstop.service.transfers.provider.request_views import WRONG
from clockstop.service.transfers.provider.views import page
from clockstop.service.ui.uploads import Most, UploadRefusedError, contents

_MOST = Most(files=1, megabytes=4)
_SHOWN = 200
_LISTS = {bulk.REQUESTS: "aid_help", bulk.TESTS: "aid_help", bulk.CAPACITY: "aid_capacity"}


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """Take a file in whole, or say every fault of it."""
    _known(kind)
    errors: dict[str, str] = {}
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        sent: Any = request.FILES.getlist("files")
        try:
            name, content = next(iter(contents(sent, _MOST).items()))
            number = bulk.take_in(actor=actor, table=kind, file=name, content=content)
        except UploadRefusedError as refused:
            errors = {"files": refused.words}
        except FileRefusedError as refused:
            faults = refused.faults
            errors = {"files": f"Nothing was taken in: {len(faults):,} faults are listed below"}
        else:
            more = "" if kind == bulk.CAPACITY else "show=drafts&"
            return HttpResponseRedirect(f"{reverse(_LISTS[kind])}?{more}made={number}")
    context = {
        "title": f"{bulk.TITLES[kind]} as a file",
        "here": "capacity" if kind == bulk.CAPACITY else "help",
        "table": kind,
        "columns": bulk.columns(kind),
        "faults": faults[:_SHOWN],
        "total": len(faults),
        "errors": errors,
        "most": bulk.MOST_ROWS,
    }
    return page(request, "files", context, WRONG if errors else 200)


@signed_in(*PROVIDING)
@require_safe
def template(_request: HttpRequest, _actor: Actor, kind: str) -> HttpResponse:
    """An empty file with the header."""
    _known(kind)
    return _file(bulk.template(kind), f"{kind}-template.csv")


@signed_in(*PROVIDING)
@require_safe
def download(_request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """All of our own requests, direct-access tests, or capacity."""
    _known(kind)
    ours = lists.sent(actor)
    if kind == bulk.REQUESTS:
        text = bulk.requests_file(ours.exclude(pathway=None).select_related("pathway"))
    elif kind == bulk.TESTS:
        text = _tests(actor, list(ours.filter(pathway=None).select_related("patient")))
    else:
        text = bulk.capacity_file(lists.own_capacity(actor))
    day = timezone.localdate().isoformat()
    return _file(text, f"mutual-aid-{kind}-{actor.organisation_code}-{day}.csv")


@transaction.atomic
def _tests(actor: Actor, held: list[AidRequest]) -> str:
    """The file says who the patients are, so that the audit keeps who had it."""
    text = bulk.tests_file(held)
    detail: dict[str, str | int | bool | None] = {
        "table": bulk.TESTS,
        "rows": len(held),
        "sha256": sha256(text.encode()).hexdigest(),
    }
    icb = actor.icb_code or NATIONAL
    record("exported requests for help", actor.for_audit, icb_code=icb, detail=detail)
    return text


def _known(kind: str) -> None:
    if kind not in _LISTS:
        raise Http404


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
