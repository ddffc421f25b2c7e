"""Rows of the list as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clockstop.core.rtt.findings import WORDS, Problem
from clockstop.core.rtt.waiting import first_day_over, is_over
from clockstop.service.pathways.models import Priority
from clockstop.service.pathways.presenters.wording import sentence, specialty, weeks_and_days
from clockstop.service.pathways.protections import age_on
from clockstop.service.tracking.cohorts import WEEKS
from clockstop.service.tracking.models import Handling, ListEntry, State
from clockstop.service.tracking.worklists import review_was_due
from clockstop.service.ui.figures import day as in_words

Tag = tuple[str, str]  # words and colour
_WAITS = (State.WAITING, State.TEST)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    pk: UUID
    name: str
    nhs_number: str
    born: str
    specialty: str
    place: str
    tags: tuple[Tag, ...]
    priority: str
    wait: str
    since: str
    breach: str
    over: int | None
    dates: tuple[str, ...]
    owner: str
    due: str
    is_late: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the rows of a page, by pathway: owners with their names."""

    held: Mapping[UUID, Handling]
    people: Mapping[str, str]
    providers: Mapping[str, str]  # their names, where the rows are of several


def rows(entries: Iterable[ListEntry], today: date, beside: Beside) -> tuple[Row, ...]:
    """The lines of entries with their pathways and patients at hand."""
    return tuple(_row(each, today, beside) for each in entries)


def _row(entry: ListEntry, today: date, beside: Beside) -> Row:
    patient = entry.pathway.patient
    handling = beside.held.get(entry.pk)
    owner = beside.people.get(handling.owner, "") if handling else ""
    due = handling.due if handling else None
    return Row(
        pk=entry.pk,
        name=f"{patient.family_name}, {patient.given_name}",
        nhs_number=patient.spaced_number,
        born=f"{short(patient.birth_date)} ({age_on(patient.birth_date, today)})",
        specialty=specialty(entry.treatment_function),
        place=_place(entry, beside),
        tags=tuple(_tags(entry)),
        priority=priority_words(entry),
        wait=wait_words(entry, today),
        since=_since(entry),
        breach=next_breach(entry, today),
        over=weeks_over(entry, today),
        dates=tuple(next_dates(entry, today)),
        owner=owner,
        due=short(due) if due else "",
        is_late=due is not None and due < today,
        notices=tuple(_notices(entry, today)),
    )


def _place(entry: ListEntry, beside: Beside) -> str:
    provider = beside.providers.get(entry.organisation_code, "")
    return ", ".join(each for each in (provider, entry.site, entry.consultant) if each)


def short(day: date) -> str:
    """A day where room is scarce: ``3 Feb 2027``."""
    return f"{day.day} {day:%b %Y}"


def _tags(entry: ListEntry) -> Iterator[Tag]:
    if entry.priority == Priority.SUSPECTED_CANCER:
        yield "Suspected cancer", "red"
    if entry.on_cancer_list:
        yield "Cancer list", "red"
    if entry.priority == Priority.URGENT:
        yield "Urgent", "orange"


def priority_words(entry: ListEntry) -> str:
    """The codes of a row: ``P2``, ``P3, D2``; ``Routine`` where it has none and is."""
    codes = [each for each in (entry.procedure_priority, entry.diagnostic_priority) if each]
    if codes:
        return ", ".join(codes)
    return "Routine" if entry.priority == Priority.ROUTINE and not entry.on_cancer_list else ""


def wait_words(entry: ListEntry, today: date) -> str:
    """How long somebody has waited; what else they are on the list for, where no clock runs."""
    if entry.state not in _WAITS:
        return str(State(entry.state).label)
    if entry.clock_start is None:
        return "Start not known"
    return weeks_and_days((today - entry.clock_start).days)


def weeks_over(entry: ListEntry, today: date) -> int | None:
    """The longest of the cohorts' weeks that the wait is over."""
    if entry.clock_start is None or entry.state not in _WAITS:
        return None
    days = (today - entry.clock_start).days
    return max((weeks for weeks in WEEKS if is_over(days, weeks)), default=None)


def next_breach(entry: ListEntry, today: date) -> str:
    """When the wait goes over the next of the cohorts' weeks."""
    if entry.clock_start is None or entry.state not in _WAITS:
        return ""
    days = (today - entry.clock_start).days
    ahead = [weeks for weeks in WEEKS if not is_over(days, weeks)]
    if not ahead:
        return ""
    return f"Over {ahead[0]} weeks on {short(first_day_over(entry.clock_start, ahead[0]))}"


def next_dates(entry: ListEntry, today: date) -> Iterator[str]:
    """The appointment and the admission that are booked."""
    for kind, day in (("Appointment", entry.next_appointment), ("Admission", entry.tci_date)):
        if day and day >= today:
            yield f"{kind} {short(day)}"


def findings(entry: ListEntry) -> tuple[str, ...]:
    """What the clock rules find wrong in the record, as sentences."""
    keys = [each for each in re.split(r"[\s,;]+", entry.findings) if each]
    known = set(Problem)
    return tuple(sentence(WORDS[Problem(key)]) if key in known else key for key in keys)


def _since(entry: ListEntry) -> str:
    day = {
        State.MONITORING: entry.monitoring_since,
        State.PLANNED: entry.planned_due,
        State.FOLLOW_UP: entry.follow_up_due,
    }.get(State(entry.state), entry.clock_start)
    word = {State.PLANNED: "Due", State.FOLLOW_UP: "Due"}.get(State(entry.state), "Since")
    return f"{word} {short(day)}" if day else ""


def _notices(entry: ListEntry, today: date) -> Iterator[str]:
    if due := review_was_due(entry, today):
        yield f"Priority review was due {in_words(due)}"
    if entry.outcome_missing_since:
        yield f"Outcome missing since {in_words(entry.outcome_missing_since)}"
    yield from findings(entry)
