"""What the pages of one pathway show, read from the store in few questions."""

from datetime import date
from typing import Any

from clockstop.core.rtt.events import Event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway, PathwayEvent
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.presenters.clock import clock_of
from clockstop.service.pathways.presenters.entries import ORGANISATIONS
from clockstop.service.pathways.presenters.patient import own_pathway
from clockstop.service.pathways.presenters.timeline import Names, Timeline
from clockstop.service.pathways.presenters.who import Who, who
from clockstop.service.pathways.presenters.wording import specialty


def staff_page(pathway: Pathway, day: date, *, entered: str, by: str) -> dict[str, Any]:
    """One pathway for staff. ``entered`` is the entry that ``by`` has just made, if any."""
    entries = tuple(pathway.events.all())
    derivation = clock_on(entries, day)
    names = _names(pathway, entries, derivation.events)
    timeline = Timeline(entries, derivation, day, names, usual_on(pathway))
    return {
        "title": "Pathway",
        "pathway": pathway,
        "who": who(pathway, day, names.organisations.get(pathway.patient.practice_code, "")),
        "specialty": specialty(pathway.treatment_function),
        "provider": _provider(pathway, names),
        "clock": clock_of(derivation, day),
        "timeline": timeline,
        "just_entered": _just_entered(entries, entered, by),
        "day": day,
    }


def own_page(pathway: Pathway, day: date) -> dict[str, Any]:
    """One pathway for its patient, or their carer."""
    names = _names(pathway)
    return {
        "title": "Your wait",
        "pathway": pathway,
        "name": pathway.patient.name,
        "specialty": specialty(pathway.treatment_function),
        "provider": _provider(pathway, names),
        "own": own_pathway(clock_on(pathway.events.all(), day), day),
        "day": day,
    }


def head_of(pathway: Pathway, day: date) -> Who:
    """The patient, for the head of a page."""
    return who(pathway, day)


def usual_on(pathway: Pathway) -> dict[str, str]:
    """What goes without saying on this pathway: its provider and its treatment function."""
    return {
        "provider": pathway.organisation_code,
        "treatment_function": national_code(pathway.treatment_function),
    }


def national_code(filed: str) -> str:
    """The national code of a function as filed: ``C_110`` is 110; groups like C_999 have none."""
    code = filed.removeprefix("C_")
    return code if code.isdigit() and code != "999" else ""


def _names(
    pathway: Pathway, entries: tuple[PathwayEvent, ...] = (), events: tuple[Event, ...] = ()
) -> Names:
    codes = {pathway.organisation_code, pathway.patient.practice_code}
    codes |= {each.organisation_code for each in entries}
    codes |= {code for each in events for name in ORGANISATIONS if (code := _code(each, name))}
    people = {each.recorded_by for each in entries} | {each.acting_for for each in entries}
    return Names(
        people=people_named(people) if people else {},
        organisations=organisations_named(codes),
    )


def _code(event: Event, name: str) -> str:
    return getattr(event, name, None) or ""


def _provider(pathway: Pathway, names: Names) -> str:
    return names.organisations.get(pathway.organisation_code, pathway.organisation_code)


def _just_entered(entries: tuple[PathwayEvent, ...], number: str, by: str) -> PathwayEvent | None:
    made = (each for each in entries if str(each.number) == number and each.recorded_by == by)
    return next(made, None)
