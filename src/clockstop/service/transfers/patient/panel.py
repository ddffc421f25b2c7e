"""What the page of all of a patient's care says of being treated sooner, wait by wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.transfers.actions.asking.scanning import eligible_among
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.patient.presenter import words_of
from clockstop.service.transfers.patient.views import RIGHT


@dataclass(frozen=True, slots=True)
class Panel:
    """A link to the latest request, if there is one; ``begin`` is where one may be begun."""

    title: str = ""
    href: str = ""
    begin: str = ""


def panels(
    actor: Actor, pathways: Iterable[Pathway], *, is_phone: bool = False
) -> Mapping[str, Panel]:
    """By the key of each pathway what there is to say; those without anything are left out.

    On the phone staff speak for people of any age.
    """
    today = timezone.localdate()
    keys = [
        each.pk for each in pathways if is_phone or not is_too_young(each.patient.birth_date, today)
    ]
    asked = PatientRequest.objects.visible_to(actor).filter(pathway__in=keys)
    moves = AidRequest.objects.visible_to(actor).filter(patient_request__in=asked)
    moves = moves.exclude(receiver_code="").order_by("created_at")
    came_to = dict(moves.values_list("patient_request", "state"))
    found = {
        str(each.pathway_id): Panel(
            words_of(each.state, came_to.get(each.pk, "")).title,
            reverse("own_sooner_tracker", args=(each.pk,)),
        )
        for each in asked.order_by("created_at")
    }
    free = eligible_among(RIGHT, today, keys)
    return found | {
        str(key): replace(found.get(str(key), Panel()), begin=reverse("sooner_start", args=(key,)))
        for key in free
    }
