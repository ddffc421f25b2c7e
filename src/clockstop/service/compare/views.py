"""Pages of the comparison."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.compare.book import Book, current_book
from clockstop.service.compare.comparison import compare as compared_by
from clockstop.service.compare.download import comparison_csv
from clockstop.service.compare.form_page import FormPage
from clockstop.service.compare.forms import CompareForm
from clockstop.service.compare.map import point_map
from clockstop.service.compare.monthly import csv_response
from clockstop.service.compare.presenters import SHOWN_AT_FIRST, ResultsPresenter
from clockstop.service.compare.search import Search


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def compare(request: HttpRequest) -> HttpResponse:
    """The place comes by POST alone and leaves with the answer; an address names a specialty."""
    book = current_book()
    if request.method == "POST":
        form = CompareForm(request.POST, places=book.places)
    elif "function" in request.GET:
        form = CompareForm({"function": request.GET["function"]}, places=book.places)
    else:
        return _form(request, FormPage())
    search = form.search
    return _results(request, book, form, search) if search else _form(request, FormPage(form))


def _form(request: HttpRequest, page: FormPage) -> HttpResponse:
    template = "choose" if page.is_choice else "compare"
    return _page(request, template, {"page": page, "errors": page.errors})


def _results(request: HttpRequest, book: Book, form: CompareForm, search: Search) -> HttpResponse:
    compared = compared_by(book.compare(search.function.code), search)
    if request.POST.get("format") == "csv":
        name = f"waits-{search.function.code}-{book.month}.csv"
        return csv_response(comparison_csv(compared), name)
    is_all = request.POST.get("show") == "all"
    shown = len(compared) if is_all else SHOWN_AT_FIRST
    results = ResultsPresenter(search, compared, month=book.month, shown=shown, may_fold=not is_all)
    context = {
        "results": results,
        "map": point_map(search, compared, shown),
        "page": FormPage(form),
    }
    return _page(request, "results", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "compare/about.jinja", {"section": "about"})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"compare/{name}.jinja", {"section": "compare", **context})
