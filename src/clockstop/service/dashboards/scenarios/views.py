"""Scenarios side by side, and each panel as a file; the address holds all of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from clockstop.analytics.forecast.book import NotWorkedOutError
from clockstop.analytics.forecast.scenarios.reading import written
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.downloads import attached, download
from clockstop.service.dashboards.outlook import Outlook, outlook_of
from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.scenarios.asked import (
    KEY,
    MOST,
    Asked,
    Run,
    asked_by,
    query,
    runs_of,
)
from clockstop.service.dashboards.scenarios.fans import fans
from clockstop.service.dashboards.scenarios.form import drawn, empty
from clockstop.service.dashboards.scenarios.odds import of_targets
from clockstop.service.dashboards.scenarios.panels import in_words, side_by_side
from clockstop.service.dashboards.scenarios.specialties import specialties
from clockstop.service.dashboards.scenarios.words import described
from clockstop.service.dashboards.subject import Subject, subject_of
from clockstop.service.dashboards.topics import TOPICS
from clockstop.service.dashboards.topics.forecast import not_yet, notes
from clockstop.service.dashboards.views import framed
from clockstop.service.ui.limits import limited

TOPIC = next(each for each in TOPICS if each.key == "what-if")


@limited("scenario")
@require_safe
@cache_control(private=True)
def page(
    request: HttpRequest, *, folder: str = "england", code: str = ENGLAND, function: str = ""
) -> HttpResponse:
    """The scenarios of the address side by side; without any, the form of a first one."""
    return shown(request, subject_of(folder, code, function, None))


def shown(
    request: HttpRequest, subject: Subject, problems: Mapping[str, Sequence[str]] | None = None
) -> HttpResponse:
    """The page of a subject's scenarios, with what is wrong by the field that it stands beside."""
    scenarios, unread = asked_by(request.GET.getlist(KEY))
    context = framed(subject, TOPIC) | {"query": query([each.letters for each in scenarios])}
    try:
        outlook = outlook_of(subject)
        context |= (
            _beside(outlook, scenarios, {"scenarios": unread} | dict(problems or {}))
            if outlook.said
            else {"panels": TOPIC.panels(subject)}
        )
    except NotWorkedOutError as error:
        context["panels"] = [not_yet(subject, error)]
    return render(request, "dashboards/what_if.jinja", context)


def _beside(
    outlook: Outlook, scenarios: Sequence[Asked], problems: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """What the template shows of a list that there is a forecast of."""
    book, subject = current_forecasts(), outlook.subject
    runs, unfit = runs_of(book, outlook, scenarios)
    told = {**problems, "scenarios": [*problems.get("scenarios", ()), *unfit]}
    told = {name: each for name, each in told.items() if each}
    form = {} if scenarios else drawn(book, subject, empty(book.origin), {})
    return form | {
        "scenarios": [_card(subject, each, scenarios) for each in scenarios],
        "panels": list(panels(outlook, runs)),
        "problems": told,
        "errors": told,
        "room": MOST - len(scenarios),
    }


def _card(subject: Subject, asked: Asked, among: Sequence[Asked]) -> dict[str, Any]:
    """A scenario as the page names it, and what can be done with it."""
    here, edit = subject.path(TOPIC.key), subject.whole.path(TOPIC.key) + "edit/"
    others = [each.letters for each in among if each is not asked]
    every = query([each.letters for each in among])
    return {
        "name": asked.name,
        "title": asked.scenario.title,
        "sentences": list(described(asked.scenario, subject.book)),
        "change": f"{edit}{every}&at={asked.place}",
        "remove": here + query(others),
        "alone": here + query([asked.letters]),
        "file": f"{here}scenario-{asked.place}.json{every}",
    }


def panels(outlook: Outlook, runs: Sequence[Run]) -> Iterator[Panel]:
    """What there is to say of the scenarios that could be run."""
    if not runs:
        return
    subject = outlook.subject
    rows = [
        row
        for row in current_forecasts().targets(str(subject.area.kind), subject.area.code)
        if row["function"] == subject.function
    ]
    yield in_words(runs)
    if rows:
        yield of_targets(rows, runs)
    yield from side_by_side(outlook, runs, [Month.parse(row["month"]) for row in rows])
    yield from fans(outlook, runs)
    if found := specialties(outlook, runs, query([run.asked.letters for run in runs])):
        yield found
    if found := notes(subject):
        yield found


@limited("scenario")
@require_safe
def file(
    request: HttpRequest,
    *,
    panel: str,
    extension: str,
    folder: str = "england",
    code: str = ENGLAND,
    function: str = "",
) -> HttpResponse:
    """A panel as a file, or a scenario as the JSON that it is."""
    subject = subject_of(folder, code, function, None)
    scenarios, _ = asked_by(request.GET.getlist(KEY))
    if extension == "json":
        return _scenario(panel, scenarios)
    try:
        outlook = outlook_of(subject)
    except NotWorkedOutError as error:
        raise Http404 from error
    runs = runs_of(current_forecasts(), outlook, scenarios)[0] if outlook.said else []
    found = next((each for each in panels(outlook, runs) if each.key == panel), None)
    if found is None:
        raise Http404
    whose = [subject.area.code, subject.function] if subject.is_specialty else [subject.area.code]
    name = "-".join([*whose, "what-if", panel, str(subject.book.month)])
    return download(found, name.lower(), extension)


def _scenario(panel: str, scenarios: Sequence[Asked]) -> HttpResponse:
    found = next((each for each in scenarios if panel == f"scenario-{each.place}"), None)
    if found is None:
        raise Http404
    text = json.dumps(written(found.scenario), indent=2, ensure_ascii=False) + "\n"
    return attached(text.encode(), "application/json", f"{panel}.json")
