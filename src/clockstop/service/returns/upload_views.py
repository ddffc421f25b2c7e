"""The page on which a week that was made elsewhere is uploaded."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.analytics.wlmds.tables import TABLES, TITLES
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.returns import actions, deadlines
from clockstop.service.returns.made import CannotMakeError
from clockstop.service.returns.models import Kind
from clockstop.service.returns.presenters.wording import period_words
from clockstop.service.returns.querysets import MAKING
from clockstop.service.returns.uploads import MOST


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*MAKING)
def upload_return(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a week and its files, keep what was sent, and show what was found in it."""
    weeks = list(deadlines.weeks_due(timezone.localdate()))
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            submission = UUID(request.POST.get("submission", ""))
        except ValueError as error:
            raise BadRequest from error
        chosen = next((w for w in weeks if w.isoformat() == request.POST.get("week")), None)
        try:
            if chosen is None:
                errors["week"] = "Choose the week that the files are of"
            else:
                sent: Any = request.FILES.getlist("files")
                held = actions.upload_weekly(
                    actor=actor, week_ending=chosen, sent=sent, submission=submission
                )
                return HttpResponseRedirect(reverse("return", args=(held.pk,)))
        except CannotMakeError as error:
            errors["files"] = error.words
    context = {
        "title": "Upload a weekly submission",
        "section": "returns",
        "weeks": [(w.isoformat(), period_words(Kind.WEEKLY, w)) for w in weeks],
        "chosen": request.POST.get("week") or request.GET.get("week", ""),
        "tables": [(f"{name}.csv", TITLES[name]) for name in TABLES],
        "megabytes": MOST.megabytes,
        "submission": uuid4(),
        "errors": errors,
    }
    return render(request, "returns/upload.jinja", context, status=400 if errors else 200)
