"""Finding an area: the list of all, and a person's own."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.story import sentences
from clockstop.core.codes import display_name
from clockstop.core.codes.icbs import current_icb
from clockstop.core.geography.postcodes import PlaceError
from clockstop.service.accounts.sessions import actor_of
from clockstop.service.compare.book import current_book
from clockstop.service.dashboards.book import current_figures
from clockstop.service.dashboards.subject import DEFAULT_BASIS, Subject, address_of, title_of

_SHOWN = 50
_KINDS = {
    AreaKind.ENGLAND: "Country",
    AreaKind.REGION: "Region",
    AreaKind.ICB: "Integrated care board",
    AreaKind.PROVIDER: "Provider",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every region with its ICBs, and a search of all areas by name or code."""
    words = request.GET.get("q", "").strip()[:100]
    book = current_figures()
    found = [area for area in book.areas.values() if matches(area, words)]
    regions = [area for area in book.areas.values() if area.kind is AreaKind.REGION]
    context = {
        "section": "figures",
        "words": words,
        "found": [(*_link(area), _KINDS[area.kind]) for area in found[:_SHOWN]],
        "number": len(found),
        "regions": [(*_link(each), list(map(_link, book.children(each)))) for each in regions],
    }
    return render(request, "dashboards/index.jinja", context)


def matches(area: Area, words: str) -> bool:
    """Whether every word is in its name, or the words are its code."""
    name = title_of(area).lower()
    return bool(words) and (
        area.code == words.upper() or all(word in name for word in words.lower().split())
    )


def _link(area: Area) -> tuple[str, str]:
    return title_of(area), address_of(area)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def my_area(request: HttpRequest) -> HttpResponse:
    """Where things stand in one ICB. A place comes by POST alone and leaves no trace."""
    book, errors = current_figures(), []
    if request.method == "POST":
        try:
            place = current_book().places.find(request.POST.get("place", ""))
            code = current_icb(book.residence.icb(place.point), book.month.census)
            return HttpResponseRedirect(f"{reverse('my_area')}?icb={code}")
        except PlaceError as error:
            errors.append(str(error))
    regions = (area for area in book.areas.values() if area.kind is AreaKind.REGION)
    boards = sorted(
        (board for region in regions for board in book.children(region)), key=lambda a: a.name
    )
    subject = _chosen(boards, request.GET.get("icb", _own(request, boards)))
    context: dict[str, Any] = {
        "section": "my_area",
        "errors": errors,
        "boards": boards,
        "subject": subject,
    }
    if subject:
        context |= {
            "sentences": sentences(book, subject.area, subject.basis),
            "missing": [display_name(each.name) for each in book.missing(subject.area)],
        }
    return render(request, "dashboards/my_area.jinja", context)


def _own(request: HttpRequest, boards: Sequence[Area]) -> str:
    """The ICB of whoever is signed in, if there are figures of it."""
    actor = actor_of(request)
    return actor.icb_code if actor and actor.icb_code in {each.code for each in boards} else ""


def _chosen(boards: Sequence[Area], code: str) -> Subject | None:
    if not code:
        return None
    area = next((each for each in boards if each.code == code), None)
    if area is None:
        raise Http404
    return Subject(current_figures(), area, DEFAULT_BASIS)
