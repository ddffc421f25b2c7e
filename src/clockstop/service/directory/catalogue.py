"""The published services as a referrer compares them, kept in memory while none of them changes.

Whoever refers reads the same services over and over, and those of a treatment function or a test
change a few times a day. So they are read once, and again when the mark that the store keeps of
them (``ServiceStamp``) is another. Free slots are no part of this: they are asked for each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from sys import intern
from typing import Any, NamedTuple

from clockstop.service.directory.choices import RequestType, SexTreated
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician, ServiceStamp

_KEPT = 64  # treatment functions and tests: all that there are


class Listed(NamedTuple):
    """A published service: the columns of the directory by their names.

    ``clinicians`` are the user IDs and names of those whom a patient can ask for, by name.
    """

    pk: int
    organisation_id: str
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


_COLUMNS = Listed._fields[:-1]
_NAMED = ("user_id", "name")
_TAKES: dict[RequestType, Callable[[Listed], bool]] = {
    RequestType.APPOINTMENT: lambda each: each.takes_appointments or each.takes_triage,
    RequestType.TRIAGE: attrgetter("takes_triage"),
    RequestType.ADVICE: attrgetter("takes_advice"),
}
_SEXES = {"1": SexTreated.MALE, "2": SexTreated.FEMALE}


def suitable_for(criteria: Criteria) -> list[Listed]:
    """Published services that meet all criteria: those without a reason in ``suitability``."""
    found: Sequence[Listed] = _listed(criteria)
    for rule in _rules(criteria):
        found = list(filter(rule, found))
    return list(found)


def listed(services: Sequence[int]) -> list[Listed]:
    """Some services by their keys, published or not, as they are now."""
    return _read(HealthcareService.objects.filter(pk__in=services))


def _listed(criteria: Criteria) -> Sequence[Listed]:
    """The published services that there are of what is looked for."""
    function, test = criteria.treatment_function, criteria.diagnostic_test
    if not function and not test:
        wanted = {"specialty": criteria.specialty, "organisation": criteria.organisation}
        return _read(_published(**{name: value for name, value in wanted.items() if value}))
    if function and test:
        return ()
    marks = ServiceStamp.objects.filter(subject=function + test).values_list("mark", flat=True)
    mark = marks.first()
    return _kept(mark, function, test) if mark else ()


@lru_cache(maxsize=_KEPT)
def _kept(_mark: str, function: str, test: str) -> tuple[Listed, ...]:
    return tuple(_read(_published(treatment_function=function, diagnostic_test=test)))


def _published(**values: str) -> Any:
    return HealthcareService.objects.published().filter(**values)


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


def _rules(criteria: Criteria) -> Iterator[Callable[[Listed], Any]]:
    """One for each thing that is asked for."""
    asked = criteria
    yield _TAKES[asked.request_type]
    if asked.specialty:
        yield lambda each: each.specialty == asked.specialty
    if asked.organisation:
        yield lambda each: each.organisation_id == asked.organisation
    if asked.clinic_type:
        yield lambda each: asked.clinic_type in each.clinic_types
    if asked.clinician:
        yield lambda each: any(user_id == asked.clinician for user_id, _ in each.clinicians)
    if asked.priority:
        yield attrgetter(asked.priority.value)
    if asked.sex in _SEXES:
        treated = {SexTreated.BOTH, _SEXES[asked.sex]}
        yield lambda each: each.sex_treated in treated
    if (age := asked.age_months) is not None:
        yield lambda each: each.min_age_months is None or each.min_age_months <= age
        yield lambda each: each.max_age_months is None or each.max_age_months >= age
    if day := asked.day:
        yield lambda each: each.opens is None or each.opens <= day
        yield lambda each: each.closes is None or each.closes >= day
