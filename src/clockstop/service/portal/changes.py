"""Asking a hospital to change an appointment that it entered: the table of states. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files


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


OPEN = frozenset({State.REQUESTED, State.ACKNOWLEDGED})
WHY_DECLINED = {
    "too_late": "It is too late to change this appointment",
    "no_other_time": "There is no other time at the moment",
    "clinical": "The clinician asks you to keep this appointment",
    "call": "We need to talk to you about it",
    "other": "Another reason",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table."""

    action: str
    label: str
    starts: tuple[State, ...]  # empty: a new request
    to: State
    by: str
    source: str


@cache
def transitions() -> dict[str, Transition]:
    """The table, by action."""
    text = files(__package__).joinpath("changes.csv").read_text(encoding="utf-8")
    return {row["action"]: _transition(row) for row in csv.DictReader(text.splitlines())}


def _transition(row: dict[str, str]) -> Transition:
    return Transition(
        row["action"],
        row["label"],
        tuple(State(each) for each in row["from"].split()),
        State(row["to"]),
        row["by"],
        row["source"],
    )


def against(action: str, state: State, by: str, *, day: date, today: date) -> Iterable[str]:
    """What stands against a step on a request about an appointment on a day.

    Raises KeyError for an action that is not in the table.
    """
    row = transitions()[action]
    if by != row.by:
        yield f"Only the {row.by} does this"
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


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2"]
    for each in transitions().values():
        lines += [f"    {start} --> {each.to}: {each.action}" for start in each.starts or ("[*]",)]
    return "\n".join(lines)
