"""Pathways as lines of a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.presenters.clock import Clock, clock_of
from clockstop.service.pathways.presenters.patient import OwnPathway, own_pathway
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class Line:
    """A pathway in a list of the staff's."""

    pk: UUID
    name: str
    nhs_number: str
    born: str
    specialty: str
    provider: str
    is_suspected_cancer: bool
    clock: Clock


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A pathway in the list of a patient or carer."""

    pk: UUID
    name: str
    specialty: str
    provider: str
    own: OwnPathway


def lines(
    pathways: Iterable[Pathway], day: date, organisations: Mapping[str, str]
) -> tuple[Line, ...]:
    """The lines of pathways with their patients and events at hand."""
    return tuple(
        Line(
            pk=each.pk,
            name=f"{each.patient.family_name}, {each.patient.given_name}",
            nhs_number=each.patient.spaced_number,
            born=in_words(each.patient.birth_date),
            specialty=specialty(each.treatment_function),
            provider=organisations.get(each.organisation_code, each.organisation_code),
            is_suspected_cancer=each.is_suspected_cancer,
            clock=clock_of(clock_on(each.events.all(), day), day),
        )
        for each in pathways
    )


def own_lines(
    pathways: Iterable[Pathway], day: date, organisations: Mapping[str, str]
) -> tuple[OwnLine, ...]:
    """Likewise, for those whose pathways they are."""
    return tuple(
        OwnLine(
            pk=each.pk,
            name=each.patient.name,
            specialty=specialty(each.treatment_function),
            provider=organisations.get(each.organisation_code, each.organisation_code),
            own=own_pathway(clock_on(each.events.all(), day), day),
        )
        for each in pathways
    )
