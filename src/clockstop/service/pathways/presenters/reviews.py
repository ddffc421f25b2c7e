"""Reviews as pages show them: the list of open ones, and one with what may come of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from clockstop.core.codes.functions import UnknownFunctionError, treatment_function
from clockstop.service.pathways.models import Patient, Review
from clockstop.service.pathways.reviews import OUTCOMES
from clockstop.service.ui.figures import day as in_words

_NEEDS = {
    Review.Kind.NOT_BROUGHT: (
        "An appointment was missed by a child, or by an adult at risk. The clock runs on. Find out "
        "why they were not brought, and whether safeguarding must know."
    ),
    Review.Kind.NO_LONGER_NEEDED: (
        "The patient says that care is no longer needed. The clock runs on and the place is kept. "
        "Talk to the patient: nobody is taken off a list by a message."
    ),
    Review.Kind.LIKELY_DUPLICATE: (
        "Another record looks like this patient's. Nothing has been joined. Ask the practice if "
        "you cannot tell."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An open review in the list."""

    review: Review
    patient: str
    what: str
    specialty: str
    since: str


@dataclass(frozen=True, slots=True)
class Person:
    """A record of a patient, as far as two are told apart by it."""

    title: str
    name: str
    nhs_number: str
    born: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One review; ``outcomes`` (value and words) is empty for who may not close it."""

    what: str
    needs: str
    since: str
    persons: tuple[Person, ...]
    is_other_hidden: bool
    outcomes: tuple[tuple[str, str], ...]
    closed: str
    outcome: str


def lines(reviews: Iterable[Review]) -> list[Line]:
    """The open reviews, as they stand in the worklist."""
    return [
        Line(
            review=each,
            patient=each.pathway.patient.name,
            what=Review.Kind(each.kind).label,
            specialty=_specialty(each.pathway.treatment_function),
            since=in_words(timezone.localdate(each.opened_at)),
        )
        for each in reviews
    ]


def shown(review: Review, other: Patient | None, *, may_close: bool) -> Shown:
    """One review; ``other`` is the record that looks alike, if the reader may see it."""
    kind = Review.Kind(review.kind)
    is_about_records = kind is Review.Kind.LIKELY_DUPLICATE
    outcomes = dict(OUTCOMES[kind])
    if is_about_records and other is None:
        outcomes = {name: words for name, words in outcomes.items() if name == "different"}
    persons = [_person("Patient", review.pathway.patient)]
    if other:
        persons.append(_person("The other record", other))
    return Shown(
        what=kind.label,
        needs=_NEEDS[kind],
        since=in_words(timezone.localdate(review.opened_at)),
        persons=tuple(persons),
        is_other_hidden=is_about_records and other is None,
        outcomes=tuple(outcomes.items()) if may_close and not review.closed_at else (),
        closed=in_words(timezone.localdate(review.closed_at)) if review.closed_at else "",
        outcome=OUTCOMES[kind].get(review.outcome, ""),
    )


def _person(title: str, patient: Patient) -> Person:
    return Person(title, patient.name, patient.spaced_number, in_words(patient.birth_date))


def _specialty(code: str) -> str:
    try:
        return treatment_function(code).name
    except UnknownFunctionError:
        return code
