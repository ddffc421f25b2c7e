"""The published services as a referrer compares them, kept in memory while none of them changes.

Whoever refers reads the same services over and over, and those of a treatment function or a test
change a few times a day. So they are read once, and again when the mark that the store keeps of
them (``ServiceStamp``) is another. Free slots are no part of this: they are asked for each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from clockstop.service.directory.choices import RequestType, SexTreated
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician, ServiceStamp

T = TypeVar("T")
Array = NDArray[Any]
Positions = NDArray[np.intp]
_EQUAL = ("treatment_function", "diagnostic_test", "specialty", "organisation")
OF_ORGANISATIONS = ""  # the subject of the mark of all providers' names
_KEPT = 64  # treatment functions and tests: all that there are


class Listed(NamedTuple):
    """A published service: the columns of the directory by their names.

    ``clinicians`` are the user IDs and names of those whom a patient can ask for, by name.
    """

    pk: int
    organisation_id: str
    organisation_name: str
    sector: str
    treatment_function: str
    diagnostic_test: str
    specialty: str
    clinic_types: tuple[str, ...]
    takes_appointments: bool
    takes_triage: bool
    takes_advice: bool
    bookable: str
    opens: date | None
    closes: date | None
    sex_treated: str
    min_age_months: int | None
    max_age_months: int | None
    routine: bool
    urgent: bool
    two_week_wait: bool
    name: str
    site_name: str
    latitude: float | None
    longitude: float | None
    quality_rating: str
    capacity_alert: bool
    referrer_alert: str
    conditions_treated: str
    exclusions: str
    suggested_investigations: str
    additional_requirements: tuple[str, ...]
    instructions: str
    hours: str
    professional_phone: str
    professional_email: str
    clinicians: tuple[tuple[str, str], ...]


_COLUMNS = [
    {"organisation_name": "organisation__name", "sector": "organisation__sector"}.get(name, name)
    for name in Listed._fields[:-1]
]
_NAMED = ("user_id", "name")
_SEXES = {"1": SexTreated.MALE, "2": SexTreated.FEMALE}
_KINDS: dict[str, Any] = {
    "pk": np.int64,
    "organisation_id": np.str_,
    "specialty": np.str_,
    "takes_appointments": np.bool_,
    "takes_triage": np.bool_,
    "takes_advice": np.bool_,
    "opens": "datetime64[D]",
    "closes": "datetime64[D]",
    "sex_treated": np.str_,
    "min_age_months": np.float64,
    "max_age_months": np.float64,
    "routine": np.bool_,
    "urgent": np.bool_,
    "two_week_wait": np.bool_,
    "latitude": np.float64,
    "longitude": np.float64,
    "quality_rating": np.str_,
}


class Shelf:
    """Services, and what is searched and sorted by as arrays of their length.

    An unknown number is NaN in them and an unknown day NaT. ``providers`` are the distinct ones,
    and ``provider`` which of them each service has. ``waits`` and ``wait`` are likewise pairs of
    treatment function and provider: for such pairs waits are published.
    """

    def __init__(self, services: Sequence[Listed] = ()) -> None:
        self.services = tuple(services)
        columns = dict(zip(Listed._fields, zip(*services, strict=True), strict=False))
        self._columns = {
            name: np.array(columns.get(name, ()), dtype=kind) for name, kind in _KINDS.items()
        }
        self.providers, self.provider = _numbered(each.organisation_id for each in services)
        self.waits, self.wait = _numbered(
            (each.treatment_function, each.organisation_id) for each in services
        )

    def __getitem__(self, name: str) -> Array:
        return self._columns[name]

    def suitable_for(self, criteria: Criteria) -> Positions:
        """Where the services stand that meet all criteria."""
        kept = np.ones(len(self.services), dtype=np.bool_)
        for rule in _rules(self, criteria):
            kept &= rule
        found = np.flatnonzero(kept)
        of = self.services
        if clinic := criteria.clinic_type:
            found = found[[clinic in of[at].clinic_types for at in found]]
        if asked := criteria.clinician:
            found = found[[any(one == asked for one, _ in of[at].clinicians) for at in found]]
        return found


def _numbered(values: Iterable[T]) -> tuple[tuple[T, ...], Positions]:
    """The distinct values, and the number of each value among them."""
    distinct: dict[T, int] = {}
    numbers = [distinct.setdefault(value, len(distinct)) for value in values]
    return tuple(distinct), np.array(numbers, dtype=np.intp)


def published_for(criteria: Criteria) -> Any:
    """The published services of what is looked for, whomever they suit; asked of the store."""
    wanted = {name: getattr(criteria, name) for name in _EQUAL if getattr(criteria, name)}
    return HealthcareService.objects.published().filter(**wanted)


def shelf_for(criteria: Criteria) -> Shelf:
    """The published services of the treatment function or test that is looked for.

    Where neither is, those of the specialty and the provider.
    """
    function, test = criteria.treatment_function, criteria.diagnostic_test
    if not function and not test:
        return Shelf(_read(published_for(criteria)))
    if function and test:
        return Shelf()
    subjects = (OF_ORGANISATIONS, function + test)
    held = ServiceStamp.objects.filter(subject__in=subjects).order_by("subject")
    return _kept(tuple(held.values_list("mark", flat=True)), function, test)


def suitable_for(criteria: Criteria) -> list[Listed]:
    """Published services that meet all criteria: those without a reason in ``suitability``."""
    shelf = shelf_for(criteria)
    return [shelf.services[at] for at in shelf.suitable_for(criteria)]


def shelf_of(services: Sequence[int]) -> Shelf:
    """Some services by their keys, published or not, as they are now."""
    return Shelf(_read(HealthcareService.objects.filter(pk__in=services)))


@lru_cache(maxsize=_KEPT)
def _kept(_marks: tuple[str, ...], function: str, test: str) -> Shelf:
    return Shelf(_read(published_for(Criteria(treatment_function=function, diagnostic_test=test))))


def _read(services: Any) -> list[Listed]:
    services = services.order_by()
    teams = NamedClinician.objects.filter(service__in=services.values("pk"))
    named: dict[int, list[tuple[str, str]]] = {}
    for service, *who in teams.order_by("name", "user_id").values_list("service", *_NAMED):
        named.setdefault(service, []).append((who[0], who[1]))
    return [
        Listed._make((*map(_once, row), tuple(named.get(row[0], ()))))
        for row in services.values_list(*_COLUMNS)
    ]


def _once(value: Any) -> Any:
    """What many services say alike is kept once."""
    return intern(value) if isinstance(value, str) else value


def _rules(shelf: Shelf, asked: Criteria) -> Iterator[Array]:
    """For each thing that is asked for, which services meet it."""
    match asked.request_type:
        case RequestType.APPOINTMENT:
            yield shelf["takes_appointments"] | shelf["takes_triage"]
        case RequestType.TRIAGE:
            yield shelf["takes_triage"]
        case RequestType.ADVICE:
            yield shelf["takes_advice"]
    if asked.specialty:
        yield shelf["specialty"] == asked.specialty
    if asked.organisation:
        yield shelf["organisation_id"] == asked.organisation
    if asked.priority:
        yield shelf[asked.priority.value]
    if asked.sex in _SEXES:
        treated = shelf["sex_treated"]
        yield (treated == SexTreated.BOTH.value) | (treated == _SEXES[asked.sex].value)
    if asked.age_months is not None:
        yield ~(shelf["min_age_months"] > asked.age_months)  # an unknown end is no limit
        yield ~(shelf["max_age_months"] < asked.age_months)
    if asked.day:
        day = np.datetime64(asked.day)
        yield ~(shelf["opens"] > day)
        yield ~(shelf["closes"] < day)
