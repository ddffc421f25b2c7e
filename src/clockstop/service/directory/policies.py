"""Why a service is shown to a referrer or is not. Pure: plain data in, all reasons out."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from clockstop.service.directory.choices import Priority, RequestType, SexTreated, Status
from clockstop.service.directory.criteria import Criteria


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a service does not suit: the criterion that it fails and the words."""

    field: str
    words: str


class Described(Protocol):
    """What the policies read of a service."""

    status: str
    organisation_id: str
    treatment_function: str
    diagnostic_test: str
    specialty: str
    clinic_types: Collection[str]
    sex_treated: str
    min_age_months: int | None
    max_age_months: int | None
    opens: date | None
    closes: date | None

    @property
    def request_types(self) -> Collection[RequestType]: ...
    @property
    def priorities(self) -> Collection[Priority]: ...


_ANSWERS = {
    RequestType.APPOINTMENT: frozenset({RequestType.APPOINTMENT, RequestType.TRIAGE}),
    RequestType.TRIAGE: frozenset({RequestType.TRIAGE}),
    RequestType.ADVICE: frozenset({RequestType.ADVICE}),
}
_NOT_TREATED = {"1": SexTreated.FEMALE, "2": SexTreated.MALE}


def suitability(
    service: Described, criteria: Criteria, clinicians: Collection[str] = ()
) -> tuple[Reason, ...]:
    """All reasons for which a service does not meet the criteria; none if it does.

    ``clinicians`` are the user IDs of those that it names. ``suitable_for`` of the catalogue is
    the same as a filter.
    """
    return tuple(
        Reason(field, words) for field, words, fails in _RULES if fails(service, criteria)
    ) + _about_clinician(criteria, clinicians)


def _about_clinician(criteria: Criteria, clinicians: Collection[str]) -> tuple[Reason, ...]:
    if not criteria.clinician or criteria.clinician in clinicians:
        return ()
    return (Reason("clinician", "The clinician is not named in this service"),)


_Fails = Callable[[Described, Criteria], bool]


def _other(asked: str, has: str) -> _Fails:
    """Whether something is asked for and the service has something else."""
    return lambda service, criteria: (
        bool(getattr(criteria, asked)) and getattr(criteria, asked) != getattr(service, has)
    )


def _lacks_clinic(service: Described, criteria: Criteria) -> bool:
    return bool(criteria.clinic_type) and criteria.clinic_type not in service.clinic_types


def _lacks_priority(service: Described, criteria: Criteria) -> bool:
    return criteria.priority is not None and criteria.priority not in service.priorities


def _treats_other_sex(service: Described, criteria: Criteria) -> bool:
    return criteria.sex in _NOT_TREATED and service.sex_treated == _NOT_TREATED[criteria.sex]


def _too_young(service: Described, criteria: Criteria) -> bool:
    age, least = criteria.age_months, service.min_age_months
    return age is not None and least is not None and age < least


def _too_old(service: Described, criteria: Criteria) -> bool:
    age, most = criteria.age_months, service.max_age_months
    return age is not None and most is not None and age > most


def _not_open_yet(service: Described, criteria: Criteria) -> bool:
    return bool(criteria.day and service.opens and criteria.day < service.opens)


def _closed(service: Described, criteria: Criteria) -> bool:
    return bool(criteria.day and service.closes and criteria.day > service.closes)


_RULES: tuple[tuple[str, str, _Fails], ...] = (
    (
        "status",
        "The service is not published",
        lambda service, _: service.status != Status.PUBLISHED,
    ),
    (
        "request_type",
        "The service does not take this kind of request",
        lambda service, criteria: not _ANSWERS[criteria.request_type] & set(service.request_types),
    ),
    (
        "treatment_function",
        "The service is of another treatment function",
        _other("treatment_function", "treatment_function"),
    ),
    (
        "diagnostic_test",
        "The service does not do this test",
        _other("diagnostic_test", "diagnostic_test"),
    ),
    ("specialty", "The service is of another specialty", _other("specialty", "specialty")),
    (
        "organisation",
        "The service is another provider's",
        _other("organisation", "organisation_id"),
    ),
    ("clinic_type", "The service has no such clinic", _lacks_clinic),
    ("priority", "The service does not take requests of this priority", _lacks_priority),
    ("sex", "The service does not treat patients of this sex", _treats_other_sex),
    ("age_months", "The patient is younger than the service treats", _too_young),
    ("age_months", "The patient is older than the service treats", _too_old),
    ("day", "The service is not open yet on this day", _not_open_yet),
    ("day", "The service is closed on this day", _closed),
)
