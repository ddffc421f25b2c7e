"""Whether the events of pathways are what the audit says was entered, no more and no fewer.

Read in batches of pathways, so that any number of them fits into memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import one_moment
from clockstop.service.pathways.entries import fingerprint
from clockstop.service.pathways.models import Pathway, PathwayEvent

T = TypeVar("T")
_BATCH = 500
# What a row can raise that somebody wrote into the store past Clockstop.
_UNREADABLE = (ValueError, TypeError, AttributeError, Error)


@dataclass(frozen=True, slots=True)
class EventFault:
    """An event that is not as it was entered: its pathway and number, 0 for the whole."""

    icb_code: str
    pathway: str
    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class EventsVerified:
    """How many pathways were read, and what is wrong."""

    pathways: int
    faults: tuple[EventFault, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the audit keeps of one event."""

    icb_code: str
    number: int
    holds: str


def verify(progress: Callable[[int], None] = lambda _: None) -> EventsVerified:
    """Hold every event against the audit; ``progress`` is told how many pathways were read.

    The audit itself is verified by ``audit.verifying``: the two together find an altered event.
    """
    faults: list[EventFault] = []
    total = 0
    batches: dict[UUID, Any] = {}
    with one_moment():
        pathways = Pathway.objects.order_by("pk").only("pk", "icb_code", "length")
        for batch in _batches(pathways.iterator(chunk_size=_BATCH)):
            faults += _in(batch, batches)
            total += len(batch)
            progress(total)
        faults += _of_no_pathway()
        faults += _of_lost_pathways()
        faults += _of_imports(batches)
    return EventsVerified(total, tuple(faults))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _in(pathways: Sequence[Pathway], batches: dict[UUID, Any]) -> list[EventFault]:
    """The faults of some pathways; one that cannot be read is found by itself.

    What came in by an import is sealed with it, in the order of pathways and numbers: ``batches``
    holds of each the hash so far.
    """
    try:
        events, told = _events(pathways), _told(pathways)
        found = [
            fault
            for each in pathways
            for fault in _of(each, events.get(each.pk, []), told.get(str(each.pk), {}))
        ]
        imported = [
            (event.batch, fingerprint(event))
            for each in pathways
            for event in events.get(each.pk, [])
            if event.batch
        ]
    except _UNREADABLE:
        if len(pathways) > 1:
            return [fault for each in pathways for fault in _in([each], batches)]
        (one,) = pathways
        return [EventFault(one.icb_code, str(one.pk), 0, "holds an event that cannot be read")]
    for batch, print_ in imported:
        batches.setdefault(batch, sha256()).update(print_.encode())
    return found


def _events(pathways: Sequence[Pathway]) -> Mapping[UUID, list[PathwayEvent]]:
    found: dict[UUID, list[PathwayEvent]] = {}
    for event in PathwayEvent.objects.filter(pathway__in=[each.pk for each in pathways]):
        found.setdefault(event.pathway_id, []).append(event)
    return found


def _told(pathways: Sequence[Pathway]) -> Mapping[str, dict[str, _Told]]:
    found: dict[str, dict[str, _Told]] = {}
    for code, subject, detail in _tellings().filter(subject__in=[str(p.pk) for p in pathways]):
        told = json.loads(detail)
        kept = found.setdefault(subject, {})
        kept[told["entry"]] = _Told(code, told["number"], told["holds"])
    return found


def _tellings() -> Any:
    """The entries of the audit that tell of an event."""
    telling = Entry.objects.filter(subject_kind="pathway", detail__contains='"holds":')
    return telling.order_by().values_list("icb_code", "subject", "detail")


def _of(
    pathway: Pathway, events: Sequence[PathwayEvent], told: dict[str, _Told]
) -> Iterator[EventFault]:
    def fault(number: int, problem: str) -> EventFault:
        return EventFault(pathway.icb_code, str(pathway.pk), number, problem)

    for event in events:
        if event.batch and event.icb_code != pathway.icb_code:
            yield fault(event.number, f"was entered in ICB {pathway.icb_code}")
        elif not event.batch:
            for problem in _wrong(event, told.pop(str(event.pk), None)):
                yield fault(event.number, problem)
    for lost in told.values():
        yield fault(lost.number, "is in the audit but is not there")
    if [each.number for each in events] != list(range(1, pathway.length + 1)):
        yield fault(0, f"should have {pathway.length} events, numbered without a gap")


def _wrong(event: PathwayEvent, told: _Told | None) -> Iterator[str]:
    if told is None:
        yield "is not in the audit"
        return
    if event.icb_code != told.icb_code:
        yield f"was entered in ICB {told.icb_code}"
    if event.number != told.number:
        yield f"was entered as number {told.number}"
    if fingerprint(event) != told.holds:
        yield "was altered since it was entered"


def _of_imports(batches: Mapping[UUID, Any]) -> Iterator[EventFault]:
    """Imports whose events are not, all together, those that the audit sealed."""
    sealed = dict[UUID, tuple[str, str]]()
    telling = Entry.objects.filter(subject_kind="import", detail__contains='"seal":').order_by()
    for code, subject, detail in telling.values_list("icb_code", "subject", "detail"):
        seal = json.loads(detail)["seal"]
        if seal and _is_key(subject):
            sealed[UUID(subject)] = code, seal
    for batch in sorted(sealed.keys() | batches.keys()):
        code, seal = sealed.get(batch, ("-", ""))
        if batch not in sealed:
            yield EventFault(code, f"of import {batch}", 0, "came by an import not in the audit")
        elif batch not in batches or batches[batch].hexdigest() != seal:
            problem = "an event was altered, added or removed since it was imported"
            yield EventFault(code, f"of import {batch}", 0, problem)


def _of_no_pathway() -> Iterator[EventFault]:
    strays = PathwayEvent.objects.filter(~Exists(Pathway.objects.filter(pk=OuterRef("pathway_id"))))
    named = strays.order_by().values_list("icb_code", Cast("pathway_id", CharField()), "number")
    for code, pathway, number in named.iterator(chunk_size=_BATCH):
        yield EventFault(code, pathway, number, "is of a pathway that is not there")


def _of_lost_pathways() -> Iterator[EventFault]:
    subjects = _tellings().values_list("icb_code", "subject").distinct().order_by("subject")
    for batch in _batches(subjects.iterator(chunk_size=_BATCH)):
        known = _known(subject for _, subject in batch)
        for code, subject in batch:
            if subject not in known:
                yield EventFault(code, subject, 0, "is in the audit but is not there")


def _known(subjects: Iterable[str]) -> set[str]:
    keys = [UUID(subject) for subject in subjects if _is_key(subject)]
    return {str(key) for key in Pathway.objects.filter(pk__in=keys).values_list("pk", flat=True)}


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
