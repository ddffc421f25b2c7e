"""What can be wrong between two lists: the kinds of finding, and the cases of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a finding is of; the value is what tables hold."""

    TWO_LISTS = "two_lists"
    ON_NONE = "on_none"
    STARTS_DIFFER = "starts_differ"
    SENT_NOT_RECEIVED = "sent_not_received"
    RECEIVED_NOT_SENT = "received_not_sent"

    @property
    def label(self) -> str:
        """The kind as people say it."""
        return _LABELS[self]

    @property
    def is_lost(self) -> bool:
        """Whether the patient is on no list: such a finding stands until they are found."""
        return self in {Kind.ON_NONE, Kind.SENT_NOT_RECEIVED}


_LABELS = {
    Kind.TWO_LISTS: "On two lists",
    Kind.ON_NONE: "On no list",
    Kind.STARTS_DIFFER: "Clock starts differ",
    Kind.SENT_NOT_RECEIVED: "Sent but not received",
    Kind.RECEIVED_NOT_SENT: "Received but not sent",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a kind of finding comes about; ``words`` tell an analyst what was seen."""

    kind: Kind
    words: str
    to_do: str


CASES: Mapping[str, Case] = {
    "same_pathway": Case(
        Kind.TWO_LISTS,
        "The same pathway is open on the lists of two providers.",
        "Agree who is responsible; the other takes it off its list without a clock stop.",
    ),
    "same_specialty": Case(
        Kind.TWO_LISTS,
        "The patient waits at two providers in one specialty, on pathways of their own.",
        "Ask both whether this is one condition. Two conditions may rightly be two pathways.",
    ),
    "gone": Case(
        Kind.ON_NONE,
        "The pathway was open the week before, no clock stop was reported, and no list has it.",
        "Ask the last provider what happened: a stop not reported, or a patient lost.",
    ),
    "asked": Case(
        Kind.ON_NONE,
        "A transfer was under way, no provider accepted it, and no list has the patient now.",
        "The provider that asked keeps the patient on its list until another accepts.",
    ),
    "on_both": Case(
        Kind.STARTS_DIFFER,
        "Two providers list the same pathway with different clock starts.",
        "Ask for the original referral date: a transfer never changes the clock start.",
    ),
    "later_at_receiver": Case(
        Kind.STARTS_DIFFER,
        "The receiving provider counts from a later day than the one that sent the patient.",
        "The receiver takes over the clock start of the sender.",
    ),
    "sent": Case(
        Kind.SENT_NOT_RECEIVED,
        "One provider handed the patient over, and the other does not list them.",
        "Ask the receiver whether it arrived; the sender keeps the place until it has.",
    ),
    "received": Case(
        Kind.RECEIVED_NOT_SENT,
        "A provider lists a pathway that was another's, which had told of no such transfer.",
        "Ask both for the minimum data set of the transfer, with the clock start.",
    ),
}
