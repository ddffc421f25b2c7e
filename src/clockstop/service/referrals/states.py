"""The states of a referral and what leads from one to another: a table. Pure.

Source: e-RS (states ``eRS-ReferralState-1``, operations as the rows of the table say); rows marked
as design are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cache

from clockstop.core.state_tables import (
    NOT_FROM_HERE,
    NOT_YOURS,
    Refusal,
    StateTable,
    Transition,
    read_states,
)


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


_LABELS: dict[str, str] = {
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


# What e-RS calls the two ways in which the table itself refuses.
_ERS_CODES = {NOT_YOURS: "NO_RELATIONSHIP", NOT_FROM_HERE: "INVALID_REQUEST_STATE"}


@cache
def table() -> StateTable:
    """The table of steps; ``further["ers_action"]`` is what e-RS calls each."""
    return read_states(__package__, "transitions.csv", _LABELS)


def transitions() -> Mapping[str, Transition]:
    """The rows of the table, by action."""
    return table().rows


def against(action: str, state: State | None, parties: Iterable[Party]) -> tuple[Refusal, ...]:
    """All that the table itself says against an action; None is a referral that is not there yet.

    Raises KeyError for an action that is not in the table.
    """
    found = table().against(action, state or "", parties)
    return tuple(replace(each, code=_ERS_CODES[each.code]) for each in found)


def actions_from(state: State, parties: Iterable[Party]) -> tuple[Transition, ...]:
    """What these parties may do next, as far as the table can say."""
    return table().actions_from(state, parties)
