"""Change a scenario in a form, or take one from a file or an address; then show the new address."""

from collections.abc import Sequence
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.analytics.forecast.book import NotWorkedOutError
from clockstop.analytics.forecast.scenarios.reading import read_scenario
from clockstop.analytics.forecast.scenarios.scenario import ScenarioRefusedError
from clockstop.core.codes import ENGLAND
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.outlook import Outlook, outlook_of
from clockstop.service.dashboards.scenarios import fields
from clockstop.service.dashboards.scenarios.asked import (
    KEY,
    MOST,
    Asked,
    asked_by,
    letters_in,
    letters_once_run,
    query,
)
from clockstop.service.dashboards.scenarios.faults import by_field
from clockstop.service.dashboards.scenarios.form import drawn, empty, made, scope_of
from clockstop.service.dashboards.scenarios.values import form_of
from clockstop.service.dashboards.scenarios.views import TOPIC, shown
from clockstop.service.dashboards.subject import Subject, subject_of
from clockstop.service.dashboards.views import framed
from clockstop.service.ui.uploads import Most, Sent, UploadRefusedError, contents

_ONE_FILE = Most(files=1, megabytes=1)
_TOLD = 20  # problems of a file
_FULL = f"No more than {MOST} scenarios fit side by side: remove one first"
_NONE_IN_IT = "There is no scenario in this address: copy the whole address of a “What if?” page"


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def edit(request: HttpRequest, *, folder: str = "england", code: str = ENGLAND) -> HttpResponse:
    """The form of the scenario that ``at`` numbers, or of a new one; what it makes is run."""
    outlook = _outlook(subject_of(folder, code, "", None))
    scenarios, _ = asked_by(request.GET.getlist(KEY))
    before = next((each for each in scenarios if str(each.place) == request.GET.get("at")), None)
    if request.method != "POST":
        return _opened(request, outlook, before)
    form = fields.typed(request.POST)
    if "more" in request.POST:
        return _form(request, outlook.subject, form, more=fields.ROWS)
    book, subject = current_forecasts(), outlook.subject
    try:
        scenario = made(book, subject, form, before.scenario if before else None)
        letters = letters_once_run(book, outlook, scenario)
    except ScenarioRefusedError as error:
        return _form(request, subject, form, by_field(error.problems))
    return _beside(request, subject, scenarios, before, letters)


def _outlook(subject: Subject) -> Outlook:
    """The outlook of an area that has a forecast; of any other, the page says why there is none."""
    try:
        outlook = outlook_of(subject)
    except NotWorkedOutError as error:
        raise Http404 from error
    if outlook.said is None:
        raise Http404
    return outlook


def _opened(request: HttpRequest, outlook: Outlook, before: Asked | None) -> HttpResponse:
    """The form as it is when it is opened; the page says of what scenario it cannot be."""
    book, subject = current_forecasts(), outlook.subject
    if before is None:
        return _form(request, subject, empty(book.origin))
    form = form_of(before.scenario, scope_of(book, subject))
    if form is None:
        words = (
            f"{before.name} has more than the form on this page shows: download its file, "
            "change that, and open it again"
        )
        return shown(request, subject, {"scenarios": [words]})
    return _form(request, subject, form)


def _form(
    request: HttpRequest,
    subject: Subject,
    form: fields.Form,
    errors: dict[str, str] | None = None,
    *,
    more: int = 0,
) -> HttpResponse:
    book, problems = current_forecasts(), {name: [each] for name, each in (errors or {}).items()}
    context = framed(subject, TOPIC) | drawn(book, subject, form, errors or {}, more)
    return render(request, "dashboards/what_if.jinja", context | {"problems": problems})


def _beside(
    request: HttpRequest,
    subject: Subject,
    scenarios: Sequence[Asked],
    before: Asked | None,
    letters: str,
) -> HttpResponse:
    """The page with a scenario in the place of the one that it was before, or after the others."""
    found = [letters if each is before else each.letters for each in scenarios]
    return _to(request, subject, found if before else [*found, letters], "scenarios")


def _to(request: HttpRequest, subject: Subject, letters: Sequence[str], field: str) -> HttpResponse:
    once = list(dict.fromkeys(letters))
    if len(once) > MOST:
        return shown(request, subject, {field: [_FULL]})
    return HttpResponseRedirect(subject.path(TOPIC.key) + query(once))


@require_POST
def add(request: HttpRequest, *, folder: str = "england", code: str = ENGLAND) -> HttpResponse:
    """Put the scenario of a file, or those of an address that somebody sent, beside the others."""
    outlook = _outlook(subject_of(folder, code, "", None))
    letters, subject = request.GET.getlist(KEY), outlook.subject
    if "address" in request.POST:
        shared = letters_in(request.POST["address"])
        if not shared:
            return shown(request, subject, {"address": [_NONE_IN_IT]})
        return _to(request, subject, [*letters, *shared], "address")
    try:
        sent = cast("list[Sent]", request.FILES.getlist("file"))
        (content,) = contents(sent, _ONE_FILE).values()
        scenario = read_scenario(content.decode("utf-8-sig"))
        found = letters_once_run(current_forecasts(), outlook, scenario)
    except UploadRefusedError as error:
        return shown(request, subject, {"file": [error.words]})
    except UnicodeDecodeError:
        return shown(request, subject, {"file": ["The file is no text: expected JSON in UTF-8"]})
    except ScenarioRefusedError as error:
        return shown(request, subject, {"file": _told(error.problems)})
    return _to(request, subject, [*letters, found], "file")


def _told(problems: Sequence[str]) -> list[str]:
    more = len(problems) - _TOLD
    return [*problems[:_TOLD], *([f"and {more} more"] if more > 0 else [])]
