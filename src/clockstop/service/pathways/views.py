"""Pages of pathways."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.pathways.models import Pathway


@signed_in()
def pathways(request: HttpRequest, actor: Actor) -> HttpResponse:
    held = Pathway.objects.visible_to(actor).select_related("patient")
    return render(request, "pathways/pathways.jinja", {"title": "Pathways", "held": held[:100]})


@signed_in()
def pathway(request: HttpRequest, actor: Actor, pathway_id: UUID) -> HttpResponse:
    found = get_object_or_404(Pathway.objects.visible_to(actor), pk=pathway_id)
    return render(request, "pathways/pathway.jinja", {"title": "Pathway", "pathway": found})
