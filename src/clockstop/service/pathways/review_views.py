"""Pages of what a person must look at, and of a patient's word that care is not needed."""

from uuid import UUID

import rules
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, PUBLIC
from clockstop.service.pathways import merging, validation
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.merging import CannotMergeError
from clockstop.service.pathways.models import Pathway, Patient, Review
from clockstop.service.pathways.presenters import reviews as presenter
from clockstop.service.pathways.reviews import AlreadyClosedError

LISTED = 100
CHOOSE = "Choose what came of it"


@require_safe
@signed_in(*PROVIDING)
def reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open reviews: safeguarding first, then those that have waited longest."""
    held = (
        Review.objects.visible_to(actor).filter(closed_at=None).select_related("pathway__patient")
    )
    waiting = held.order_by("-safeguarding", "opened_at", "pk")
    context = {
        "title": "Reviews",
        "section": "reviews",
        "lines": presenter.lines(waiting[:LISTED]),
        "total": held.count(),
    }
    return render(request, "pathways/reviews.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*PROVIDING)
def review(request: HttpRequest, actor: Actor, review_id: UUID) -> HttpResponse:
    held = Review.objects.visible_to(actor).select_related("pathway__patient")
    found = get_object_or_404(held, pk=review_id)
    error = _closed(request, actor, found) if request.method == "POST" else None
    if request.method == "POST" and error is None:
        return HttpResponseRedirect(reverse("review", args=(found.pk,)))
    other = _other(actor, found)
    _open(actor, found, other)
    context = {
        "title": "Review",
        "section": "reviews",
        "review": found,
        "shown": presenter.shown(
            found,
            other,
            may_close=rules.has_perm("pathways.close_review", actor, found),
        ),
        "errors": {"outcome": error} if error else {},
    }
    return render(request, "pathways/review.jinja", context, status=400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*PUBLIC)
def not_needed(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    """A patient says that care is not needed: asked first, then told what happens."""
    found = get_object_or_404(Pathway.objects.visible_to(actor), pk=pathway_id)
    if request.method == "POST":
        validation.say_not_needed(actor=actor, pathway=found)
        return HttpResponseRedirect(reverse("not_needed", args=(found.pk,)))
    is_said = validation.has_said(found)
    title = "Somebody will talk to you" if is_said else "Do you still need to be seen?"
    context = {"title": title, "pathway": found, "is_said": is_said, "section": "pathways"}
    return render(request, "pathways/not_needed.jinja", context)


def _closed(request: HttpRequest, actor: Actor, found: Review) -> str | None:
    """Close a review; the words of the error if that cannot be."""
    outcome = request.POST.get("outcome", "")
    try:
        merging.settle(actor=actor, review=found, outcome=outcome)
    except AlreadyClosedError:
        found.refresh_from_db()
        return "Somebody else has closed this review: see what came of it"
    except CannotMergeError as error:
        return f"The records cannot be joined: {error}"
    except ValueError:
        return CHOOSE
    return None


def _open(actor: Actor, found: Review, other: Patient | None) -> None:
    """Both records that are shown are opened, and so in the audit."""
    keys = [found.pathway_id]
    if other:
        held = Pathway.objects.visible_to(actor).filter(patient=other).order_by("pk")
        keys.append(held.values_list("pk", flat=True)[0])
    for key in keys:
        open_pathway(actor=actor, pathway_id=key)


def _other(actor: Actor, found: Review) -> Patient | None:
    """The record that looks alike, if the actor sees that one too."""
    if found.kind != Review.Kind.LIKELY_DUPLICATE:
        return None
    other: Patient | None = (
        Patient.objects.visible_to(actor).filter(pk=UUID(found.opened_for)).first()
    )
    return other
