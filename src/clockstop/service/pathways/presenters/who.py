"""Whose pathway it is, and what everybody who opens it must know at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import is_a_child, shows_address
from clockstop.service.ui.figures import day as in_words


class Cared(Protocol):
    """What is about a patient: a pathway, a referral."""

    @property
    def patient(self) -> Patient: ...
    @property
    def is_suspected_cancer(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that changes how the pathway is handled."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Who:
    """A patient, as the head of a page shows them. ``address`` is empty on a sensitive record.

    ``key`` is the patient's, for what other contexts have to say about them.
    """

    name: str
    nhs_number: str
    born: str
    practice: str
    address: tuple[str, ...]
    banners: tuple[Banner, ...]
    key: UUID | None = None


def who(about: Cared, day: date, practice: str = "") -> Who:
    """The patient of a pathway, a referral or a question about advice."""
    is_cancer = about.is_suspected_cancer
    return person(about.patient, day, practice, is_suspected_cancer=is_cancer)


def person(
    patient: Patient, day: date, practice: str = "", *, is_suspected_cancer: bool = False
) -> Who:
    """A patient. A sensitive record gives away neither address nor practice."""
    is_shown = shows_address(patient)
    lines = [*patient.address.splitlines(), patient.postcode]
    return Who(
        name=patient.name,
        nhs_number=patient.spaced_number,
        born=f"{in_words(patient.birth_date)} ({_age(patient, day)})",
        practice=(practice or patient.practice_code) if is_shown else "",
        address=tuple(line for line in lines if line) if is_shown else (),
        banners=tuple(_banners(patient, day, is_suspected_cancer)),
        key=patient.pk,
    )


def _age(patient: Patient, day: date) -> str:
    if patient.died_on:
        return f"died aged {patient.age_on(patient.died_on)}"
    years = patient.age_on(day)
    return "1 year old" if years == 1 else f"{years} years old"


def _banners(patient: Patient, day: date, is_suspected_cancer: bool) -> Iterator[Banner]:
    if patient.died_on:
        died = f"This patient died on {in_words(patient.died_on)}."
        yield Banner("Patient has died", f"{died} Send and offer nothing.")
    if is_suspected_cancer:
        yield Banner(
            "Urgent suspected cancer",
            "Never moved, sorted or offered with others: one by one, clinician to clinician.",
        )
    if patient.sensitive:
        yield Banner(
            "Sensitive record",
            "Address, practice and anything that shows where the patient lives are not shown. "
            "Do not ask for them or pass them on.",
        )
    if not patient.died_on and is_a_child(patient.birth_date, day):
        yield Banner(
            "Under 18",
            "If the patient is not brought to an appointment, a clinician and safeguarding look "
            "at it first.",
        )
