"""One provider: its waits by specialty, and the history of one of them."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clockstop.analytics.lists.book import MonthRow, ProviderWaits
from clockstop.service.compare import monthly
from clockstop.service.compare.ahead import WaitAhead, WaitedForm
from clockstop.service.compare.book import current_book, current_waits
from clockstop.service.compare.comparison import Compared, Group
from clockstop.service.compare.download import comparison_csv
from clockstop.service.compare.provider_page import ProviderPage


@require_safe
def provider(request: HttpRequest, code: str) -> HttpResponse:
    waits, chosen = _waits(request, code)
    page = ProviderPage(waits, chosen, _history(chosen), current_book().month)
    ahead = WaitAhead(current_waits(), chosen, WaitedForm(request.GET))
    context = {"section": "compare", "page": page, "ahead": ahead, "errors": ahead.errors}
    return render(request, "compare/provider.jinja", context)


@require_safe
def provider_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The latest figures of every specialty, in the columns of the comparison."""
    waits, _ = _waits(request, code)
    text = comparison_csv(Compared(each, None, Group.LISTED) for each in waits)
    return monthly.csv_response(text, f"waits-{code}-{waits[0].month}.csv")


@require_safe
def history_csv(request: HttpRequest, code: str) -> HttpResponse:
    _, chosen = _waits(request, code)
    text = monthly.month_csv(_history(chosen))
    return monthly.csv_response(text, f"waits-{code}-{chosen.function}-by-month.csv")


def _waits(request: HttpRequest, code: str) -> tuple[Sequence[ProviderWaits], ProviderWaits]:
    """The provider's latest figures and those of the specialty asked for: all, unless named."""
    try:
        waits = current_book().provider(code)
    except KeyError:
        raise Http404 from None
    function = request.GET.get("function", waits[0].function)
    for each in waits:
        if each.function == function:
            return waits, each
    raise Http404


def _history(chosen: ProviderWaits) -> Sequence[MonthRow]:
    return current_book().history(chosen.provider, chosen.function)
