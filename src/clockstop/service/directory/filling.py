"""Fills the directory: with made-up services in a synthetic England, else from the register.

Of real providers nothing is made up. What the register and the returns say is that a provider has a
service of a treatment function, or that people wait there for a test; it stands in the directory as
such, without clinics or slots, until the provider describes it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import diagnostic_test, treatment_function
from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point
from clockstop.service.audit import recording
from clockstop.service.directory import published
from clockstop.service.directory.choices import AppointmentType, Bookable, Origin, Status
from clockstop.service.directory.clinics import Session, slots_of, weekly
from clockstop.service.directory.models import HealthcareService, NamedClinician, Schedule, Slot
from clockstop.service.directory.offers import Offer, Place, Provider, is_trust, offers
from clockstop.service.directory.published import Told
from clockstop.service.directory.specialties import DIAGNOSTICS, specialties
from clockstop.service.registry.models import Kind, Organisation, Service

SEED, WEEKS = 1948, 12
_BATCH = 2_000
_SLOTS, _MINUTES = 3, 20  # of each made-up clinic, once a week
_HOURS = (9, 10, 13, 14)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was put in. ``left_out`` organisations had services there already."""

    services: int
    slots: int
    organisations: int
    left_out: int
    is_synthetic: bool


def fill(
    lake: Lake,
    *,
    near: str = "",
    miles: float = 60,
    seed: int = SEED,
    weeks: int = WEEKS,
    progress: Callable[[str], None] = lambda _: None,
) -> Filled:
    """Put the providers of the lake and the register into the directory, all of them or none.

    ``near`` is an ICB: then providers within so many miles of one of its own alone. An organisation
    that has services in the directory is left as it is. Raises NoDataError for an empty lake.
    """
    told = published.read(lake)
    wanted = _providers(told, near, miles)
    held = set(HealthcareService.objects.values_list("organisation", flat=True).distinct())
    new = [each for each in wanted if each.code not in held]
    make = _made_up if told.is_synthetic else _registered
    with transaction.atomic():
        services, slots = make(told, new, seed, weeks, progress)
        filled = Filled(services, slots, len(new), len(wanted) - len(new), told.is_synthetic)
        if services:
            detail = {"services": services, "slots": slots, "organisations": len(new)}
            recording.record("filled the directory", recording.SYSTEM, detail=detail)
    return filled


def _providers(told: Told, near: str, miles: float) -> Sequence[Organisation]:
    """Those at work that the lake tells of, in the order of their codes."""
    codes = {each.provider for each in told.offered}
    found = Organisation.objects.at_work(timezone.localdate()).filter(kind=Kind.PROVIDER)
    listed = [each for each in found.order_by("code") if each.code in codes]
    if not near:
        return listed
    around = [told.places[each.code] for each in listed if _is_placed_in(each, near, told)]
    return [each for each in listed if each.icb_code == near or _within(told, each, around, miles)]


def _is_placed_in(organisation: Organisation, icb: str, told: Told) -> bool:
    return organisation.icb_code == icb and organisation.code in told.places


def _within(
    told: Told, organisation: Organisation, around: Collection[Point], miles: float
) -> bool:
    point = told.places.get(organisation.code)
    return point is not None and any(miles_between(point, each) <= miles for each in around)


def _made_up(
    told: Told,
    organisations: Sequence[Organisation],
    seed: int,
    weeks: int,
    progress: Callable[[str], None],
) -> tuple[int, int]:
    by_code = {each.code: each for each in organisations}
    made = [
        (by_code[offered.provider], offer)
        for offered in told.offered
        if offered.provider in by_code
        for offer in offers(provider_of(by_code[offered.provider], told), offered, seed)
    ]
    progress(f"Writing {len(made):,} services")
    services = _written(_row(organisation, offer.values, told) for organisation, offer in made)
    progress("Writing slots")
    pairs = [
        (service, offer)
        for service, (_, offer) in zip(services, made, strict=True)
        if offer.first_free is not None
    ]
    return len(services), _write_slots(pairs, seed, weeks)


def provider_of(organisation: Organisation, told: Told) -> Provider:
    """A provider as the made-up services need it."""
    place = Place(organisation.code, organisation.name, told.places.get(organisation.code))
    trust = is_trust(told.sectors.get(organisation.code, ""))
    return Provider(code=organisation.code, name=organisation.name, is_trust=trust, place=place)


def _row(organisation: Organisation, values: Any, told: Told) -> HealthcareService:
    """A published service; its rating is the provider's."""
    origin = Origin.SYNTHETIC if told.is_synthetic else Origin.REGISTER
    rating, on, source = told.ratings.get(organisation.code, ("", None, ""))
    return HealthcareService(
        organisation=organisation,
        icb_code=organisation.icb_code,
        version=1,
        status=Status.PUBLISHED,
        origin=origin,
        published_at=timezone.now(),
        published_by=recording.SYSTEM.id,
        quality_rating=rating,
        rated_on=on,
        rating_source=source,
        **values,
    )


def _written(services: Iterable[HealthcareService]) -> list[HealthcareService]:
    return HealthcareService.objects.bulk_create(services, batch_size=_BATCH)


def _write_slots(pairs: Sequence[tuple[HealthcareService, Offer]], seed: int, weeks: int) -> int:
    schedules = _write_schedules(pairs)
    today = timezone.localdate()
    return write_in_batches(
        slot
        for service, offer in pairs
        for slot in weekly_clinics(
            schedules[service.pk], offer, chance_of(seed, service), today, weeks
        )
    )


def write_in_batches(slots: Iterator[Slot]) -> int:
    """Write slots as they come; how many they were."""
    count = 0
    while batch := list(islice(slots, 10 * _BATCH)):
        Slot.objects.bulk_create(batch, batch_size=_BATCH)
        count += len(batch)
    return count


def _write_schedules(
    pairs: Sequence[tuple[HealthcareService, Offer]],
) -> Mapping[int, Sequence[Schedule]]:
    """Of each service one for no clinician by name, and one for each that it names."""
    NamedClinician.objects.bulk_create(
        NamedClinician(service=service, user_id=user_id, name=name)
        for service, offer in pairs
        for user_id, name in offer.clinicians
    )
    made = Schedule.objects.bulk_create(
        Schedule(
            service=service, icb_code=service.icb_code, clinician_id=user_id, clinician_name=name
        )
        for service, offer in pairs
        for user_id, name in (("", ""), *offer.clinicians)
    )
    found: dict[int, list[Schedule]] = defaultdict(list)
    for schedule in made:
        found[schedule.service_id].append(schedule)
    return found


def chance_of(seed: int, service: HealthcareService) -> Random:
    """What decides on the weekday and the hour of a made-up service's clinics."""
    return Random(f"{seed} {service.organisation_id} {service.site_code} {service.name}")


def weekly_clinics(
    schedules: Sequence[Schedule],
    offer: Offer,
    rng: Random,
    today: date,
    weeks: int,
    after: date = date.min,
) -> Iterator[Slot]:
    """One clinic a week from the first free day until so many weeks from now, each in its turn.

    None is on the day ``after`` or before.
    """
    first = today + timedelta(days=max(1, round(offer.first_free or 0)))
    first = max(first, after + timedelta(days=1))
    weekday, hour = rng.randrange(5), rng.choice(_HOURS)
    days = weekly(first, weekday, today + timedelta(weeks=weeks))
    for day, schedule in zip(days, cycle(schedules), strict=False):
        session = Session(day=day, begins=time(hour), minutes=_MINUTES, slots=_SLOTS)
        yield from slots_of(session, schedule)


def _registered(
    told: Told,
    organisations: Sequence[Organisation],
    _seed: int,
    _weeks: int,
    progress: Callable[[str], None],
) -> tuple[int, int]:
    """A service for each that the register says is open and each test that people wait for.

    Nothing is in it that neither says.
    """
    progress("Writing services")
    by_code = {each.code: each for each in organisations}
    open_ones = Service.objects.filter(organisation__in=by_code, closed=None)
    rows = open_ones.order_by("organisation", "treatment_function")
    functions = [
        (code, _of_function(function))
        for code, function in rows.values_list("organisation", "treatment_function")
    ]
    tests = [
        (each.provider, _of_test(each.test))
        for each in told.offered
        if each.test and each.provider in by_code
    ]
    services = _written(
        _row(by_code[code], values | _at(by_code[code], told), told)
        for code, values in (*functions, *tests)
    )
    return len(services), 0


def _of_function(function: str) -> dict[str, Any]:
    return {
        "name": treatment_function(function).official_name,
        "treatment_function": function,
        "specialty": specialties()[function].code,
    }


def _of_test(code: str) -> dict[str, Any]:
    return {
        "name": diagnostic_test(code).official_name,
        "diagnostic_test": code,
        "specialty": DIAGNOSTICS,
        "appointment_type": AppointmentType.DIAGNOSTIC,
    }


def _at(organisation: Organisation, told: Told) -> dict[str, Any]:
    point = told.places.get(organisation.code)
    return {
        "takes_appointments": True,
        "bookable": Bookable.NOT,
        "site_code": organisation.code,
        "site_name": organisation.name,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
    }
