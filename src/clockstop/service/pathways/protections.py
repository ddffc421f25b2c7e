"""What protects a patient whatever else is wanted. Pure: plain data in, reasons out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from clockstop.core import rulebook
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import (
    AdministrativeOutcome,
    Attendance,
    Death,
    DidNotAttend,
    Event,
)
from clockstop.core.rtt.status_codes import Status
from clockstop.service.pathways.policies import Refusal

ADULT = 18  # years; §6 of the design: a child who was not brought goes to a clinician


class Record(Protocol):
    """What the decisions need to know of a patient's record."""

    @property
    def sensitive(self) -> bool: ...
    @property
    def died_on(self) -> date | None: ...


class Prioritised(Protocol):
    """What they need to know of a pathway."""

    @property
    def is_suspected_cancer(self) -> bool: ...


def shows_address(patient: Record) -> bool:
    """Whether an address, a postcode, a distance or a map of the patient may be shown."""
    return not patient.sensitive


def against_contact(patient: Record) -> tuple[str, ...]:
    """Why nothing may be sent to the patient; none where something may. Asked at every send."""
    reasons = []
    if patient.died_on is not None:
        reasons.append("The patient has died")
    if patient.sensitive:
        reasons.append("The record is marked sensitive")
    return tuple(reasons)


def may_be_contacted(patient: Record) -> bool:
    """Whether a message may go to the patient, as things stand now."""
    return not against_contact(patient)


def may_be_batched(pathway: Prioritised) -> bool:
    """Whether a rule that sorts, moves or offers many pathways at once may touch this one.

    Under suspicion of cancer each is handled on its own, clinician to clinician.
    """
    return not pathway.is_suspected_cancer


def age_on(born: date, day: date) -> int:
    """The age, in whole years, of somebody born on a day on another."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)


def is_too_young(born: date, day: date) -> bool:
    """Whether somebody is under the age from which people manage their care online themselves."""
    return age_on(born, day) < rulebook.on(day)["portal_age"].value


def is_a_child(born: date, day: date) -> bool:
    """Whether somebody born on a day had not come of age on another."""
    return age_on(born, day) < ADULT


def with_child_protected(event: Event, born: date) -> Event:
    """The event, with a child who missed an appointment marked as not brought."""
    if isinstance(event, DidNotAttend) and is_a_child(born, event.day):
        return replace(event, not_brought=True)
    return event


def about_children(event: Event, values: Mapping[str, object], born: date) -> Iterable[Refusal]:
    """A child cannot be entered as somebody who simply stayed away."""
    is_missed = isinstance(event, DidNotAttend) and is_a_child(born, event.day)
    if is_missed and values.get("not_brought") is False:
        words = "The patient was under 18: record that they were not brought"
        yield Refusal("not_brought", words)


def tells_of_death(event: Event) -> bool:
    """Whether the event says that the patient has died."""
    if isinstance(event, Attendance | AdministrativeOutcome):
        return event.status is Status.DIED
    return isinstance(event, Death)


def may_concern_a_death(values: Mapping[str, object]) -> bool:
    """Whether an entry, not yet read, may record a death or correct one."""
    kind, status = values.get("kind"), values.get("status")
    return kind == Death.kind or status == Status.DIED.value or bool(values.get("supersedes"))


def deaths_told(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a pathway that count and say that the patient has died."""
    return tuple(each for each in settle(events).counting if tells_of_death(each))
