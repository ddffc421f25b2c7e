"""A line of what a receiver did, for the statement that its invoice is held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.service.audit import recording
from clockstop.service.pathways.clock import clock_on, events_of
from clockstop.service.pathways.models import HospitalRecord
from clockstop.service.transfers.models import Activity, Transfer

TREATED, TESTED = "treated", "tested"


def charge(transfer: Transfer, what: str, day: date, by: recording.Actor) -> None:
    """Note once what was done on a day, at the price that the offer's capacity was posted with."""
    request, capacity = transfer.request, transfer.offer.capacity
    Activity.objects.get_or_create(
        icb_code=transfer.icb_code,
        transfer=transfer,
        day=day,
        what=what,
        defaults={
            "organisation_code": transfer.receiver_code,
            "procedure": request.procedure,
            "currency_code": capacity.currency_code,
            "price_basis": capacity.price_basis,
            "price": capacity.price,
            "commissioner": commissioner_of(transfer, day),
            "noted_at": timezone.now(),
            "noted_by": by.id,
        },
    )


def commissioner_of(transfer: Transfer, day: date) -> str:
    """Who pays: by the pathway's events, else by the hospital's system; empty if nobody says."""
    pathway = transfer.request.pathway
    if pathway is None:
        return ""
    found = commissioner_on(events_of(pathway.events.all()), day)
    if found.code:
        return found.code
    record = HospitalRecord.objects.filter(pk=pathway.pk).first()
    return record.commissioner if record else ""


def still_stopped(lines: Iterable[Activity]) -> frozenset[int]:
    """The keys of those lines whose treatment still stops a clock on its day.

    An entry may have been corrected since. Tests stop none, and stand.
    """
    keys = [each.pk for each in lines]
    held = Activity.objects.filter(pk__in=keys).select_related("transfer__request__pathway")
    whole = held.prefetch_related("transfer__request__pathway__events")
    return frozenset(each.pk for each in whole if _stands(each))


def _stands(line: Activity) -> bool:
    pathway = line.transfer.request.pathway
    if line.what != TREATED or pathway is None:
        return True
    found = clock_on(pathway.events.all(), timezone.localdate())
    return any(each.end == line.day for each in found.periods)
