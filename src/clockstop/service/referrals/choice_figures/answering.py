"""What pages of figures of an ICB do alike: whose they are, how they are cut, their file."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.choice_figures.files import as_csv

SEES_FIGURES = (Role.ICB_HUB, Role.COMMISSIONER, Role.ANALYST)
Way = TypeVar("Way", bound=StrEnum)


def icb_of(actor: Actor) -> str:
    """Somebody without an ICB sees no figures, rather than everybody's."""
    if not actor.icb_code:
        raise Http404
    return actor.icb_code


def way_wanted(request: HttpRequest, ways: Iterable[Way], default: Way) -> Way:
    """How the address asks for them to be grouped. Raises Http404 for no such way."""
    wanted = request.GET.get("by", default.value)
    found = {each.value: each for each in ways}
    if wanted not in found:
        raise Http404
    return found[wanted]


def csv_file(rows: Iterable[dict[str, Any]], name: str) -> HttpResponse:
    """Figures, one a row, to be saved under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
