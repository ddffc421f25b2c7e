"""Asking a hospital to change an appointment that it entered: the table of states. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache

from clockstop.core.state_tables import StateTable, Transition, read_states


class Wish(StrEnum):
    """What a patient asks for, by the words of the national aggregator's overlay."""

    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    CHANGE = "change"
    CONFIRM = "confirm"


class State(StrEnum):
    """Where a request stands. The appointment itself stays as it is until staff change it."""

    REQUESTED = "REQUESTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


_LABELS: dict[str, str] = {
    State.REQUESTED: "Asked",
    State.ACKNOWLEDGED: "Seen by the hospital",
    State.APPROVED: "Done",
    State.DECLINED: "Not possible",
    State.EXPIRED: "Ran out",
    State.WITHDRAWN: "Taken back",
}
OPEN = frozenset({State.REQUESTED, State.ACKNOWLEDGED})
WHY_DECLINED = {
    "too_late": "It is too late to change this appointment",
    "no_other_time": "There is no other time at the moment",
    "clinical": "The clinician asks you to keep this appointment",
    "call": "We need to talk to you about it",
    "other": "Another reason",
}


@cache
def table() -> StateTable:
    """The table of steps."""
    return read_states(__package__, "changes.csv", _LABELS)


def transitions() -> Mapping[str, Transition]:
    """The rows of the table, by action."""
    return table().rows


def against(action: str, state: State, by: str, *, day: date, today: date) -> Iterable[str]:
    """What stands against a step on a request about an appointment on a day.

    Raises KeyError for an action that is not in the table.
    """
    row = transitions()[action]
    if by not in row.by:
        yield f"Only the {' or '.join(row.by)} does this"
    if state not in row.starts:
        yield "This request has been answered, or taken back, already"
    if action != "expire" and day < today:
        yield "The day of this appointment has passed"


def against_asking(wish: str, day: date, today: date, *, is_offered: bool, is_open: bool) -> str:
    """Why a request cannot be made; empty where it can."""
    if wish not in set(Wish):
        return "Choose what you would like to do"
    if not is_offered:
        return "This hospital does not change appointments online"
    if day < today:
        return "The day of this appointment has passed"
    return "The hospital is looking at an earlier request" if is_open else ""
