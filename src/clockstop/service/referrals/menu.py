"""The single menu: every service that suits a patient, NHS or independent, in one list (E1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import isnan
from typing import Any, overload

import numpy as np
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from numpy.typing import NDArray

from clockstop.analytics.lists.distances import Floats, miles_to
from clockstop.core.types import Point, Sector
from clockstop.service.directory.catalogue import (
    Listed,
    Positions,
    Shelf,
    published_for,
    shelf_for,
    shelf_of,
)
from clockstop.service.directory.choices import Bookable, Priority, SlotStatus, Status
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician, Slot
from clockstop.service.referrals.figures import NOT_KNOWN, Waits, waits_of

_NEVER = "~"  # after every day as text
_LAST_HOUR = "23"  # of a day in UTC


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
    told: Listed  # all that the directory says of it to whoever compares

    @property
    def is_independent(self) -> bool:
        return self.sector == Sector.INDEPENDENT


class Menu(Sequence[Offered]):
    """Lines in their order. What is shown of each is read from the store for those asked for alone.

    So a page costs as much as its own lines, however many there are. ``at`` says where in the
    shelf each of them stands; ``miles`` has the length of the shelf. ``times`` are the first free
    slots by service where the order asked for them already.
    """

    def __init__(
        self,
        shelf: Shelf,
        at: Positions,
        miles: Floats,
        priority: Priority | None,
        times: Mapping[int, str | None] | None = None,
    ) -> None:
        self._shelf, self._at, self._miles = shelf, at, miles
        self._priority, self._times = priority, times

    @property
    def services(self) -> list[int]:
        """Their keys, in their order."""
        found: list[int] = self._shelf["pk"][self._at].tolist()
        return found

    @property
    def providers(self) -> frozenset[str]:
        """Distinct providers."""
        return frozenset(self.services_by_provider)

    def of_provider(self, code: str) -> Menu:
        """The lines of one provider."""
        return self._of(self._at[self._shelf["organisation_id"][self._at] == code])

    def one_each(self) -> Menu:
        """The first line of each provider: how somebody compares providers, not clinics."""
        _, first = np.unique(self._providers, return_index=True)
        return self._of(self._at[np.sort(first)])

    @property
    def services_by_provider(self) -> Mapping[str, int]:
        """How many lines each provider has."""
        numbers, counts = np.unique(self._providers, return_counts=True)
        return {
            self._shelf.providers[number]: count
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True)
        }

    @property
    def _providers(self) -> Positions:
        return self._shelf.provider[self._at]

    def _of(self, at: Positions) -> Menu:
        return Menu(self._shelf, at, self._miles, self._priority, self._times)

    def __len__(self) -> int:
        return len(self._at)

    def __iter__(self) -> Iterator[Offered]:
        return iter(self._lines(self._at))

    @overload
    def __getitem__(self, at: int) -> Offered: ...
    @overload
    def __getitem__(self, at: slice) -> list[Offered]: ...
    def __getitem__(self, at: int | slice) -> Offered | list[Offered]:
        if isinstance(at, slice):
            return self._lines(self._at[at])
        return self._lines(self._at[[at]])[0]

    def _lines(self, at: Positions) -> list[Offered]:
        """What is shown of them, in their order."""
        told = [self._shelf.services[each] for each in at]
        waits = _waits_of(each.treatment_function for each in told)
        miles = [None if isnan(each) else each for each in self._miles[at].tolist()]
        times = self._times
        if times is None:
            held = HealthcareService.objects.filter(pk__in=[each.pk for each in told])
            times = _first_free_of(held, self._priority)
        return [
            _line(
                each,
                away,
                waits(each.treatment_function, each.organisation_id),
                _time(times.get(each.pk)),
            )
            for each, away in zip(told, miles, strict=True)
        ]


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
    shelf, priority = shelf_for(criteria), criteria.priority
    at, miles = shelf.suitable_for(criteria), _miles(shelf, place)
    if within_miles is not None:
        at = at[~(miles[at] > within_miles)]
    by = Sort.APPOINTMENT if priority is Priority.TWO_WEEK_WAIT else sort
    times = None
    if by is Sort.APPOINTMENT:
        times = _first_free_of(published_for(criteria), priority)
        values: NDArray[Any] = np.array([_day(times.get(pk)) for pk in shelf["pk"].tolist()])
    else:
        values = _VALUES[by](shelf, miles)
    # Unknown values after all others, the nearer first, then id (E3): the last key counts most.
    order = np.lexsort((shelf["pk"][at], miles[at], values[at]))
    return Menu(shelf, at[order], miles, priority, times)


def offered(
    services: Sequence[int], priority: Priority | None, place: Point | None
) -> list[Offered]:
    """The lines of some services, in the order given: what a shortlist keeps of the day."""
    if not services:
        return []
    shelf = shelf_of(services)
    stands = {each.pk: at for at, each in enumerate(shelf.services)}
    at = np.array([stands[each] for each in services if each in stands], dtype=np.intp)
    return list(Menu(shelf, at, _miles(shelf, place), priority))


def _miles(shelf: Shelf, place: Point | None) -> Floats:
    """How far off each service is; NaN where nobody knows."""
    if place is None:
        return np.full(len(shelf.services), np.nan)
    return miles_to(place, shelf["latitude"], shelf["longitude"])


def _weeks(name: str) -> Callable[[Shelf, Floats], Floats]:
    """A figure of the waits of each service's provider and function; NaN where there is none."""

    def weeks(shelf: Shelf, _: Floats) -> Floats:
        waits = _waits_of(function for function, _ in shelf.waits)
        figures = [getattr(waits(*pair), name) for pair in shelf.waits]
        return np.array(figures, dtype=np.float64)[shelf.wait]

    return weeks


def _waits_of(functions: Iterable[str]) -> Callable[[str, str], Waits]:
    """The waits by treatment function and provider; a test has none."""
    held = {function: waits_of(function) for function in set(functions) if function}
    return lambda function, provider: held.get(function, {}).get(provider, NOT_KNOWN)


def _rating(shelf: Shelf, _: Floats) -> Floats:
    """The better the lower."""
    ratings, of = np.unique(shelf["quality_rating"], return_inverse=True)
    return np.array([_RATINGS.get(each, np.nan) for each in ratings.tolist()])[of]


_VALUES: dict[Sort, Callable[[Shelf, Floats], Floats]] = {
    Sort.TREATMENT: _weeks("expected_most"),
    Sort.WAITING: _weeks("waiting_most"),
    Sort.DISTANCE: lambda _, miles: miles,
    Sort.QUALITY: _rating,
}


def _first_free_of(services: Any, priority: Priority | None) -> dict[int, str | None]:
    """The first free slot of each service as the store's text, by the index of the slots.

    Of a thousand times a page shows those of its lines: only these are made into times.
    """
    held = Slot.objects.filter(
        service=OuterRef("pk"), status=SlotStatus.FREE, starts__gt=timezone.now()
    )
    if priority:
        held = held.filter(**{priority.value: True})
    first = Subquery(held.order_by("starts").values("starts")[:1])
    rows = services.order_by().annotate(first_free=Cast(first, TextField()))
    return dict(rows.values_list("pk", "first_free"))


def _day(text: str | None) -> str:
    """The day of a time, as a text that sorts as days do; times of one day are equal (E3)."""
    if not text:
        return _NEVER
    if text[11:13] < _LAST_HOUR:
        return text[:10]
    return timezone.localdate(_time(text)).isoformat()  # in summer it is the next day here


def _time(text: str | None) -> datetime | None:
    """A time from the store's text: in UTC, which PostgreSQL adds and SQLite does not."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _line(told: Listed, miles: float | None, waits: Waits, first_free: datetime | None) -> Offered:
    publishes = told.bookable == Bookable.DIRECTLY and not told.takes_triage
    missing = AppointmentWait.LIMITED_AVAILABILITY if publishes else AppointmentWait.NOT_APPLICABLE
    return Offered(
        told.pk,
        told.name,
        told.organisation_id,
        told.organisation_name,
        told.sector,
        told.site_name,
        told.takes_triage,
        told.quality_rating,
        miles,
        first_free,
        (timezone.localdate(first_free) - timezone.localdate()).days if first_free else None,
        None if first_free else missing,
        waits,
        told,
    )


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
