"""What there is to say about an area: one module for each topic, in the order of the menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import (
    cancer,
    diagnostics,
    equity,
    overview,
    places,
    sectors,
    sites,
    specialties,
    specialty,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: ``applies`` says whether an area has it, ``panels`` makes its page."""

    key: str
    title: str
    panels: Callable[[Subject], Sequence[Panel]]
    applies: Callable[[Subject], bool]


TOPICS = (
    Topic("overview", "Overview", overview.panels, overview.applies),
    Topic("specialties", "Specialties", specialties.panels, specialties.applies),
    Topic("places", "Places", places.panels, places.applies),
    Topic("sectors", "NHS and independent", sectors.panels, sectors.applies),
    Topic("diagnostics", "Diagnostic tests", diagnostics.panels, diagnostics.applies),
    Topic("cancer", "Cancer", cancer.panels, cancer.applies),
    Topic("equity", "Who waits", equity.panels, equity.applies),
    Topic("sites", "Hubs and centres", sites.panels, sites.applies),
)
SPECIALTY = Topic("specialties", "Specialties", specialty.panels, specialties.applies)


def topics_of(subject: Subject) -> tuple[Topic, ...]:
    """The topics that an area has."""
    return tuple(topic for topic in TOPICS if topic.applies(subject))
