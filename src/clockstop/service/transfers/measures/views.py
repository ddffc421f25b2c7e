"""The page of what mutual aid came to, and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.referrals.choice_figures.answering import (
    SEES_FIGURES,
    csv_file,
    icb_of,
    way_wanted,
)
from clockstop.service.referrals.choice_figures.reading import area_named, year_to
from clockstop.service.transfers.measures.reading import By
from clockstop.service.transfers.measures.tables import everything, tables

WAYS = (By.SPECIALTY, By.PROVIDER, By.DEPRIVATION, By.AGE, By.ETHNICITY)


@signed_in(*SEES_FIGURES)
@require_safe
def aid_figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What mutual aid came to for patients of the actor's ICB, grouped in one way."""
    by, icb = way_wanted(request, WAYS, By.SPECIALTY), icb_of(actor)
    today = timezone.localdate()
    context = {
        "title": "What mutual aid came to",
        "section": "aid_figures",
        "by": by,
        "ways": WAYS,
        "area": area_named(icb),
        "period": year_to(today),
        "threshold": threshold_on(today),
        "tables": tables(by, today, icb),
    }
    return render(request, "transfers/measures/figures.jinja", context)


@signed_in(*SEES_FIGURES)
@require_safe
def aid_figures_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same figures as a file."""
    by, icb = way_wanted(request, WAYS, By.SPECIALTY), icb_of(actor)
    today = timezone.localdate()
    name = f"mutual-aid-by-{by}-{icb.lower()}-{today}.csv"
    return csv_file(everything(by, today, icb), name)
