"""The single menu: every service that suits a patient, NHS or independent, in one list (E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple, overload

from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from clockstop.core.geography.distance import miles_from
from clockstop.core.types import Point, Sector
from clockstop.service.directory.catalogue import Listed, listed, suitable_for
from clockstop.service.directory.choices import Bookable, Priority, SlotStatus, Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician, Slot
from clockstop.service.referrals.figures import NOT_KNOWN, Waits, waits_of

_NEVER = "~"  # after every time as text


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
    """A service, and what the order of the menu goes by.

    ``first_free`` is a text that sorts as the times do; none where nothing is free, or where the
    order does not ask for it.
    """

    service: Listed
    miles: float | None
    first_free: str | None
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
    told: Listed  # all that the directory says of it to whoever compares

    @property
    def is_independent(self) -> bool:
        return self.sector == Sector.INDEPENDENT


class Menu(Sequence[Offered]):
    """Lines in their order. What is shown of each is read from the store for those asked for alone.

    So a page costs as much as its own lines, however many there are.
    """

    def __init__(self, found: Sequence[Found], priority: Priority | None) -> None:
        self._found = found
        self._priority = priority

    @property
    def services(self) -> list[int]:
        """Their keys, in their order."""
        return [each.service.pk for each in self._found]

    @property
    def providers(self) -> frozenset[str]:
        """Distinct providers."""
        return frozenset(each.service.organisation_id for each in self._found)

    def of_provider(self, code: str) -> Menu:
        """The lines of one provider."""
        found = [each for each in self._found if each.service.organisation_id == code]
        return Menu(found, self._priority)

    def one_each(self) -> Menu:
        """The first line of each provider: how somebody compares providers, not clinics."""
        first: dict[str, Found] = {}
        for each in self._found:
            first.setdefault(each.service.organisation_id, each)
        return Menu(list(first.values()), self._priority)

    @property
    def services_by_provider(self) -> Mapping[str, int]:
        """How many lines each provider has."""
        return Counter(each.service.organisation_id for each in self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Offered]:
        return iter(_lines(self._found, self._priority))

    @overload
    def __getitem__(self, at: int) -> Offered: ...
    @overload
    def __getitem__(self, at: slice) -> list[Offered]: ...
    def __getitem__(self, at: int | slice) -> Offered | list[Offered]:
        if isinstance(at, slice):
            return _lines(self._found[at], self._priority)
        return _lines([self._found[at]], self._priority)[0]


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
    priority = criteria.priority
    by = Sort.APPOINTMENT if priority is Priority.TWO_WEEK_WAIT else sort
    first = _first_free_of(criteria) if by is Sort.APPOINTMENT else {}
    found = _found(suitable_for(criteria), place, first)
    if within_miles is not None:
        found = [each for each in found if each.miles is None or each.miles <= within_miles]
    return Menu(sorted(found, key=_ORDERS[by]), priority)


def offered(
    services: Sequence[int], priority: Priority | None, place: Point | None
) -> list[Offered]:
    """The lines of some services, in the order given: what a shortlist keeps of the day."""
    if not services:
        return []
    by_key = {each.service.pk: each for each in _found(listed(services), place, {})}
    return _lines([by_key[each] for each in services if each in by_key], priority)


def _found(
    services: Iterable[Listed], place: Point | None, first_free: Mapping[int, str | None]
) -> list[Found]:
    services = list(services)
    functions = {each.treatment_function for each in services} - {""}
    waits = {function: waits_of(function) for function in functions}
    miles = miles_from(place) if place else None
    return [
        Found(
            each,
            None
            if miles is None or each.latitude is None or each.longitude is None
            else miles(each.latitude, each.longitude),
            first_free.get(each.pk),
            waits.get(each.treatment_function, {}).get(each.organisation_id, NOT_KNOWN),
        )
        for each in services
    ]


def _first_free_of(criteria: Criteria) -> dict[int, str | None]:
    """The first free slot of every published service of what is looked for."""
    equal = ("treatment_function", "diagnostic_test", "specialty", "organisation")
    asked = {name: getattr(criteria, name) for name in equal if getattr(criteria, name)}
    rows = HealthcareService.objects.published().filter(**asked).order_by()
    first = Cast(Subquery(_first_free(criteria.priority)), TextField())
    return dict(rows.annotate(first_free=first).values_list("pk", "first_free"))


def _first_free(priority: Priority | None) -> Any:
    """The first free slot of a service, found by its index: the services are published ones."""
    held = Slot.objects.filter(
        service=OuterRef("pk"), status=SlotStatus.FREE, starts__gt=timezone.now()
    )
    if priority:
        held = held.filter(**{priority.value: True})
    return held.order_by("starts").values("starts")[:1]


def _lines(found: Sequence[Found], priority: Priority | None) -> list[Offered]:
    """What is shown of them, in their order."""
    rows: Any = HealthcareService.objects.filter(pk__in=[each.service.pk for each in found])
    rows = rows.order_by().annotate(first_free=Subquery(_first_free(priority)))
    of = rows.values_list("pk", "organisation__name", "organisation__sector", "first_free")
    shown = {row[0]: row for row in of}
    today = timezone.localdate()
    return [
        _line(each, shown[each.service.pk], today) for each in found if each.service.pk in shown
    ]


def _line(found: Found, row: tuple[Any, ...], today: date) -> Offered:
    _, provider_name, sector, first_free = row
    told = found.service
    publishes = told.bookable == Bookable.DIRECTLY and not told.takes_triage
    missing = AppointmentWait.LIMITED_AVAILABILITY if publishes else AppointmentWait.NOT_APPLICABLE
    return Offered(
        told.pk,
        told.name,
        told.organisation_id,
        provider_name,
        sector,
        told.site_name,
        told.takes_triage,
        told.quality_rating,
        found.miles,
        first_free,
        (timezone.localdate(first_free) - today).days if first_free else None,
        None if first_free else missing,
        found.waits,
        told,
    )


def _ordered(value: Callable[[Found], Any], last: Any = inf) -> Callable[[Found], Any]:
    """Where a line stands: unknown values after all others, the nearer first, then id (E3)."""

    def order(each: Found) -> tuple[Any, float, int]:
        found, miles = value(each), each.miles
        return last if found is None else found, inf if miles is None else miles, each.service.pk

    return order


_ORDERS = {
    Sort.APPOINTMENT: _ordered(lambda each: each.first_free, _NEVER),
    Sort.TREATMENT: _ordered(lambda each: each.waits.expected_most),
    Sort.WAITING: _ordered(lambda each: each.waits.waiting_most),
    Sort.DISTANCE: _ordered(lambda each: each.miles),
    Sort.QUALITY: _ordered(lambda each: _RATINGS.get(each.service.quality_rating)),
}


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
