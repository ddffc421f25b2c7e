"""What requests for help keep of the records, renewed as pathway and tracking list change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from clockstop.service.pathways.models import Pathway, Priority
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.facts import suspicion, weeks_ahead
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import AID_ENDED, AID_MOVED


def follow_pathway(*, pathway: Pathway, **_: Any) -> None:
    """Renew the requests of a pathway, in the write that changed it."""
    renew_requests(AidRequest.objects.filter(pathway=pathway))


def follow_import(*, icb_code: str, **_: Any) -> None:
    """Renew an ICB's requests after an import, whose rows are written in columns."""
    renew_requests(AidRequest.objects.filter(icb_code=icb_code))


@transaction.atomic
def renew_requests(requests: Any) -> int:
    """Renew those of some requests that differ from their pathways; how many did.

    Lists, pool and matching read suspicion of cancer and the start of the wait of the request:
    whoever came under suspicion after help was asked for leaves them, and goes from clinician to
    clinician; whose start was corrected has the place in the queue that is theirs.
    """
    of_pathway = ListEntry.objects.filter(pathway=OuterRef("pathway"))
    suspected = Q(pathway__priority=Priority.SUSPECTED_CANCER) | Q(
        Exists(of_pathway.filter(on_cancer_list=True))
    )
    waiting = of_pathway.filter(state__in=(State.WAITING, State.TEST))
    alive = requests.exclude(state__in=[*AID_ENDED, *AID_MOVED]).exclude(pathway=None)
    alive = alive.annotate(started=Subquery(waiting.values("clock_start")[:1]))
    differ = alive.filter(
        (suspected & Q(is_cancer=False))
        | (~suspected & Q(is_cancer=True))
        | (Q(started__isnull=False) & ~Q(started=F("waiting_since")))
    )
    held = list(differ.select_for_update(of=("self",)).select_related("pathway").order_by("pk"))
    for request in held:
        now = suspicion(request) | _wait(request, request.started)
        for name, value in now.items():
            setattr(request, name, value)
        request.save(update_fields=tuple(now))
    return len(held)


def _wait(request: AidRequest, started: date | None) -> dict[str, object]:
    """The start of the wait as it is now, and what was to be expected by it on asking."""
    if started is None:
        return {}
    provider, function = request.organisation_code, request.treatment_function
    asked_on = timezone.localdate(request.created_at)
    here = weeks_ahead(provider, function, started, asked_on)
    return {"waiting_since": started, "weeks_here": here}
