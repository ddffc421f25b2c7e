"""Corrections of wrong entries: what counts, what was superseded and by what; nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clockstop.core.rtt.events import EntryWithdrawn, Event
from clockstop.core.rtt.findings import Finding, Problem


@dataclass(frozen=True, slots=True)
class Correction:
    """A wrong entry that stays visible, and the entry that superseded it."""

    wrong: Event
    by: Event


@dataclass(frozen=True, slots=True)
class Settled:
    """The entries that count, in the order given; the corrections; what is wrong with them."""

    counting: tuple[Event, ...]
    corrections: tuple[Correction, ...]
    findings: tuple[Finding, ...]


def settle(events: Sequence[Event]) -> Settled:
    """Set aside what other entries supersede.

    Entries that supersede each other in a circle are all set aside, with a finding; so nothing is
    chosen by guess. An entry that withdraws another does nothing else.
    """
    by_id = {event.id: event for event in reversed(events)}
    superseding = [event for event in events if event.supersedes in by_id]
    corrections = tuple(
        Correction(by_id[event.supersedes], event) for event in superseding if event.supersedes
    )
    wrong = {id(each.wrong) for each in corrections}
    counting = tuple(
        event
        for event in events
        if id(event) not in wrong and not isinstance(event, EntryWithdrawn)
    )
    return Settled(counting, corrections, tuple(_findings(events, by_id)))


def _findings(events: Sequence[Event], by_id: Mapping[str, Event]) -> Iterable[Finding]:
    ids = Counter(event.id for event in events)
    targets = Counter(event.supersedes for event in events if event.supersedes)
    for event in events:
        if ids[event.id] > 1:
            yield Finding(Problem.DUPLICATE_ID, event.id, event.day)
        if event.supersedes is None:
            continue
        if event.supersedes not in by_id:
            yield Finding(Problem.UNKNOWN_REFERENCE, event.id, event.day, event.supersedes)
        elif _is_circle(event, by_id):
            yield Finding(Problem.CORRECTION_LOOP, event.id, event.day)
        elif targets[event.supersedes] > 1:
            yield Finding(Problem.CORRECTED_TWICE, event.id, event.day, event.supersedes)


def _is_circle(event: Event, by_id: Mapping[str, Event]) -> bool:
    passed = {event.id}
    target = event.supersedes
    while target is not None and target in by_id:
        if target in passed:
            return target == event.id
        passed.add(target)
        target = by_id[target].supersedes
    return False
