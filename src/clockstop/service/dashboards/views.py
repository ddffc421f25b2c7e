"""Every dashboard is one page: a subject, a topic, its panels; each panel can be downloaded."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clockstop.analytics.forecast.book import NotWorkedOutError
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.story import sentences
from clockstop.core.codes import ENGLAND
from clockstop.service.dashboards.downloads import download
from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject, subject_of
from clockstop.service.dashboards.topics import OF_A_SPECIALTY, Topic, topics_of
from clockstop.service.dashboards.topics.forecast import not_yet


@require_safe
def page(
    request: HttpRequest,
    *,
    folder: str = "england",
    code: str = ENGLAND,
    topic: str = "overview",
    function: str = "",
) -> HttpResponse:
    subject = subject_of(folder, code, function, request.GET.get("basis"))
    found, panels = _panels(subject, topic)
    context = framed(subject, found) | {"panels": panels}
    if found.key == "overview":
        context["sentences"] = sentences(subject.book, subject.area, subject.basis)
    return render(request, "dashboards/topic.jinja", context)


def framed(subject: Subject, topic: Topic) -> dict[str, Any]:
    """What every page of a topic stands in: whose it is, and where else to go."""
    return {
        "section": "figures",
        "subject": subject,
        "topic": topic,
        "topics": topics_of(subject),
        "files": subject.path(topic.key) + ("overview/" if topic.key == "overview" else ""),
        "above": list(subject.above()),
        "is_provider": subject.area.kind is AreaKind.PROVIDER,
    }


@require_safe
def file(
    request: HttpRequest,
    *,
    panel: str,
    extension: str,
    folder: str = "england",
    code: str = ENGLAND,
    topic: str = "overview",
    function: str = "",
) -> HttpResponse:
    subject = subject_of(folder, code, function, request.GET.get("basis"))
    _, panels = _panels(subject, topic)
    found = next((each for each in panels if each.key == panel), None)
    if found is None:
        raise Http404
    whose = [subject.area.code, subject.function] if subject.is_specialty else [subject.area.code]
    return download(found, "-".join([*whose, panel, str(subject.book.month)]).lower(), extension)


def _panels(subject: Subject, key: str) -> tuple[Topic, Sequence[Panel]]:
    topic = OF_A_SPECIALTY[key] if subject.is_specialty else _topic(subject, key)
    if topic is None:
        raise Http404
    try:
        return topic, _made(topic, subject)
    except NotWorkedOutError as error:
        return topic, [not_yet(subject, error)]


def _topic(subject: Subject, key: str) -> Topic | None:
    return next((each for each in topics_of(subject) if each.key == key), None)


@lru_cache(maxsize=64)
def _made(topic: Topic, subject: Subject) -> tuple[Panel, ...]:
    """The pages last asked for: a subject is bound to its book, so new data make new pages."""
    return tuple(topic.panels(subject))
