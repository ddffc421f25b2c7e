"""A pathway's clock: its entries, read by the clock engine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.events import Event
from clockstop.core.rtt.reading import read_event
from clockstop.service.pathways.models import PathwayEvent


class BrokenEntryError(RuntimeError):
    """An entry in the store that is no event: the audit tells whether it was altered."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A pathway's clock as it is, and as it would be with one more event."""

    event: Event
    before: Derivation
    after: Derivation


def events_of(entries: Iterable[PathwayEvent]) -> tuple[Event, ...]:
    """The entries as events, in the order in which they were made."""
    return tuple(_event(entry) for entry in entries)


def clock_on(entries: Iterable[PathwayEvent], day: date) -> Derivation:
    """The clock of a pathway on a day, by all that has been entered."""
    return derive(events_of(entries), as_of=day)


def effect_of(entries: Iterable[PathwayEvent], event: Event, day: date) -> Effect:
    """What one more event would do; nothing is written."""
    events = events_of(entries)
    return Effect(event, derive(events, as_of=day), derive((*events, event), as_of=day))


def event_id(number: int) -> str:
    """What the entry of this number is called within its pathway."""
    return f"e{number}"


def _event(entry: PathwayEvent) -> Event:
    problems: list[str] = []
    values: Mapping[str, object] = json.loads(entry.values)
    event = read_event(values, event_id(entry.number), problems)
    if event is None:
        raise BrokenEntryError(f"{entry.pk}: {'; '.join(problems)}")
    return event
