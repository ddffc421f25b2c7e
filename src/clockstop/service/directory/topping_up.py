"""More weeks of slots for the made-up services of a store that has grown old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clockstop.analytics.published.lake import Lake
from clockstop.service.audit import recording
from clockstop.service.directory import published
from clockstop.service.directory.choices import Origin, Status
from clockstop.service.directory.filling import (
    SEED,
    WEEKS,
    chance_of,
    provider_of,
    weekly_clinics,
    write_in_batches,
)
from clockstop.service.directory.models import HealthcareService, Schedule, Slot
from clockstop.service.directory.offers import Offer, offers
from clockstop.service.directory.published import Told

_LEFT = timedelta(weeks=4)  # until the last slot of all: with more than this nothing is done
_Offers = Mapping[tuple[str, str, str], Offer]


def top_up(lake: Lake, *, seed: int = SEED, weeks: int = WEEKS) -> int:
    """Carry on the weekly clinics to so many weeks from now; how many slots that made.

    By the same chances as at first, from the same lake, and never on a day that has slots. While
    the last slot of all is weeks off it is one question to the store, and nothing is done.
    """
    today = timezone.localdate()
    last = Slot.objects.filter(service__origin=Origin.SYNTHETIC).aggregate(last=Max("starts"))
    if last["last"] is None or last["last"] > timezone.now() + _LEFT:
        return 0
    with transaction.atomic():
        made = write_in_batches(_slots(published.read(lake), today, seed, weeks))
        if made:
            recording.record("topped up slots", recording.SYSTEM, detail={"slots": made})
    return made


def _slots(told: Told, today: date, seed: int, weeks: int) -> Iterator[Slot]:
    rows = HealthcareService.objects.filter(origin=Origin.SYNTHETIC, status=Status.PUBLISHED)
    services = list(rows.select_related("organisation").annotate(last=Max("slots__starts")))
    offered, schedules = _offers(services, told, seed), _schedules(services)
    for service in services:
        offer = offered.get(_key(service))
        if offer and offer.first_free is not None and service.last and service.pk in schedules:
            held, rng = schedules[service.pk], chance_of(seed, service)
            after = timezone.localdate(service.last)
            yield from weekly_clinics(held, offer, rng, today, weeks, after)


def _offers(services: Sequence[HealthcareService], told: Told, seed: int) -> _Offers:
    """What the lake says of each service, as when it was made up."""
    by_code = {each.organisation_id: each.organisation for each in services}
    return {
        (each.provider, offer.values["site_code"], offer.values["name"]): offer
        for each in told.offered
        if each.provider in by_code
        for offer in offers(provider_of(by_code[each.provider], told), each, seed)
    }


def _key(service: HealthcareService) -> tuple[str, str, str]:
    return service.organisation_id, service.site_code, service.name


def _schedules(services: Sequence[HealthcareService]) -> Mapping[int, Sequence[Schedule]]:
    """The schedules of each service, in the order in which they were made."""
    by_key = {each.pk: each for each in services}
    found: dict[int, list[Schedule]] = {}
    for schedule in Schedule.objects.filter(service__in=services).order_by("pk"):
        schedule.service = by_key[schedule.service_id]
        found.setdefault(schedule.service_id, []).append(schedule)
    return found
