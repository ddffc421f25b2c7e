"""A service in words, as referrers see it: for its page, its preview and its former versions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from clockstop.core.codes import diagnostic_test, treatment_function
from clockstop.service.directory import ages
from clockstop.service.directory.choices import Medium, Requirement, Status
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.specialties import clinic_types, specialty_names
from clockstop.service.ui import figures

COLOURS = {Status.DRAFT: "grey", Status.PUBLISHED: "green", Status.WITHDRAWN: "red"}


@dataclass(frozen=True, slots=True)
class Section:
    """Some facts under a heading; those that say nothing are left out."""

    heading: str
    facts: tuple[tuple[str, str], ...]


def sections(
    service: HealthcareService, clinicians: Sequence[Sequence[str]]
) -> tuple[Section, ...]:
    """All that a referrer reads of a service."""
    parts = (
        ("What it offers", _offers(service)),
        ("Who it is for", _for_whom(service)),
        ("What referrers need to know", _for_referrers(service, clinicians)),
        ("Where and when", _where(service)),
    )
    return tuple(
        Section(heading, tuple((term, words) for term, words in facts if words))
        for heading, facts in parts
    )


def offered_name(service: HealthcareService) -> str:
    """The treatment function or test in plain words."""
    if service.diagnostic_test:
        return diagnostic_test(service.diagnostic_test).name
    return treatment_function(service.treatment_function).name


def requests_in_words(service: HealthcareService) -> str:
    """What it takes, in one line."""
    return ", ".join(str(each.label).lower() for each in service.request_types).capitalize()


def _offers(service: HealthcareService) -> Iterator[tuple[str, str]]:
    named = clinic_types()
    yield "Specialty", specialty_names().get(service.specialty, service.specialty)
    yield "Treatment function or test", offered_name(service)
    yield (
        "Clinic types",
        _listed(named[each].name for each in service.clinic_types if each in named),
    )
    yield "Takes", requests_in_words(service)
    yield "First contact", service.get_appointment_type_display()
    yield "Booking", service.get_bookable_display()
    yield "Seen", _listed(Medium(each).label for each in service.media)
    if service.takes_advice:
        yield (
            "Advice",
            (
                "May be made a referral, if the referrer agrees"
                if service.advice_convertible
                else "Is not made a referral"
            ),
        )


def _for_whom(service: HealthcareService) -> Iterator[tuple[str, str]]:
    yield "Ages", ages.in_words(service.min_age_months, service.max_age_months)
    yield "Sex", service.get_sex_treated_display()
    yield "Priorities", _listed(each.label for each in service.priorities)
    yield "Conditions treated", service.conditions_treated
    yield "Not treated", service.exclusions


def _for_referrers(
    service: HealthcareService, clinicians: Sequence[Sequence[str]]
) -> Iterator[tuple[str, str]]:
    yield "Alert", service.referrer_alert
    yield "Capacity", "Low at present" if service.capacity_alert else ""
    yield "Suggested investigations", service.suggested_investigations
    yield "Referral letter", "Required" if service.letter_required else "Not required"
    laid_on = _listed(Requirement(each).label for each in service.additional_requirements)
    yield "Can be laid on", laid_on
    yield "Named clinicians", _listed(name for _, name in clinicians)
    yield "Instructions", service.instructions


def _where(service: HealthcareService) -> Iterator[tuple[str, str]]:
    yield "Place", service.site_name
    yield "Hours", service.hours
    yield "Open", _open(service.opens, service.closes)
    yield "Care Quality Commission", rated(service)
    yield "For patients", _listed((service.patient_phone, service.patient_email))
    yield "For referrers", _listed((service.professional_phone, service.professional_email))
    yield "Website", service.website


def rated(service: HealthcareService) -> str:
    """The rating with its day and source; empty where there is none."""
    if not service.quality_rating:
        return ""
    words = str(service.get_quality_rating_display())
    on = f", published on {figures.day(service.rated_on)}" if service.rated_on else ""
    source = f" ({service.rating_source})" if service.rating_source else ""
    return f"{words}{on}{source}"


def _open(opens: date | None, closes: date | None) -> str:
    parts = []
    if opens:
        parts.append(f"from {figures.day(opens)}")
    if closes:
        parts.append(f"until {figures.day(closes)}")
    return " ".join(parts).capitalize()


def _listed(words: Iterable[str]) -> str:
    return ", ".join(str(each) for each in words if each)
