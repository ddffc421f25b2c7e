"""The single menu: every service that suits a patient, NHS or independent, in one list (E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple, overload

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point, Sector
from clockstop.service.directory.choices import Bookable, Priority, SlotStatus, Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician, Slot
from clockstop.service.referrals.figures import NOT_KNOWN, Waits, waits_of

_ORDERED_BY = (
    "pk",
    "organisation_id",
    "treatment_function",
    "quality_rating",
    "latitude",
    "longitude",
)
_SHOWN = (
    "pk",
    "name",
    "organisation_id",
    "organisation__name",
    "organisation__sector",
    "site_name",
    "bookable",
    "takes_triage",
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


class Found(NamedTuple):
    """What the order of the menu goes by, of one service."""

    service: int
    provider: str
    rating: str
    miles: float | None
    first_free: datetime | None
    waits: Waits


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


class Menu(Sequence[Offered]):
    """Lines in their order. What is shown of each is read from the store for those asked for alone.

    So a page costs as much as its own lines, however many there are.
    """

    def __init__(self, found: Sequence[Found]) -> None:
        self._found = found

    @property
    def services(self) -> list[int]:
        """Their keys, in their order."""
        return [each.service for each in self._found]

    @property
    def providers(self) -> frozenset[str]:
        """Distinct providers."""
        return frozenset(each.provider for each in self._found)

    def of_provider(self, code: str) -> Menu:
        """The lines of one provider."""
        return Menu([each for each in self._found if each.provider == code])

    def one_each(self) -> Menu:
        """The first line of each provider: how somebody compares providers, not clinics."""
        first: dict[str, Found] = {}
        for each in self._found:
            first.setdefault(each.provider, each)
        return Menu(list(first.values()))

    @property
    def services_by_provider(self) -> Mapping[str, int]:
        """How many lines each provider has."""
        return Counter(each.provider for each in self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Offered]:
        return iter(_lines(self._found))

    @overload
    def __getitem__(self, at: int) -> Offered: ...
    @overload
    def __getitem__(self, at: slice) -> list[Offered]: ...
    def __getitem__(self, at: int | slice) -> Offered | list[Offered]:
        if isinstance(at, slice):
            return _lines(self._found[at])
        return _lines([self._found[at]])[0]


def menu(
    criteria: Criteria,
    *,
    place: Point | None = None,
    sort: Sort = Sort.APPOINTMENT,
    within_miles: float | None = None,
) -> Menu:
    """Every service that meets the criteria, sorted whole, so that a cut comes after it (E2).

    ``place`` is where the patient sets out from. Services without a known distance are kept where
    a distance limits the menu, last of all. For suspected cancer the order is by the first free
    slot, whatever was asked for.
    """
    found = _found(HealthcareService.objects.suitable_for(criteria), criteria.priority, place)
    if within_miles is not None:
        found = [each for each in found if each.miles is None or each.miles <= within_miles]
    return Menu(sorted(found, key=lambda each: order_of(each, sort, criteria.priority)))


def offered(
    services: Sequence[int], priority: Priority | None, place: Point | None
) -> list[Offered]:
    """The lines of some services, in the order given: what a shortlist keeps of the day."""
    if not services:
        return []
    held = HealthcareService.objects.filter(pk__in=services)
    by_service = {each.service: each for each in _found(held, priority, place)}
    return _lines([by_service[each] for each in services if each in by_service])


def _found(services: Any, priority: Priority | None, place: Point | None) -> list[Found]:
    """What the order goes by, of all of them: one question to the store."""
    rows = list(
        services.order_by()
        .annotate(first_free=Subquery(_first_free(priority)))
        .values_list(*_ORDERED_BY, "first_free")
    )
    waits = {function: waits_of(function) for function in {row[2] for row in rows} if function}
    return [
        Found(
            pk,
            provider,
            rating,
            _miles(place, latitude, longitude),
            first_free,
            waits.get(function, {}).get(provider, NOT_KNOWN),
        )
        for pk, provider, function, rating, latitude, longitude, first_free in rows
    ]


def _first_free(priority: Priority | None) -> Any:
    """The first free slot of a service, found by its index: the services are published ones."""
    held = Slot.objects.filter(
        service=OuterRef("pk"), status=SlotStatus.FREE, starts__gt=timezone.now()
    )
    if priority:
        held = held.filter(**{priority.value: True})
    return held.order_by("starts").values("starts")[:1]


def _miles(place: Point | None, latitude: float | None, longitude: float | None) -> float | None:
    if place is None or latitude is None or longitude is None:
        return None
    return miles_between(place, Point(latitude, longitude))


def _lines(found: Sequence[Found]) -> list[Offered]:
    """What is shown of them, in their order."""
    rows = HealthcareService.objects.filter(pk__in=[each.service for each in found])
    shown = {row[0]: row for row in rows.order_by().values_list(*_SHOWN)}
    today = timezone.localdate()
    return [_line(each, shown[each.service], today) for each in found if each.service in shown]


def _line(found: Found, row: tuple[Any, ...], today: date) -> Offered:
    pk, name, provider, provider_name, sector, site, bookable, takes_triage = row
    first_free = found.first_free
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
        found.rating,
        found.miles,
        first_free,
        (timezone.localdate(first_free) - today).days if first_free else None,
        None if first_free else missing,
        found.waits,
    )


def order_of(
    each: Found | Offered, sort: Sort, priority: Priority | None
) -> tuple[float, float, int]:
    """Where a line stands: unknown waits after all numbers, the nearer first, then id (E3).

    An urgent suspected cancer goes to the earliest slot: no other order may delay it.
    """
    wanted = Sort.APPOINTMENT if priority is Priority.TWO_WEEK_WAIT else sort
    return _key(each, wanted), inf if each.miles is None else each.miles, each.service


def _key(each: Found | Offered, sort: Sort) -> float:
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
