"""The treated-activity statement as page and file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.types import Month
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.handover.statement import lines, parts, sheet
from clockstop.service.transfers.handover.views import page

SEES = (*PROVIDING, Role.ICB_HUB)
_MONTHS = 13


@signed_in(*SEES)
@require_safe
def statement(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A month's lines by commissioner, with totals and what must be looked at."""
    month = _month(request)
    found = parts(lines(actor, month))
    codes = {each.commissioner for each in found if each.commissioner}
    codes |= {line.done.organisation_code for each in found for line in each.lines}
    today = timezone.localdate()
    context = {
        "title": "Treated activity",
        "month": month,
        "months": [Month(today.year, today.month).plus(-n) for n in range(_MONTHS)],
        "parts": found,
        "names": name_of(codes),
        "is_hub": actor.role is Role.ICB_HUB,
    }
    return page(request, "statement", context)


@signed_in(*SEES)
@require_safe
def statement_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same as CSV."""
    month = _month(request)
    headers = {"Content-Disposition": f'attachment; filename="treated-activity-{month}.csv"'}
    text = sheet(lines(actor, month), month)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _month(request: HttpRequest) -> Month:
    """The month of the address; this one where it is none."""
    today = timezone.localdate()
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month(today.year, today.month)
