"""The row of the tracking list that a pathway's events make, on a day.

Why somebody is on the list, the first of these that holds:

- *closed*: the patient has died;
- *waiting*: an RTT clock runs;
- *test*: no clock runs, and a planned test is overdue (a diagnostic wait);
- *monitoring*: active monitoring goes on: no new clock has started since, and nobody discharged;
- *planned*: on a planned list, and the due date has not passed;
- *follow_up*: the hospital's system has a follow-up that is due, an appointment on the day or
  later, or patient-initiated follow-up that has not expired;
- *closed*: none of these.

``analytics.tracking.states`` says the same of many pathways.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from clockstop.analytics.tracking.terms import (
    OF_PATIENT,
    OUTCOMES,
    RECORDED,
    SEEN,
    next_ruling,
)
from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import Event
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.policy import DEFAULT
from clockstop.core.rtt.status_codes import Status
from clockstop.service.pathways.clock import events_of
from clockstop.service.pathways.models import HospitalRecord, Pathway, Patient
from clockstop.service.tracking.models import ListEntry, State

Place = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is known beside the events that decides whether something is still awaited."""

    died_on: date | None = None
    next_appointment: date | None = None
    follow_up_due: date | None = None
    pifu_expires: date | None = None


def refresh(pathway: Pathway, day: date | None = None) -> ListEntry:
    """Make a pathway's row anew, as of a day (today)."""
    day = day or timezone.localdate()
    record = HospitalRecord.objects.filter(pk=pathway.pk).first() or HospitalRecord()
    patient: Patient = pathway.patient
    awaited = Awaited(
        patient.died_on, record.next_appointment, record.follow_up_due, record.pifu_expires
    )
    values = facts_on(events_of(pathway.events.all()), awaited, day)
    values |= {name: getattr(record, name) for name in RECORDED}
    values |= {name: getattr(patient, name) for name in OF_PATIENT}
    names = ("icb_code", "organisation_code", "treatment_function", "priority")
    values |= {name: getattr(pathway, name) for name in names}
    entry: ListEntry
    entry, _ = ListEntry.objects.update_or_create(pathway=pathway, defaults=values)
    return entry


def follow(*, pathway: Pathway, **_: object) -> None:
    """Make the row anew, in the write that changed the pathway."""
    refresh(pathway)


def facts_on(events: Iterable[Event], awaited: Awaited, day: date) -> dict[str, object]:
    """What the clock rules say of a pathway on a day, by the fields of its row."""
    given = tuple(events)
    found = derive(given, as_of=day)
    running, standing = found.running, found.standing
    state = _state(found, awaited, day)
    return {
        "state": state.value,
        "clock_start": running and running.start,
        "decided_to_admit": running and running.decided_to_admit,
        "start_unknown": running is not None and running.start is None,
        "in_returns": running is None or running.in_returns,
        "monitoring_since": standing.monitoring_since,
        "monitoring_reviewed": standing.monitoring_reviewed,
        "planned_due": standing.planned_due,
        "last_seen": max((e.day for e in _happened(given, day) if e.kind in SEEN), default=None),
        "outcome_missing_since": _missing_since(found, given, day),
        "findings": " ".join(sorted({each.problem.value for each in found.findings})),
        "changes_on": min(_changes(found, state, awaited, day), default=None),
    }


def _state(found: Derivation, awaited: Awaited, day: date) -> State:
    standing = found.standing
    died = standing.died or (awaited.died_on is not None and awaited.died_on <= day)
    until = (awaited.next_appointment, awaited.pifu_expires)
    holds = {
        State.CLOSED: died,
        State.WAITING: found.running,
        State.TEST: any(each.end is None for each in found.diagnostic_waits),
        State.MONITORING: standing.monitoring_since,
        State.PLANNED: standing.planned_due,
        State.FOLLOW_UP: awaited.follow_up_due or any(each and each >= day for each in until),
    }
    return next((state for state, is_so in holds.items() if is_so), State.CLOSED)


def _happened(events: tuple[Event, ...], day: date) -> tuple[Event, ...]:
    return tuple(each for each in settle(events).counting if each.day <= day)


def _missing_since(found: Derivation, events: tuple[Event, ...], day: date) -> date | None:
    """The first attendance that has no outcome, nor one after it; an admission without one."""
    numbers = {event.id: number for number, event in enumerate(events)}
    latest = max((_place(e, numbers) for e in _happened(events, day) if _tells(e)), default=None)
    missing = [
        each.day
        for each in found.findings
        if each.problem is Problem.STATUS_MISSING
        and (latest is None or (each.day, numbers[each.event]) > latest)
    ]
    last = found.periods[-1] if found.periods else None
    if last and last.provisional and last.end:
        missing.append(last.end)
    return min(missing, default=None)


def _tells(event: Event) -> bool:
    return event.kind in OUTCOMES and event.status not in (None, Status.NOT_YET_KNOWN)


def _place(event: Event, numbers: dict[str, int]) -> Place:
    return event.day, numbers[event.id]


def _changes(found: Derivation, state: State, awaited: Awaited, day: date) -> Iterable[date]:
    """Days after this one on which the row may be another though nothing is entered."""
    policy, standing, last = DEFAULT.on(day), found.standing, list[date]()
    if standing.planned_due:
        last.append(max(standing.planned_due + timedelta(days=policy.planned_grace), day))
    if standing.monitoring_reviewed:
        last.append(standing.monitoring_reviewed + timedelta(days=policy.monitoring_review))
    if state is State.FOLLOW_UP:
        last += filter(None, (awaited.next_appointment, awaited.pifu_expires))
    yield from (each + timedelta(days=1) for each in last if each >= day)
    yield from (each.day for each in found.not_yet)
    ruling = next_ruling(day)
    if ruling:
        yield ruling
