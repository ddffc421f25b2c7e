"""Every dashboard is one page: a subject, a topic, its panels; each panel can be downloaded."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clockstop.analytics.monitoring.story import sentences
from clockstop.service.dashboards.downloads import download
from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import (
    KINDS,
    Subject,
    address_of,
    england,
    subject_of,
    title_of,
)
from clockstop.service.dashboards.topics import Topic, topics_of


@require_safe
def england_page(request: HttpRequest, topic: str = "overview") -> HttpResponse:
    return _page(request, england(), topic)


@require_safe
def area_page(
    request: HttpRequest, folder: str, code: str, topic: str = "overview"
) -> HttpResponse:
    return _page(request, _subject(request, folder, code), topic)


@require_safe
def england_file(_request: HttpRequest, topic: str, panel: str, extension: str) -> HttpResponse:
    return _file(england(), topic, panel, extension)


@require_safe
def area_file(
    request: HttpRequest, folder: str, code: str, topic: str, panel: str, extension: str
) -> HttpResponse:
    return _file(_subject(request, folder, code), topic, panel, extension)


def _subject(request: HttpRequest, folder: str, code: str) -> Subject:
    return subject_of(KINDS[folder], code, request.GET.get("basis"))


def _panels(subject: Subject, key: str) -> tuple[Topic, Sequence[Panel]]:
    topic = next((each for each in topics_of(subject) if each.key == key), None)
    if topic is None:
        raise Http404
    return topic, topic.panels(subject)


def _page(request: HttpRequest, subject: Subject, key: str) -> HttpResponse:
    topic, panels = _panels(subject, key)
    context = {
        "section": "figures",
        "subject": subject,
        "topic": topic,
        "topics": topics_of(subject),
        "topic_address": address_of(subject.area, topic.key),
        "panels": panels,
        "sentences": sentences(subject.book, subject.area, subject.basis),
        "above": [
            (title_of(area), Subject(subject.book, area, subject.basis).address())
            for area in subject.above()
        ],
    }
    return render(request, "dashboards/topic.jinja", context)


def _file(subject: Subject, key: str, panel_key: str, extension: str) -> HttpResponse:
    _, panels = _panels(subject, key)
    panel = next((each for each in panels if each.key == panel_key), None)
    if panel is None:
        raise Http404
    month, code = subject.book.month, subject.area.code.lower()
    return download(panel, f"{code}-{panel.key}-{month}", extension)
