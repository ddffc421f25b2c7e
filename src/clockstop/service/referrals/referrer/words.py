"""A search, and what the right to choose is, as a referrer reads them."""

from collections.abc import Iterator
from datetime import date

from clockstop.core.codes.diagnostic_tests import diagnostic_tests
from clockstop.core.rulebook.choice_rights import FIRST_APPOINTMENT, exclusions_on
from clockstop.service.directory.choices import RequestType
from clockstop.service.directory.specialties import clinic_types, specialties
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.menu import name_of_clinician
from clockstop.service.referrals.referrer.drafts import Draft


def asked_for(draft: Draft, patient: Patient) -> tuple[str, ...]:
    """A search in words, the most important first."""
    return tuple(_asked_for(draft, patient))


def _asked_for(draft: Draft, patient: Patient) -> Iterator[str]:
    criteria = draft.criteria
    yield need_of(criteria.treatment_function, criteria.diagnostic_test)
    if criteria.priority:
        yield criteria.priority.label
    if criteria.request_type is not RequestType.APPOINTMENT:
        yield criteria.request_type.label
    if clinic := clinic_types().get(criteria.clinic_type):
        yield clinic.name
    if criteria.clinician:
        yield name_of_clinician(criteria.clinician)
    if shows_address(patient):
        if draft.within:
            yield f"within {draft.within} miles"
        if draft.place:
            yield f"from {draft.place}"


def need_of(function: str, test: str = "") -> str:
    """The specialty or test in words."""
    if function in specialties():
        return specialties()[function].name
    return next((each.name for each in diagnostic_tests() if each.code == test), "Diagnostic test")


def cases_without_the_right(day: date) -> dict[str, str]:
    """Cases without the right to choose that only the referrer can know of, in words."""
    found = exclusions_on(day, FIRST_APPOINTMENT, "referrer")
    return {case: each.words for case, each in found.items()}
