"""Who moved in a simulation, and how their clocks stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.models import Transfer


def moved() -> Sequence[Transfer]:
    """The transfers whose patients the receiver has."""
    held = Transfer.objects.exclude(received_on=None)
    return list(held.select_related("request__pathway").order_by("pk"))


def pathway_of(transfer: Transfer) -> Pathway:
    """The pathway that moved. Raises LookupError for a test without one."""
    found: Pathway | None = transfer.request.pathway
    if found is None:
        raise LookupError(str(transfer.pk))
    return found


def runs(pathway: Pathway) -> bool:
    """Whether the clock runs today."""
    return clock_on(pathway.events.all(), timezone.localdate()).running is not None


def start_of(pathway: Pathway) -> date | None:
    """The start of the last period: the one that runs, or the one that was treated."""
    periods = clock_on(pathway.events.all(), timezone.localdate()).periods
    return periods[-1].start if periods else None
