"""What a practice is told of its patients' transfers, and the letter that says the same."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.messaging.letters.pdf import pdf
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.actions.moving.reading import read_notice
from clockstop.service.transfers.handover.letter import TITLES, letter_of
from clockstop.service.transfers.handover.views import page
from clockstop.service.transfers.models import PracticeNotice
from clockstop.service.transfers.provider.rows import what_of
from clockstop.service.ui.figures import day as in_words

PAGE = 50


@signed_in(*REFERRING)
@require_safe
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Moves of the practice's patients, those first that nobody has read."""
    held = _theirs(actor).select_related("request__patient")
    order = held.order_by(F("read_at").asc(nulls_first=True), "-told_at")
    unread = held.filter(read_at=None).count()
    pages = Paginator(order, PAGE).get_page(request.GET.get("page"))
    names = name_of({each.request.organisation_code for each in pages.object_list})
    names |= name_of({each.request.receiver_code for each in pages.object_list})
    context = {
        "title": "Patients who moved",
        "rows": [_row(each, names) for each in pages.object_list],
        "pages": pages,
        "unread": unread,
    }
    return page(request, "notices", context)


@signed_in(*REFERRING)
@require_POST
def read(_request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """Mark one as read."""
    held = get_object_or_404(_theirs(actor), pk=notice_id)
    read_notice(actor=actor, notice_id=held.pk)
    return HttpResponseRedirect(reverse("practice_moves"))


@signed_in(*REFERRING)
@require_safe
def letter(request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """The letter to the practice, as a page."""
    held = get_object_or_404(_theirs(actor), pk=notice_id)
    written = letter_of(held, timezone.localdate())
    return page(request, "letter", {"title": written.title, "letter": written, "notice": held})


@signed_in(*REFERRING)
@require_safe
def letter_file(_request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """The same as a tagged PDF."""
    held = get_object_or_404(_theirs(actor), pk=notice_id)
    headers = {"Content-Disposition": f'attachment; filename="move-{held.request.reference}.pdf"'}
    made = pdf(letter_of(held, timezone.localdate()))
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _theirs(actor: Actor) -> Any:
    held = PracticeNotice.objects.visible_to(actor)
    return held.filter(practice_code=actor.organisation_code)


def _row(notice: PracticeNotice, names: Any) -> dict[str, Any]:
    request = notice.request
    return {
        "key": notice.pk,
        "name": request.patient.name,
        "number": request.patient.spaced_number,
        "what": what_of(request),
        "title": TITLES[notice.kind],
        "sender": names[request.organisation_code],
        "receiver": names[request.receiver_code],
        "told": in_words(timezone.localtime(notice.told_at).date()),
        "is_read": notice.read_at is not None,
    }
