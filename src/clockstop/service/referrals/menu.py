"""The single menu: every service that suits a patient, NHS or independent, in one list (E1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import inf
from typing import Any

from django.utils import timezone

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point, Sector
from clockstop.service.directory.choices import Bookable, Priority, Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician
from clockstop.service.directory.slots import free_of
from clockstop.service.referrals.figures import NOT_KNOWN, Waits, waits_of

_COLUMNS = (
    "pk",
    "name",
    "organisation_id",
    "organisation__name",
    "organisation__sector",
    "site_name",
    "latitude",
    "longitude",
    "bookable",
    "takes_triage",
    "quality_rating",
    "treatment_function",
)


class Sort(StrEnum):
    """What the menu is sorted by. Never wait or distance for suspected cancer: see ``order_of``."""

    APPOINTMENT = "appointment"
    TREATMENT = "treatment"
    WAITING = "waiting"
    DISTANCE = "distance"
    QUALITY = "quality"

    @property
    def label(self) -> str:
        """As the choice is worded on the page."""
        return _SORTS[self]


_SORTS = {
    Sort.APPOINTMENT: "First appointment",
    Sort.TREATMENT: "Expected wait to treatment",
    Sort.WAITING: "Waits so far",
    Sort.DISTANCE: "Distance",
    Sort.QUALITY: "Quality rating",
}
_RATINGS = {"outstanding": 0, "good": 1, "requires_improvement": 2, "inadequate": 3}


class AppointmentWait(StrEnum):
    """Where no number of days can be given, by the e-RS code."""

    LIMITED_AVAILABILITY = "LIMITED_AVAILABILITY"  # it publishes slots, and none is free
    NOT_APPLICABLE = "NOT_APPLICABLE"  # it publishes none, or reviews the referral first


@dataclass(frozen=True, slots=True)
class Offered:
    """A line of the menu. Days to the first free slot, or the code that says why there are none."""

    service: int
    name: str
    provider: str
    provider_name: str
    sector: str
    site: str
    takes_triage: bool
    rating: str
    miles: float | None
    first_free: datetime | None
    days: int | None
    code: AppointmentWait | None
    waits: Waits

    @property
    def is_independent(self) -> bool:
        return self.sector == Sector.INDEPENDENT


def menu(
    criteria: Criteria,
    *,
    place: Point | None = None,
    sort: Sort = Sort.APPOINTMENT,
    within_miles: float | None = None,
) -> list[Offered]:
    """Every service that meets the criteria, sorted whole, so that a cut comes after it (E2).

    ``place`` is where the patient sets out from. Services without a known distance are kept where
    a distance limits the menu, last of all. For suspected cancer the order is by the first free
    slot, whatever was asked for.
    """
    rows = HealthcareService.objects.suitable_for(criteria).values_list(*_COLUMNS)
    found = _offered(list(rows), criteria.priority, place)
    if within_miles is not None:
        found = [each for each in found if each.miles is None or each.miles <= within_miles]
    return sorted(found, key=lambda each: order_of(each, sort, criteria.priority))


def offered(
    services: Sequence[int], priority: Priority | None, place: Point | None
) -> list[Offered]:
    """The lines of some services, in the order given: what a shortlist keeps of the day."""
    rows = HealthcareService.objects.filter(pk__in=services).values_list(*_COLUMNS)
    by_service = {each.service: each for each in _offered(list(rows), priority, place)}
    return [by_service[each] for each in services if each in by_service]


def _offered(
    rows: Sequence[tuple[Any, ...]], priority: Priority | None, place: Point | None
) -> list[Offered]:
    free = free_of([row[0] for row in rows], priority=priority)
    waits = {function: waits_of(function) for function in {row[-1] for row in rows} if function}
    today = timezone.localdate()
    return [_line(row, place, free.get(row[0]), waits.get(row[-1], {}), today) for row in rows]


def _line(
    row: tuple[Any, ...],
    place: Point | None,
    first_free: datetime | None,
    waits: Any,
    today: date,
) -> Offered:
    pk, name, provider, provider_name, sector, site, latitude, longitude, *rest = row
    bookable, takes_triage, rating, _ = rest
    miles = None
    if place is not None and latitude is not None and longitude is not None:
        miles = miles_between(place, Point(latitude, longitude))
    publishes = bookable == Bookable.DIRECTLY and not takes_triage
    missing = AppointmentWait.LIMITED_AVAILABILITY if publishes else AppointmentWait.NOT_APPLICABLE
    return Offered(
        pk,
        name,
        provider,
        provider_name,
        sector,
        site,
        takes_triage,
        rating,
        miles,
        first_free,
        (timezone.localdate(first_free) - today).days if first_free else None,
        None if first_free else missing,
        waits.get(provider, NOT_KNOWN),
    )


def order_of(each: Offered, sort: Sort, priority: Priority | None) -> tuple[float, float, int]:
    """Where a line stands: unknown waits after all numbers, the nearer first, then id (E3).

    An urgent suspected cancer goes to the earliest slot: no other order may delay it.
    """
    wanted = Sort.APPOINTMENT if priority is Priority.TWO_WEEK_WAIT else sort
    return _key(each, wanted), inf if each.miles is None else each.miles, each.service


def _key(each: Offered, sort: Sort) -> float:
    match sort:
        case Sort.APPOINTMENT:
            value: float | None = each.first_free.timestamp() if each.first_free else None
        case Sort.TREATMENT:
            value = each.waits.expected_most
        case Sort.WAITING:
            value = each.waits.waiting_most
        case Sort.QUALITY:
            value = _RATINGS.get(each.rating)
        case Sort.DISTANCE:
            value = each.miles
    return inf if value is None else value


def providers_of(lines: Iterable[Offered]) -> frozenset[str]:
    """Distinct providers: what the policy counts, beside services."""
    return frozenset(each.provider for each in lines)


def named_like(name: str, function: str) -> list[tuple[str, str]]:
    """User ID and name of those who lead a team in a treatment function, by a part of the name."""
    teams = NamedClinician.objects.filter(
        name__icontains=name.strip(),
        service__treatment_function=function,
        service__status=Status.PUBLISHED,
    )
    return list(teams.order_by("name").values_list("user_id", "name").distinct()[:20])


def described(services: Iterable[int]) -> dict[int, HealthcareService]:
    """All that the directory says of some services, with their clinicians."""
    rows = HealthcareService.objects.filter(pk__in=list(services)).select_related("organisation")
    return {each.pk: each for each in rows.prefetch_related("clinicians")}


def name_of_clinician(user_id: str) -> str:
    """The name of somebody who leads a team."""
    found = NamedClinician.objects.filter(user_id=user_id).values_list("name", flat=True).first()
    return found or ""
