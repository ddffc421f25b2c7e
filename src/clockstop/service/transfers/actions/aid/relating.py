"""Whom a patient accepted sees the pathway from then on, and no longer if it comes to nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from clockstop.service.pathways import handing
from clockstop.service.pathways.models import CareRelationship, Pathway
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import AID_TAKEN, Aid

_PART = CareRelationship.Part.PROVIDER


def begin_seeing(request: AidRequest) -> None:
    """The receiver of a locked request sees the pathway from today; nothing if it does already."""
    if request.pathway_id is None or _held(request).exists():
        return
    today = timezone.localdate()
    key: dict[str, Any] = {
        "icb_code": request.icb_code,
        "pathway_id": request.pathway_id,
        "organisation_code": request.receiver_code,
        "part": _PART,
        "starts": today,
    }
    CareRelationship.objects.update_or_create(**key, defaults={"ends": None})


def stop_seeing(request: AidRequest) -> None:
    """The receiver sees it no longer, if it did so for this acceptance alone."""
    if request.pathway is None or sees_otherwise(request):
        return
    accepted = request.steps.filter(action="choose").order_by("-version").first()
    if accepted is not None:
        since = timezone.localtime(accepted.at).date()
        _held(request).filter(starts__gte=since).update(ends=timezone.localdate())


def sees_otherwise(request: AidRequest) -> bool:
    """Whether the receiver has the pathway, or helps with it by another request that goes on."""
    has_it = request.pathway and request.pathway.organisation_code == request.receiver_code
    return bool(has_it) or _beside(request).filter(receiver_code=request.receiver_code).exists()


def keep_seeing(request: AidRequest, pathway: Pathway) -> None:
    """Whoever helps with a pathway by another request sees it after it was handed over too."""
    for code in _beside(request).order_by("pk").values_list("receiver_code", flat=True):
        handing.relate(pathway, code, _PART)


def _beside(request: AidRequest) -> Any:
    """Other requests of the pathway that a provider is at work on."""
    at_work = [*AID_TAKEN, Aid.TRANSFERRED, Aid.RESULTED]
    held = AidRequest.objects.filter(pathway=request.pathway_id, state__in=at_work)
    return held.exclude(pk=request.pk)


def _held(request: AidRequest) -> Any:
    today = timezone.localdate()
    return CareRelationship.objects.filter(
        Q(ends=None) | Q(ends__gt=today),
        pathway=request.pathway_id,
        organisation_code=request.receiver_code,
        part=_PART,
    )
