"""Pages of the register: open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clockstop.service.registry.models import Organisation
from clockstop.service.registry.presenters import found, page_of

_SHOWN = 50
_LONGEST = 100  # letters of a search


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """A search of every organisation by name or code."""
    words = request.GET.get("q", "").strip()[:_LONGEST]
    matches = Organisation.objects.called(words)
    context = {
        "title": "Find an NHS organisation",
        "words": words,
        "found": found(list(matches[:_SHOWN])),
        "number": matches.count(),
        "is_empty": not Organisation.objects.exists(),
    }
    return render(request, "registry/organisations.jinja", context)


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation."""
    page = page_of(get_object_or_404(Organisation, code=code))
    return render(request, "registry/organisation.jinja", {"title": page.name, "page": page})
