"""The states of a referral and what leads from one to another: a table. Pure.

Source: e-RS (states ``eRS-ReferralState-1``, operations as the rows of the table say); rows marked
as design are ours.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class State(StrEnum):
    """Where a referral stands, by its e-RS code."""

    NOT_BOOKED = "NOT_BOOKED"
    AWAITING_TRIAGE = "AWAITING_TRIAGE"
    DEFERRED_TO_PROVIDER = "DEFERRED_TO_PROVIDER"
    TRIAGED_PROVIDER_TO_ACTION = "TRIAGED_PROVIDER_TO_ACTION"
    BOOKED = "BOOKED"
    REJECTED = "REJECTED"
    TRIAGE_RESPONSE = "TRIAGE_RESPONSE"
    APPT_CANCELLED_BY_PATIENT = "APPT_CANCELLED_BY_PATIENT"
    APPT_CANCELLED_BY_PROVIDER = "APPT_CANCELLED_BY_PROVIDER"
    DID_NOT_ATTEND = "DID_NOT_ATTEND"
    ASSESSMENT_RESULT = "ASSESSMENT_RESULT"
    CANCELLED_REFERRAL = "CANCELLED_REFERRAL"

    @property
    def label(self) -> str:
        """The state as staff read it."""
        return _LABELS[self]


class Party(StrEnum):
    """Who may take a step."""

    REFERRER = "referrer"
    PROVIDER = "provider"
    PATIENT = "patient"


_LABELS = {
    State.NOT_BOOKED: "Not booked",
    State.AWAITING_TRIAGE: "Awaiting triage",
    State.DEFERRED_TO_PROVIDER: "No slot: the provider will book",
    State.TRIAGED_PROVIDER_TO_ACTION: "Accepted: the provider will book",
    State.BOOKED: "Booked",
    State.REJECTED: "Rejected by the provider",
    State.TRIAGE_RESPONSE: "Returned with advice",
    State.APPT_CANCELLED_BY_PATIENT: "Appointment cancelled by the patient",
    State.APPT_CANCELLED_BY_PROVIDER: "Appointment cancelled by the provider",
    State.DID_NOT_ATTEND: "Did not attend",
    State.ASSESSMENT_RESULT: "Assessed",
    State.CANCELLED_REFERRAL: "Referral cancelled",
}
ENDED = frozenset({State.CANCELLED_REFERRAL})
WITH_PROVIDER = frozenset(
    {
        State.AWAITING_TRIAGE,
        State.DEFERRED_TO_PROVIDER,
        State.TRIAGED_PROVIDER_TO_ACTION,
        State.BOOKED,
    }
)


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table: what an action leads to, from where, by whom, under which guards."""

    action: str
    label: str
    starts: tuple[State, ...]  # empty: a new referral
    to: State
    by: tuple[Party, ...]
    guards: tuple[str, ...]
    ers_action: str
    source: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is refused: the field or e-RS error that it is about, and the words."""

    code: str
    words: str
    field: str = ""


@cache
def transitions() -> dict[str, Transition]:
    """The table, by action."""
    text = files(__package__).joinpath("transitions.csv").read_text(encoding="utf-8")
    return {row["action"]: _transition(row) for row in csv.DictReader(text.splitlines())}


def _transition(row: dict[str, str]) -> Transition:
    return Transition(
        row["action"],
        row["label"],
        tuple(State(each) for each in row["from"].split()),
        State(row["to"]),
        tuple(Party(each) for each in row["by"].split()),
        tuple(row["guards"].split()),
        row["ers_action"],
        row["source"],
    )


def against(action: str, state: State | None, parties: Iterable[Party]) -> tuple[Refusal, ...]:
    """All that the table itself says against an action; None is a referral that is not there yet.

    Raises KeyError for an action that is not in the table.
    """
    transition = transitions()[action]
    found = []
    if not set(transition.by) & set(parties):
        words = f"Only {_listed(each.value for each in transition.by)} may do this"
        found.append(Refusal("NO_RELATIONSHIP", words))
    if (state is None) != (not transition.starts) or (state and state not in transition.starts):
        where = state.label.lower() if state else "not there yet"
        words = f"“{transition.label}” is not possible while the referral is {where}"
        found.append(Refusal("INVALID_REQUEST_STATE", words))
    return tuple(found)


def actions_from(state: State, parties: Iterable[Party]) -> tuple[Transition, ...]:
    """What these parties may do next, as far as the table can say."""
    able = set(parties)
    return tuple(
        each for each in transitions().values() if state in each.starts and able & set(each.by)
    )


def diagram() -> str:
    """The table as lines of text, for the documentation; a new referral comes from nowhere."""
    return "\n".join(
        f"{start or '(new)':>26} --{each.action}--> {each.to}"
        for each in transitions().values()
        for start in each.starts or ("",)
    )


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
