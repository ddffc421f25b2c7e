"""Suspicion of cancer on requests for help, kept as the pathway and the tracking list have it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from clockstop.service.pathways.models import Pathway, Priority
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.facts import suspicion
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import AID_ENDED, AID_MOVED


def follow_pathway(*, pathway: Pathway, **_: Any) -> None:
    """Renew the requests of a pathway, in the write that changed it."""
    renew_suspicion(AidRequest.objects.filter(pathway=pathway))


def follow_import(*, icb_code: str, **_: Any) -> None:
    """Renew an ICB's requests after an import, whose rows are written in columns."""
    renew_suspicion(AidRequest.objects.filter(icb_code=icb_code))


@transaction.atomic
def renew_suspicion(requests: Any) -> int:
    """Renew those of some requests that differ from their pathways; how many did.

    Lists, pool and matching read it of the request: whoever came under suspicion after help was
    asked for leaves them, and goes from clinician to clinician.
    """
    listed = ListEntry.objects.filter(pathway=OuterRef("pathway"), on_cancer_list=True)
    suspected = Q(pathway__priority=Priority.SUSPECTED_CANCER) | Q(Exists(listed))
    alive = requests.exclude(state__in=[*AID_ENDED, *AID_MOVED]).exclude(pathway=None)
    differ = alive.filter((suspected & Q(is_cancer=False)) | (~suspected & Q(is_cancer=True)))
    held = list(differ.select_for_update(of=("self",)).select_related("pathway").order_by("pk"))
    for request in held:
        now = suspicion(request)
        for name, value in now.items():
            setattr(request, name, value)
        request.save(update_fields=tuple(now))
    return len(held)
