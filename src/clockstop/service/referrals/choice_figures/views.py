"""The page of choice for an ICB, and its file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.referrals.choice_figures import files
from clockstop.service.referrals.choice_figures.reading import By, area_named, year_to

SEES_CHOICE = (Role.ICB_HUB, Role.COMMISSIONER, Role.ANALYST)
WAYS = (By.SPECIALTY, By.PRACTICE, By.MONTH, By.REFERRER)


@signed_in(*SEES_CHOICE)
@require_safe
def choice(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The choice that patients of the actor's ICB had, grouped in one way."""
    by, icb, today = _by(request), _icb(actor), timezone.localdate()
    context = {
        "title": "Choice at referral",
        "section": "choice",
        "by": by,
        "ways": WAYS,
        "area": area_named(icb),
        "period": year_to(today),
        "threshold": threshold_on(today),
        "tables": files.choice_tables(by, today, icb),
        "others": files.other_tables(today, icb),
    }
    return render(request, "referrals/choice/choice.jinja", context)


@signed_in(*SEES_CHOICE)
@require_safe
def choice_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same figures as a file."""
    by, icb, today = _by(request), _icb(actor), timezone.localdate()
    text = files.as_csv(files.everything(by, today, icb))
    name = f"choice-by-{by}-{icb.lower()}-{today}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _by(request: HttpRequest) -> By:
    wanted = request.GET.get("by", By.SPECIALTY.value)
    found = {each.value: each for each in WAYS}
    if wanted not in found:
        raise Http404
    return found[wanted]


def _icb(actor: Actor) -> str:
    """Somebody without an ICB sees no figures, rather than everybody's."""
    if not actor.icb_code:
        raise Http404
    return actor.icb_code
