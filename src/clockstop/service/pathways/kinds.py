"""In which order and under which headings people find the kind of event that they want to enter."""

from collections.abc import Iterable
from dataclasses import dataclass

from clockstop.core.rtt.events import KINDS, Event
from clockstop.service.pathways.references import REFERENCES, candidates
from clockstop.service.pathways.words import Words, kind_words

COMMON = (
    "attendance",
    "decision_to_admit",
    "treatment_started",
    "admission",
    "admission_outcome",
    "did_not_attend",
    "cancellation",
    "date_offered",
)
FIRST = ("referral_received", "ubrn_converted", "slot_issue_listed", "transfer_received")
GROUPS = (
    (
        "Referral",
        (
            "referral_received",
            "ubrn_converted",
            "slot_issue_listed",
            "referral_ratified",
            "referral_rejected",
            "onward_referral",
            "advice_requested",
        ),
    ),
    (
        "Appointments",
        (
            "attendance",
            "administrative_outcome",
            "did_not_attend",
            "rebook_requested",
            "another_appointment_decided",
        ),
    ),
    (
        "Offers and cancellations",
        (
            "date_offered",
            "offer_declined",
            "cancellation",
            "unavailability_declared",
            "thinking_time_agreed",
        ),
    ),
    (
        "Decisions",
        (
            "decision_to_admit",
            "decision_to_treat",
            "decision_to_refer",
            "decision_not_to_treat",
            "decision_communicated",
            "transplant_listed",
            "fit_and_ready",
        ),
    ),
    (
        "Treatment",
        (
            "treatment_started",
            "admission",
            "admission_outcome",
            "treatment_declined",
            "private_treatment",
        ),
    ),
    (
        "Active monitoring",
        ("monitoring_started", "monitoring_reviewed", "patient_goes_ahead"),
    ),
    ("Planned care", ("planned_listed", "planned_removed")),
    (
        "Transfers and commissioners",
        (
            "transfer_requested",
            "transfer_sent",
            "transfer_received",
            "transfer_request_failed",
            "team_changed",
            "commissioner_recorded",
            "commissioner_changed",
        ),
    ),
    ("End of care", ("discharged_to_gp", "returned_to_primary_care", "death")),
)
BY_ITS_OWN_PAGE = frozenset({"entry_withdrawn"})  # from the entry that is wrong


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that may be entered, or why it cannot be yet (``lacks``)."""

    kind: str
    words: Words
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds under a heading."""

    title: str
    choices: tuple[Choice, ...]


def is_entered(kind: str) -> bool:
    """Whether people may choose this kind."""
    return kind in KINDS and kind not in BY_ITS_OWN_PAGE


def common(events: Iterable[Event]) -> tuple[Choice, ...]:
    """What is entered most often, and can be on this pathway; at its beginning, how it begins."""
    given = tuple(events)
    chosen = _choices(COMMON if given else FIRST, given)
    return tuple(each for each in chosen if not each.lacks)


def groups(events: Iterable[Event]) -> tuple[Group, ...]:
    """Every kind under its heading; what names an earlier entry says so if there is none."""
    given = tuple(events)
    return tuple(Group(title, _choices(kinds, given)) for title, kinds in GROUPS)


def _choices(kinds: Iterable[str], events: tuple[Event, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(kind, kind_words(kind), _lacks(kind, events)) for kind in kinds)


def _lacks(kind: str, events: tuple[Event, ...]) -> str:
    for reference in REFERENCES:
        if reference.is_needed_by(kind) and not candidates(kind, reference.field, events):
            return f"First enter {reference.first}"
    return ""
