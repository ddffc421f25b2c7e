"""What mutual aid came to: the page of an ICB, the one for everybody, and their files."""

from __future__ import annotations

from django.conf import settings
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
from clockstop.service.referrals.choice_figures.reading import area_named, year_to
from clockstop.service.transfers.measures.published import last_day, published
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


@require_safe
def published_figures(request: HttpRequest) -> HttpResponse:
    """The same of all England, open to everybody."""
    by, last = way_wanted(request, By, By.ICB), last_day(timezone.localdate())
    context = {
        "title": "What mutual aid came to in England",
        "by": by,
        "ways": tuple(By),
        "period": year_to(last),
        "threshold": threshold_on(last),
        "tables": published(by, timezone.localdate()),
    }
    return render(request, "transfers/measures/published.jinja", context)


@require_safe
def published_figures_file(request: HttpRequest) -> HttpResponse:
    """The same figures as a file, whose name says whether they are of made-up patients."""
    by, today = way_wanted(request, By, By.ICB), timezone.localdate()
    made_up = "made-up-" if settings.CLOCKSTOP_PERSONAS else ""
    name = f"{made_up}mutual-aid-england-by-{by}-{last_day(today)}.csv"
    return csv_file(files.rows(published(by, today), by.label), name)
