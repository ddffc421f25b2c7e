"""Pages of one view across an ICB's providers."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clockstop.analytics.engine.files import unpacked_table
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.returns import actions, providers
from clockstop.service.returns.made import CannotMakeError
from clockstop.service.returns.models import Kind, OneView, Return
from clockstop.service.returns.presenters import one_view as presenter
from clockstop.service.returns.presenters.wording import period_words
from clockstop.service.returns.querysets import READING

PAGE = 25


@require_safe
@signed_in(*READING)
def one_view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lists of a week as one, and what does not agree between them."""
    weeks = _weeks(actor)
    context: dict[str, Any] = {
        "title": "One view",
        "section": "one_view",
        "view": None,
        "problem": "",
    }
    if not weeks:
        return render(request, "returns/one_view.jinja", context)
    chosen = next((w for w in weeks if w.isoformat() == request.GET.get("week")), weeks[0])
    try:
        view = actions.one_view(actor=actor, week_ending=chosen)
    except CannotMakeError as error:
        return render(request, "returns/one_view.jinja", context | {"problem": error.words})
    names = providers.expected(actor)
    wanted = presenter.wanted(request.GET, names)
    table = unpacked_table(bytes(view.listed if wanted.is_list else view.found))
    rows = presenter.chosen(table, wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context |= {
        "view": view,
        "weeks": [(w.isoformat(), period_words(Kind.WEEKLY, w)) for w in weeks],
        "chosen": chosen.isoformat(),
        "told": presenter.told(view, names, wanted),
        "wanted": wanted,
        "page": page,
        "table": presenter.page_table(list(page.object_list), wanted, names, chosen),
    }
    return render(request, "returns/one_view.jinja", context)


@require_safe
@signed_in(*READING)
def one_view_file(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Findings, the list or the counts of providers as CSV; the audit notes who took what."""
    weeks = _weeks(actor)
    asked = next((w for w in weeks if w.isoformat() == request.GET.get("week")), None)
    if asked is None or name not in presenter.FILES:
        raise Http404
    try:
        view: OneView = actions.one_view(actor=actor, week_ending=asked)
    except CannotMakeError as error:
        raise Http404 from error
    wanted = presenter.wanted(request.GET, providers.expected(actor))
    content = presenter.FILES[name](view, wanted)
    actions.take_out(actor=actor, view=view, content=content)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    saved_as = f"{view.icb_code}-{asked.isoformat()}-{name}"
    response["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    return response


def _weeks(actor: Actor) -> list[date]:
    """The weeks of which there is a submission, the latest first."""
    held = Return.objects.visible_to(actor).of(Kind.WEEKLY).counting()
    return list(held.order_by("-period").values_list("period", flat=True).distinct()[:12])
