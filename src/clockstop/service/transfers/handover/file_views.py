"""Documents of a transfer, and transfers as files: down, and up again."""

from __future__ import annotations

from mimetypes import guess_extension
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.names import clinicians_of
from clockstop.service.referrals.actions.stepping import BusyError
from clockstop.service.referrals.attachments import MEGABYTES, MOST, File
from clockstop.service.transfers.actions.moving.attaching import attach
from clockstop.service.transfers.handover import sheets
from clockstop.service.transfers.handover.access import transfer_of
from clockstop.service.transfers.handover.acts import clinician_of
from clockstop.service.transfers.handover.page import page_of
from clockstop.service.transfers.handover.sheets import SheetRefusedError
from clockstop.service.transfers.handover.views import WRONG, opened, page
from clockstop.service.transfers.models import TransferDocument

_CSV = "text/csv; charset=utf-8"
_SHEETS = {"to-complete": sheets.forms_to_complete, "sent": sheets.forms_sent}


@signed_in(*PROVIDING)
@require_POST
def attached(request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """Put documents to a transfer."""
    held = opened(actor, aid_id)
    try:
        attach(actor=actor, request_id=held.pk, files=_sent(request.FILES.getlist("files")))
    except StepRefusedError as refused:
        more = {"title": "Transfer", "errors": by_field(refused.refusals, "files")}
        return page(request, "transfer", page_of(held, actor) | more, WRONG)
    except BusyError:
        return page(request, "changed", {"title": "Try again", "request_for_help": held}, 423)
    return HttpResponseRedirect(f"{reverse('transfer', args=(held.pk,))}?saved=document")


@signed_in(*PROVIDING)
@require_safe
def document(_request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    """A document of a transfer that the actor sees; always saved, never shown in the site."""
    held = get_object_or_404(TransferDocument.objects.visible_to(actor), pk=sheet_id)
    name = f"transfer-{held.pk}{guess_extension(held.content_type) or ''}"
    return _file(bytes(held.content), name, "application/octet-stream")


@signed_in(*PROVIDING)
@require_safe
def data_set(_request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The data set of one transfer, as it was sent."""
    held = opened(actor, aid_id)
    transfer = transfer_of(actor, held)
    if transfer is None or transfer.started_at is None:
        raise Http404
    text = sheets.form_of_one(held, transfer)
    return _file(text.encode(), f"data-set-{held.reference}.csv", _CSV)


@signed_in(*PROVIDING)
@require_safe
def sheet(_request: HttpRequest, actor: Actor, sheet: str) -> HttpResponse:
    """The data sets of many transfers: to complete, or sent."""
    if sheet not in _SHEETS:
        raise Http404
    name = f"transfers-{sheet}-{timezone.localdate().isoformat()}.csv"
    return _file(_SHEETS[sheet](actor).encode(), name, _CSV)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Data sets that staff completed in a file, and what receivers answered in one."""
    faults: tuple[sheets.RowFault, ...] = ()
    errors: dict[str, str] = {}
    done = ""
    kind = request.POST.get("kind", "")
    if request.method == "POST":
        try:
            done = _taken(request, actor, kind)
        except SheetRefusedError as refused:
            faults, errors = refused.faults, {kind: "Nothing was taken: see what to mend"}
        except BusyError:
            errors = {kind: "Somebody else is changing one of these: try again"}
    context = {
        "title": "Transfers as files",
        "done": done,
        "faults": faults,
        "errors": errors,
        "columns": sheets.ANSWER_COLUMNS,
        "clinicians": clinicians_of(actor.organisation_code),
    }
    return page(request, "files", context, WRONG if errors else 200)


def _taken(request: HttpRequest, actor: Actor, kind: str) -> str:
    """What was done with the file, in words."""
    sent: Any = request.FILES.getlist(kind)
    if len(sent) != 1 or sent[0].size > MEGABYTES * 1024 * 1024:
        words = f"Choose one file of up to {MEGABYTES} MB"
        raise SheetRefusedError([sheets.RowFault("No file", 0, "file", words)])
    name, content = sent[0].name or "file", sent[0].read()
    if kind == "forms":
        kept = sheets.take_forms(actor, name, content)
        return "1 data set was kept." if kept == 1 else f"{kept:,} data sets were kept."
    taken = sheets.take_answer_sheet(actor, name, content, clinician_of(request.POST))
    told = "1 answer was" if taken == 1 else f"{taken:,} answers were"
    return f"{told} taken; what was known already changed nothing."


def _sent(files: Any) -> list[File]:
    most = MEGABYTES * 1024 * 1024 + 1  # a byte more, so that too large a one is seen to be
    return [File(each.name or "file", each.read(most)) for each in files[: MOST + 1]]


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
