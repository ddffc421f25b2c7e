"""Whom a patient accepted sees the pathway from then on, and no longer if it comes to nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from clockstop.service.pathways.models import CareRelationship
from clockstop.service.transfers.models import AidRequest

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
    if request.pathway is None or request.receiver_code == request.pathway.organisation_code:
        return
    accepted = request.steps.filter(action="choose").order_by("-version").first()
    if accepted is not None:
        since = timezone.localtime(accepted.at).date()
        _held(request).filter(starts__gte=since).update(ends=timezone.localdate())


def _held(request: AidRequest) -> Any:
    today = timezone.localdate()
    return CareRelationship.objects.filter(
        Q(ends=None) | Q(ends__gt=today),
        pathway=request.pathway_id,
        organisation_code=request.receiver_code,
        part=_PART,
    )
