"""The page of choice for an ICB, and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.referrals.choice_figures import files
from clockstop.service.referrals.choice_figures.answering import (
    SEES_FIGURES,
    csv_file,
    icb_of,
    way_wanted,
)
from clockstop.service.referrals.choice_figures.reading import By, area_named, year_to

WAYS = (By.SPECIALTY, By.PRACTICE, By.MONTH, By.REFERRER)


@signed_in(*SEES_FIGURES)
@require_safe
def choice(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The choice that patients of the actor's ICB had, grouped in one way."""
    by, icb = way_wanted(request, WAYS, By.SPECIALTY), icb_of(actor)
    today = timezone.localdate()
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


@signed_in(*SEES_FIGURES)
@require_safe
def choice_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same figures as a file."""
    by, icb = way_wanted(request, WAYS, By.SPECIALTY), icb_of(actor)
    today = timezone.localdate()
    return csv_file(files.everything(by, today, icb), f"choice-by-{by}-{icb.lower()}-{today}.csv")
