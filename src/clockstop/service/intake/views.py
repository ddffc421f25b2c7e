"""Pages for who keeps a hospital's data: what its system sent, and what was refused of it."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.analytics.engine.files import TABLE_TYPES, table_file
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.intake.actions import import_extract
from clockstop.service.intake.models import Import, ImportFault
from clockstop.service.intake.presenters import fault_lines, lines
from clockstop.service.intake.querysets import READERS
from clockstop.service.intake.uploads import FILES, MOST, files_of
from clockstop.service.ui.uploads import UploadRefusedError

_SHOWN = 60  # imports: two months of nights
_PAGE = 100
_COLUMNS = ("file", "row", "column", "found", "expected")


@require_safe
@signed_in(*READERS)
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The latest imports of the actor's hospital."""
    held = Import.objects.visible_to(actor)[:_SHOWN]
    context = {"title": "Imports", "section": "imports", "lines": lines(held)}
    return render(request, "intake/imports.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*READERS)
def upload_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for an extract of the actor's hospital, bring it in, and show what came of it."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("import", args=(_uploaded(request, actor).pk,)))
        except UploadRefusedError as error:
            errors["files"] = error.words
    context = {
        "title": "Upload an extract",
        "section": "imports",
        "files": FILES,
        "megabytes": MOST.megabytes,
        "is_strict": "strict" in request.POST,
        "submission": uuid4(),
        "errors": errors,
    }
    return render(request, "intake/upload.jinja", context, status=400 if errors else 200)


def _uploaded(request: HttpRequest, actor: Actor) -> Import:
    try:
        submission = UUID(request.POST.get("submission", ""))
    except ValueError as error:
        raise BadRequest from error
    sent: Any = request.FILES.getlist("files")
    done = import_extract(
        actor,
        files_of(sent),
        provider=actor.organisation_code,
        strict="strict" in request.POST,
        submission=submission,
    )
    (made,) = done.imports
    return made


@require_safe
@signed_in(*READERS)
def one_import(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """What came of an import, and each value that was refused."""
    held = get_object_or_404(Import.objects.visible_to(actor), pk=import_id)
    faults = ImportFault.objects.visible_to(actor).filter(imported=held)
    page = Paginator(faults, _PAGE).get_page(request.GET.get("page"))
    (line,) = lines([held])
    context = {
        "title": f"Import of {line.received}",
        "section": "imports",
        "held": held,
        "line": line,
        "page": page,
        "faults": fault_lines(page.object_list),
    }
    return render(request, "intake/import.jinja", context)


@require_safe
@signed_in(*READERS)
def import_faults(_: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """Everything that was refused, as a file."""
    held = get_object_or_404(Import.objects.visible_to(actor), pk=import_id)
    found = ImportFault.objects.visible_to(actor).filter(imported=held)
    rows = list(found.values_list(*_COLUMNS))
    columns = {name: [row[at] for row in rows] for at, name in enumerate(_COLUMNS)}
    response = HttpResponse(table_file(columns, "csv"), content_type=TABLE_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="refused.csv"'
    response["Cache-Control"] = "no-store"
    return response
