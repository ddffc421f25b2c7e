"""The page of online management for an ICB, and its file."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.core.disclosure import threshold_on
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.portal.adoption import tables
from clockstop.service.portal.adoption.reading import By
from clockstop.service.referrals.choice_figures.answering import SEES_FIGURES, csv_file, icb_of
from clockstop.service.referrals.choice_figures.reading import area_named, year_to


@signed_in(*SEES_FIGURES)
@require_safe
def online(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How far patients of the actor's ICB manage their appointments online, by provider."""
    icb, today = icb_of(actor), timezone.localdate()
    told = tables.offered(icb, tables.providers(today, icb))
    context = {
        "title": "Managing appointments online",
        "section": "choice",
        "area": area_named(icb),
        "period": year_to(today),
        "threshold": threshold_on(today),
        "tables": tables.tables(By.PROVIDER, today, icb),
        "offering": [name for name, is_offered in told if is_offered],
        "not_offering": [name for name, is_offered in told if not is_offered],
    }
    return render(request, "portal/online.jinja", context)


@signed_in(*SEES_FIGURES)
@require_safe
def online_file(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001
    """The same figures as a file."""
    icb, today = icb_of(actor), timezone.localdate()
    return csv_file(tables.everything(By.PROVIDER, today, icb), _name(icb, today))


def _name(icb: str, today: date) -> str:
    return f"managed-online-{icb.lower()}-{today}.csv"
