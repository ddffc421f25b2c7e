"""The made-up services of a synthetic England: what a provider might put into the directory. Pure.

Who does what, how much of it and how long people wait is what the synthetic returns say. Split into
clinics, places, triage and advice it is by chance: the same for a provider and a treatment function
whatever else is made, and however often.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from clockstop.core.codes import diagnostic_test
from clockstop.core.types import Point, Sector
from clockstop.service.directory import ages
from clockstop.service.directory.choices import AppointmentType, Bookable, Medium, Requirement
from clockstop.service.directory.published import Offered
from clockstop.service.directory.specialties import (
    DIAGNOSTICS,
    ClinicType,
    Specialty,
    clinic_types_of,
    specialties,
)

# A design of ours: a first appointment comes at about this share of the wait until people without
# an admission were done with.
FIRST_SHARE = 0.6
_JITTER = 0.1  # of the first free day, either way
_TRIAGED, _ADVISED, _INDIRECT, _BY_TELEPHONE = 0.25, 0.9, 0.15, 0.4
_AT_OTHER_SITES, _OF_INDEPENDENT = 0.75, 0.7  # of the clinic types
_LARGE = 1_500  # people waiting in a function, above which a trust has a third place for it
_UNKNOWN_WEEKS = (1, 6)  # where too few wait to tell
_CANCER_DAYS = (3, 12)
_ADULT = 18
_NAMED = 0.3  # of the clinics
_NAMES = (
    *("Abara", "Bellamy", "Castellan", "Dhariwal", "Eastwick", "Farrant", "Gilchrist", "Haddad"),
    *("Ibekwe", "Jessop", "Kowalczyk", "Lindqvist", "Mirza", "Nayar", "Okonjo", "Pemberton"),
    *("Quennell", "Rahimi", "Sandhu", "Tremayne", "Underhill", "Vasquez", "Whitcombe", "Yeo"),
)
_MILES_A_DEGREE = 69.0
_EXCLUSIONS = (
    "Body mass index over 40. Severe illness that needs intensive care after an operation."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider sees patients."""

    code: str
    name: str
    point: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Whose services are made up."""

    code: str
    name: str
    is_trust: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the columns of the directory, and in how many days its first slot is free.

    ``first_free`` is none where it publishes no slots. ``clinicians`` are the user IDs and names of
    those whom a patient can ask for.
    """

    values: Mapping[str, Any]
    first_free: float | None = None
    clinicians: tuple[tuple[str, str], ...] = ()


def offers(provider: Provider, offered: Offered, seed: int) -> Iterator[Offer]:
    """The services of a provider in one treatment function or for one test."""
    of = offered.function or offered.test
    rng = Random(f"{seed} {provider.code} {of}")
    places = _places(provider, offered)
    if offered.test:
        yield from _tests(provider, offered, places, rng)
        return
    specialty = specialties()[offered.function]
    is_triaged = provider.is_trust and rng.random() < _TRIAGED
    for clinic, place in _clinics(provider, offered.function, places, rng):
        yield _clinic(provider, offered, specialty, clinic, place, rng, is_triaged=is_triaged)
        if provider.is_trust and rng.random() < _BY_TELEPHONE:
            yield _by_telephone(provider, offered, specialty, clinic, place, rng)
    if rng.random() < (_ADVISED if provider.is_trust else 1 - _ADVISED):
        yield _advice(provider, specialty, places[0], rng)
    if provider.is_trust and specialty.has_suspected_cancer:
        yield _cancer(provider, specialty, places[0], rng)


def _places(provider: Provider, offered: Offered) -> Sequence[Place]:
    """The provider's own, and for a trust one or two more, a few miles off."""
    if not provider.is_trust:
        return (provider.place,)
    others = 2 if offered.waiting > _LARGE else 1
    words = ("Community Hospital (fictional)", "Health Centre (fictional)")
    stem = provider.name.split()[0].title()
    return (
        provider.place,
        *(
            Place(
                f"{provider.code}0{number}",
                f"{stem} {word}",
                _near(provider.place.point, Random(f"{provider.code} {number}")),
            )
            for number, word in enumerate(words[:others], start=1)
        ),
    )


def _near(point: Point | None, rng: Random) -> Point | None:
    """A point three to nine miles off."""
    if point is None:
        return None
    miles, bearing = rng.uniform(3, 9), rng.uniform(0, 2 * math.pi)
    north, east = miles * math.cos(bearing), miles * math.sin(bearing)
    shrink = math.cos(math.radians(point.latitude))
    return Point(
        round(point.latitude + north / _MILES_A_DEGREE, 5),
        round(point.longitude + east / _MILES_A_DEGREE / shrink, 5),
    )


def _clinics(
    provider: Provider, function: str, places: Sequence[Place], rng: Random
) -> Iterator[tuple[ClinicType | None, Place]]:
    """What clinic is where; none stands for one of all types, at the first place."""
    yield None, places[0]
    for clinic in clinic_types_of(function):
        if provider.is_trust or (rng.random() < _OF_INDEPENDENT and clinic.oldest is None):
            yield clinic, places[0]
        for place in places[1:]:
            if rng.random() < _AT_OTHER_SITES:
                yield clinic, place


def _clinic(
    provider: Provider,
    offered: Offered,
    specialty: Specialty,
    clinic: ClinicType | None,
    place: Place,
    rng: Random,
    *,
    is_triaged: bool,
) -> Offer:
    values = _described(provider, specialty, clinic, place) | {
        "takes_appointments": not is_triaged,
        "takes_triage": is_triaged,
        "bookable": _bookable(rng, is_triaged=is_triaged),
    }
    offer = _offer(values, offered, rng)
    if is_triaged or rng.random() > _NAMED:
        return offer
    return replace(offer, clinicians=tuple(_clinicians(rng)))


def _clinicians(rng: Random) -> Iterator[tuple[str, str]]:
    """One or two, with user IDs that begin with 999 as no real one does."""
    for name in rng.sample(_NAMES, rng.randint(1, 2)):
        yield f"999{rng.randrange(10**9):09d}", f"Dr {name} (fictional)"


def _bookable(rng: Random, *, is_triaged: bool) -> Bookable:
    if is_triaged:
        return Bookable.NOT
    return Bookable.INDIRECTLY if rng.random() < _INDIRECT else Bookable.DIRECTLY


def _by_telephone(
    provider: Provider,
    offered: Offered,
    specialty: Specialty,
    clinic: ClinicType | None,
    place: Place,
    rng: Random,
) -> Offer:
    values = _described(provider, specialty, clinic, place)
    values |= {
        "name": f"{values['name']}, by telephone or video",
        "takes_appointments": True,
        "bookable": Bookable.DIRECTLY,
        "media": (Medium.TELEPHONE.value, Medium.VIDEO.value),
        "urgent": False,
        "exclusions": "Patients who must be examined at the first appointment.",
    }
    return _offer(values, offered, rng)


def _advice(provider: Provider, specialty: Specialty, place: Place, rng: Random) -> Offer:
    types = tuple(each.code for each in clinic_types_of(specialty.function))
    values = _described(provider, specialty, None, place) | {
        "name": f"{specialty.name}: advice and guidance",
        "clinic_types": types,
        "takes_advice": True,
        "advice_convertible": rng.random() < 1 / 2,
        "letter_required": False,
    }
    return Offer(values)


def _cancer(provider: Provider, specialty: Specialty, place: Place, rng: Random) -> Offer:
    values = _described(provider, specialty, None, place) | {
        "name": f"{specialty.name}: urgent suspected cancer",
        "takes_appointments": True,
        "bookable": Bookable.DIRECTLY,
        "routine": False,
        "urgent": False,
        "two_week_wait": True,
        "conditions_treated": "Urgent suspected cancer by the national criteria",
        "referrer_alert": "Tell the patient that cancer is suspected, and that they are free to "
        "come within two weeks.",
    }
    return Offer(values, rng.uniform(*_CANCER_DAYS))


def _tests(
    provider: Provider, offered: Offered, places: Sequence[Place], rng: Random
) -> Iterator[Offer]:
    test = diagnostic_test(offered.test)
    for place in places:
        if place is places[0] or rng.random() < _AT_OTHER_SITES:
            values = _at(provider, place) | {
                "name": f"{test.name}, direct access",
                "diagnostic_test": test.code,
                "conditions_treated": "Whatever calls for this test",
                "specialty": DIAGNOSTICS,
                "appointment_type": AppointmentType.DIAGNOSTIC,
                "takes_appointments": True,
                "bookable": _bookable(rng, is_triaged=False),
                "letter_required": False,
                "min_age_months": ages.youngest(_ADULT),
            }
            yield _offer(values, offered, rng)


def _offer(values: Mapping[str, Any], offered: Offered, rng: Random) -> Offer:
    """With the day on which its first slot is free, if it publishes any."""
    weeks = offered.weeks if offered.weeks is not None else rng.uniform(*_UNKNOWN_WEEKS)
    share = 1.0 if offered.test else FIRST_SHARE
    days = 7 * weeks * share * rng.uniform(1 - _JITTER, 1 + _JITTER)
    return Offer(values, days if values["bookable"] == Bookable.DIRECTLY else None)


def _described(
    provider: Provider, specialty: Specialty, clinic: ClinicType | None, place: Place
) -> dict[str, Any]:
    types = (clinic,) if clinic else clinic_types_of(specialty.function)
    least, most = _ages(types)
    if not provider.is_trust and most is None:
        least = max(least or 0, _ADULT)
    values = _at(provider, place) | {
        "name": f"{specialty.name}: {clinic.name.lower()}" if clinic else specialty.name,
        "treatment_function": specialty.function,
        "specialty": specialty.code,
        "clinic_types": tuple(each.code for each in types),
        "conditions_treated": "; ".join(each.conditions for each in types),
        "suggested_investigations": specialty.investigations,
        "min_age_months": ages.youngest(least),
        "max_age_months": ages.oldest(most),
        "exclusions": "" if provider.is_trust else _EXCLUSIONS,
    }
    if clinic:
        values["sex_treated"] = clinic.sex
    return values


def _ages(types: Sequence[ClinicType]) -> tuple[int | None, int | None]:
    """The youngest and the oldest whom any of the clinics treats; none is no limit."""
    youngest = [each.youngest for each in types]
    oldest = [each.oldest for each in types]
    return (
        None if None in youngest else min(filter(None, youngest)),
        None if None in oldest else max(filter(None, oldest)),
    )


def _at(provider: Provider, place: Place) -> dict[str, Any]:
    return {
        "site_code": place.code,
        "site_name": place.name,
        "latitude": place.point.latitude if place.point else None,
        "longitude": place.point.longitude if place.point else None,
        "hours": "Monday to Friday, 9am to 5pm",
        "additional_requirements": _laid_on(provider),
        "instructions": "This service is made up.",
        "patient_phone": "01632 960000",  # of the numbers that nobody has
        "professional_email": f"referrals@{provider.code.lower()}.example",
    }


def _laid_on(provider: Provider) -> tuple[str, ...]:
    if provider.is_trust:
        return tuple(each.value for each in Requirement)
    return (Requirement.INTERPRETER.value,)


def is_trust(sector: str) -> bool:
    """Whether a sector is that of NHS trusts."""
    return sector == Sector.NHS_TRUST
