"""Pages of the comparison."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clockstop.service.compare.book import current_book


def compare(request: HttpRequest) -> HttpResponse:
    return render(request, "compare/about.jinja", {"section": "compare", "book": current_book()})


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "compare/about.jinja", {"section": "about"})
