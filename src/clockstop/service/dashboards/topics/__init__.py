"""What there is to say about an area: one module for each topic, in the order of the menu."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clockstop.service.dashboards.panels import Panel
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import (
    cancer,
    diagnostics,
    equity,
    forecast,
    overview,
    places,
    prospects,
    sectors,
    sites,
    specialties,
    specialty,
    what_if,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: ``applies`` says whether an area has it, ``panels`` makes its page.

    One ``of_providers`` is about an area's own providers, on whatever basis it is asked for.
    """

    key: str
    title: str
    panels: Callable[[Subject], Sequence[Panel]]
    applies: Callable[[Subject], bool]
    of_providers: bool = False


TOPICS = (
    Topic("overview", "Overview", overview.panels, overview.applies),
    Topic("specialties", "Specialties", specialties.panels, specialties.applies),
    Topic("forecast", "Forecast", forecast.panels, forecast.applies, of_providers=True),
    Topic("prospects", "Will we make it?", prospects.panels, prospects.applies, of_providers=True),
    Topic("what-if", "What if?", what_if.panels, what_if.applies, of_providers=True),
    Topic("places", "Places", places.panels, places.applies),
    Topic("sectors", "NHS and independent", sectors.panels, sectors.applies),
    Topic("diagnostics", "Diagnostic tests", diagnostics.panels, diagnostics.applies),
    Topic("cancer", "Cancer", cancer.panels, cancer.applies),
    Topic("equity", "Who waits", equity.panels, equity.applies),
    Topic("sites", "Hubs and centres", sites.panels, sites.applies),
)
SPECIALTY = Topic("specialties", "Specialties", specialty.panels, specialties.applies)
# What a specialty's address may end with, and the page that stands there.
OF_A_SPECIALTY = {"overview": SPECIALTY, "forecast": next(t for t in TOPICS if t.key == "forecast")}


def topics_of(subject: Subject) -> tuple[Topic, ...]:
    """The topics that an area has."""
    return tuple(topic for topic in TOPICS if topic.applies(subject))
