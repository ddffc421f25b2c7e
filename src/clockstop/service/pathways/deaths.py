"""A death is of the person, not of one pathway: what tells of it on one is told on all of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import uuid4

from clockstop.core.rtt.events import Death, EntryWithdrawn, Event
from clockstop.service.audit.recording import Actor, record
from clockstop.service.pathways.clock import event_id, events_of
from clockstop.service.pathways.entries import append
from clockstop.service.pathways.models import Pathway, PathwayEvent, Patient
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.protections import deaths_told
from clockstop.service.pathways.signals import death_noted, pathway_changed

CORRECTED = "The day of death was corrected on another record of the patient"
WITHDRAWN = "The death was withdrawn on another record of the patient"


def follow(
    pathway: Pathway, held: Iterable[Pathway], before: Sequence[PathwayEvent], by: Actor
) -> None:
    """After an entry on a pathway: where it changed what is told of a death, tell the others.

    ``held`` are the locked pathways of the person, ``before`` the entries that there were.
    """
    told = _day(deaths_told(events_of(before)))
    tells = _day(deaths_told(events_of(pathway.events.all())))
    if told == tells:
        return
    tell(pathway.patient, (each for each in held if each.pk != pathway.pk), tells, by)


def tell(patient: Patient, held: Iterable[Pathway], day: date | None, by: Actor) -> None:
    """Bring every pathway, and every record of the person, to one day of death, or to none."""
    for record_of in records_of(patient):
        if record_of.died_on != day:
            _note(record_of, day, by)
    for pathway in held:
        events = events_of(pathway.events.all())
        for wrong in deaths_told(events):
            if day is None:
                _append(pathway, _withdrawal(wrong, pathway), by, WITHDRAWN)
            elif wrong.day != day:
                _append(pathway, _death(pathway, day, wrong.id), by, CORRECTED)
        if day is not None and not deaths_told(events):
            _append(pathway, _death(pathway, day, None), by, "")


def _day(told: Sequence[Event]) -> date | None:
    return min((each.day for each in told), default=None)


def _note(patient: Patient, day: date | None, by: Actor) -> None:
    patient.died_on = day
    patient.save(update_fields=("died_on",))
    record(
        "noted a death" if day else "took back a death",
        by,
        icb_code=patient.icb_code,
        subject=("patient", patient.pk),
    )
    if day is not None:
        death_noted.send(sender=Patient, patient=patient, by=by)
    for pathway in patient.pathways.all():
        pathway_changed.send(sender=Pathway, pathway=pathway)


def _death(pathway: Pathway, day: date, wrong: str | None) -> Event:
    return Death(id=event_id(pathway.length + 1), day=day, supersedes=wrong)


def _withdrawal(wrong: Event, pathway: Pathway) -> Event:
    return EntryWithdrawn(id=event_id(pathway.length + 1), day=wrong.day, supersedes=wrong.id)


def _append(pathway: Pathway, event: Event, by: Actor, reason: str) -> None:
    append(pathway, event, by, uuid4(), reason=reason)
